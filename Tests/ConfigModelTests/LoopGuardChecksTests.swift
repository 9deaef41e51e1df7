import ConfigModel
import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@Suite struct LoopGuardChecksTests {
    private let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n"
    private let peers = "loop_guard {\npeer 192.0.2.3\n}\n"
    private let lines = "protocol TCP\nloop_guard"

    private func codes(_ text: String) -> [DiagnosticCode] { Sample.codes(sync + Sample.instance() + text) }

    private func guarded(_ port: Int, _ more: String = "") -> String {
        Sample.service(
            "192.0.2.100 \(port)", lines: "\(lines)\n\(more)", servers: Sample.server("192.0.2.21 \(port)"))
    }

    @Test func `a guarded service with a peer and a sync daemon is good`() throws {
        #expect(codes(peers + guarded(80)) == [])
        let text = sync + Sample.instance() + peers + guarded(80)
        let service = try #require(Sample.virtualServer(text))
        #expect(service.guardMark == GuardMark.mark(for: service.identity))
        #expect(service.identity.description == "192.0.2.100:80/tcp")
    }

    @Test func `a real server that is a director is said where no guard is`() {
        let servers = Sample.server("192.0.2.3 80")
        #expect(codes(peers + Sample.service(servers: servers)) == [.directorWithoutGuard])
        #expect(codes(peers + guarded(81) + Sample.service(servers: servers)) == [.directorWithoutGuard])
        #expect(codes(peers + Sample.service(lines: lines, servers: servers)) == [])
        #expect(codes(peers + guarded(81) + Sample.service(kind: "NAT", servers: servers)) == [])
        #expect(codes(peers + guarded(81) + Sample.service("fwmark 3", lines: "", servers: servers)) == [])
    }

    @Test(arguments: [
        ("192.0.2.3", [DiagnosticCode.directorWithoutGuard]), ("192.0.2.2", [.directorWithoutGuard]),
        ("192.0.2.4", []),
    ])
    func `whoever sends adverts is a director`(server: String, expected: [DiagnosticCode]) {
        let lines = "unicast_src_ip 192.0.2.2\nunicast_peer {\n192.0.2.3\n}"
        let text = Sample.instance(lines: lines)
        let service = Sample.service(servers: Sample.server("\(server) 80"))
        #expect(Sample.codes(text + service) == expected)
        #expect(Sample.codes(text + service.replacing("DR", with: "NAT")) == [])
        let source = Sample.instance(lines: "mcast_src_ip 192.0.2.2")
        #expect(Sample.codes(source + service) == (server == "192.0.2.2" ? expected : []))
    }

    @Test func `a mark may be chosen`() {
        let text = sync + Sample.instance() + peers + guarded(80, "loop_guard_mark 77")
        #expect(Sample.virtualServer(text)?.guardMark == FirewallMark(77))
    }

    @Test func `a guard without a peer is refused once`() {
        #expect(codes(guarded(80)) == [.guardWithoutPeer])
        #expect(codes(guarded(80) + guarded(81)) == [.guardWithoutPeer])
        #expect(codes("loop_guard {\n}\n" + guarded(80)) == [.guardWithoutPeer])
        #expect(codes("loop_guard {\npeer x\n}\n" + guarded(80)) == [.invalidAddress])
        #expect(codes("loop_gaurd {\npeer 192.0.2.3\n}\n" + guarded(80)) == [.unknownKeyword])
    }

    @Test func `a guard works by direct routing alone`() {
        for kind in ["NAT", "TUN"] {
            #expect(codes(peers + Sample.service(kind: kind, lines: lines)) == [.guardForwarding])
            let mixed = Sample.server() + Sample.server("192.0.2.22 80", "lb_kind \(kind)\nTCP_CHECK {\n}")
            #expect(codes(peers + Sample.service(lines: lines, servers: mixed)) == [.guardForwarding])
        }
        let bad = Sample.service(lines: lines).replacing("lb_kind DR", with: "lb_kind DSR")
        #expect(codes(peers + bad) == [.unknownChoice])
    }

    @Test func `a service by the operator's mark has the operator's guard`() {
        #expect(codes(peers + Sample.service("fwmark 3", lines: "loop_guard")) == [.guardOnMark])
    }

    @Test func `a mark of its own needs the guard`() {
        let text = peers + guarded(81) + Sample.service(lines: "protocol TCP\nloop_guard_mark 5")
        #expect(codes(text) == [.guardMarkWithoutGuard])
    }

    @Test func `marks do not collide`() {
        let marked = Sample.service("fwmark 5", lines: "")
        #expect(codes(peers + guarded(80, "loop_guard_mark 5") + marked) == [.guardMarkCollision])
        #expect(codes(peers + marked + guarded(80, "loop_guard_mark 5")) == [.guardMarkCollision])
        #expect(
            codes(peers + guarded(80, "loop_guard_mark 5") + guarded(81, "loop_guard_mark 5"))
                == [.guardMarkCollision])
        #expect(codes(peers + guarded(80, "loop_guard_mark 6") + marked) == [])
    }

    @Test func `a computed mark collides with one that is written`() throws {
        let address = try #require(IPAddress("192.0.2.100"))
        let mark = GuardMark.mark(for: .address(.tcp, Endpoint(address, port: 80)))
        #expect(
            codes(peers + guarded(80) + Sample.service("fwmark \(mark)", lines: "")) == [.guardMarkCollision])
        #expect(codes(peers + guarded(80) + guarded(81, "loop_guard_mark \(mark)")) == [.guardMarkCollision])
    }

    @Test func `the same mark in the other family is another service`() {
        let other = Sample.service("fwmark 5 inet6", lines: "", servers: Sample.server("2001:db8::21 80"))
        #expect(codes(peers + guarded(80, "loop_guard_mark 5") + other) == [])
    }

    @Test func `one service twice is a duplicate, not a collision`() {
        #expect(codes(peers + guarded(80) + guarded(80)) == [.duplicateVirtualServer])
    }

    @Test func `a peer keeps its address`() {
        #expect(codes("loop_guard {\npeer 192.0.2.100\n}\n" + guarded(80)) == [.guardPeerIsVirtual])
    }

    @Test func `a guarded director may be its own real server by any address`() {
        #expect(codes(peers + Sample.service(lines: lines, servers: Sample.server("192.0.2.100 80"))) == [])
    }

    @Test func `without a sync daemon that follows an instance stale entries are said`() {
        let text = Sample.instance() + peers + guarded(80)
        #expect(Sample.codes(text) == [.guardWithoutSync])
        #expect(Sample.codes(text + guarded(81)) == [.guardWithoutSync])
        #expect(Sample.codes("global_defs {\nlvs_sync_daemon eth0\n}\n" + text) == [.guardWithoutSync])
        #expect(Sample.codes("global_defs {\nlvs_sync_daemon\n}\n" + text) == [.missingValue])
    }

    @Test func `peers without a guarded service are said`() {
        #expect(codes(peers + Sample.service()) == [.guardUnused])
        #expect(codes(peers) == [.guardUnused])
        #expect(codes(peers + Sample.service(lines: "protocol TCP\nloop_guard x")) == [.unexpectedWord])
    }
}
