import ConfigModel
import ConfigSyntax
import Testing

@Suite struct PairChecksTests {
    private func pair(_ local: String, _ peer: String) -> [Diagnostic] {
        PairChecks.run(Sample.load(local), against: Sample.load(peer))
    }

    /// A director's file; priorities differ by default, everything else is the same.
    private func director(_ priority: Int, _ lines: String = "", _ more: String = "") -> String {
        more + Sample.instance(lines: "priority \(priority)\n\(lines)") + Sample.service()
    }

    @Test func `a pair that fits has nothing to say`() {
        #expect(pair(director(150), director(100)).isEmpty)
    }

    @Test(arguments: [
        ("priority 100", "priority 100", DiagnosticCode.pairPriority), ("version 3", "", .pairVersion),
        ("advert_int 1", "advert_int 2", .pairInterval),
        ("version 3\nadvert_int 1", "version 3\nadvert_int 0.5", .pairIntervalLearnt),
        ("authentication {\nauth_type PASS\nauth_pass a\n}", "", .pairAuthentication),
        (
            "authentication {\nauth_type PASS\nauth_pass a\n}",
            "authentication {\nauth_type PASS\nauth_pass b\n}", .pairAuthentication
        ),
        ("down_timer_adverts 5", "", .pairDownTimer), ("mcast_dst_ip 224.0.0.19", "", .pairTransport),
        ("unicast_peer {\n192.0.2.3\n}", "", .pairTransport),
        (
            "unicast_peer {\n192.0.2.3\n}", "unicast_src_ip 192.0.2.4\nunicast_peer {\n192.0.2.2\n}",
            .pairTransport
        ),
        ("virtual_ipaddress {\n192.0.2.101/24\n}", "", .pairAddresses),
        ("", "virtual_ipaddress {\n192.0.2.101/24\n}", .pairAddresses),
        ("virtual_ipaddress_excluded {\n192.0.2.101/24\n}", "", .pairExcluded),
        ("", "virtual_ipaddress_excluded {\n192.0.2.101/24\n}", .pairExcluded),
        ("version 3\nv3_checksum_as_v2", "version 3", .pairChecksum),
        ("state MASTER", "state MASTER\npriority 9", .pairBothMaster),
        (
            "virtual_ipaddress {\n192.0.2.101/24\n192.0.2.102/24\n}",
            "virtual_ipaddress {\n192.0.2.102/24\n192.0.2.101/24\n}", .pairAddressOrder
        ),
    ])
    func `an instance that does not fit its counterpart`(mine: String, theirs: String, code: DiagnosticCode) {
        let priority = code == .pairPriority ? "" : "priority 150\n"
        let local = Sample.instance(lines: priority + mine) + Sample.service()
        let peer = Sample.instance(lines: theirs) + Sample.service()
        let found = pair(local, peer)
        #expect(found.map(\.code) == [code])
        #expect(found.allSatisfy { $0.code.level == .pair && $0.notes.count == 2 })
    }

    @Test func `an instance without a counterpart`() {
        let other = Sample.instance("VI_2", id: 52, address: 101, lines: "priority 100")
        #expect(pair(director(150), director(100) + other).map(\.code) == [.pairInstanceMissing])
        #expect(pair(director(150) + other, director(100)).map(\.code) == [.pairInstanceMissing])
    }

    @Test func `one VRID on two interfaces is matched by the interface`() {
        let two =
            Sample.instance("A", lines: "priority 150")
            + Sample.instance("B", address: 101, lines: "priority 150")
            .replacing("eth0", with: "eth1")
        let other = two.replacing("priority 150", with: "priority 100")
        #expect(pair(two, other).isEmpty)
    }

    @Test(arguments: [
        ("192.0.2.100 81", "DR", "protocol TCP", "192.0.2.21 81", DiagnosticCode.pairServiceMissing),
        ("192.0.2.100 80", "NAT", "protocol TCP", "192.0.2.21 80", .pairServiceDiffers),
        ("192.0.2.100 80", "DR", "protocol TCP", "192.0.2.22 80", .pairServiceDiffers),
        ("192.0.2.100 80", "DR", "protocol UDP", "192.0.2.21 80", .pairServiceMissing),
    ])
    func `a service that does not fit`(
        header: String, kind: String, lines: String, server: String, code: DiagnosticCode
    ) {
        let instance = Sample.instance(lines: "priority 100")
        let peer =
            instance + Sample.service(header, kind: kind, lines: lines, servers: Sample.server(server, ""))
        #expect(Set(pair(director(150), peer).map(\.code)) == [code])
    }

