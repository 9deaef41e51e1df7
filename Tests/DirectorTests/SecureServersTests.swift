import Glibc
import HealthChecks
import LinuxIO
import NetTypes
import TLS
import Testing
import Timekeeping

@testable import Director

/// A certificate authority and a server of OpenSSL's own, in a directory of their own.
final class TLSServer {
    private static let openssl = "/usr/bin/openssl"

    let directory: String
    let target: Endpoint
    private var child: ChildProcess?

    /// `days` is how long the certificate is valid; less than 0 for one that has expired.
    /// With `asks` it serves only whom its authority has certified.
    init(name: String, days: Int, asks: Bool = false) throws {
        let made = try Program("/usr/bin/mktemp", ["-d", "-t", "holdfast-tls-XXXXXXXX"])
            .run(timeout: .seconds(10))
        directory = String(decoding: made.output.octets, as: UTF8.self).filter { !$0.isNewline }
        target = try Listener(on: endpoint("127.0.0.1", 0)).endpoint
        try openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj",
            "/CN=Test", "-days", "2")
        try openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj",
            "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)")
        try openssl(
            "x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-copy_extensions", "copy", "-days", "\(days)", "-out", "cert.pem")
        child = try ChildProcess(
            Program(
                Self.openssl,
                [
                    "s_server", "-quiet", "-accept", "127.0.0.1:\(target.port)", "-cert", "cert.pem", "-key",
                    "key.pem", "-www",
                ] + (asks ? ["-Verify", "1", "-verify_return_error", "-CAfile", "ca.pem"] : []),
                directory: directory),
            ChildStreams(input: .null, output: .null, error: .null))
    }

    func openssl(_ arguments: String...) throws {
        let done = try Program(Self.openssl, arguments, directory: directory).run(timeout: .seconds(60))
        try #require(done.status.isSuccess, "\(String(decoding: done.error.octets, as: UTF8.self))")
    }

    deinit {
        child?.sendToGroup(.kill)
        // A zombie would hide the other children of the test process from whoever waits for any of them.
        for _ in 0..<5000 where (try? child?.reap()) == nil { usleep(1000) }
        _ = try? Program("/bin/rm", ["-rf", directory]).run(timeout: .seconds(10))
    }
}

/// Checks over TLS against the server that OpenSSL comes with.
@Suite struct SecureServersTests {
    private func verdict(
        of server: TLSServer, name: String?, verifies: Bool, trusts: Bool = true, peer: String? = nil,
        showing credentials: TLSCredentials? = nil, password: String? = nil, expecting expected: Verdict
    ) throws -> ProbeReport? {
        let bench = try CheckerBench()
        var page = HTTPURL(host: name)
        page.serverName = name
        page.pattern = BodyPattern("s_server")
        var http = HTTPCheck(target: server.target, timeout: .seconds(10), urls: [page])
        http.tls = TLSSettings(
            verifies: verifies, authorities: trusts ? "\(server.directory)/ca.pem" : nil)
        http.tls?.peer = peer
        if credentials != nil {
            http.tls?.identity = TLSIdentity(certificate: "/c", key: "/k", password: password)
        }
        let schedule = CheckSchedule(
            delayLoop: .milliseconds(300), retry: expected == .up ? 0 : 5,
            delayBeforeRetry: .milliseconds(300),
            warmup: .zero, startsDown: expected == .up)
        try bench.send(
            .configure(
                CheckerAssignment(
                    generation: 1, checks: [CheckSpecification(kind: .http(http), schedule: schedule)],
                    known: expected == .up ? [:] : [0: .up], credentials: credentials)))
        _ = try bench.work(.seconds(30)) { bench in bench.report != nil && bench.verdict(0) == expected }
        return bench.report
    }

    @Test func `a page comes over TLS, and a certificate is accepted only where it should be`() throws {
        let server = try TLSServer(name: "www.example.org", days: 2)
        let name = "www.example.org"
        let plain = try verdict(of: server, name: nil, verifies: false, expecting: .up)
        #expect(plain?.result.outcome == .accepted)
        let verified = try verdict(of: server, name: name, verifies: true, expecting: .up)
        #expect(verified?.result.outcome == .accepted)
        let wrong = try verdict(of: server, name: "other.example.org", verifies: true, expecting: .down)
        #expect(wrong?.result.outcome == .handshakeFailed)
        #expect(wrong?.result.detail.lowercased().contains("hostname mismatch") == true)
        let strange = try verdict(of: server, name: name, verifies: true, trusts: false, expecting: .down)
        #expect(strange?.result.outcome == .handshakeFailed)
    }

