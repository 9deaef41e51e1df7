import LinuxIO
import Testing
import Timekeeping

/// The vrrp role of a real daemon, on two hosts. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct VRRPRoleTests {
    @Test func `a crash of the master costs no more than the protocol's wait`() throws {
        let bench = try DirectorBench()
        let master = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        let backup = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        #expect(try Tools.wait(.seconds(5)) { try bench.b.holds(DirectorBench.vip) } == nil)
        bench.crash(master)
        let start = Clock.now()
        #expect(try bench.waitForAddress(bench.b), "\(bench.log("b"))")
        // 3 s and the skew of priority 100, 0.609 s, from the last advert on; and a margin for a busy
        // machine.
        #expect(Clock.now() - start < .seconds(5))
        #expect(bench.log("b").contains("(VI_1) Entering MASTER STATE: no advert for 3."))
        #expect(try bench.a.holds(DirectorBench.vip), "nobody was left to take it away")
        _ = backup
    }

    @Test func `a role that is killed goes on as master before the peer notices`() throws {
        let bench = try DirectorBench()
        let master = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        _ = Tools.wait(.seconds(2)) { false }
        try Signal.kill.send(to: try #require(bench.roles(of: master)["vrrp"]))
        #expect(bench.waitForLog("a", "going on as master after a restart"), "\(bench.log("a"))")
        let lost = try Tools.wait(.seconds(6)) {
            try !bench.a.holds(DirectorBench.vip) || bench.b.holds(DirectorBench.vip)
        }
        #expect(lost == nil, "\(bench.log("a"))\(bench.log("b"))")
        #expect(!bench.log("b").contains("MASTER"))
    }

    @Test func `a role that is killed goes on wherever it was master`() throws {
        let bench = try DirectorBench()
        let numbers = [(1, 250), (2, 100), (3, 250)]
        func text(_ other: Bool) -> String {
            numbers.map { number, priority in
                DirectorBench.instance(other ? 350 - priority : priority, vip: "192.0.2.10\(number)")
                    .replacing("VI_1", with: "VI_\(number)").replacing("id 51", with: "id 5\(number)")
            }.joined()
        }
        let director = try bench.start("a", on: bench.a, text(false), flags: ["-P"])
        _ = try bench.start("b", on: bench.b, text(true), flags: ["-P"])
        let isShared = try Tools.wait(.seconds(40)) {
            try bench.a.holds("192.0.2.101") && bench.b.holds("192.0.2.102") && bench.a.holds("192.0.2.103")
        }
        #expect(isShared != nil)
        _ = Tools.wait(.seconds(2)) { false }
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        let lost = try Tools.wait(.seconds(6)) {
            try !bench.a.holds("192.0.2.101") || !bench.a.holds("192.0.2.103")
        }
        #expect(lost == nil, "\(bench.log("a"))")
        #expect(bench.log("a").split(separator: "\n").count { $0.contains("going on as master") } == 2)
    }

    @Test func `a role that hangs goes on as master after it was killed, before the peer notices`() throws {
        let bench = try DirectorBench()
        let master = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        _ = Tools.wait(.seconds(2)) { false }
        try Signal.stop.send(to: try #require(bench.roles(of: master)["vrrp"]))
        #expect(bench.waitForLog("a", "vrrp does not answer; killing it", .seconds(5)), "\(bench.log("a"))")
        // In this order: between two looks a busy machine may hand over.
        let both = try Tools.wait(.seconds(6)) {
            try bench.b.holds(DirectorBench.vip) && bench.a.holds(DirectorBench.vip)
        }
        #expect(both == nil, "\(bench.log("a"))\(bench.log("b"))")
    }

    @Test func `the owner of its address, with no other, is master`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(255, vip: "192.0.2.2")
        let owner = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        owner.send(.terminate)
        #expect(bench.end(owner) == .exited(0))
        #expect(try bench.a.holds("192.0.2.2"))
    }

    @Test func `an address that somebody removes is put back`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        try bench.a.run(Tools.ipPath, "address", "delete", "\(DirectorBench.vip)/24", "dev", "eth0")
        #expect(try bench.waitForAddress(bench.a, true, .seconds(5)))
        #expect(bench.waitForLog("a", "put back what was missing: 192.0.2.100/24 on eth0"))
    }

    @Test func `an interface that goes down takes the address along, and brings it back`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "down")
        #expect(bench.waitForLog("a", "Entering FAULT STATE: interface down"))
        #expect(try bench.waitForAddress(bench.a, false, .seconds(5)))
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "up")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
    }

    @Test func `an interface that is missing at start is waited for, and said once`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150, interface: "lan7"), flags: ["-P"])
        #expect(bench.waitForLog("a", "interface lan7: there is no such interface"))
        try bench.a.run(Tools.ipPath, "link", "add", "lan7", "type", "veth", "peer", "name", "lan8")
        try bench.a.run(Tools.ipPath, "address", "add", "192.0.2.7/24", "dev", "lan7")
        try bench.a.run(Tools.ipPath, "link", "set", "lan8", "up")
        try bench.a.run(Tools.ipPath, "link", "set", "lan7", "up")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(
            bench.log("a").split(separator: "\n").count { $0.contains("there is no such interface") } == 1)
    }

    @Test func `a master that stops hands over in the skew time`() throws {
        let bench = try DirectorBench()
        let master = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        _ = Tools.wait(.seconds(2)) { false }
        master.send(.terminate)
        let start = Clock.now()
        #expect(try bench.waitForAddress(bench.b))
        // The skew of priority 100 is 0.609 s, without the three intervals.
        #expect(Clock.now() - start < .seconds(3))
        #expect(bench.log("b").contains("192.0.2.2 resigned"))
        #expect(bench.end(master) == .exited(0))
    }

    @Test func `addresses that change faster than they can be read end nothing`() throws {
        let bench = try DirectorBench()
        // So many that their list takes many messages, and some come or go between them.
        var many: [String] = []
        for pair in 0..<10 {
            many.append("link add v\(pair) type veth peer name w\(pair)")
            for number in 0..<600 {
                let place = "\(pair).\(number / 250).\(number % 250)/32 dev"
                many += ["address add 10.\(place) v\(pair)", "address add 11.\(place) w\(pair)"]
            }
        }
        let lines = { (lines: [String]) in lines.map { $0 + "\n" }.joined() }
        try bench.a.run(
            Tools.ipPath, "-batch", try bench.write("many", lines(many)), timeout: .seconds(120))
        let file = try bench.write(
            "changes",
            lines(
                (0..<2000).flatMap { number in
                    ["add", "delete"].map { "address \($0) 12.0.\(number / 250).\(number % 250)/32 dev lo" }
                }))
        let hands = try (0..<2).map { hand in
            try bench.a.start(
                "/bin/sh", ["-c", "while :; do \(Tools.ipPath) -force -batch \(file) 2> /dev/null; done"],
                log: "\(bench.directory)/hand\(hand).log")
        }
        // On a busy machine they may pause while the addresses are read at the start.
        let isDisturbed = try (0..<5).contains { _ in
            let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
            if bench.waitForLog("a", "cannot list addresses", .seconds(4)) { return true }
            director.send(.terminate)
            _ = bench.end(director)
            return false
        }
        #expect(isDisturbed)
        for hand in hands { hand.sendToGroup(.kill) }
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(!bench.log("a").contains("ended unexpectedly"), "\(bench.log("a"))")
    }
}
