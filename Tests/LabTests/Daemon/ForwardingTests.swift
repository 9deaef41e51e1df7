import Lab
import LinuxIO
import Testing
import Timekeeping

/// Schedulers, their flags, and the ways to a real server, from the file to the kernel's table and to a
/// client.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct ForwardingTests {
    private static let schedulers = [
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf",
    ]

    private static func service(
        _ port: Int, _ scheduler: String, kind: String = "DR", protocol: String = "TCP", _ lines: String = "",
        server: String = "192.0.2.21"
    ) -> String {
        "virtual_server \(DirectorBench.vip) \(port) {\nlb_algo \(scheduler)\nlb_kind \(kind)\n"
            + "protocol \(`protocol`)\n\(lines)\nreal_server \(server) \(port) {\nweight 1\n}\n}\n"
    }

    @Test func `every scheduler of the kernel and every flag is programmed, and a missing one is named`()
        throws
    {
        let bench = try DirectorBench()
        var text = ""
        var table: [String] = []
        func add(_ words: String, server: String = "-g -w 1", _ port: Int) {
            table.append(words)
            let service = words.split(separator: " ").dropFirst().prefix(2).joined(separator: " ")
            table.append("-a \(service) -r 192.0.2.21:\(port) \(server)")
        }
        for (index, scheduler) in Self.schedulers.enumerated() {
            text += Self.service(1000 + index, scheduler)
            add("-A -t \(DirectorBench.vip):\(1000 + index) -s \(scheduler)", 1000 + index)
        }
        let flagged = [
            ("sh", "sh-port\nsh-fallback", "-b sh-fallback,sh-port"), ("mh", "mh-port", "-b mh-port"),
            ("mh", "mh-fallback", "-b mh-fallback"), ("rr", "flag-3", "-b flag-3"),
            ("wlc", "persistence_timeout 50", "-p 50"),
        ]
        for (index, flags) in flagged.enumerated() {
            text += Self.service(2000 + index, flags.0, flags.1)
            add("-A -t \(DirectorBench.vip):\(2000 + index) -s \(flags.0) \(flags.2)", 2000 + index)
        }
        text += Self.service(2100, "rr", protocol: "UDP", "ops")
        add("-A -u \(DirectorBench.vip):2100 -s rr -o", 2100)
        let tunnels = [
            ("TUN", "--tun-type ipip"),
            ("TUN type gue port 6080", "--tun-type gue --tun-port 6080 --tun-nocsum"),
            ("TUN type gue port 6080 remcsum", "--tun-type gue --tun-port 6080 --tun-remcsum"),
            ("TUN type gre csum", "--tun-type gre --tun-csum"),
        ]
        for (index, tunnel) in tunnels.enumerated() {
            text += Self.service(3000 + index, "rr", kind: tunnel.0)
            add(
                "-A -t \(DirectorBench.vip):\(3000 + index) -s rr", server: "-i -w 1 \(tunnel.1)",
                3000 + index)
        }
        // Built into no kernel of Debian.
        text += Self.service(4000, "twos")
        _ = try bench.start("a", on: bench.a, text)
        let told = "the kernel has no scheduler twos (module ip_vs_twos)"
        #expect(bench.waitForLog("a", told, .seconds(120)), "\(bench.log("a"))")
        let isThere = try bench.waitForTable(bench.a, table)
        let found = try bench.table(bench.a)
        #expect(isThere, "\(found)\n\(bench.log("a"))")
        #expect(Tools.wait(.seconds(5)) { bench.log("a").contains("repaired") } == nil)
    }

    @Test func `a server behind each kind of tunnel answers`() throws {
        let bench = try DirectorBench(withClient: true)
        let client = try #require(bench.segment.client)
        _ = try Program(
            "/usr/sbin/modprobe", ["-a", "ipip", "ip_gre", "fou"], environment: Tools.environment
        ).run(timeout: .seconds(60))
        try Tools.ip(["-n", bench.a.name, "address", "add", DirectorBench.vip + "/24", "dev", "eth0"])
        let server = bench.b
        for setting in ["all.arp_ignore=1", "all.arp_announce=2", "all.rp_filter=0", "eth0.rp_filter=0"] {
            try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(setting)")
        }
        try Tools.ip(["-n", server.name, "address", "add", DirectorBench.vip + "/32", "dev", "lo"])
        for device in ["tunl0", "gre0"] {
            try Tools.ip(["-n", server.name, "link", "set", device, "up"])
            try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.\(device).rp_filter=0")
        }
        try Tools.ip(["-n", server.name, "fou", "add", "port", "6080", "gue"])
        try bench.serve(80, on: server)
        var director: ChildProcess?
        let kinds = [
            "TUN", "TUN type gue port 6080", "TUN type gue port 6080 csum", "TUN type gre",
            "TUN type gre csum",
        ]
        for kind in kinds {
            if kind == "TUN type gre csum" {
                // A device takes GRE either with a checksum or without one, and gre0 without.
                try Tools.ip([
                    "-n", server.name, "link", "add", "summed", "type", "gre", "local", server.address,
                    "remote", bench.a.address, "icsum",
                ])
                try Tools.ip(["-n", server.name, "link", "set", "summed", "up"])
                try server.run("/usr/sbin/sysctl", "-qw", "net.ipv4.conf.summed.rp_filter=0")
            }
            let text = Self.service(80, "rr", kind: kind, server: server.address)
            if let director {
                _ = try bench.write("a", text)
                director.send(.hangup)
                let new = kind == "TUN type gre" ? "to TUN type gre weight" : "to \(kind)"
                #expect(bench.waitForLog("a", new), "\(bench.log("a"))")
            } else {
                director = try bench.start("a", on: bench.a, text)
                #expect(bench.waitForLog("a", "add server"), "\(bench.log("a"))")
            }
            let outcomes = try bench.probes("\(DirectorBench.vip):80", from: client)
            #expect(outcomes.areAnswered, "\(kind): \(outcomes)")
        }
    }
}

extension DirectorBench {
    /// Starts a real server and waits until it listens.
    func serve(_ port: Int, on host: Segment.Host) throws {
        let name = "server\(port)"
        _ = try agent("serve rs \(port)", on: host, for: 1800, name: name)
        let took = Tools.wait(.seconds(60)) { sightings(name).contains(.ready("rs")) }
        guard took != nil else { throw Tools.Failure(description: "nobody listens on port \(port)") }
    }

    /// How twenty probes of `target` ended. A slow guest may take its time: two minutes for all, and ten
    /// seconds for each.
    func probes(_ target: String, from client: Segment.Host) throws -> [ProbeOutcome] {
        let name = "probes\(UInt32.random(in: 0 ... .max))"
        let prober = try agent(
            "probe \(target) 100000000 0 10000000000", on: client, for: 300, name: name)
        func outcomes() -> [ProbeOutcome] {
            sightings(name).compactMap { sighting -> ProbeOutcome? in
                if case .probe(_, _, let outcome, _) = sighting { outcome } else { nil }
            }
        }
        _ = Tools.wait(.seconds(120)) { outcomes().count >= 20 }
        prober.sendToGroup(.kill)
        _ = end(prober)
        return outcomes()
    }
}

extension [ProbeOutcome] {
    /// Nearly all, and there are some.
    var areAnswered: Bool {
        let answered = filter { $0 == .answered }.count
        return answered > 0 && answered * 10 >= count * 9
    }
}
