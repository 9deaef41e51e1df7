import Glibc
import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// A server in the same thread as the checker, which does what it is told between the checker's turns.
private final class ScriptedServer {
    let listener: Listener
    private let endsInOrder: Bool
    private var connections: [(socket: StreamSocket, hasAsked: Bool, sent: Int)] = []
    private(set) var requests = 0

    /// Ends connections by RST, or in order.
    init(endsInOrder: Bool = false) throws {
        listener = try Listener(on: endpoint("127.0.0.1", 0))
        self.endsInOrder = endsInOrder
    }

    /// Accepts what waits and, once a client has said something, tells `answer` how many octets were sent so
    /// far and sends what it says; nil ends the connection.
    func turn(_ answer: (Int) -> [UInt8]?) {
        while let socket = (try? listener.accept())??.socket { connections.append((socket, false, 0)) }
        for index in connections.indices.reversed() {
            if case .octets? = try? connections[index].socket.read() {
                connections[index].hasAsked = true
                requests += 1
            }
            guard connections[index].hasAsked else { continue }
            guard let octets = answer(connections[index].sent) else {
                if endsInOrder {
                    try? connections[index].socket.shutdownWriting()
                } else {
                    connections[index].socket.resetOnClose()
                    connections.remove(at: index)
                }
                continue
            }
            if let count = (try? connections[index].socket.write(octets[...])) ?? nil {
                connections[index].sent += count
            }
        }
    }
}

/// Servers that do not answer as they should: each is down, for the right reason, within its deadline.
@Suite struct HostileServersTests {
    private static let head = "HTTP/1.1 200 OK\r\n"

    private func check(_ target: Endpoint, tls: TLSSettings? = nil) -> CheckSpecification {
        var page = HTTPURL()
        page.digest = BodyDigest("5d41402abc4b2a76b9719d911017c592")
        page.serverName = tls == nil ? nil : "www.example.org"
        var http = HTTPCheck(target: target, timeout: .milliseconds(700), urls: [page])
        http.tls = tls
        return CheckSpecification(
            kind: .http(http), schedule: CheckSchedule(delayLoop: .seconds(60), retry: 0, warmup: .zero))
    }

    /// What a check says of a server that answers like this.
    private func result(
        tls: TLSSettings? = nil, endsInOrder: Bool = false, _ answer: (Int) -> [UInt8]?
    ) throws -> ProbeReport? {
        let bench = try CheckerBench()
        let server = try ScriptedServer(endsInOrder: endsInOrder)
        try bench.send(
            .configure(CheckerAssignment(generation: 1, checks: [check(server.listener.endpoint, tls: tls)])))
        _ = try bench.work { bench in
            server.turn(answer)
            return bench.verdict(0) != nil
        }
        return bench.report
    }

    private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `one that says nothing`() throws {
        let report = try result { _ in [] }
        #expect(report?.result.outcome == .responseTimedOut)
        #expect((report?.duration ?? .zero) < .seconds(2))
    }

    @Test func `one that sends an octet at a time`() throws {
        let text = octets(Self.head + String(repeating: "X: y\r\n", count: 9000))
        let report = try result { sent in Array(text[sent...].prefix(1)) }
        #expect(report?.result.outcome == .responseTimedOut)
        #expect((report?.duration ?? .zero) < .seconds(2))
    }

    @Test func `endless headers`() throws {
        let lines = octets(String(repeating: "X: y\r\n", count: 1000))
        let report = try result { sent in sent == 0 ? octets(Self.head) : lines }
        #expect(report?.result == ProbeResult(.badResponse, "head over 65536 octets"))
    }

    @Test func `an endless header line`() throws {
        let line = [UInt8](repeating: 0x61, count: 8000)
        let report = try result { sent in sent == 0 ? octets(Self.head) : line }
        #expect(report?.result == ProbeResult(.badResponse, "header line over 16384 octets"))
    }

    @Test func `an endless body`() throws {
        let block = [UInt8](repeating: 0x61, count: 256 << 10)
        let report = try result { sent in sent == 0 ? octets(Self.head + "\r\n") : block }
        #expect(report?.result == ProbeResult(.badResponse, "body over 1048576 octets"))
    }

    @Test func `a connection reset in the middle`() throws {
        let report = try result { sent in
            sent == 0 ? octets(Self.head + "Content-Length: 5\r\n\r\nhe") : nil
        }
        #expect(report?.result.outcome == .badResponse)
        #expect(report?.result.detail.hasPrefix("connection reset by peer after") == true)
    }

    @Test func `one that closes its side and says nothing`() throws {
        let report = try result(endsInOrder: true) { _ in nil }
        #expect(report?.result == ProbeResult(.badResponse, "connection closed before any answer"))
    }

