// The drill's client: a new connection every interval, many in flight, so that one that hangs does not hide
// the first that succeeds; and a few connections that live as long as the drill and exchange a line now and
// then.

import LinuxIO
import NetTypes
import Timekeeping

/// How the client probes.
package struct ProbeSettings: Hashable, Sendable {
    /// The service.
    package var target: Endpoint
    /// From the start of one probe to the start of the next.
    package var interval: Interval
    /// After this a probe has failed.
    package var timeout: Interval
    /// No further probe starts while so many are under way.
    package var inFlightLimit = 600
    /// How many connections live long.
    package var connections: Int
    /// From a line's return to the next line, on each of those.
    package var pause: Interval = .milliseconds(20)

    /// Probes of `target`.
    package init(
        target: Endpoint, interval: Interval, connections: Int, timeout: Interval = .milliseconds(500)
    ) {
        self.target = target
        self.interval = interval
        self.connections = connections
        self.timeout = timeout
    }
}

/// The agent in the client's namespace.
package final class ProbeClient {
    private enum Event: Hashable { case parent, probe(Int), connection(Int) }

    private final class Probe {
        let socket: StreamSocket
        let start: Instant
        var registration: Registration?

        init(_ socket: StreamSocket, start: Instant) {
            self.socket = socket
            self.start = start
        }
    }

    private final class Connection {
        var socket: StreamSocket?
        var registration: Registration?
        var sent: Instant?
        var nextAt: Instant
        var everAnswered = false

        init(nextAt: Instant) { self.nextAt = nextAt }
    }

    /// So many source ports in a row may be somebody else's.
    private static let portAttempts = 256

    private let settings: ProbeSettings
    private let loop: EventLoop<Event>
    private var output = AgentOutput()
    private var probes: [Int: Probe] = [:]
    private var order: ArraySlice<(number: Int, deadline: Instant)> = []
    private var nextNumber = 0
    private var ports = SourcePorts()
    private var nextProbe: Instant
    private var connections: [Connection] = []

    /// Opens nothing yet but the loop.
    package init(_ settings: ProbeSettings) throws {
        self.settings = settings
        loop = try EventLoop()
        nextProbe = Clock.now()
        connections = (0..<settings.connections).map { _ in Connection(nextAt: Clock.now()) }
        _ = try loop.register(.standardInput, .read, .parent)
    }

    /// Probes until the input ends, which it does when the drill wants it or is gone.
    package func run() throws {
        output.add(.ready("client"))
        while true {
            let now = Clock.now()
            expire(now)
            startProbes(now)
            for index in connections.indices { speak(index, now) }
            output.flush()
            for ready in try loop.wait(until: deadline) where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .parent:
                    output.flush()
                    return
                case .probe(let number): advance(number, ready)
                case .connection(let index): listen(index, ready)
                }
            }
        }
    }

    private var deadline: Instant {
        let speaking = connections.filter { $0.sent == nil }.map(\.nextAt).min()
        let earliest = Optional.earlier(order.first?.deadline, speaking) ?? nextProbe
        return probes.count < settings.inFlightLimit ? min(earliest, nextProbe) : earliest
    }

    // MARK: - Probes

    private func startProbes(_ now: Instant) {
        guard now >= nextProbe, probes.count < settings.inFlightLimit else { return }
        // What was missed is not made up for: a burst would measure itself.
        nextProbe = max(nextProbe + settings.interval, now)
        nextNumber += 1
        let number = nextNumber
        do throws(Errno) {
            let socket = try connect()
            socket.resetOnClose()
            let probe = Probe(socket, start: now)
            probe.registration = try loop.register(socket.descriptor, .write, .probe(number))
            probes[number] = probe
            order.append((number, now + settings.timeout))
        } catch {
            output.add(.probe(start: now, end: Clock.now(), Self.outcome(of: error), server: "-"))
        }
    }

    /// From the next source port that nobody else on this host has.
    private func connect() throws(Errno) -> StreamSocket {
        for _ in 0..<Self.portAttempts {
            let source = Endpoint(.v4(IPv4Address(0, 0, 0, 0)), port: ports.next())
            do throws(Errno) {
                return try StreamSocket(connectingTo: settings.target, StreamSocket.Options(source: source))
            } catch {
                guard error == .addressInUse else { throw error }
            }
        }
        throw .addressInUse
    }

    private func expire(_ now: Instant) {
        while let first = order.first, first.deadline <= now || probes[first.number] == nil {
            if probes[first.number] != nil { finish(first.number, .timedOut, server: "-") }
            order = order.dropFirst()
        }
    }

    private func advance(_ number: Int, _ ready: Ready<Event>) {
        guard let probe = probes[number], let registration = probe.registration else { return }
        do throws(Errno) {
            if probe.socket.isConnecting {
                try probe.socket.finishConnecting()
                _ = try probe.socket.write(Array("?\n".utf8)[...])
                try loop.modify(registration, .read)
                return
            }
            switch try probe.socket.read(limit: 256) {
            case .octets(let octets):
                finish(number, .answered, server: Self.serverName(in: octets))
            case .wouldBlock: break
            case .ended: finish(number, .reset, server: "-")
            }
        } catch {
            finish(number, Self.outcome(of: error), server: "-")
        }
    }

    /// What a server calls itself at the head of its answer: visible ASCII only, so that no answer can break
    /// the line that tells of it. `?` for a nameless one.
    static func serverName(in answer: [UInt8]) -> String {
        let name = answer.prefix { (0x21...0x7E).contains($0) }
        return name.isEmpty ? "?" : String(decoding: name, as: UTF8.self)
    }

    private func finish(_ number: Int, _ outcome: ProbeOutcome, server: String) {
        guard let probe = probes.removeValue(forKey: number) else { return }
        if let registration = probe.registration { loop.unregister(registration) }
        output.add(.probe(start: probe.start, end: Clock.now(), outcome, server: server))
    }

    // MARK: - Long-lived connections

    private func speak(_ index: Int, _ now: Instant) {
        let connection = connections[index]
        guard connection.sent == nil, connection.nextAt <= now else { return }
        do throws(Errno) {
            guard let socket = connection.socket else {
                let socket = try StreamSocket(connectingTo: settings.target)
                connection.socket = socket
                connection.sent = now
                connection.registration = try loop.register(socket.descriptor, .write, .connection(index))
                return
            }
            connection.sent = now
            _ = try socket.write(Array("line\n".utf8)[...])
        } catch {
            lose(index, Self.outcome(of: error))
        }
    }

    private func listen(_ index: Int, _ ready: Ready<Event>) {
        let connection = connections[index]
        guard let socket = connection.socket, let registration = connection.registration else { return }
        let now = Clock.now()
        do throws(Errno) {
            if socket.isConnecting {
                try socket.finishConnecting()
                connection.sent = nil
                connection.nextAt = now
                try loop.modify(registration, .read)
                return
            }
            switch try socket.read(limit: 4096) {
            case .octets(let octets):
                guard let sent = connection.sent else { return }
                connection.everAnswered = true
                output.add(
                    .exchange(
                        connection: index, sent: sent, received: now, server: Self.serverName(in: octets)))
                connection.sent = nil
                connection.nextAt = now + settings.pause
            case .wouldBlock: break
            case .ended: lose(index, .reset)
            }
        } catch {
            lose(index, Self.outcome(of: error))
        }
    }

    /// A connection that never carried a line was too early, before the service was there: it is tried
    /// again. One that did and ended is a loss.
    private func lose(_ index: Int, _ outcome: ProbeOutcome) {
        let connection = connections[index]
        if let registration = connection.registration { loop.unregister(registration) }
        connection.registration = nil
        connection.socket = nil
        connection.sent = nil
        connection.nextAt = Clock.now() + .milliseconds(100)
        guard connection.everAnswered else { return }
        output.add(.lost(connection: index, at: Clock.now(), outcome))
        connection.everAnswered = false
        connection.nextAt = Instant(nanoseconds: .max)
    }

    private static func outcome(of error: Errno) -> ProbeOutcome {
        switch error {
        case .connectionRefused: .refused
        case .timedOut: .timedOut
        case .brokenPipe, Errno.connectionReset: .reset
        case Errno.hostUnreachable, Errno.networkUnreachable: .unreachable
        default: .failed
        }
    }
}

/// Source ports in order, below those the kernel chooses from (ip_local_port_range). The kernel begins its
/// sequence anew every 10 s, perhaps among ports used a moment ago; IPVS remembers connections for minutes,
/// so such a request would follow an old entry: to a server that has been removed, or back to the other
/// director. One client here stands for many, which do not share ports.
struct SourcePorts: Hashable, Sendable {
    private static let range: ClosedRange<UInt16> = 1024...32_767
    private var following = Self.range.lowerBound

    /// The next port; the first comes again after all others.
    mutating func next() -> UInt16 {
        defer { following = following == Self.range.upperBound ? Self.range.lowerBound : following + 1 }
        return following
    }
}

extension Errno {
    /// EADDRINUSE on Linux.
    static let addressInUse = Errno(rawValue: 98)
    /// ECONNRESET on Linux.
    static let connectionReset = Errno(rawValue: 104)
    /// EHOSTUNREACH on Linux.
    static let hostUnreachable = Errno(rawValue: 113)
    /// ENETUNREACH on Linux.
    static let networkUnreachable = Errno(rawValue: 101)
}