    @Test func `the name that is looked for need not be the one that is asked for`() throws {
        let server = try TLSServer(name: "www.example.org", days: 2)
        let right = try verdict(
            of: server, name: nil, verifies: true, peer: "www.example.org", expecting: .up)
        #expect(right?.result.outcome == .accepted)
        let wrong = try verdict(
            of: server, name: "www.example.org", verifies: true, peer: "other.example.org", expecting: .down)
        #expect(wrong?.result.outcome == .handshakeFailed)
    }

    @Test func `a server that wants a certificate gets it`() throws {
        let server = try TLSServer(name: "www.example.org", days: 2, asks: true)
        try server.openssl(
            "rsa", "-aes256", "-passout", "pass:secret", "-in", "key.pem", "-out", "locked.pem")
        func files(_ key: String) throws -> TLSCredentials {
            .files(
                certificate: try Files.read("\(server.directory)/cert.pem", limit: 1 << 16),
                key: try Files.read("\(server.directory)/\(key)", limit: 1 << 16))
        }
        let nobody = try verdict(of: server, name: nil, verifies: false, expecting: .down)
        #expect(nobody?.result.outcome.meaning == .bad)
        let known = try verdict(
            of: server, name: nil, verifies: false, showing: files("key.pem"), expecting: .up)
        #expect(known?.result.outcome == .accepted)
        let locked = try verdict(
            of: server, name: nil, verifies: false, showing: files("locked.pem"), password: "secret",
            expecting: .up)
        #expect(locked?.result.outcome == .accepted)
    }

    @Test func `a certificate that has expired is not accepted`() throws {
        let server = try TLSServer(name: "www.example.org", days: -1)
        let report = try verdict(of: server, name: "www.example.org", verifies: true, expecting: .down)
        #expect(report?.result == ProbeResult(.handshakeFailed, "TLS: certificate has expired"))
        let unverified = try verdict(of: server, name: "www.example.org", verifies: false, expecting: .up)
        #expect(unverified?.result.outcome == .accepted)
    }

    @Test func `hundreds of handshakes that hang leave room for one that does not`() throws {
        let server = try TLSServer(name: "www.example.org", days: 2)
        let bench = try CheckerBench(descriptors: 1000)
        let silent = try Listener(on: endpoint("0.0.0.0", 0), backlog: 1024)
        func check(_ target: Endpoint, timeout: Interval, every delay: Interval) -> CheckSpecification {
            var http = HTTPCheck(target: target, timeout: timeout, urls: [HTTPURL()])
            http.tls = TLSSettings()
            return CheckSpecification(
                kind: .http(http),
                schedule: CheckSchedule(
                    delayLoop: delay, retry: 0, delayBeforeRetry: delay, warmup: .zero, startsDown: true))
        }
        // They take turns with one another, and leave no moment in which fewer than all want one.
        let hanging = (0..<400).map { number in
            check(
                endpoint("127.1.\(number / 250).\(number % 250 + 1)", silent.endpoint.port),
                timeout: .seconds(2), every: .milliseconds(100))
        }
        var checks = hanging
        checks.append(check(server.target, timeout: .seconds(10), every: .milliseconds(500)))
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: hanging)))
        var facts: [CheckFacts] = []
        func describe() throws {
            facts = []
            try bench.send(.describe)
            bench.reports = []
            _ = try bench.work { bench in
                if case .described(_, let part, _, _) = bench.reports.last { facts = part }
                return !facts.isEmpty
            }
        }
        let deadline = Clock.now() + .seconds(60)
        repeat {
            _ = try bench.work(.milliseconds(500)) { _ in false }
            try describe()
        } while Clock.now() < deadline
            && facts.count { $0.report?.result.outcome == .handshakeTimedOut } < HandshakeQueue.limit
        #expect(facts.count { $0.report?.result.outcome == .handshakeTimedOut } >= HandshakeQueue.limit)
        try bench.send(.configure(CheckerAssignment(generation: 2, checks: checks)))
        #expect(try bench.work { $0.verdict(hanging.count) == .up })
    }
}
