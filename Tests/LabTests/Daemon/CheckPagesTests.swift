import LinuxIO
import Testing
import Timekeeping

/// Every keyword about pages and connections against nginx: one director with a virtual server for each case,
/// which only what the keyword says can tell well from badly. `ipvsadm -Sn` is the judge.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS")) struct CheckPagesTests {
    /// A check, and what nginx answers while the service is well, and while it is not.
    struct Page {
        let name: String
        /// Lines of the check beside its urls.
        var check = ""
        /// Lines of its url.
        var url = ""
        let well: String
        let badly: String
        /// Lines of nginx's server in either state, for SSL_GET.
        var secured: (well: String, badly: String)?
        /// The service, its server and the check are of IPv6.
        var isSix = false

        init(_ name: String, check: String = "", url: String = "", well: String, badly: String) {
            (self.name, self.check, self.url, self.well, self.badly) = (name, check, url, well, badly)
        }

        /// The keyword is to make nginx see `value`, a regular expression, as `seen`, text with its
        /// variables: then it answers 200, else 403; badly the other way round.
        init(_ name: String, check: String = "", url: String = "", seen: String, as value: String) {
            let head = "set $seen \"\(seen)\"; if ($seen ~ \"^(\(value))$\")"
            self.init(
                name, check: check, url: url, well: "\(head) { return 200; } return 403;",
                badly: "\(head) { return 403; } return 200;")
        }

        func overTLS(well: String = "", badly: String = "") -> Page {
            var page = self
            page.secured = (well, badly)
            return page
        }

        func six() -> Page {
            var page = self
            page.isSix = true
            return page
        }
    }

    private static func said(_ text: String) -> String { "return 200 \"\(text)\\n\";" }

    private static let bodies: [Page] = [
        Page(
            "digest, MD5", url: "digest d7f986677d9f563bd1794b09d82206a3", well: said("good"),
            badly: said("bad")),
        Page(
            "digest, SHA-256",
            url: "digest 106675dc1490d5cdd6d1f0410731316ce93fc964c6cf6726e2b0d53e19688feb",
            well: said("good"), badly: said("bad")),
        Page(
            "regex, regex_options", url: "regex \"^GOOD [0-9]+\"\nregex_options caseless multiline",
            well: said("well\\ngood 12"), badly: said("well\\ngood")),
        Page(
            "regex_no_match", url: "regex broken\nregex_no_match", well: said("all is well"),
            badly: said("all is broken")),
        Page(
            "regex_min_offset, regex_max_offset",
            url: "regex good\nregex_min_offset 4\nregex_max_offset 8", well: said("bad good"),
            badly: said("good, and later good")),
        Page(
            "body_limit", url: "regex good\nbody_limit 64", well: said("good"),
            badly: said("good" + String(repeating: ".", count: 61))),
        Page(
            "status_code", url: "status_code 301-302 404", well: "return 404;", badly: "return 200;"),
        Page(
            "several urls, method HEAD", url: "method HEAD\n}\nurl {\npath /other",
            seen: "$request_method $uri", as: "HEAD /|GET /other"),
    ]

    private static let requests: [Page] = [
        Page("method OPTIONS", url: "method OPTIONS", seen: "$request_method", as: "OPTIONS"),
        Page(
            "header", url: "header \"X-Probe: of two words\"\nheader \"X-More: 1\"",
            seen: "$http_x_probe, $http_x_more", as: "of two words, 1"),
        Page("virtualhost", url: "virtualhost www.example.org", seen: "$host", as: "www.example.org"),
        Page("http_protocol 1.1", check: "http_protocol 1.1", seen: "$server_protocol", as: "HTTP/1.1"),
        Page(
            "http_protocol 1.0C", check: "http_protocol 1.0C", seen: "$server_protocol $http_connection",
            as: "HTTP/1.0 close"),
        Page("bindto", check: "bindto 192.0.2.12", seen: "$remote_addr", as: "192.0.2.12"),
        Page(
            "bind_if, where routing goes elsewhere", check: "connect_ip 203.0.113.3\nbind_if eth0",
            seen: "$server_addr", as: "203.0.113.3"),
        Page(
            "bind_if, for an address of the link", check: "connect_ip LINK\nbind_if eth0",
            seen: "$server_addr", as: "fe80:.*"
        ).six(),
        Page(
            "connect_ip, connect_port", check: "connect_ip 203.0.113.4\nconnect_port 8999",
            seen: "$server_addr $server_port", as: "203.0.113.4 8999"),
        Page(
            "enable_sni", check: "enable_sni\nvirtualhost www.example.org", seen: "$ssl_server_name",
            as: "www.example.org"
        ).overTLS(),
        Page(
            "sni_name", url: "sni_name other.example.org", seen: "$ssl_server_name", as: "other.example.org"
        ).overTLS(),
        Page(
            "tls_verify, with ca of SSL", check: "tls_verify\ntls_name www.example.org", well: "return 200;",
            badly: "return 200;"
        ).overTLS(badly: "ssl_certificate DIR/other.pem; ssl_certificate_key DIR/other.key;"),
        Page(
            "certificate, key and password of SSL", seen: "$ssl_client_verify", as: "SUCCESS"
        ).overTLS(
            well: "ssl_verify_client on; ssl_client_certificate DIR/client.pem;",
            badly: "ssl_verify_client on; ssl_client_certificate DIR/other.pem;"),
    ]

    private static let pages = bodies + requests

    /// Where nginx listens for a case.
    private static func port(_ index: Int) -> Int {
        pages[index].check.contains("connect_port 8999") ? 8999 : 8001 + index
    }

    /// Of nginx, with all cases well or all badly.
    private func servers(well: Bool, bench: DirectorBench) -> String {
        let servers = Self.pages.enumerated().map { index, page in
            let location = well ? page.well : page.badly
            let port = Self.port(index)
            var lines = "listen \(port); listen [::]:\(port);"
            if let secured = page.secured {
                let own = well ? secured.well : secured.badly
                lines = lines.replacing(";", with: " ssl;") + own
                if !own.contains("ssl_certificate ") {
                    lines += "ssl_certificate DIR/cert.pem; ssl_certificate_key DIR/cert.key;"
                }
            }
            return "server { \(lines) location / { \(location) } }\n"
        }
        return """
            user root;
            pid DIR/nginx.pid;
            error_log DIR/nginx.log;
            events { }
            http {
                access_log off;
                default_type text/plain;
                \(servers.joined())
            }
            """.replacing("DIR", with: bench.directory)
    }

    private func configuration(_ bench: DirectorBench, link: String) -> String {
        let services = Self.pages.enumerated().map { index, page in
            let (service, server) =
                page.isSix ? ("2001:db8::100", "2001:db8::3") : ("192.0.2.100", "192.0.2.3")
            return """
                virtual_server \(service) \(8001 + index) {
                    lb_algo rr
                    lb_kind DR
                    protocol TCP
                    alpha
                    delay_loop 1
                    retry 0
                    warmup 0
                    connect_timeout 5
                    real_server \(server) \(8001 + index) {
                        weight 1
                        \(page.secured == nil ? "HTTP_GET" : "SSL_GET") {
                            \(page.check.replacing("LINK", with: link))
                            url {
                                path /
                                \(page.url)
                            }
                        }
                    }
                }

                """
        }
        return """
            SSL {
                ca DIR/cert.pem
                certificate DIR/client.pem
                key DIR/client.key
                password secret
            }

            """.replacing("DIR", with: bench.directory) + services.joined()
    }

    /// The rows of the table, those of servers by their place in `pages`.
    private func services() -> [String] { Self.pages.indices.map { "-A -t \(address($0)) -s rr" } }
    private func server(_ index: Int) -> String {
        let server = Self.pages[index].isSix ? "[2001:db8::3]" : "192.0.2.3"
        return "-a -t \(address(index)) -r \(server):\(8001 + index) -g -w 1"
    }
    private func address(_ index: Int) -> String {
        "\(Self.pages[index].isSix ? "[2001:db8::100]" : "192.0.2.100"):\(8001 + index)"
    }

    /// Waits until all servers, or none, are in the table; says which ones are not as they should be.
    private func wait(
        _ bench: DirectorBench, well: Bool, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let expected = services() + (well ? Self.pages.indices.map(server) : [])
        let isSo = try bench.waitForTable(bench.a, expected, .seconds(60))
        guard !isSo else { return }
        let table = try bench.table(bench.a)
        let wrong = Self.pages.indices.filter { table.contains(server($0)) != well }.map { index in
            let why = try? bench.holdfast(bench.a, "why", "\(address(index))").output.text
            return "\(Self.pages[index].name): \(why ?? "")"
        }
        let logs = ["nginx", "program", "a"].map(bench.log).joined(separator: "\n")
        Issue.record("well \(well): \(wrong.joined(separator: "\n"))\n\(logs)", sourceLocation: place)
    }

    /// What the cases need of the two hosts.
    private func prepare(_ bench: DirectorBench) throws {
        try Tools.ip(["-n", bench.a.name, "address", "add", "192.0.2.12/24", "dev", "eth0"])
        for address in ["203.0.113.3", "203.0.113.4"] {
            try Tools.ip(["-n", bench.b.name, "address", "add", "\(address)/32", "dev", "lo"])
        }
        // The better route to the first leads nowhere, and what comes from there is not looked at for that.
        try bench.a.run(
            "/usr/sbin/sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=0")
        try Tools.ip(["-n", bench.a.name, "route", "add", "203.0.113.3/32", "dev", "lo"])
        for address in ["203.0.113.3", "203.0.113.4"] {
            try Tools.ip([
                "-n", bench.a.name, "route", "add", "\(address)/32", "via", "192.0.2.3", "dev", "eth0",
                "metric", "100",
            ])
        }
        for (name, subject, more) in [
            ("cert", "www.example.org", ["-nodes"]), ("other", "www.example.org", ["-nodes"]),
            ("client", "checks", ["-passout", "pass:secret"]),
        ] {
            let words =
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
                + ["-keyout", "\(bench.directory)/\(name).key", "-out", "\(bench.directory)/\(name).pem"]
                + ["-subj", "/CN=\(subject)", "-addext", "subjectAltName=DNS:\(subject)"]
            try Tools.ip(
                ["netns", "exec", bench.b.name, "/usr/bin/openssl"] + words + more, timeout: .seconds(60))
        }
    }

    /// The address that the second host has on its link by itself, once it may be used.
    private func linkAddress(_ bench: DirectorBench) throws -> String {
        var found: Substring?
        _ = try Tools.wait(.seconds(60)) {
            let words = ["-n", bench.b.name, "-6", "-o", "address", "show", "dev", "eth0", "scope", "link"]
            let text = try Tools.ip(words).output.text
            let address = text.split(separator: " ").first { $0.hasPrefix("fe80:") }
            found = text.contains("tentative") ? nil : address?.split(separator: "/").first
            return found != nil
        }
        return String(try #require(found))
    }

    @Test func `each keyword takes its server out and puts it back, for its own reason alone`() throws {
        let bench = try DirectorBench()
        try prepare(bench)
        let file = "\(bench.directory)/nginx.conf"
        func serve(well: Bool) throws {
            try Files.replace(file, with: Array(servers(well: well, bench: bench).utf8))
        }
        let text = configuration(bench, link: try linkAddress(bench))
        _ = try bench.start("a", on: bench.a, text)
        #expect(try bench.waitForTable(bench.a, services()), "\(bench.log("a"))")
        try serve(well: true)
        let nginx = try bench.b.start(
            "/usr/sbin/nginx", ["-g", "daemon off;", "-p", bench.directory, "-c", file],
            log: "\(bench.directory)/program.log")
        try wait(bench, well: true)
        for well in [false, true] {
            try serve(well: well)
            nginx.send(.hangup)
            try wait(bench, well: well)
        }
        nginx.send(.terminate)
        #expect(bench.end(nginx) != nil, "\(bench.log("program"))")
    }
}
