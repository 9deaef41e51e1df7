import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@Suite struct VirtualServerResolutionTests {
    private func check(
        _ server: String, service: String = "protocol TCP", index: Int = 0
    ) throws
        -> CheckSpecification
    {
        let service = try #require(
            Sample.virtualServer(
                Sample.service(lines: service, servers: Sample.server("192.0.2.21 80", server))))
        return service.realServers[0].checks[index]
    }

    @Test func `what is left out has keepalived's value`() throws {
        let text = "virtual_server 192.0.2.100 80 {\nprotocol TCP\n\(Sample.server())}"
        let service = try #require(Sample.virtualServer(text))
        #expect(service.identity.description == "192.0.2.100:80/tcp")
        #expect(service.scheduler == "wlc")
        #expect(service.forwarding == .masquerade)
        #expect(service.persistence == nil)
        #expect(service.sorryServer == nil)
        #expect(service.quorum == 1)
        #expect(service.guardMark == nil)
        let server = service.realServers[0]
        #expect(server.endpoint.description == "192.0.2.21:80")
        #expect(server.weight == 1)
        #expect(server.forwarding == nil)
        #expect(!server.inhibitOnFailure)
        #expect(server.checks.count == 1)
    }

    @Test(
        arguments: [
            ("TCP_CHECK {\n}", 1, 1), ("HTTP_GET {\nurl {\npath /\n}\n}", 1, 3),
            ("MISC_CHECK {\nmisc_path /bin/x\n}", 0, 1), ("SSL_GET {\nurl {\npath /\n}\n}", 1, 3),
            ("SMTP_CHECK {\n}", 1, 1), ("DNS_CHECK {\n}", 3, 60), ("UDP_CHECK {\n}", 1, 1),
            ("PING_CHECK {\n}", 1, 1),
        ] as [(String, Int, Int64)])
    func `each kind of check has its own defaults`(text: String, retry: Int, wait: Int64) throws {
        let schedule = try check(text).schedule
        #expect(schedule.retry == retry)
        #expect(schedule.delayBeforeRetry == .seconds(wait))
        #expect(schedule.delayLoop == .seconds(60))
        #expect(schedule.warmup == .seconds(60))
        #expect(!schedule.startsDown)
    }

    @Test(
        arguments: [
            ("", "", "", 60), ("delay_loop 5", "", "", 5), ("delay_loop 5", "delay_loop 6", "", 6),
            ("delay_loop 5", "delay_loop 6", "delay_loop 7", 7), ("", "", "delay_loop 7", 7),
            ("", "delay_loop 6", "", 6),
        ] as [(String, String, String, Int64)])
    func `the nearest delay_loop wins, and is the default of warmup and misc_timeout`(
        service: String, server: String, check: String, seconds: Int64
    ) throws {
        let specification = try self.check(
            "\(server)\nMISC_CHECK {\nmisc_path /bin/x\n\(check)\n}", service: "protocol TCP\n\(service)")
        #expect(specification.schedule.delayLoop == .seconds(seconds))
        #expect(specification.schedule.warmup == .seconds(seconds))
        guard case .script(let script) = specification.kind else {
            Issue.record("\(specification.kind)")
            return
        }
        #expect(script.timeout == .seconds(seconds))
    }

    @Test func `a check connects to its own address and port, else to the server's`() throws {
        #expect(
            try check("TCP_CHECK {\n}").kind
                == .tcp(TCPCheck(target: Endpoint(try #require(IPAddress("192.0.2.21")), port: 80))))
        let other = try check(
            "connect_timeout 2\nTCP_CHECK {\nconnect_ip 2001:db8::9\nconnect_port 81\n}")
        let target = Endpoint(try #require(IPAddress("2001:db8::9")), port: 81)
        #expect(other.kind == .tcp(TCPCheck(target: target, timeout: .seconds(2))))
    }

    @Test func `the Host header comes from the nearest virtualhost`() throws {
        func hosts(_ service: String, _ server: String, _ check: String, _ url: String) throws -> [String?] {
            let specification = try self.check(
                "\(server)\nHTTP_GET {\n\(check)\nurl {\npath /\n\(url)\n}\nurl {\npath /b\n}\n}",
                service: "protocol TCP\n\(service)")
            guard case .http(let http) = specification.kind else { return [] }
            return http.urls.map(\.host)
        }
        #expect(try hosts("", "", "", "") == [nil, nil])
        #expect(try hosts("virtualhost a", "", "", "") == ["a", "a"])
        #expect(try hosts("virtualhost a", "virtualhost b", "", "") == ["b", "b"])
        #expect(try hosts("virtualhost a", "virtualhost b", "virtualhost c", "") == ["c", "c"])
        #expect(try hosts("", "virtualhost b", "", "virtualhost d") == ["d", "b"])
    }

    @Test func `the script user comes from the check, else from global_defs`() throws {
        func user(_ global: String, _ check: String) throws -> String? {
            let service = try #require(
                Sample.virtualServer(
                    "global_defs {\n\(global)\n}\n"
                        + Sample.service(
                            servers: Sample.server(
                                "192.0.2.21 80", "MISC_CHECK {\nmisc_path /bin/x\n\(check)\n}"))))
            guard case .script(let script) = service.realServers[0].checks[0].kind else { return "?" }
            return script.user
        }
        #expect(try user("", "") == nil)
        #expect(try user("script_user a", "") == "a")
        #expect(try user("script_user a", "user b") == "b")
    }

    @Test(
        arguments: [
            ("", nil), ("persistence_timeout 50", Persistence(timeoutSeconds: 50, prefixLength: 32)),
            ("persistence_timeout", Persistence(timeoutSeconds: 360, prefixLength: 32)),
            ("persistence_granularity 255.255.0.0", Persistence(timeoutSeconds: 360, prefixLength: 16)),
            (
                "persistence_timeout 9\npersistence_granularity 24",
                Persistence(timeoutSeconds: 9, prefixLength: 24)
            ),
        ] as [(String, Persistence?)])
    func `persistence follows from either keyword`(lines: String, expected: Persistence?) throws {
        let service = try #require(Sample.virtualServer(Sample.service(lines: "protocol TCP\n\(lines)")))
        #expect(service.persistence == expected)
    }

    @Test func `a service without a port is persistent`() throws {
        let servers = Sample.server("192.0.2.21", "TCP_CHECK {\nconnect_port 1\n}")
        let service = try #require(
            Sample.virtualServer(Sample.service("192.0.2.100", servers: servers)))
        #expect(service.persistence == Persistence(timeoutSeconds: 360, prefixLength: 32))
        #expect(service.realServers[0].endpoint.port == 0)
    }

    @Test(
        arguments: [
            (1, ["1", "1"], 1), (2, ["1", "1"], 2), (3, ["1", "1"], 2), (9, ["3", "0"], 3),
            (4, ["0", "0"], 4),
        ] as [(UInt32, [String], UInt32)])
    func `a quorum that cannot be reached is lowered, never to nothing`(
        quorum: UInt32, weights: [String], expected: UInt32
    ) throws {
        let servers = weights.enumerated().map { index, weight in
            Sample.server("192.0.2.\(21 + index) 80", "weight \(weight)\nTCP_CHECK {\n}")
        }
        let service = try #require(
            Sample.virtualServer(
                Sample.service(lines: "protocol TCP\nquorum \(quorum)", servers: servers.joined())))
        #expect(service.quorum == expected)
    }

    @Test func `a server inherits inhibit_on_failure and may refuse it`() throws {
        let servers =
            Sample.server() + Sample.server("192.0.2.22 80", "inhibit_on_failure off\nTCP_CHECK {\n}")
        let service = try #require(
            Sample.virtualServer(Sample.service(lines: "protocol TCP\ninhibit_on_failure", servers: servers)))
        #expect(service.realServers.map(\.inhibitOnFailure) == [true, false])
    }

    @Test func `a sorry server takes the service's port where it has none`() throws {
        let service = try #require(
            Sample.virtualServer(Sample.service(lines: "protocol TCP\nsorry_server 192.0.2.30")))
        #expect(service.sorryServer?.endpoint.description == "192.0.2.30:80")
        #expect(service.sorryServer?.checks == [])
    }

    @Test func `a service by mark keeps the port of its servers for their checks`() throws {
        let service = try #require(
            Sample.virtualServer(
                Sample.service("fwmark 3", lines: "", servers: Sample.server("192.0.2.21 8080"))))
        #expect(service.identity.description == "fwmark:3")
        #expect(service.realServers[0].endpoint.port == 8080)
        #expect(service.guardMark == nil)
    }
}