    @Test func `one that closes its side in the middle`() throws {
        let report = try result(endsInOrder: true) { sent in
            sent == 0 ? octets(Self.head + "Content-Length: 5\r\n\r\nhe") : nil
        }
        #expect(report?.result == ProbeResult(.badResponse, "connection closed after 2 octets of the body"))
    }

    @Test func `one that sends elsewhere is not followed`() throws {
        let bench = try CheckerBench()
        let server = try ScriptedServer()
        let other = try ScriptedServer()
        let text = "HTTP/1.1 302 Found\r\nLocation: http://\(other.listener.endpoint)/\r\n\r\n"
        try bench.send(
            .configure(CheckerAssignment(generation: 1, checks: [check(server.listener.endpoint)])))
        _ = try bench.work { bench in
            server.turn { sent in sent == 0 ? octets(text) : [] }
            return bench.verdict(0) != nil
        }
        #expect(bench.report?.result == ProbeResult(.wrongStatus, "status 302 Found"))
        _ = try bench.work(.milliseconds(200)) { _ in false }
        other.turn { _ in [] }
        #expect(server.requests == 1 && other.requests == 0)
    }

    /// Five octets that say they are packed; what they would become is nobody's business.
    @Test func `what is packed stays so`() throws {
        let report = try result { sent in
            let head = Self.head + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhallo"
            return sent == 0 ? octets(head) : []
        }
        #expect(report?.result == ProbeResult(.badResponse, "digest is 598d4c200461b81522a3328565c25f7c"))
    }

    @Test func `a wrong page`() throws {
        let report = try result { sent in
            sent == 0 ? octets(Self.head + "Content-Length: 5\r\n\r\nhallo") : []
        }
        #expect(report?.result == ProbeResult(.badResponse, "digest is 598d4c200461b81522a3328565c25f7c"))
    }

    @Test func `the right page in chunks`() throws {
        let text = Self.head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
        let bench = try CheckerBench()
        let server = try ScriptedServer()
        var specification = check(server.listener.endpoint)
        specification.schedule.startsDown = true
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [specification])))
        #expect(
            try bench.work { bench in
                server.turn { sent in sent == 0 ? octets(text) : [] }
                return bench.verdict(0) == .up
            })
    }

    @Test func `nobody there`() throws {
        let bench = try CheckerBench()
        let free = try Listener(on: endpoint("127.0.0.1", 0)).endpoint
        try bench.send(
            .configure(CheckerAssignment(generation: 1, checks: [check(free, tls: TLSSettings())])))
        #expect(try bench.work { $0.verdict(0) == .down })
        #expect(bench.report?.result == ProbeResult(.connectionFailed, "connection refused"))
    }

    @Test func `garbage where TLS should be`() throws {
        let report = try result(tls: TLSSettings()) { sent in
            sent == 0 ? octets("HTTP/1.1 400 Bad\r\n\r\n") : []
        }
        #expect(report?.result.outcome == .handshakeFailed)
        #expect(report?.result.detail.hasPrefix("TLS: ") == true)
    }

    @Test func `a TLS handshake that never ends`() throws {
        let begun: [UInt8] = [0x16, 0x03, 0x03, 0x00, 0x50, 0x02]
        let report = try result(tls: TLSSettings()) { sent in sent == 0 ? begun : [] }
        #expect(report?.result.outcome == .handshakeTimedOut)
        #expect((report?.duration ?? .zero) < .seconds(2))
    }

    @Test func `a TLS handshake that is broken off`() throws {
        let begun: [UInt8] = [0x16, 0x03, 0x03, 0x00, 0x50, 0x02]
        let report = try result(tls: TLSSettings()) { sent in sent == 0 ? begun : nil }
        #expect(report?.result.outcome == .handshakeFailed)
    }
}

/// A check of a page, soon and often.
private func page(_ target: Endpoint, every delay: Interval = .milliseconds(300)) -> CheckSpecification {
    CheckSpecification(
        kind: .http(HTTPCheck(target: target, timeout: .milliseconds(500), urls: [HTTPURL()])),
        schedule: CheckSchedule(
            delayLoop: delay, retry: 1, delayBeforeRetry: .milliseconds(100), warmup: .zero))
}

/// An address for each check, so that none is another one's.
private func targets(_ count: Int, port: UInt16) -> [Endpoint] {
    (0..<count).map { endpoint("127.0.\($0 / 250).\($0 % 250 + 1)", port) }
}

