import ControlProtocol
import Glibc
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
        try pair.expect(4, "info", [file])
    }

    /// The server's way to the client does not lead through the director, as when both are in one network.
    @Test(.enabled(if: hasIPVS, "needs a kernel with IPVS"))
    func `replies that go past the director are missed, until they come back through it`() throws {
        let bench = try DirectorBench(withClient: true)
        let client = try #require(bench.segment.client)
        let service = DirectorBench.service([bench.b.address])
            .replacing("lb_kind DR", with: "lb_kind NAT").replacing("protocol TCP", with: "protocol UDP")
        _ = try bench.a.run(
            "/bin/sh", "-c",
            "cd /proc/sys/net/ipv4; echo 1 > ip_forward; for i in conf/*/send_redirects; do echo 0 > $i; done"
        )
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150) + service)
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        /// Nobody listens there: the reply is the ICMP error, of which Linux sends one a second to a host.
        func ask(_ times: Int) throws {
            _ = try client.run(
                "/bin/bash", "-c",
                "for ((i = 0; i < \(times); i++)); do echo > /dev/udp/\(DirectorBench.vip)/80; done")
        }
        func returnPath() throws -> (level: String?, evidence: String?) {
            let done = try bench.holdfast(bench.a, ["doctor", "--json"])
            let found = try JSONReader.read(done.output.text)["findings"]?.elements ?? []
            let one = found.first { $0["number"] == .integer(4) }
            return (one?["level"]?.text, one?["evidence"]?.text)
        }
        var found = try returnPath()
        #expect(found.level == "info", "nobody has asked yet")
        _ = try Tools.wait(.seconds(20)) {
            try ask(150)
            found = try returnPath()
            return found.level == "warning"
        }
        #expect(found.level == "warning" && found.evidence?.hasPrefix(bench.b.address) == true, "\(found)")
        try Tools.ip(["-n", bench.b.name, "route", "add", client.address + "/32", "via", bench.a.address])
        var cured = found
        _ = try Tools.wait(.seconds(20)) {
            try ask(2)
            cured = try returnPath()
            return cured.level == "ok"
        }
        #expect(cured.level == "ok", "\(cured)")
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
        let rules = [
            "add table inet own", "add chain inet own in \(chain)",
            "add rule inet own in ct state established,related accept", "add rule inet own in iif lo accept",
            "add rule inet own in tcp dport { 22, 80 } accept", "add rule inet own in counter reject",
        ]
        try pair.shell(pair.bench.b, "nft '\(rules.joined(separator: "; "))'")
        try pair.expect(10, "failure")
        #expect(pair.evidence.contains("nft's chain inet own in: counter"), "\(pair.evidence)")
        try pair.shell(pair.bench.b, "nft insert rule inet own in ip saddr 192.0.2.0/24 accept")
        try pair.expect(10, "info")
        try pair.shell(pair.bench.b, "nft insert rule inet own in meta l4proto 112 accept")
        try pair.expect(10, "ok")
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

    @Test func `servers at other ports than a service by direct routing are found, until it translates`()
        throws
    {
        let pair = try Pair()
        let text = DirectorBench.instance(100) + DirectorBench.service([pair.server.address])
        let port = "\(pair.server.address) 80 {"
        let wrong = text.replacing(port, with: "\(pair.server.address) 8080 {")
        try pair.expect(1, "failure", [try pair.bench.write("ports", wrong)])
        #expect(pair.evidence.hasSuffix("error: direct routing cannot change the port [E401]"))
        try pair.expect(1, "ok", [try pair.bench.write("same", text)])
        let translated = wrong.replacing("lb_kind DR", with: "lb_kind NAT")
        try pair.expect(1, "info", [try pair.bench.write("translated", translated)])
    }

    @Test func `a link that NAT fills is found, until it is faster or servers answer themselves`() throws {
        let pair = try Pair()
        let text = DirectorBench.instance(100) + DirectorBench.service([pair.server.address])
        let direct = try pair.bench.write("direct", text)
        let file = try pair.bench.write("nat", text.replacing("lb_kind DR", with: "lb_kind NAT"))
        try pair.expect(5, "ok", [file])
        let link = try SlowLink(pair.bench.b)
        try link.say(megabits: 1)
        try link.send()
        try pair.expect(5, "warning", [file])
        #expect(pair.evidence.hasPrefix("slow0 sends ") && pair.evidence.contains(" of 1 Mbit/s"))
        try pair.expect(5, "info", [direct])
        try link.say(megabits: 10_000)
        try pair.expect(5, "ok", [file])
    }

    @Test func `an interface that the file names is missed, until it is there`() throws {
        let pair = try Pair()
        let text = DirectorBench.instance(100, interface: "eth7")
        let file = try pair.bench.write("eth7", text)
        try pair.expect(8, "warning", [file])
        #expect(pair.evidence == "this host has no interface eth7")
        let host = ["-n", pair.bench.b.name]
        try Tools.ip(host + ["link", "add", "eth7", "type", "veth", "peer", "name", "eth8"])
        try Tools.ip(host + ["address", "add", "192.0.2.7/24", "dev", "eth7"])
        try pair.expect(8, "ok", [file])
    }

    @Test(.enabled(if: hasIPVS, "what a service asks of a kernel with IPVS"))
    func `settings of the kernel that hinder a service are found, until they are changed`() throws {
        let pair = try Pair()
        let text = DirectorBench.instance(100) + DirectorBench.service([pair.server.address])
        let file = try pair.bench.write("nat", text.replacing("lb_kind DR", with: "lb_kind NAT"))
        func set(_ setting: String, _ value: Int) throws {
            try pair.shell(pair.bench.b, "echo \(value) > /proc/sys/net/ipv4/\(setting)")
        }
        for name in ["all", "eth0"] {
            for setting in ["rp_filter", "send_redirects"] { try set("conf/\(name)/\(setting)", 0) }
        }
        try set("ip_forward", 1)
        try pair.expect(8, "ok", [file])
        // The server is on the interface that clients come by.
        for name in ["all", "eth0"] {
            try set("conf/\(name)/send_redirects", 1)
            try pair.expect(8, "warning", [file])
            #expect(pair.evidence.hasPrefix("eth0 sends redirects"))
            try set("conf/\(name)/send_redirects", 0)
            try pair.expect(8, "ok", [file])
        }
        // The way to clients is another one than the one that they come by.
        let host = ["-n", pair.bench.b.name]
        try Tools.ip(host + ["link", "add", "eth7", "type", "veth", "peer", "name", "eth8"])
        for interface in ["eth7", "eth8"] { try Tools.ip(host + ["link", "set", interface, "up"]) }
        try Tools.ip(host + ["route", "add", "default", "dev", "eth7"])
        try set("conf/eth0/rp_filter", 1)
        try pair.expect(8, "info", [file])
        // One comes, from a host that knows where the director is: its question would be dropped, too.
        try pair.shell(pair.server, "echo > /dev/udp/\(pair.bench.b.address)/9")
        let client = ["-n", pair.server.name]
        try Tools.ip(client + ["address", "add", "203.0.113.9/32", "dev", "br0"])
        let route = ["route", "add", pair.bench.b.address + "/32", "dev", "br0", "src", "203.0.113.9"]
        try Tools.ip(client + route)
        try pair.shell(pair.server, "echo > /dev/udp/\(pair.bench.b.address)/9")
        // What was dropped once, and is no more, is only told.
        try pair.expect(8, "info", [file])
        #expect(pair.evidence.contains("; 0 packets were dropped for such a reason now, "))
        #expect(!pair.evidence.hasSuffix(" 0 since this host was started"))
        // It goes on asking.
        let again = try pair.server.start(
            "/bin/bash",
            ["-c", "while :; do echo > /dev/udp/\(pair.bench.b.address)/9; sleep 0.2; done"], log: "/dev/null"
        )
        try pair.expect(8, "warning", [file])
        #expect(pair.evidence.hasPrefix("rp_filter is strict on eth0"))
        // Rules may well send answers back by it.
        let rule = ["from", pair.bench.b.address, "lookup", "100"]
        try Tools.ip(host + ["rule", "add"] + rule)
        try pair.expect(8, "info", [file])
        #expect(pair.evidence.hasSuffix("was not judged"))
        try Tools.ip(host + ["rule", "del"] + rule)
        try pair.expect(8, "warning", [file])
        again.send(.kill)
        _ = pair.bench.end(again)
        try set("conf/eth0/rp_filter", 2)
        try pair.expect(8, "ok", [file])
    }

    /// The kernel of a guest has a clock of its own; elsewhere this would be that of the machine.
    @Test(.enabled(if: isInGuest, "needs a guest, whose clock is set"))
    func `a clock that nothing sets is found, until something does`() throws {
        /// Tells the kernel by adjtimex(2), with STA_UNSYNC or without, and an error that it bears for long
        /// enough.
        func mark(isFollowing: Bool) throws {
            typealias Call = @convention(c) (UnsafeMutableRawPointer) -> CInt
            let call = unsafe unsafeBitCast(dlsym(nil, "adjtimex"), to: Optional<Call>.self)
            // modes (ADJ_STATUS, ADJ_MAXERROR, ADJ_ESTERROR), offset, freq, maxerror, esterror, status.
            var clock = [Int](repeating: 0, count: 32)
            (clock[0], clock[3], clock[4], clock[5]) = (0x1C, 1000, 1000, isFollowing ? 0 : 0x40)
            let result = unsafe clock.withUnsafeMutableBytes { octets in
                unsafe octets.baseAddress.flatMap { unsafe call?($0) }
            }
            #expect(result ?? -1 >= 0)
        }
        let pair = try Pair()
        try mark(isFollowing: false)
        try pair.expect(13, "warning")
        try mark(isFollowing: true)
        try pair.expect(13, "ok")
        try mark(isFollowing: false)
        try pair.expect(13, "warning")
        // What chrony does without rtcsync: it runs, and the kernel does not know.
        try pair.shell(pair.bench.b, "ln -s $(command -v sleep) \(pair.bench.directory)/chronyd")
        let child = try pair.bench.b.start(
            "\(pair.bench.directory)/chronyd", ["600"], log: "/dev/null")
        try pair.expect(13, "info")
        child.send(.kill)
        _ = pair.bench.end(child)
        try pair.expect(13, "warning")
    }
}
