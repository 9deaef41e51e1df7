import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

/// What `holdfast doctor` finds on real directors: the fault is built, the doctor names it; the cure is
/// applied, the doctor is content.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct DoctorLabTests {
    /// A pair on a segment with a third host, which is its real server.
    private final class Pair {
        /// Of the finding that was expected last.
        private(set) var evidence = ""
        let bench: DirectorBench
        let server: Segment.Host

        init() throws {
            bench = try DirectorBench(withClient: true)
            server = try #require(bench.segment.client)
            let service = DirectorBench.service([server.address])
            _ = try bench.start("a", on: bench.a, DirectorBench.instance(150) + service, flags: ["-P"])
            #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
            _ = try bench.start("b", on: bench.b, DirectorBench.instance(100) + service, flags: ["-P"])
            #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        }

        /// Has the kernel of the backup ask who has `address`.
        func meet(_ address: String) throws {
            try shell(bench.b, "echo > /dev/udp/\(address)/9")
        }

        /// Has it ask anew.
        func meetVirtualAddress() throws {
            _ = try? Tools.ip(["-n", bench.b.name, "neighbour", "del", DirectorBench.vip, "dev", "eth0"])
            try meet(DirectorBench.vip)
        }

        func shell(_ host: Segment.Host, _ command: String) throws {
            _ = try host.run("/bin/bash", "-c", command)
        }

        func setARP(_ host: Segment.Host, _ interface: String, ignoring mode: Int) throws {
            try shell(host, "echo \(mode) > /proc/sys/net/ipv4/conf/\(interface)/arp_ignore")
        }

        /// What the backup's doctor says of one thing: its level and what it saw.
        func finding(_ number: Int, _ file: [String] = []) throws -> (level: String, evidence: String) {
            let done = try bench.holdfast(bench.b, ["doctor", "--json"] + file)
            let found = try JSONReader.read(done.output.text)["findings"]?.elements ?? []
            let one = found.first { $0["number"] == .integer(number) }
            return (one?["level"]?.text ?? done.error.text, one?["evidence"]?.text ?? "")
        }

        /// It says so within some seconds: the kernel learns who has an address in its own time, and a new
        /// master goes on announcing for some.
        func expect(_ number: Int, _ level: String, _ file: [String] = []) throws {
            var found = (level: "", evidence: "")
            _ = try Tools.wait(.seconds(40)) {
                if [6, 12].contains(number) { try meetVirtualAddress() }
                found = try finding(number, file)
                return found.level == level
            }
            #expect(found.level == level, "\(number): \(found.evidence)")
            evidence = found.evidence
        }
    }

    @Test func `a server that answers for the virtual address is found by the backup, until it is cured`()
        throws
    {
        let pair = try Pair()
        #expect(try pair.finding(6).level == "info", "nobody has been heard yet")
        for address in [pair.bench.a.address, pair.server.address, DirectorBench.vip] {
            try pair.meet(address)
        }
        for number in [6, 12] {
            try pair.expect(number, "ok")
        }
        // The real server has the address as direct routing wants it, and answers for it; the master does
        // not, so that the test need not wait for who is faster.
        try Tools.ip(["-n", pair.server.name, "link", "set", "lo", "up"])
        try Tools.ip(["-n", pair.server.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
        try pair.setARP(pair.bench.a, "eth0", ignoring: 8)
        for number in [12, 6] {
            try pair.expect(number, "failure")
        }
        #expect(pair.evidence.contains(pair.server.address))
        try pair.setARP(pair.server, "all", ignoring: 1)
        try pair.setARP(pair.bench.a, "eth0", ignoring: 0)
        for number in [6, 12] {
            try pair.expect(number, "ok")
        }
    }

    @Test func `directors as real servers are found, until they are guarded`() throws {
        let pair = try Pair()
        let directors = [pair.bench.a.address, pair.bench.b.address]
        func write(
            _ name: String, _ servers: [String], _ options: String = "", _ guards: String = ""
        ) throws
            -> [String]
        {
            let service = DirectorBench.service(servers, options: options)
            return [try pair.bench.write(name, guards + DirectorBench.instance(100) + service)]
        }
        let own = try write("own", [directors[1], pair.server.address])
        try pair.expect(2, "failure", own)
        try pair.expect(7, "ok", own)
        let both = try write("both", directors)
        for number in [2, 7] { try pair.expect(number, "failure", both) }
        #expect(pair.evidence.contains("between them until its TTL ends"))
        let peer = "loop_guard {\n    peer \(directors[0])\n}\n"
        let guarded = try write("guarded", directors, "loop_guard", peer)
        for number in [2, 7] { try pair.expect(number, "ok", guarded) }
    }

    @Test func `what the host lacks for a service is found, until it is there`() throws {
        let pair = try Pair()
        let far = try pair.bench.write("far", DirectorBench.service(["198.51.100.9"]))
        try pair.expect(3, "failure", [far])
        #expect(pair.evidence.hasPrefix("198.51.100.9: in no network of this host"))
        try Tools.ip(["-n", pair.bench.b.name, "address", "add", "198.51.100.1/24", "dev", "eth0"])
        try pair.expect(3, "ok", [far])
        let translated = DirectorBench.service([pair.server.address]).replacing(
            "lb_kind DR", with: "lb_kind NAT")
        let file = try pair.bench.write("nat", DirectorBench.instance(100) + translated)
        try pair.shell(pair.bench.b, "echo 0 > /proc/sys/net/ipv4/ip_forward")
        try pair.expect(4, "failure", [file])
        try pair.shell(pair.bench.b, "echo 1 > /proc/sys/net/ipv4/ip_forward")
        try pair.expect(4, "ok", [file])
    }

    @Test func `another pair of that number, and a second daemon, are found while they are there`() throws {
        let pair = try Pair()
        for number in [9, 11] { try pair.expect(number, "ok") }
        let text = DirectorBench.instance(50, vip: "192.0.2.101")
        let file = try pair.bench.write("other", text.replacing("router_id 51", with: "router_id 52"))
        let place = "\(pair.bench.directory)/other"
        let second = try pair.bench.b.start(
            "/usr/sbin/keepalived",
            ["-n", "-l", "-P", "-f", file, "-p", "\(place).pid", "-r", "\(place).vrrp.pid"],
            log: "\(place).log")
        try pair.expect(11, "warning")
        let password =
            "authentication {\n        auth_type PASS\n        auth_pass other\n    }\n    advert_int"
        let alien = text.replacing("eth0", with: "br0").replacing("advert_int", with: password)
        let another = try pair.bench.start("another", on: pair.server, alien, flags: ["-P"])
        try pair.expect(9, "warning")
        for daemon in [second, another] {
            daemon.send(.terminate)
            #expect(pair.bench.end(daemon) == .exited(0))
        }
        try pair.expect(11, "ok")
        try pair.expect(9, "info")
    }

    @Test func `a filter against adverts is found, until it is gone`() throws {
        let pair = try Pair()
        try pair.expect(10, "ok")
        _ = try pair.bench.b.run("/usr/sbin/iptables", "-A", "INPUT", "-p", "112", "-j", "DROP")
        let found = try pair.finding(10)
        #expect(found.level == "failure" && found.evidence.contains("-j DROP"), "\(found)")
        _ = try pair.bench.b.run("/usr/sbin/iptables", "-D", "INPUT", "-p", "112", "-j", "DROP")
        try pair.expect(10, "ok")
        _ = try pair.bench.b.run("/usr/sbin/iptables", "-P", "INPUT", "DROP")
        try pair.expect(10, "failure")
        _ = try pair.bench.b.run("/usr/sbin/iptables", "-I", "INPUT", "-p", "112", "-j", "ACCEPT")
        try pair.expect(10, "ok")
        let chain = "{ type filter hook input priority 0; policy accept; }"
        try pair.shell(pair.bench.b, "nft 'add table inet own; add chain inet own in \(chain)'")
        try pair.expect(10, "info")
        #expect(pair.evidence.hasSuffix(": inet own in"))
        try pair.shell(pair.bench.b, "nft delete table inet own")
        try pair.expect(10, "ok")
    }

    @Test func `a way that is too narrow for a tunnel is found, until it is wider`() throws {
        let pair = try Pair()
        let service = DirectorBench.service([pair.server.address]).replacing(
            "lb_kind DR", with: "lb_kind TUN")
        let file = try pair.bench.write("tunnel", DirectorBench.instance(100) + service)
        try pair.expect(14, "info", [file])
        try Tools.ip(["-n", pair.bench.b.name, "link", "set", "eth0", "mtu", "1400"])
        try pair.expect(14, "warning", [file])
        try Tools.ip(["-n", pair.bench.b.name, "link", "set", "eth0", "mtu", "1520"])
        try pair.expect(14, "ok", [file])
    }
}