    @Test func `real servers know connections by one address`() {
        func text(_ priority: Int, _ kind: String, _ lines: String) -> String {
            let held = "priority \(priority)\nvirtual_ipaddress_excluded {\n192.0.2.250/24\n192.0.2.251/24\n}"
            return Sample.instance(lines: held) + Sample.service(kind: kind, lines: "protocol TCP\n\(lines)")
        }
        let mine = text(150, "FULLNAT", "fullnat_source 192.0.2.250")
        #expect(pair(mine, text(100, "FULLNAT", "fullnat_source 192.0.2.250")).isEmpty)
        for other in [text(100, "FULLNAT", "fullnat_source 192.0.2.251"), text(100, "NAT", "")] {
            #expect(pair(mine, other).map(\.code) == [.pairServiceDiffers])
        }
    }

    @Test func `sync daemons must hear each other`() {
        let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1 id 51\n}\n"
        let other = sync.replacing("id 51", with: "id 52")
        #expect(pair(director(150, "", sync), director(100, "", sync)).isEmpty)
        #expect(pair(director(150, "", sync), director(100, "", other)).map(\.code) == [.pairSync])
        #expect(pair(director(150, "", sync), director(100)).map(\.code) == [.pairSync])
        let ports = ["1", "2"].map { sync.replacing("id 51", with: "id 51\nlvs_sync_ports \($0)") }
        #expect(pair(director(150, "", sync), director(100, "", ports[0])).isEmpty)
        #expect(pair(director(150, "", sync), director(100, "", ports[1])).map(\.code) == [.pairSync])
        #expect(pair(director(150, "", ports[1]), director(100, "", ports[1])).isEmpty)
        // Without anybody who waits for it, what is told again is each one's own matter.
        let often = sync.replacing("id 51", with: "id 51\nlvs_sync_refresh_period 10\nlvs_sync_threshold 1 0")
        #expect(pair(director(150, "", often), director(100, "", sync)).isEmpty)
        let waiting = director(150, "preempt_after_sync", often)
        #expect(pair(waiting, director(100, "", often)).isEmpty)
        #expect(pair(waiting, director(100, "", sync)).map(\.code) == [.pairSync, .pairSync])
        #expect(pair(director(100, "", sync), waiting).map(\.code) == [.pairSync, .pairSync])
    }

    @Test func `a refused file is not compared`() {
        #expect(pair(director(150), "nonsense").isEmpty)
        #expect(pair("nonsense", director(150)).isEmpty)
    }

    @Test func `the finding stands in the first file and names the place in the other`() throws {
        let found = try #require(pair(director(100), "\n\n" + director(100)).first)
        #expect(found.primary.span.file == 0)
        #expect(found.notes.last == "the peer's is at t:9:14")
    }

    @Test func `what only the peer has is found, too`() {
        let mine = director(150)
        let more =
            Sample.instance("B", id: 52, address: 101)
            + Sample.service("192.0.2.100 81", servers: Sample.server("192.0.2.21 81"))
        #expect(pair(mine, director(100) + more).map(\.code) == [.pairInstanceMissing, .pairServiceMissing])
        let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n"
        #expect(pair(mine, director(100, "", sync)).map(\.code) == [.pairSync])
    }

    @Test func `a prefix length is the same on both`() {
        let other = director(100).replacing("192.0.2.100/24", with: "192.0.2.100/25")
        #expect(pair(director(150), other).map(\.code) == [.pairPrefix])
    }

    @Test(arguments: [
        ("protocol TCP\npersistence_timeout 60", "weight 1"), ("protocol TCP\nquorum 2", "weight 2"),
        ("protocol TCP", "weight 3"),
    ])
    func `a service is the same in every respect`(lines: String, server: String) {
        func text(_ priority: Int, _ lines: String, _ server: String) -> String {
            Sample.instance(lines: "priority \(priority)")
                + Sample.service(
                    lines: lines, servers: Sample.server("192.0.2.21 80", "\(server)\nTCP_CHECK {\n}"))
        }
        let base = server == "weight 3" ? "weight 1" : server
        let found = pair(text(150, lines, server), text(100, "protocol TCP", base))
        #expect(found.map(\.code) == [.pairServiceDiffers])
        #expect(pair(text(150, lines, server), text(100, lines, server)).isEmpty)
    }

    @Test func `guards have the same marks, and peers that are each other's`() {
        let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n"
        func text(_ priority: Int, _ peer: Int, _ lines: String = "loop_guard") -> String {
            sync + "loop_guard {\npeer 192.0.2.\(peer)\n}\n" + Sample.instance(lines: "priority \(priority)")
                + Sample.service(lines: "protocol TCP\n\(lines)")
                + Sample.service(
                    "192.0.2.100 81", lines: "protocol TCP\nloop_guard",
                    servers: Sample.server("192.0.2.21 81"))
        }
        #expect(pair(text(150, 2), text(100, 3)).isEmpty)
        #expect(pair(text(150, 3), text(100, 3)).map(\.code) == [.pairGuardPeer])
        #expect(
            pair(text(150, 2), text(100, 3, "loop_guard\nloop_guard_mark 9")).map(\.code) == [.pairGuardMark])
        #expect(pair(text(150, 2), text(100, 3, "")).map(\.code) == [.pairGuardMark])
    }
}
