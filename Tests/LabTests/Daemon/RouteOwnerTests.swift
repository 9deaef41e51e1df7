import LinuxIO
import Testing
import Timekeeping

/// Virtual routes and rules of a real daemon. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct RouteOwnerTests {
    private static let routing = """
        virtual_routes {
            198.51.100.0/24 via 192.0.2.1
            src 192.0.2.100 to 198.51.101.0/24 via 192.0.2.1 metric 7 mtu 1400 advmss 1300
            198.51.102.0/24 dev eth0 onlink via 10.9.9.9 table 100
            blackhole 203.0.113.0/24
            198.51.103.0/24 nexthop via 192.0.2.1 weight 2 nexthop via 192.0.2.9
            unreachable 203.0.114.0/24 metric 5
            198.51.105.7 via 192.0.2.1
        }
        virtual_rules {
            from 192.0.2.100 table 100
            to 198.51.100.0/24 fwmark 3 table 100 priority 500
            iif eth0 lookup main order 501
            from 192.0.2.101 blackhole
            from 192.0.2.101 goto 20000 preference 502
        }
        """

    private func text(_ lines: String = routing) -> String {
        DirectorBench.instance(250).replacing("virtual_ipaddress", with: "\(lines)\nvirtual_ipaddress")
    }

    /// What the host has beside what the kernel makes, without who made it.
    private func state(_ host: Segment.Host) throws -> [String] {
        let lists = [
            try host.run(Tools.ipPath, "-4", "-N", "route", "show", "table", "all"),
            try host.run(Tools.ipPath, "-4", "-N", "rule", "show"),
        ]
        return lists.flatMap { $0.output.text.split(separator: "\n").map(String.init) }
            .filter { !$0.contains("proto 2 ") && !$0.contains(":\tfrom all lookup 25") }
            .map { $0.replacing(" proto 72", with: "").replacing(" proto 18", with: "") }.sorted()
    }

    private func hasRoutes(_ bench: DirectorBench, _ wanted: Bool = true) throws -> Bool {
        try Tools.wait(.seconds(40)) { try state(bench.a).isEmpty != wanted } != nil
    }

    @Test func `routes and rules come with the state, are put back, and go with it`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, text(), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(try hasRoutes(bench), "\(bench.log("a"))")
        let before = try state(bench.a)
        #expect(before.count == 14, "\(before)")
        try bench.a.run(Tools.ipPath, "route", "delete", "198.51.100.0/24")
        try bench.a.run(Tools.ipPath, "rule", "delete", "preference", "500")
        #expect(bench.waitForLog("a", "put back what was missing: route to 198.51.100.0/24"))
        #expect(bench.waitForLog("a", "rule 500"))
        #expect(try state(bench.a) == before)
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try state(bench.a).isEmpty)
    }

    @Test(arguments: [
        ("198.51.100.0/24", "192.0.2.1", "192.0.2.9"), ("2001:db8:9::/64", "2001:db8::1", "2001:db8::9"),
    ]) func `a route that another hand replaces is written again`(
        _ destination: String, _ gateway: String, _ other: String
    ) throws {
        let bench = try DirectorBench()
        let family = destination.contains(":") ? "-6" : "-4"
        try bench.a.run(Tools.ipPath, "address", "add", "2001:db8::a/64", "dev", "eth0", "nodad")
        _ = try bench.start(
            "a", on: bench.a, text("virtual_routes {\n\(destination) via \(gateway)\n}"), flags: ["-P"])
        let shown = { try bench.a.run(Tools.ipPath, family, "route", "show", destination).output.text }
        let has = { try shown().hasPrefix("\(destination) via \(gateway) ") }
        #expect(try Tools.wait(.seconds(40)) { try has() } != nil, "\(bench.log("a"))")
        try bench.a.run(Tools.ipPath, family, "route", "replace", destination, "via", other)
        #expect(try Tools.wait(.seconds(10)) { try has() } != nil, "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "put back what was missing: route to \(destination)"))
        let routes = try shown()
        #expect(routes.split(separator: "\n").count == 1, "\(routes)")
    }

    @Test func `a role that is killed leaves them, and its successor keeps them`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, text(), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a) && hasRoutes(bench), "\(bench.log("a"))")
        let before = try state(bench.a)
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        let gone = try Tools.wait(.seconds(3)) { try state(bench.a) != before }
        #expect(gone == nil, "\(bench.log("a"))")
        #expect(bench.log("a").contains("going on as master after a restart"))
    }

    @Test func `a daemon that was killed has its routes removed by the next`() throws {
        let bench = try DirectorBench()
        let first = try bench.start("a", on: bench.a, text(), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a) && hasRoutes(bench))
        bench.crash(first)
        #expect(try !state(bench.a).isEmpty)
        _ = try bench.start("a", on: bench.a, "global_defs {\n}\n", flags: ["-P"])
        #expect(try hasRoutes(bench, false), "\(bench.log("a"))")
    }

    @Test func `a reload changes them in place`() throws {
        let bench = try DirectorBench()
        let director = try bench.start(
            "a", on: bench.a, text("virtual_routes {\n198.51.100.0/24 via 192.0.2.1\n}"), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a) && hasRoutes(bench))
        _ = try bench.write("a", text("virtual_routes {\n198.51.100.0/24 via 192.0.2.9\n}"))
        director.send(.hangup)
        let changed = try Tools.wait(.seconds(40)) {
            try state(bench.a) == ["198.51.100.0/24 via 192.0.2.9 dev eth0 "]
        }
        #expect(changed != nil, "\(bench.log("a"))")
        _ = try bench.write("a", text(""))
        director.send(.hangup)
        #expect(try hasRoutes(bench, false))
    }

    @Test func `what another hand made is left alone`() throws {
        let bench = try DirectorBench()
        try bench.a.run(Tools.ipPath, "route", "add", "198.51.100.0/24", "via", "192.0.2.7")
        let before = try state(bench.a)
        let director = try bench.start(
            "a", on: bench.a, text("virtual_routes {\n198.51.100.0/24 via 192.0.2.1\n}"), flags: ["-P"])
        #expect(bench.waitForLog("a", "it was there before us"))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0))
        #expect(try state(bench.a) == before)
    }

    @Test func `once another hand has removed its own, ours is there at once`() throws {
        let bench = try DirectorBench()
        let lines = """
            virtual_routes {
                198.51.100.0/24 via 192.0.2.1
            }
            virtual_rules {
                from 192.0.2.100 table 100 preference 7
            }
            """
        try bench.a.run(Tools.ipPath, "route", "add", "198.51.100.0/24", "via", "192.0.2.7")
        try bench.a.run(Tools.ipPath, "rule", "add", "from", "192.0.2.100", "table", "100", "preference", "7")
        _ = try bench.start("a", on: bench.a, text(lines), flags: ["-P"])
        #expect(bench.waitForLog("a", "it was there before us"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a))
        try bench.a.run(Tools.ipPath, "route", "delete", "198.51.100.0/24")
        try bench.a.run(Tools.ipPath, "rule", "delete", "preference", "7")
        // Sooner than what failed is tried again.
        let added = try Tools.wait(.seconds(2)) {
            try state(bench.a).contains("198.51.100.0/24 via 192.0.2.1 dev eth0 ")
                && state(bench.a).contains { $0.hasPrefix("7:") }
        }
        #expect(added != nil, "\(bench.log("a"))")
    }

    @Test func `what is not tracked is added as soon as it can be, and then never again`() throws {
        let bench = try DirectorBench()
        let lines = """
            virtual_routes {
                198.51.100.0/24 via 10.9.9.1 no_track
                198.51.101.0/24 dev lan9 no_track
            }
            """
        _ = try bench.start("a", on: bench.a, text(lines), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(bench.waitForLog("a", "unreachable"), "\(bench.log("a"))")
        #expect(try state(bench.a).isEmpty)
        try bench.a.run(Tools.ipPath, "address", "add", "10.9.9.2/24", "dev", "eth0")
        try bench.a.run(Tools.ipPath, "link", "add", "lan9", "type", "veth", "peer", "name", "lan8")
        try bench.a.run(Tools.ipPath, "link", "set", "lan8", "up")
        try bench.a.run(Tools.ipPath, "link", "set", "lan9", "up")
        let added = try Tools.wait(.seconds(40)) { try state(bench.a).count == 2 }
        #expect(added != nil, "\(bench.log("a"))")
        for number in [100, 101] {
            try bench.a.run(Tools.ipPath, "route", "delete", "198.51.\(number).0/24")
        }
        let again = try Tools.wait(.seconds(7)) { try !state(bench.a).isEmpty }
        #expect(again == nil, "\(bench.log("a"))")
    }

    @Test(.enabled(if: Files.exists("/usr/sbin/keepalived"), "needs keepalived"))
    func `keepalived makes the same of the same lines`() throws {
        let bench = try DirectorBench()
        let director = try bench.start("a", on: bench.a, text(), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a) && hasRoutes(bench), "\(bench.log("a"))")
        let ours = try state(bench.a)
        bench.crash(director)
        let file = try bench.write("k", text())
        _ = try bench.b.start(
            "/usr/sbin/keepalived",
            [
                "-n", "-l", "-P", "-f", file, "-p", "\(bench.directory)/k.pid", "-r",
                "\(bench.directory)/v.pid",
            ],
            log: "\(bench.directory)/k.log")
        let theirs = try Tools.wait(.seconds(40)) { try state(bench.b).count >= ours.count }
        #expect(theirs != nil, "\(bench.log("k"))")
        #expect(try state(bench.b) == ours)
    }
}
