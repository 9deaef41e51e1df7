import LinuxIO
import Testing
import Timekeeping

/// What a real daemon holds whoever is master. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct StaticItemsLabTests {
    private static let lines = """
        static_ipaddress {
            198.51.100.9/24 dev s0 track_group links
            198.51.101.10/24 dev s0 no_track
        }
        static_routes {
            203.0.113.0/24 via 198.51.100.1 dev s0 track_group links
        }
        static_rules {
            from 198.51.100.0/24 table 77 preference 500
        }

        """
    private static let group = "track_group links {\ngroup {\nVI_1\n}\n}\n"
    private static let all = [
        "198.51.100.9/24", "198.51.101.10/24", "203.0.113.0/24 via 198.51.100.1 dev s0 ",
        "500:\tfrom 198.51.100.0/24 lookup 77 ",
    ]

    private func makeBench() throws -> DirectorBench {
        let bench = try DirectorBench()
        try makeLink(bench.a)
        return bench
    }

    private func makeLink(_ host: Segment.Host) throws {
        try host.run(Tools.ipPath, "link", "add", "s0", "type", "veth", "peer", "name", "s1")
        try setLink(host, "up")
    }

    private func setLink(_ host: Segment.Host, _ state: String) throws {
        try host.run(Tools.ipPath, "link", "set", "s1", state)
        try host.run(Tools.ipPath, "link", "set", "s0", state)
    }

    /// What of it the host has.
    private func state(_ host: Segment.Host) throws -> [String] {
        let addresses = try host.run(Tools.ipPath, "-4", "-o", "address", "show").output.text
            .split(separator: "\n").compactMap { line in
                line.split(separator: " ").first { $0.hasPrefix("198.51.10") }.map(String.init)
            }
        let lists = [
            try host.run(Tools.ipPath, "-4", "-N", "route", "show"),
            try host.run(Tools.ipPath, "-4", "-N", "rule", "show"),
        ]
        let others = lists.flatMap { $0.output.text.split(separator: "\n").map(String.init) }
            .filter { $0.contains("proto 72") }.map { $0.replacing("proto 72", with: "") }
            .map { $0.hasSuffix("  ") ? String($0.dropLast()) : $0 }
        return (addresses + others).sorted()
    }

    private func waits(_ bench: DirectorBench, for wanted: [String]) throws -> Bool {
        try Tools.wait(.seconds(40)) { try state(bench.a) == wanted } != nil
    }

    @Test func `it comes with the daemon alone, is put back, follows a reload, and goes`() throws {
        let bench = try makeBench()
        let director = try bench.start(
            "a", on: bench.a, Self.lines + Self.group + DirectorBench.instance(100))
        #expect(try waits(bench, for: Self.all), "\(bench.log("a"))")
        try bench.a.run(Tools.ipPath, "address", "delete", "198.51.100.9/24", "dev", "s0")
        try bench.a.run(Tools.ipPath, "rule", "delete", "preference", "500")
        #expect(bench.waitForLog("a", "put back what was missing"))
        #expect(try waits(bench, for: Self.all), "\(bench.log("a"))")
        try bench.a.run(Tools.ipPath, "address", "delete", "198.51.101.10/24", "dev", "s0")
        #expect(try waits(bench, for: Self.all.filter { $0 != "198.51.101.10/24" }))
        _ = try bench.write("a", "static_rules {\nfrom 198.51.100.0/24 table 78 preference 501\n}\n")
        director.send(.hangup)
        #expect(try waits(bench, for: ["501:\tfrom 198.51.100.0/24 lookup 78 "]), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try state(bench.a).isEmpty)
    }

    @Test func `without an instance it is held too, and a killed role leaves it`() throws {
        let bench = try makeBench()
        let director = try bench.start(
            "a", on: bench.a, Self.lines.replacing(" track_group links", with: ""), flags: ["-P"])
        #expect(try waits(bench, for: Self.all), "\(bench.log("a"))")
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        let gone = try Tools.wait(.seconds(3)) { try state(bench.a) != Self.all }
        #expect(gone == nil, "\(bench.log("a"))")
        bench.crash(director)
        #expect(try state(bench.a) == Self.all)
        let late = try bench.start("late", on: bench.a, "", flags: ["--cleanup"])
        #expect(bench.end(late) == .exited(0), "\(bench.log("late"))")
        #expect(try state(bench.a).isEmpty, "\(bench.log("late"))")
    }

    @Test func `instances of the group are in fault while it is lost`() throws {
        let bench = try makeBench()
        let text = Self.lines + Self.group + DirectorBench.instance(150)
        let director = try bench.start("a", on: bench.a, text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        try setLink(bench.a, "down")
        #expect(bench.waitForLog("a", "unfit by track_group links"), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a, false))
        try setLink(bench.a, "up")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        #expect(try waits(bench, for: Self.all), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        #expect(try state(bench.a).isEmpty)
    }

    @Test func `what waits for its interface comes with it`() throws {
        let bench = try DirectorBench()
        let text = "global_defs {\ndynamic_interfaces\n}\n" + Self.lines + Self.group
        let director = try bench.start("a", on: bench.a, text + DirectorBench.instance(150), flags: ["-P"])
        #expect(bench.waitForLog("a", "cannot add 198.51.100.9/24 on s0: there is no such interface"))
        #expect(bench.waitForLog("a", "unfit by track_group links"), "\(bench.log("a"))")
        try makeLink(bench.a)
        #expect(try waits(bench, for: Self.all), "\(bench.log("a"))")
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
    }

    @Test func `what an instance holds elsewhere tracks that interface, and a short loss counts for nothing`()
        throws
    {
        let bench = try makeBench()
        let lines = """
            virtual_ipaddress_excluded {
                198.51.100.9/24 dev s0
            }
            """
        // Longer than an emulated machine needs for both commands; a delay ends before the peer's patience.
        let delays = "interface_up_down_delays {\ns0 4.9 0\n}\n"
        let text = DirectorBench.instance(150)
            .replacing("advert_int 1", with: "advert_int 1\ndown_timer_adverts 6")
            .replacing("virtual_ipaddress", with: "\(lines)\nvirtual_ipaddress")
        _ = try bench.start("a", on: bench.a, delays + text, flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        try setLink(bench.a, "down")
        try setLink(bench.a, "up")
        let gone = try bench.waitForAddress(bench.a, false, .seconds(7))
        #expect(!gone && !bench.log("a").contains("FAULT"), "\(bench.log("a"))")
        try setLink(bench.a, "down")
        #expect(bench.waitForLog("a", "unfit by track_interface s0"), "\(bench.log("a"))")
    }

    /// The kernel takes IPv6 addresses away with the link, and looks for duplicates when it is back.
    @Test func `an IPv6 instance bears a short loss of its own link, too`() throws {
        let bench = try DirectorBench()
        let text = DirectorBench.instance(150, vip: "fe80::64")
            .replacing("fe80::64/24", with: "fe80::64/64\n2001:db8::64/64")
            .replacing("advert_int 1", with: "version 3\nadvert_int 1\ndown_timer_adverts 6")
        _ = try bench.start(
            "a", on: bench.a, "interface_up_down_delays {\neth0 4.9 0\n}\n" + text, flags: ["-P"])
        func holds() throws -> Bool {
            try bench.a.run(Tools.ipPath, "-6", "-o", "address", "show", "dev", "eth0").output.text
                .contains("2001:db8::64/")
        }
        func faults() -> Int { bench.log("a").split(separator: "\n").count { $0.contains("FAULT") } }
        #expect(try Tools.wait(.seconds(20)) { try holds() } != nil, "\(bench.log("a"))")
        let before = faults()
        for state in ["down", "up"] {
            try bench.a.run(Tools.ipPath, "link", "set", "eth0", state)
        }
        _ = Tools.wait(.seconds(6)) { false }
        #expect(try faults() == before && holds(), "\(bench.log("a"))")
        try bench.a.run(Tools.ipPath, "link", "set", "eth0", "down")
        #expect(Tools.wait(.seconds(40)) { faults() > before } != nil, "\(bench.log("a"))")
    }
}