/// Sockets alone: the runtime opens a timer for itself when it pleases.
private func openSockets() throws -> Int {
    try Files.names(in: "/proc/self/fd").count { name in
        var facts = stat()
        guard let descriptor = CInt(name), unsafe fstat(descriptor, &facts) == 0 else { return false }
        return facts.st_mode & S_IFMT == S_IFSOCK
    }
}

/// Many servers in the same thread as the checker: those of the first listener say nothing, then one octet a
/// turn, headers without end, RST.
private final class HostileCrowd {
    let listeners: [Listener]
    private var sockets: [(socket: StreamSocket, kind: Int)] = []
    private let block = Array(String(repeating: "X: y\r\n", count: 10_000).utf8)

    init() throws {
        listeners = try (0..<4).map { _ in try Listener(on: endpoint("0.0.0.0", 0), backlog: 1024) }
    }

    func turn() {
        for (kind, listener) in listeners.enumerated() {
            while let socket = (try? listener.accept())??.socket { sockets.append((socket, kind)) }
        }
        for entry in sockets where entry.kind == 3 { entry.socket.resetOnClose() }
        sockets.removeAll { $0.kind == 3 }
        for entry in sockets where entry.kind > 0 {
            _ = try? entry.socket.write(entry.kind == 1 ? [0x48] : block[...])
        }
    }

    func leave() { sockets = [] }
}

/// Many of them at once: what is left for the others.
@Suite struct HostileCrowdTests {
    /// In a process of its own, whose sockets nobody else opens. Its exit status says what was wrong.
    @Test func `hundreds that misbehave keep no other check waiting, and leave no socket`() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let bench = try CheckerBench(descriptors: 1000)
            let good = try Listener(on: endpoint("127.0.0.1", 0))
            let crowd = try HostileCrowd()
            let refusing = try Listener(on: endpoint("0.0.0.0", 0)).endpoint.port
            let before = try openSockets()
            let bad =
                crowd.listeners.flatMap { targets(60, port: $0.endpoint.port) }
                + targets(200, port: refusing)
            // From an address that it names: a socket without any is kept for the next connection.
            let own = ProbeSource(address: good.endpoint.address)
            let steady = CheckSpecification(
                kind: .tcp(TCPCheck(target: good.endpoint, timeout: .seconds(5), source: own)),
                schedule: CheckSchedule(delayLoop: .milliseconds(250), retry: 0, warmup: .zero))
            try bench.send(
                .configure(CheckerAssignment(generation: 1, checks: [steady] + bad.map { page($0) })))
            var visits: [Instant] = []
            let least = Clock.now() + .seconds(4)
            let areSeen = try bench.work(.seconds(60)) { bench in
                while ((try? good.accept()) ?? nil) != nil { visits.append(Clock.now()) }
                crowd.turn()
                return Clock.now() > least && visits.count > 8
                    && (1...bad.count).allSatisfy { bench.verdict($0) == .down }
            }
            // Half a second, were the machine its own: one server that is waited for costs as much at each
            // turn, and there are hundreds.
            let gaps = zip(visits, visits.dropFirst()).map { $1 - $0 }.sorted()
            guard areSeen else { exit(visits.count > 8 ? 3 : 1) }
            guard gaps[gaps.count / 2] < .seconds(2) else { exit(1) }
            guard bench.verdict(0) != .down else { exit(2) }
            try bench.send(.configure(CheckerAssignment(generation: 2, checks: [])))
            crowd.leave()
            // Whoever was still sending is listened to for two seconds more.
            let isClean = try bench.work(.seconds(20)) { _ in (try? openSockets()) ?? .max <= before }
            exit(isClean ? 42 : 4)
        }
    }

    @Test func `without a descriptor nothing is learnt, and nobody is taken out`() throws {
        // The least there can be: sixteen for probes.
        let bench = try CheckerBench(descriptors: 1)
        let silent = try Listener(on: endpoint("0.0.0.0", 0))
        let crowd = targets(40, port: silent.endpoint.port).map { page($0, every: .seconds(60)) }
        let known = Dictionary(uniqueKeysWithValues: crowd.indices.map { ($0, Verdict.up) })
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: crowd, known: known)))
        _ = try bench.work(.milliseconds(1300)) { _ in false }
        try bench.send(.describe)
        var facts: [CheckFacts] = []
        _ = try bench.work { bench in
            if case .described(_, let part, _, _) = bench.reports.last { facts = part }
            return !facts.isEmpty
        }
        let unknown = facts.filter { $0.report?.result.outcome == .notProbed }
        #expect(unknown.count == 24 && unknown.allSatisfy { $0.verdict == .up })
        #expect(unknown.first?.report?.result.detail == "16 probes are under way")
    }
}
