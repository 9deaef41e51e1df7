import LinuxIO
import Testing
import Timekeeping

/// What becomes of services whose servers leave and come back one by one: quorum and hysteresis, the sorry
/// server, inhibited servers, and the scripts that are told, by us and by the distribution's keepalived.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckQuorumTests {
    private static let servers = 1...5

    /// The same five servers in four services, each with a quorum of 3 and a hysteresis of 1. A server is
    /// down while its file has a number other than 0.
    private static let services: [(port: Int, options: String)] = [
        (81, ""), (82, "sorry_server 192.0.2.99 82\n    omega"),
        (83, "sorry_server 192.0.2.99 83\n    sorry_server_inhibit"),
        (84, "sorry_server 192.0.2.99 84\n    inhibit_on_failure"),
    ]

    /// Few servers have scripts: they take time.
    private func tells(_ port: Int, _ server: Int) -> Bool { port < 83 && server == 3 }

    private func configuration(_ bench: DirectorBench) -> String {
        let tell = "\(bench.directory)/tell \(bench.directory)/calls"
        let files = Self.servers.map { "track_file f\($0) {\n    file \(bench.directory)/f\($0)\n}\n" }
        let services = Self.services.map { port, options in
            let servers = Self.servers.map { server in
                """
                    real_server 192.0.2.\(20 + server) \(port) {
                        weight 1
                        \(tells(port, server) ? "notify_up \"\(tell) \(port)-\(server) up\"" : "")
                        \(tells(port, server) ? "notify_down \"\(tell) \(port)-\(server) down\"" : "")
                        FILE_CHECK {
                            track_file f\(server)
                            weight 0
                        }
                    }

                """
            }
            return """
                virtual_server 192.0.2.100 \(port) {
                    lb_algo rr
                    lb_kind DR
                    protocol TCP
                    quorum 3
                    hysteresis 1
                    quorum_up "\(tell) \(port) up"
                    quorum_down "\(tell) \(port) down"
                    \(options)
                \(servers.joined())}

                """
        }
        return "global_defs {\n    script_user root\n}\n" + files.joined() + services.joined()
    }

    /// What is in the table while these servers are up, and the quorum is there or not.
    private func table(up: Set<Int>, _ hasQuorum: Bool) -> [String] {
        Self.services.flatMap { port, options -> [String] in
            let hasSorry = options.contains("sorry_server ")
            let rows = Self.servers.compactMap { server -> String? in
                let serves = up.contains(server) && (hasQuorum || !hasSorry)
                guard serves || options.contains("inhibit_on_failure") else { return nil }
                return row(port, 20 + server, serves ? 1 : 0)
            }
            let isHere = hasSorry && (!hasQuorum || options.contains("sorry_server_inhibit"))
            return ["-A -t 192.0.2.100:\(port) -s rr"] + rows
                + (isHere ? [row(port, 99, hasQuorum ? 0 : 1)] : [])
        }
    }

    private func row(_ port: Int, _ octet: Int, _ weight: Int) -> String {
        "-a -t 192.0.2.100:\(port) -r 192.0.2.\(octet):\(port) -g -w \(weight)"
    }

    /// Who is up from step to step, and whether that is enough: lost below 2, regained with 4.
    private static let steps: [(up: Set<Int>, hasQuorum: Bool)] = [
        ([1, 2, 3, 4, 5], true), ([3, 4, 5], true), ([4, 5], true), ([5], false), ([4, 5], false),
        ([3, 4, 5], false), ([2, 3, 4, 5], true), ([2, 3], true), ([], false), ([1, 2, 3, 4, 5], true),
    ]

    private func calls(_ bench: DirectorBench) -> [String: [String]] {
        let octets = (try? Files.read("\(bench.directory)/calls", limit: 1 << 16)) ?? []
        let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        return Dictionary(grouping: lines) { $0.first ?? "" }.mapValues { $0.map { $0.last ?? "" } }
    }

    /// What the scripts of each service and server are told in the play, and at the end.
    private var told: [String: [String]] {
        var told: [String: [String]] = [:]
        for (port, options) in Self.services {
            let ends = options.contains("omega")
            var had: Bool?
            for step in Self.steps where step.hasQuorum != had {
                told["\(port)", default: []].append(step.hasQuorum ? "up" : "down")
                had = step.hasQuorum
            }
            if ends { told["\(port)", default: []].append("down") }
            for server in Self.servers where tells(port, server) {
                var was = true
                for isUp in Self.steps.map({ $0.up.contains(server) }) where isUp != was {
                    told["\(port)-\(server)", default: []].append(isUp ? "up" : "down")
                    was = isUp
                }
                if ends { told["\(port)-\(server)", default: []].append("down") }
            }
        }
        return told
    }

    private func play(_ program: String, _ flags: (String) -> [String]) throws {
        let bench = try DirectorBench()
        try Files.replace(
            "\(bench.directory)/tell",
            with: Array("#!/bin/sh\nfile=$1\nshift\necho \"$@\" >> $file\n".utf8), mode: 0o755)
        for server in Self.servers { try Files.replace("\(bench.directory)/f\(server)", with: [0x30, 0x0A]) }
        let file = try bench.write("a", configuration(bench))
        let director = try bench.a.start(
            program, ["-n", "-l", "-D", "-C", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        var before: Set<Int> = Set(Self.servers)
        for step in Self.steps {
            for server in before.symmetricDifference(step.up).sorted() {
                let number: UInt8 = step.up.contains(server) ? 0x30 : 0x31
                try Files.replace("\(bench.directory)/f\(server)", with: [number, 0x0A])
            }
            before = step.up
            let isSo = try bench.waitForTable(bench.a, table(up: step.up, step.hasQuorum))
            let found = try bench.table(bench.a)
            #expect(isSo, "\(program), \(step): \(found)\n\(bench.log("a"))")
        }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        _ = Tools.wait(.seconds(60)) { calls(bench) == told }
        for (name, words) in told { #expect(calls(bench)[name] == words, "\(program), \(name)") }
        #expect(Set(calls(bench).keys) == Set(told.keys), "\(program)")
    }

    @Test func `a quorum is lost and regained within its hysteresis, and scripts are told`() throws {
        try play(Tools.holdfastd) { ["-p", "\($0).pid"] }
    }

    @Test func `keepalived makes the same tables and tells its scripts the same`() throws {
        try play("/usr/sbin/keepalived") { ["-p", "\($0).pid", "-c", "\($0).checkers.pid"] }
    }
}
