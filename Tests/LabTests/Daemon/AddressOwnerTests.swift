import LinuxIO
import Testing
import Timekeeping

/// Which addresses the daemon takes for its own.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct AddressOwnerTests {
    @Test func `an address that was there before us is used, and left there`() throws {
        let bench = try DirectorBench()
        try bench.a.run(Tools.ipPath, "address", "add", "\(DirectorBench.vip)/24", "dev", "eth0")
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "192.0.2.100/24 on eth0 was there before us"), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    @Test func `what a killed daemon left is removed by the next one`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        bench.crash(first)
        #expect(try bench.a.holds(DirectorBench.vip), "nobody was left to take it away")
        let other = DirectorBench.instance(150, vip: "192.0.2.101")
        let second = try bench.start("a", on: bench.a, other, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        second.send(.terminate)
        #expect(bench.end(second) == .exited(0))
    }

    @Test func `what is made by hand after a reload gave it up is left alone`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        director.send(.hangup)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        #expect(bench.log("a").contains("removed 192.0.2.100/24 on eth0"))
        try bench.a.run(Tools.ipPath, "address", "add", "\(DirectorBench.vip)/24", "dev", "eth0")
        #expect(try bench.waitForAddress(bench.a, false, .seconds(2)) == false, "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try bench.a.holds(DirectorBench.vip))
    }

    @Test func `an address that was moved by a reload is moved in the kernel`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.write("a", DirectorBench.instance(150, vip: "192.0.2.101"))
        director.send(.hangup)
        #expect(try bench.waitForAddress(bench.a, false), "\(bench.log("a"))")
        #expect(try bench.a.holds("192.0.2.101"))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try !bench.a.holds("192.0.2.101"))
    }

    /// No IPv6 address can be had while the interface has none of its own.
    @Test func `what the kernel refuses is tried again, and said once`() throws {
        let bench = try DirectorBench()
        let sysctl = "net.ipv6.conf.eth0.disable_ipv6"
        try bench.a.run("/usr/sbin/sysctl", "-qw", "\(sysctl)=1")
        let text = DirectorBench.instance(150).replacing(
            "virtual_ipaddress {",
            with: "virtual_ipaddress_excluded {\n        2001:db8::100/64\n    }\n    virtual_ipaddress {")
        _ = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(bench.waitForLog("a", "cannot add 2001:db8::100/64 on eth0"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a), "the others are added")
        _ = Tools.wait(.seconds(2)) { false }
        #expect(bench.log("a").split(separator: "\n").count { $0.contains("cannot add") } == 1)
        try bench.a.run("/usr/sbin/sysctl", "-qw", "\(sysctl)=0")
        let line = "put back what was missing: 2001:db8::100/64 on eth0"
        #expect(bench.waitForLog("a", line, .seconds(10)), "\(bench.log("a"))")
        let list = try bench.a.run(Tools.ipPath, "-6", "address", "show", "dev", "eth0").output.text
        #expect(list.contains("2001:db8::100/64"), "\(list)")
    }

    @Test func `an address that is not ours is told of where another director is the master`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        _ = try bench.start("b", on: bench.b, DirectorBench.instance(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"))
        try bench.b.run(Tools.ipPath, "address", "add", "\(DirectorBench.vip)/24", "dev", "eth0")
        let line = "192.0.2.100/24 on eth0 is here, but this director"
        #expect(bench.waitForLog("b", line), "\(bench.log("b"))")
        #expect(try bench.b.holds(DirectorBench.vip))
    }

    @Test func `neighbours are told of a new hardware address`() throws {
        let bench = try DirectorBench()
        _ = try bench.start("a", on: bench.a, DirectorBench.instance(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a))
        let mac = "02:00:00:00:be:ef"
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "address", mac)
        #expect(bench.waitForLog("a", "eth0 has the address \(mac) now"), "\(bench.log("a"))")
    }
}
