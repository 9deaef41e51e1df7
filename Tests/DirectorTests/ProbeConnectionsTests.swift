import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// Connections whose events a test takes one by one.
private final class Bench {
    enum Token: Hashable {
        case listener
        case probe(ProbeID)
    }

    let loop: EventLoop<Token>
    let connections: ProbeConnections<Token>
    let listener: Listener
    private var checks = CheckSet()
    private var generator = SystemRandomNumberGenerator()

    init() throws {
        loop = try EventLoop()
        connections = ProbeConnections(in: loop, limit: 100) { .probe($0) }
        listener = try Listener(on: endpoint("127.0.0.1", 0))
        _ = try loop.register(listener.descriptor, .read, .listener)
    }

    /// The name of a probe that was not there before.
    func probe() -> ProbeID {
        let check = CheckSpecification(
            kind: .tcp(TCPCheck(target: listener.endpoint)), schedule: CheckSchedule(warmup: .zero))
        _ = checks.reconfigure([], at: Clock.now(), using: &generator)
        _ = checks.reconfigure([check], at: Clock.now(), using: &generator)
        for case .perform(_, let probe) in checks.advance(to: Clock.now() + .seconds(2)) { return probe }
        preconditionFailure("a check that does not begin")
    }

    /// The first events of `probe`; all others go where they belong.
    func events(of probe: ProbeID) throws -> [ProbeEvent] {
        let deadline = Clock.now() + .seconds(60)
        while Clock.now() < deadline {
            connections.advance(to: Clock.now())
            for ready in try loop.wait(until: deadline) {
                guard case .probe(let about) = ready.token else { continue }
                let events = connections.handle(about, ready)
                if about == probe, !events.isEmpty { return events }
                #expect(events.isEmpty)
            }
        }
        return []
    }

    /// A connection that stands, and the server's end of it.
    func established(_ probe: ProbeID) throws -> StreamSocket {
        #expect(connections.connect(probe, to: listener.endpoint) == nil)
        #expect(try events(of: probe) == [.connected])
        return try #require(try listener.accept()).socket
    }
}

@Suite struct ProbeConnectionsTests {
    static let errors: [(name: String, errno: Errno, event: ProbeEvent)] = [
        ("refused", .connectionRefused, .failed("connection refused")),
        ("timed out", .timedOut, .failed("connection timed out")),
        ("no buffers", .noBuffers, .unavailable("no buffer space available")),
        ("no address", .addressNotAvailable, .unavailable("cannot assign requested address")),
        ("not permitted", .notPermitted, .unavailable("operation not permitted")),
    ]

    @Test(arguments: errors) func `a lack of this host is told from a failure of the target`(
        name: String, errno: Errno, event: ProbeEvent
    ) {
        #expect(ProbeConnections<Int>.event(for: errno) == event, "\(name)")
    }

    @Test func `the socket of a mere connection serves the next one`() throws {
        let bench = try Bench()
        var probes: [ProbeID] = []
        for round in 1...3 {
            let probe = bench.probe()
            let server = try bench.established(probe)
            #expect(bench.connections.count == 1)
            bench.connections.disconnect(probe, at: Clock.now())
            #expect(bench.connections.count == 0)
            #expect(bench.loop.count == 2, "round \(round): the listener and one socket")
            let error = #expect(throws: Errno.self) { try server.read() }
            #expect(error?.name == "ECONNRESET")
            probes.append(probe)
        }
        #expect(Set(probes).count == 3)
        // Two at once are two sockets, and a refused connection leaves none.
        let (first, second) = (bench.probe(), bench.probe())
        let servers = [try bench.established(first), try bench.established(second)]
        #expect(servers.allSatisfy { !$0.isConnecting })
        for probe in [first, second] { bench.connections.disconnect(probe, at: Clock.now()) }
        #expect(bench.loop.count == 3)
        let refused = bench.probe()
        let nobody = try Listener(on: endpoint("127.0.0.1", 0)).endpoint
        #expect(bench.connections.connect(refused, to: nobody) == nil)
        #expect(try bench.events(of: refused) == [.failed("connection refused")])
        bench.connections.disconnect(refused, at: Clock.now())
        #expect(bench.loop.count == 2)
    }

    @Test(arguments: [1, 300_000]) func `a server that speaks first is heard on a socket that was kept`(
        count: Int
    ) throws {
        let bench = try Bench()
        let former = bench.probe()
        _ = try bench.established(former)
        bench.connections.disconnect(former, at: Clock.now())

        let probe = bench.probe()
        #expect(bench.connections.connect(probe, to: bench.listener.endpoint) == nil)
        // What is said is there before anybody has looked at the connection.
        let server = try #require(try bench.listener.accept()).socket
        var rest = [UInt8](repeating: 7, count: count)[...]
        while !rest.isEmpty, let written = try server.write(rest) { rest = rest.dropFirst(written) }
        #expect(try bench.events(of: probe) == [.connected])
        var heard = 0
        while heard < count - rest.count {
            for case .received(let octets) in try bench.events(of: probe) { heard += octets.count }
        }
        #expect(heard == count - rest.count)
        // It has gone on to be watched otherwise: nobody gets it after this.
        bench.connections.disconnect(probe, at: Clock.now())
        #expect(bench.loop.count == 1)
    }
}
