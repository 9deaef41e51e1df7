import ControlProtocol
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// A pair of directors on a segment whose ports can be made deaf: docs/faults.md says what each fault is to
/// lead to. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct FaultTests {
    /// Version 3 at 250 ms: a backup of priority 100 waits 0.9 s.
    private static func text(_ priority: Int, options: String = "") -> String {
        DirectorBench.instance(priority).replacing(
            "advert_int 1", with: "version 3\n    advert_int 0.25\n    \(options)")
    }

    /// Two directors, a of the better claim.
    private final class Pair {
        let bench: DirectorBench
        private let bridge: Segment.Host
        let a: ChildProcess
        let b: ChildProcess

        init(_ first: Int = 150, _ second: Int = 100, options: String = "") throws {
            bench = try DirectorBench(withClient: true)
            bridge = try #require(bench.segment.client)
            a = try bench.start("a", on: bench.a, FaultTests.text(first, options: options), flags: ["-P"])
            #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
            b = try bench.start("b", on: bench.b, FaultTests.text(second, options: options), flags: ["-P"])
            #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        }

        /// No multicast reaches a host any more, or it does again; what it sends is heard.
        func deafen(_ host: Segment.Host, _ deaf: Bool) throws {
            let port = host.name == bench.a.name ? "port0" : "port1"
            try Tools.ip([
                "-n", bridge.name, "link", "set", port, "type", "bridge_slave", "mcast_flood",
                deaf ? "off" : "on",
            ])
        }

        /// The cable of a is pulled, or put in again.
        func plug(_ isIn: Bool) throws {
            try Tools.ip(["-n", bridge.name, "link", "set", "port0", isIn ? "up" : "down"])
        }

        /// What has been counted so far of a director's instance.
        func counter(_ name: String, _ host: Segment.Host) throws -> Int {
            let status = try bench.holdfast(host, "status", "--json").output.text
            let counters = try JSONReader.read(status)["vrrp"]?[0]?["counters"]
            return try #require(counters?[name]?.integer)
        }

        /// The interface of a vanishes; once b is master another one of that name comes.
        func replaceInterface() throws {
            let name = bench.a.name
            try Tools.ip(["-n", bridge.name, "link", "delete", "port0"])
            try waitForHolders(false, true)
            try Tools.ip([
                "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", "port0", "netns",
                bridge.name,
            ])
            try Tools.ip(["-n", bridge.name, "link", "set", "port0", "master", "br0", "up"])
            try Tools.ip(["-n", name, "address", "add", bench.a.address + "/24", "dev", "eth0"])
            try Tools.ip(["-n", name, "link", "set", "eth0", "up"])
        }

        /// The vrrp role of a may have so many descriptors from now on.
        func limitDescriptors(_ count: Int) throws {
            let role = try #require(bench.roles(of: a)["vrrp"])
            // Not every root may limit another user's process.
            let user = try #require(bench.status(role, "Uid")?.split(separator: "\t").first)
            let group = try #require(bench.status(role, "Gid")?.split(separator: "\t").first)
            try bench.a.run(
                "/usr/bin/setpriv", "--reuid", String(user), "--regid", String(group), "--clear-groups",
                "/usr/bin/prlimit", "--pid", "\(role)", "--nofile=\(count):")
        }

        /// Waits until exactly these hold the address.
        func waitForHolders(
            _ a: Bool, _ b: Bool, _ limit: Interval = .seconds(40), _ place: SourceLocation = #_sourceLocation
        ) throws {
            let time = try Tools.wait(limit) {
                try bench.a.holds(DirectorBench.vip) == a && bench.b.holds(DirectorBench.vip) == b
            }
            #expect(time != nil, "\(logs)", sourceLocation: place)
        }

        /// For so long nothing changes.
        func expectStill(
            _ a: Bool, _ b: Bool, _ length: Interval, _ place: SourceLocation = #_sourceLocation
        ) throws {
            let change = try Tools.wait(length) {
                try bench.a.holds(DirectorBench.vip) != a || bench.b.holds(DirectorBench.vip) != b
            }
            #expect(change == nil, "\(logs)", sourceLocation: place)
        }

        func transitions(_ name: String) -> Int {
            bench.log(name).split(separator: "\n").count { $0.contains(" STATE: ") }
        }

        var logs: String { "a:\n\(bench.log("a"))\nb:\n\(bench.log("b"))" }
    }

    @Test(arguments: [true, false])
    func `a director that did not run for longer than its peer waits looks before it acts`(
        preempts: Bool
    ) throws {
        let pair = try Pair(options: preempts ? "" : "nopreempt")
        let pids = [pair.a.pid] + pair.bench.roles(of: pair.a).values.sorted()
        for pid in pids { try Signal.stop.send(to: pid) }
        // Nobody takes the address from a; b has it as well, as after a frozen virtual machine.
        try pair.waitForHolders(true, true)
        for pid in pids.reversed() { try Signal.continue.send(to: pid) }
        #expect(pair.bench.waitForLog("a", "listening first", .seconds(30)), "\(pair.logs)")
        try pair.waitForHolders(preempts, !preempts, .seconds(30))
        try pair.expectStill(preempts, !preempts, .seconds(3))
        if !preempts { #expect(pair.bench.log("a").contains("Entering BACKUP STATE: did not run for")) }
    }

    @Test func `a log that nobody reads holds up nothing`() throws {
        let bench = try DirectorBench()
        let pipe = "\(bench.directory)/a.log"
        try bench.a.run("/usr/bin/mkfifo", pipe)
        // The reader keeps it open and reads nothing; then it is full.
        let reader = try bench.a.start("/bin/sh", ["-c", "exec sleep 60 < \(pipe)"], log: "/dev/null")
        try bench.a.run(
            "/bin/sh", "-c", "dd if=/dev/zero of=\(pipe) bs=65536 count=1 oflag=nonblock 2> /dev/null; :")
        let director = try bench.start("a", on: bench.a, Self.text(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, Self.text(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        director.send(.hangup)
        #expect(try Tools.wait(.seconds(4)) { try bench.b.holds(DirectorBench.vip) } == nil)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try bench.waitForAddress(bench.b), "\(bench.log("b"))")
        reader.send(.terminate)
    }

    @Test func `a cable that is not in is waited for, and one that is pulled gives way`() throws {
        let pair = try Pair()
        try pair.plug(false)
        try pair.waitForHolders(false, true)
        #expect(pair.bench.log("a").contains("Entering FAULT STATE: interface down"), "\(pair.logs)")
        try pair.expectStill(false, true, .seconds(2))
        try pair.plug(true)
        try pair.waitForHolders(true, false)
    }

    @Test func `a flapping link makes no more than two transitions each time, and ends as it began`() throws {
        let pair = try Pair()
        let before = (pair.transitions("a"), pair.transitions("b"))
        let flaps = 20
        for _ in 0..<flaps {
            try pair.plug(false)
            _ = Tools.wait(.milliseconds(40)) { false }
            try pair.plug(true)
            _ = Tools.wait(.milliseconds(40)) { false }
        }
        try pair.waitForHolders(true, false)
        try pair.expectStill(true, false, .seconds(2))
        // A flap costs a FAULT and a BACKUP; at the end a is master again.
        #expect(pair.transitions("a") - before.0 <= 2 * flaps + 1, "\(pair.logs)")
        #expect(pair.transitions("b") - before.1 <= 2 * flaps, "\(pair.logs)")
    }

    /// Octets of protocol 112 that no router could have sent, and an advert of another router.
    @Test func `what is no advert, or not for us, is counted and changes nothing`() throws {
        let pair = try Pair()
        for (name, octets) in [("short", [UInt8](arrayLiteral: 0x31)), ("other", [0x31, 77, 200, 0])] {
            let path = pair.bench.directory + "/" + name
            try Files.replace(path, with: octets)
            let to = "IP4-SENDTO:224.0.0.18:112,ip-multicast-if=192.0.2.2,ip-multicast-ttl=255"
            try pair.bench.a.run("/usr/bin/socat", "-u", path, to)
        }
        #expect(pair.bench.waitForLog("b", "no VRRP can be made out in it"), "\(pair.logs)")
        let status = try pair.bench.holdfast(pair.bench.b, "status", "--json").output.text
        let counters = try JSONReader.read(status)["vrrp"]?[0]?["counters"]
        #expect(counters?["dropped-malformed"] == 1, "\(counters ?? nil)")
        #expect(counters?["dropped-vrid"] == 1, "\(counters ?? nil)")
        try pair.expectStill(true, false, .seconds(2))
    }

    @Test func `loss towards the backup is told of, and ends with the loss`() throws {
        let pair = try Pair()
        try pair.deafen(pair.bench.b, true)
        try pair.waitForHolders(true, true)
        #expect(pair.bench.waitForLog("a", "was master too; asserting mastership"), "\(pair.logs)")
        try pair.expectStill(true, true, .seconds(2))
        try pair.deafen(pair.bench.b, false)
        try pair.waitForHolders(true, false, .seconds(5))
    }

    @Test func `loss towards the master changes nothing`() throws {
        let pair = try Pair()
        let before = (pair.transitions("a"), pair.transitions("b"))
        try pair.deafen(pair.bench.a, true)
        try pair.expectStill(true, false, .seconds(3))
        try pair.deafen(pair.bench.a, false)
        try pair.expectStill(true, false, .seconds(2))
        #expect((pair.transitions("a"), pair.transitions("b")) == before, "\(pair.logs)")
    }

    @Test(arguments: [(150, 100), (100, 100)])
    func `after a partition one master is left`(first: Int, second: Int) throws {
        let pair = try Pair(first, second)
        for host in [pair.bench.a, pair.bench.b] { try pair.deafen(host, true) }
        try pair.waitForHolders(true, true)
        for host in [pair.bench.a, pair.bench.b] { try pair.deafen(host, false) }
        // Between equal priorities the higher address decides.
        try pair.waitForHolders(first > second, first <= second, .seconds(30))
        try pair.expectStill(first > second, first <= second, .seconds(2))
    }

    @Test func `another host that has the address is told of once, the peer that takes over is not`() throws {
        let pair = try Pair()
        let client = try #require(pair.bench.segment.client)
        let told = "192.0.2.100 is used by "
        try pair.bench.claimAddress(at: client)
        // Not right after it became master, when its predecessor may still be heard.
        let heard = try Tools.wait(.seconds(60)) {
            try pair.bench.sayClaim(of: client)
            return pair.bench.log("a").contains(told)
        }
        #expect(heard != nil, "\(pair.logs)")
        try pair.bench.sayClaim(of: client)
        try Tools.ip(["-n", client.name, "address", "delete", "192.0.2.100/32", "dev", "br0"])
        #expect(pair.bench.log("a").split(separator: "\n").count { $0.contains(told) } == 1)
        #expect(!pair.bench.log("b").contains(told), "it is no master")
        _ = try pair.bench.holdfast(pair.bench.a, "switch", "VI_1")
        try pair.waitForHolders(false, true)
        _ = try pair.bench.holdfast(pair.bench.a, "switch", "VI_1", "--back")
        try pair.waitForHolders(true, false)
        let lines = (pair.bench.log("a") + pair.bench.log("b")).split(separator: "\n")
        #expect(lines.count { $0.contains(told) } == 1, "\(pair.logs)")
    }

    @Test func `an interface that is renamed is missed under its name, and found again`() throws {
        let pair = try Pair()
        func rename(_ old: String, _ new: String) throws {
            for words in [["down"], ["name", new]] {
                try Tools.ip(["-n", pair.bench.a.name, "link", "set", old] + words)
            }
            try Tools.ip(["-n", pair.bench.a.name, "link", "set", new, "up"])
        }
        try rename("eth0", "lan9")
        #expect(pair.bench.waitForLog("a", "interface eth0: there is no such interface"), "\(pair.logs)")
        try pair.waitForHolders(false, true)
        try rename("lan9", "eth0")
        try pair.waitForHolders(true, false)
    }

    @Test func `an interface that vanishes and comes again under another number is used again`() throws {
        let pair = try Pair()
        try pair.replaceInterface()
        try pair.waitForHolders(true, false)
    }

    @Test func `forged adverts of all kinds are counted by their reasons and change nothing`() throws {
        let pair = try Pair()
        let before = (pair.transitions("a"), pair.transitions("b"))
        let source = try AdvertSource(try #require(pair.bench.segment.client))
        // Of the best priority there is, and each wrong in one respect.
        let forgeries: [(String, [UInt8])] = [
            ("length", source.advert(255) { $0.removeLast() }),
            ("length", source.advert(255) { $0.append(0) }),
            ("length", source.advert(255) { $0[3] = 2 }),
            ("version", source.advert(255) { $0[0] = 0x21 }),
            ("version", source.advert(255) { $0[0] = 0x41 }),
            ("type", source.advert(255) { $0[0] = 0x32 }),
            ("vrid", source.advert(255, router: 52)),
            ("no-addresses", source.advert(255) { $0[3...] = [0, 0, 25, 0, 0] }),
            ("zero-interval", source.advert(255, centiseconds: 0)),
            ("checksum", Array(source.advert(255).dropLast()) + [101]),
        ]
        for (_, octets) in forgeries { try source.send(octets) }
        // From beyond a router.
        let path = pair.bench.directory + "/far"
        try Files.replace(path, with: source.advert(255))
        let to = "IP4-SENDTO:224.0.0.18:112,ip-multicast-if=192.0.2.9,ip-multicast-ttl=254"
        try #require(pair.bench.segment.client).run("/usr/bin/socat", "-u", path, to)
        try pair.expectStill(true, false, .seconds(2))
        for host in [pair.bench.a, pair.bench.b] {
            #expect(try pair.counter("dropped-ttl", host) == 1)
            for reason in Set(forgeries.map { $0.0 }) {
                let count = forgeries.count { $0.0 == reason }
                #expect(try pair.counter("dropped-\(reason)", host) == count, "\(reason)")
            }
        }
        #expect((pair.transitions("a"), pair.transitions("b")) == before, "\(pair.logs)")
    }

    @Test func `adverts in our own name are nobody's, and options and fragments hide nothing`() throws {
        let pair = try Pair()
        let before = (pair.transitions("a"), pair.transitions("b"))
        let source = try AdvertSource(try #require(pair.bench.segment.client))
        // Else Linux itself drops what comes in from an address that it has.
        let settings = "for of in all eth0; do echo 0 > $of/rp_filter; done; echo 1 > eth0/accept_local"
        try pair.bench.a.run("/bin/sh", "-c", "cd /proc/sys/net/ipv4/conf && " + settings)
        try source.send(source.advert(255), as: try #require(IPAddress(pair.bench.a.address)))
        let wrong = source.advert(255, centiseconds: 0)
        try source.send(wrong, as: source.address, options: [1, 1, 1, 1, 1, 1, 1, 0])
        // More is to come; and the rest, eight octets on.
        try source.send(Array(wrong.prefix(8)), as: source.address, fragment: 0x2000)
        try source.send(Array(wrong.dropFirst(8)), as: source.address, fragment: 1)
        try pair.expectStill(true, false, .seconds(2))
        #expect(try pair.counter("dropped-own-address", pair.bench.a) == 1, "\(pair.logs)")
        #expect(try pair.counter("dropped-zero-interval", pair.bench.a) == 2, "\(pair.logs)")
        #expect(try pair.counter("dropped-zero-interval", pair.bench.b) == 2, "\(pair.logs)")
        #expect((pair.transitions("a"), pair.transitions("b")) == before, "\(pair.logs)")
    }

    @Test func `a flood of losing adverts and of others' is neither amplified nor in the way`() throws {
        let pair = try Pair()
        let source = try AdvertSource(try #require(pair.bench.segment.client))
        let before = (pair.transitions("a"), pair.transitions("b"))
        let sent = try pair.counter("sent", pair.bench.a)
        let losing = source.advert(50)
        let others = (60..<250).map { source.advert(255, router: $0) }
        let start = Clock.now()
        var round = 0
        while Clock.now() - start < .seconds(3) {
            for _ in 0..<5 { try? source.send(losing) }
            for number in 0..<15 { try? source.send(others[(round * 15 + number) % others.count]) }
            round += 1
            Scheduling.sleep(.milliseconds(10))
        }
        try pair.expectStill(true, false, .seconds(1))
        #expect((pair.transitions("a"), pair.transitions("b")) == before, "\(pair.logs)")
        let answers = try pair.counter("sent", pair.bench.a) - sent
        let intervals = Int((Clock.now() - start).nanoseconds / 250_000_000)
        // Four an interval at most.
        #expect(answers > intervals / 2 && answers <= 4 * (intervals + 1), "\(answers) in \(intervals)")
        #expect(try pair.counter("dropped-vrid", pair.bench.b) > round)
    }

    @Test func `programs that want all processors cost no advert`() throws {
        let pair = try Pair()
        let before = (pair.transitions("a"), pair.transitions("b"))
        let busy = try (0..<8).map { _ in
            try pair.bench.a.start("/bin/sh", ["-c", "while :; do :; done"], log: "/dev/null")
        }
        try pair.expectStill(true, false, .seconds(4))
        for child in busy {
            child.send(.kill)
            _ = pair.bench.end(child)
        }
        #expect((pair.transitions("a"), pair.transitions("b")) == before, "\(pair.logs)")
    }

    @Test func `without a free descriptor the election goes on`() throws {
        let pair = try Pair()
        let role = pair.bench.roles(of: pair.a)["vrrp"]
        try pair.limitDescriptors(3)
        try pair.plug(false)
        try pair.waitForHolders(false, true)
        try pair.plug(true)
        try pair.waitForHolders(true, false)
        #expect(pair.bench.roles(of: pair.a)["vrrp"] == role, "\(pair.logs)")
    }

    @Test func `a socket that cannot be opened is tried again without any news`() throws {
        let pair = try Pair()
        try pair.limitDescriptors(3)
        try pair.replaceInterface()
        #expect(pair.bench.waitForLog("a", "cannot open VRRP socket on eth0"), "\(pair.logs)")
        try pair.expectStill(false, true, .seconds(3))
        try pair.limitDescriptors(1024)
        try pair.waitForHolders(true, false, .seconds(5))
        let complaints = pair.bench.log("a").split(separator: "\n").count { $0.contains("cannot open VRRP") }
        #expect(complaints == 1, "\(pair.logs)")
    }
}
