import LinuxIO
import Testing
import Timekeeping

/// Every kind of check against the program it is made for: a server that stops answering leaves the kernel's
/// table, and comes back with the program. `ipvsadm -Sn` is the judge.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckKindsTests {
    /// A program on the second host.
    struct Server {
        let name: String
        /// Words of the command; DIR is the bench's directory.
        let command: [String]
        /// Files in that directory.
        var files: [String: String] = [:]
    }

    /// A check that is to notice whether one of them runs.
    struct Kind {
        /// The program.
        let of: String
        let port: Int
        let check: String
        var transport = "TCP"
    }

    private static let timing = """
        connect_timeout 1
                delay_loop 0.5
                retry 1
                delay_before_retry 0.2
                warmup 0
        """
    /// A guest may have much else to do; a program that is gone refuses at once.
    private static let patient = """
        connect_timeout 10
                delay_loop 1
                retry 1
                delay_before_retry 0.2
                warmup 0
        """
    private static let page = "url {\n path /health\n status_code 200\n regex \"^good\"\n }"
    private static let sink = """
        #!/bin/sh
        printf '220 sink ready\\r\\n'
        while read line; do
            case "$line" in QUIT*) printf '221 bye\\r\\n'; exit;; *) printf '250 hello\\r\\n';; esac
        done
        """

    private static let servers = [
        Server(
            name: "nginx",
            command: ["/usr/sbin/nginx", "-g", "daemon off;", "-p", "DIR", "-c", "DIR/nginx.conf"],
            files: [
                "nginx.conf": """
                user root;
                pid DIR/nginx.pid;
                error_log DIR/nginx.log;
                events { }
                http {
                    access_log off;
                    ssl_certificate DIR/cert.pem;
                    ssl_certificate_key DIR/key.pem;
                    server {
                        listen 80;
                        listen 443 ssl;
                        location /health { return 200 "good\\n"; }
                    }
                }
                """
            ]),
        Server(
            name: "OpenSSL",
            command: [
                "/usr/bin/openssl", "s_server", "-quiet", "-accept", "444", "-cert", "DIR/cert.pem", "-key",
                "DIR/key.pem", "-www",
            ]),
        Server(
            name: "sink",
            command: ["/usr/bin/socat", "TCP-LISTEN:25,fork,reuseaddr", "EXEC:DIR/sink"],
            files: ["sink": sink]),
        Server(
            name: "dnsmasq",
            command: [
                "/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "-R", "-h", "-u", "root", "-x",
                "DIR/dnsmasq.pid", "--address=/www.example.org/192.0.2.9",
            ]),
        Server(name: "echo", command: ["/usr/bin/socat", "UDP-RECVFROM:7,fork", "PIPE"]),
    ]

    private static let kinds = [
        Kind(of: "nginx", port: 80, check: "TCP_CHECK {\n\(patient)\n}"),
        Kind(
            of: "nginx", port: 80,
            check: "HTTP_GET {\n\(page)\nhttp_protocol 1.1\n\(patient)\n}"),
        Kind(
            of: "nginx", port: 443,
            check:
                "SSL_GET {\n\(page)\ntls_verify\ntls_ca DIR/cert.pem\ntls_name www.example.org\n\(patient)\n}"
        ),
        Kind(
            of: "OpenSSL", port: 444,
            check: "SSL_GET {\nurl {\n path /\n regex s_server\n }\n\(patient)\n}"),
        Kind(
            of: "sink", port: 25,
            check: "TCP_CHECK {\nsend \"NOOP\\r\\n\"\nexpect \"250 hello\"\n\(patient)\n}"),
        Kind(of: "sink", port: 25, check: "SMTP_CHECK {\n\(patient)\n}"),
        Kind(
            of: "dnsmasq", port: 53,
            check: "DNS_CHECK {\ntype A\nname www.example.org\n\(patient)\n}", transport: "UDP"),
        Kind(
            of: "echo", port: 7,
            check: "UDP_CHECK {\npayload 48656c6c6f\nrequire_reply 4865XX\n\(patient)\n}",
            transport: "UDP"),
        Kind(
            of: "nginx", port: 80,
            check: """
                MISC_CHECK {
                    misc_path "DIR/probe 192.0.2.3 80"
                    misc_timeout 10
                    user root
                    delay_loop 1
                    warmup 0
                }
                """),
    ]

    private func service(
        _ check: String, port: Int, transport: String, address: String = "192.0.2.100"
    ) -> String {
        """
        virtual_server \(address) \(port) {
            lb_algo wrr
            lb_kind DR
            protocol \(transport)
            alpha
            real_server 192.0.2.3 \(port) {
                weight 2
                \(check)
            }
        }
        """
    }

    private func table(_ port: Int, _ transport: String, weight: Int? = 2) -> [String] {
        let word = transport == "TCP" ? "-t" : "-u"
        return ["-A \(word) 192.0.2.100:\(port) -s wrr"]
            + (weight.map { ["-a \(word) 192.0.2.100:\(port) -r 192.0.2.3:\(port) -g -w \($0)"] } ?? [])
    }

    private func stop(_ child: ChildProcess) {
        child.sendToGroup(.kill)
        _ = Tools.wait(.seconds(60)) { (try? child.reap()) ?? nil != nil }
    }

    /// The table of all kinds, each with an address of its own, without the servers of these programs.
    private func table(without stopped: Set<String>) -> [String] {
        Self.kinds.enumerated().flatMap { index, kind in
            table(kind.port, kind.transport, weight: stopped.contains(kind.of) ? nil : 2).map {
                $0.replacing("192.0.2.100:", with: "192.0.2.\(101 + index):")
            }
        }
    }

    @Test func `a server leaves the table with its program, and comes back, whatever its kind of check`()
        throws
    {
        let bench = try DirectorBench()
        func placed(_ text: String) -> String { text.replacing("DIR", with: bench.directory) }
        let probe = "#!/bin/sh\nexec /usr/bin/socat -u /dev/null TCP:$1:$2,connect-timeout=1\n"
        var files = ["probe": probe]
        for server in Self.servers { files.merge(server.files) { $1 } }
        for (name, text) in files {
            try Files.replace("\(bench.directory)/\(name)", with: Array(placed(text).utf8), mode: 0o755)
        }
        try bench.b.run(
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", "\(bench.directory)/key.pem", "-out", "\(bench.directory)/cert.pem",
            "-subj", "/CN=www.example.org", "-addext", "subjectAltName=DNS:www.example.org", "-days", "2")
        func start(_ server: Server) throws -> ChildProcess {
            let words = server.command.map(placed)
            return try bench.b.start(
                words[0], Array(words.dropFirst()), log: "\(bench.directory)/\(server.name).log")
        }
        func expect(without stopped: Set<String>, _ place: SourceLocation = #_sourceLocation) throws {
            let isSo = try bench.waitForTable(bench.a, table(without: stopped))
            let found = try bench.table(bench.a)
            #expect(isSo, "\(stopped): \(found)\n\(bench.log("a"))", sourceLocation: place)
        }
        let services = Self.kinds.enumerated().map { index, kind in
            service(
                placed(kind.check), port: kind.port, transport: kind.transport,
                address: "192.0.2.\(101 + index)")
        }
        _ = try bench.start("a", on: bench.a, services.joined(separator: "\n"))
        try expect(without: Set(Self.servers.map(\.name)))
        var running = try Self.servers.map(start)
        try expect(without: [])
        for (place, server) in Self.servers.enumerated() {
            stop(running[place])
            try expect(without: [server.name])
            running[place] = try start(server)
            try expect(without: [])
        }
    }

    /// Nobody's group is in net.ipv4.ping_group_range of a fresh namespace: the supervisor makes the sockets.
    @Test func `PING_CHECK notices a host that answers no echo, whatever ping_group_range says`() throws {
        let bench = try DirectorBench()
        try bench.a.run("/usr/sbin/sysctl", "-qw", "net.ipv4.ping_group_range=1 0")
        let check = "PING_CHECK {\n\(Self.timing)\n}"
        _ = try bench.start("a", on: bench.a, service(check, port: 80, transport: "TCP"))
        #expect(try bench.waitForTable(bench.a, table(80, "TCP")), "\(bench.log("a"))")
        try bench.b.run("/usr/sbin/sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1")
        #expect(try bench.waitForTable(bench.a, table(80, "TCP", weight: nil)), "\(bench.log("a"))")
        try bench.b.run("/usr/sbin/sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=0")
        #expect(try bench.waitForTable(bench.a, table(80, "TCP")), "\(bench.log("a"))")
        #expect(
            try bench.a.run("/usr/sbin/sysctl", "-n", "net.ipv4.ping_group_range").output.text
                .hasPrefix("1\t0"), "the setting is left alone")
    }

    @Test func `misc_dynamic sets the weight of the latest run, and nothing adds up`() throws {
        let bench = try DirectorBench()
        let (script, state) = ("\(bench.directory)/weigh", "\(bench.directory)/state")
        try Files.replace(script, with: Array("#!/bin/sh\nread s < \(state)\nexit $s\n".utf8), mode: 0o755)
        let check = """
            MISC_CHECK {
                misc_path "\(script)"
                misc_dynamic
                misc_timeout 20
                user root
                delay_loop 0.5
                warmup 0
            }
            """
        func say(_ status: Int) throws { try Files.replace(state, with: Array("\(status)\n".utf8)) }
        try say(12)
        _ = try bench.start("a", on: bench.a, service(check, port: 80, transport: "TCP"))
        for (status, weight) in [(12, 10), (255, 253), (2, 0), (7, 5), (1, nil), (9, 7), (0, 2)]
            as [(Int, Int?)]
        {
            try say(status)
            #expect(
                try bench.waitForTable(bench.a, table(80, "TCP", weight: weight)),
                "\(status): \(bench.log("a"))")
        }
        try say(12)
        #expect(try bench.waitForTable(bench.a, table(80, "TCP", weight: 10)))
        #expect(
            try Tools.wait(.seconds(3)) { try bench.table(bench.a) != table(80, "TCP", weight: 10).sorted() }
                == nil, "the same again changes nothing: \(bench.log("a"))")
    }

    @Test(arguments: [
        ("fwmark 7", "-m mark ! --mark 7"), ("bind_port 987", "! --sport 987"),
    ])
    func `a probe goes out with its mark, or from its port below 1024`(keyword: String, other: String) throws
    {
        let bench = try DirectorBench()
        let rule =
            ["-A", "OUTPUT", "-p", "tcp", "--dport", "80"] + other.split(separator: " ").map(String.init)
        try Tools.ip(["netns", "exec", bench.a.name, "/usr/sbin/iptables"] + rule + ["-j", "DROP"])
        let program = try bench.b.start(
            "/usr/bin/socat", ["TCP-LISTEN:80,fork,reuseaddr", "EXEC:/bin/cat"],
            log: "\(bench.directory)/program.log")
        let check = "TCP_CHECK {\n\(keyword)\n\(Self.timing)\n}"
        _ = try bench.start("a", on: bench.a, service(check, port: 80, transport: "TCP"))
        #expect(try bench.waitForTable(bench.a, table(80, "TCP")), "\(bench.log("a"))")
        stop(program)
        #expect(try bench.waitForTable(bench.a, table(80, "TCP", weight: nil)), "\(bench.log("a"))")
    }

    @Test func `ha_suspend lets checks rest while the address is not here`() throws {
        let bench = try DirectorBench()
        let check = "TCP_CHECK {\n\(Self.timing)\n}"
        let text = service(check, port: 80, transport: "TCP").replacing("alpha", with: "ha_suspend")
        _ = try bench.start("a", on: bench.a, text)
        // Nobody listens on the server, but nobody asks either.
        #expect(try bench.waitForTable(bench.a, table(80, "TCP")), "\(bench.log("a"))")
        #expect(
            try Tools.wait(.seconds(4)) { try bench.table(bench.a) != table(80, "TCP").sorted() } == nil,
            "\(bench.log("a"))")
        try Tools.ip(["-n", bench.a.name, "address", "add", "192.0.2.100/32", "dev", "lo"])
        #expect(try bench.waitForTable(bench.a, table(80, "TCP", weight: nil)), "\(bench.log("a"))")
        try Tools.ip(["-n", bench.a.name, "address", "delete", "192.0.2.100/32", "dev", "lo"])
        #expect(bench.waitForLog("a", "ha_suspend: 0 checks are made, 1 were"), "\(bench.log("a"))")
        let program = try bench.b.start(
            "/usr/bin/socat", ["TCP-LISTEN:80,fork,reuseaddr", "EXEC:/bin/cat"],
            log: "\(bench.directory)/program.log")
        defer { stop(program) }
        #expect(
            try Tools.wait(.seconds(4)) { try bench.table(bench.a).count != 1 } == nil, "what it said stands")
        try Tools.ip(["-n", bench.a.name, "address", "add", "192.0.2.100/32", "dev", "lo"])
        #expect(try bench.waitForTable(bench.a, table(80, "TCP")), "\(bench.log("a"))")
    }
}
