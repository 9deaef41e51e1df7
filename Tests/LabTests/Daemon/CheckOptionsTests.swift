import LinuxIO
import Testing
import Timekeeping

/// What keywords change about a check that works: each beside the same check without it, or with what it does
/// not allow. `ipvsadm -Sn` and the log are the judges.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckOptionsTests {
    private struct Case {
        /// Of the server and of its service, whose address is 192.0.2.101 and on.
        let port: Int
        let check: String
        var transport = "TCP"
        var isGood = true
    }

    private static let timing = "connect_timeout 10\ndelay_loop 1\nretry 0\nwarmup 0"
    /// Two pages, each of which takes a second.
    private static let pages = "url {\npath /1\nstatus_code 200\n}\nurl {\npath /2\nstatus_code 200\n}"

    private static let cases = [
        Case(
            port: 25,
            check: """
                SMTP_CHECK {
                    helo_name director.example.org
                    host {
                        connect_ip 192.0.2.3
                        connect_port 26
                    }
                    \(timing)
                }
                """),
        Case(
            port: 7,
            check: echo("min_reply_length 5\nmax_reply_length 5"), transport: "UDP"),
        Case(port: 7, check: echo("min_reply_length 6"), transport: "UDP", isGood: false),
        Case(port: 7, check: echo("max_reply_length 4"), transport: "UDP", isGood: false),
        Case(port: 26, check: "TCP_CHECK {\n\(timing)\n}"),
        // Ten hours: it is not asked before this test is over.
        Case(
            port: 26, check: "TCP_CHECK {\n\(timing.replacing("warmup 0", with: "warmup 36000"))\n}",
            isGood: false),
        Case(port: 83, check: "HTTP_GET {\n\(pages)\n\(timing)\n}"),
        Case(port: 83, check: "HTTP_GET {\n\(pages)\nprobe_timeout 1.5\n\(timing)\n}", isGood: false),
        Case(port: 84, check: "HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n\(quick)\n}"),
        Case(port: 85, check: "TCP_CHECK {\nlog_all_failures\n\(quick)\n}", isGood: false),
        Case(port: 86, check: "TCP_CHECK {\n\(quick)\n}", isGood: false),
    ]
    private static let quick = "connect_timeout 3\ndelay_loop 0.5\nretry 0\nwarmup 0"

    private static func echo(_ limits: String) -> String {
        "UDP_CHECK {\npayload 48656c6c6f\nrequire_reply\n\(limits)\n\(timing)\n}"
    }

    private static let mail = """
        printf '220 sink\\r\\n'
        while read l; do echo "$l" >> DIR/said; printf '250 ok\\r\\n'; done
        """

    /// Programs of the second host by their names: a port, and what each connection to it gets.
    private static let programs = [
        ("mail", 26, mail),
        ("slow", 83, "read l; sleep 1; printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'"),
        ("page", 84, "read l; printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'"),
    ]

    private func configuration() -> String {
        Self.cases.enumerated().map { index, entry in
            """
            virtual_server 192.0.2.\(101 + index) \(entry.port) {
                lb_algo rr
                lb_kind DR
                protocol \(entry.transport)
                alpha
                real_server 192.0.2.3 \(entry.port) {
                    \(entry.check)
                }
            }
            """
        }.joined(separator: "\n")
    }

    /// The table in which the servers of these ports are down, too.
    private func table(without ports: Set<Int> = []) -> [String] {
        Self.cases.enumerated().flatMap { index, entry in
            let service = "\(entry.transport == "TCP" ? "-t" : "-u") 192.0.2.\(101 + index):\(entry.port)"
            let server = "-a \(service) -r 192.0.2.3:\(entry.port) -g -w 1"
            return ["-A \(service) -s rr"]
                + (entry.isGood && !ports.contains(entry.port) ? [server] : [])
        }
    }

    /// Lines of the log that speak of a failure of the server's port.
    private func failures(_ port: Int, _ bench: DirectorBench) -> Int {
        bench.log("a").split(separator: "\n").count {
            $0.contains("TCP 192.0.2.3:\(port): connection refused")
        }
    }

    @Test func `each keyword makes its difference, and a server that is half there is none`() throws {
        let bench = try DirectorBench()
        for (name, port, body) in Self.programs {
            let text = "#!/bin/sh\n\(body.replacing("DIR", with: bench.directory))\n"
            try Files.replace("\(bench.directory)/\(name)", with: Array(text.utf8), mode: 0o755)
            _ = try bench.b.start(
                "/usr/bin/socat", ["TCP-LISTEN:\(port),fork,reuseaddr", "EXEC:\(bench.directory)/\(name)"],
                log: "\(bench.directory)/\(name).log")
        }
        _ = try bench.b.start(
            "/usr/bin/socat", ["UDP-RECVFROM:7,fork", "PIPE"], log: "\(bench.directory)/echo.log")
        _ = try bench.start("a", on: bench.a, configuration())
        #expect(try bench.waitForTable(bench.a, table()), "\(bench.log("a"))")
        let said = try Files.read("\(bench.directory)/said", limit: 1 << 16)
        #expect(String(decoding: said, as: UTF8.self).contains("HELO director.example.org"))
        // Every failure of the one, and of the other only what was news.
        #expect(Tools.wait(.seconds(60)) { failures(85, bench) >= 5 } != nil, "\(bench.log("a"))")
        #expect(failures(86, bench) <= 1, "\(bench.log("a"))")

        // A connection stands, and what is said on it never arrives.
        let rule = "INPUT -p tcp --dport 84 --tcp-flags PSH PSH -j DROP".split(separator: " ")
            .map(String.init)
        let filter = ["netns", "exec", bench.b.name, "/usr/sbin/iptables"]
        try Tools.ip(filter + ["-A"] + rule)
        #expect(try bench.waitForTable(bench.a, table(without: [84])), "\(bench.log("a"))")
        let why = try bench.holdfast(bench.a, "why", "192.0.2.3:84")
        #expect(why.output.text.contains("L7TOUT no whole response before any answer"), "\(why)")
        try Tools.ip(filter + ["-D"] + rule)
        #expect(try bench.waitForTable(bench.a, table()), "\(bench.log("a"))")
        #expect(try bench.table(bench.a) == table().sorted(), "nothing else has changed")
    }
}
