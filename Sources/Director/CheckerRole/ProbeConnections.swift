import HealthChecks
import LinuxIO
import NetTypes
import TLS
import Timekeeping

/// What a connect meets that is no word of the target's.
private let ownFailures: Set<String> = [
    "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL", "EADDRINUSE", "EAGAIN", "EPERM", "EACCES",
]

/// News alone: that a connection stands is told once, and of a socket without one little is told.
private let whileConnecting: Interest = [.read, .write, .edge]

/// The connections of the probes under way: sockets in, probe events out.
///
/// A probe that has learnt enough does not slam the door on a server that is still sending: what comes is
/// read and thrown away until the server closes, for a short while and up to a limit. A mere connection is
/// ended by RST, and its socket used for another one: half of a check's calls are saved.
final class ProbeConnections<Token> {
    private struct Connection {
        let socket: StreamSocket
        let registration: Registration
        let origin: Origin
        var outgoing: ArraySlice<UInt8> = []
        var interest = whileConnecting
        var hasSent = false
        /// What speaks TLS on it; nil for plain octets.
        var tls: TLSSession?
    }

    /// What a socket is beside its connection.
    private enum Origin {
        /// Made here, without any option, and for no address of IPv4 in IPv6, which would make it one of
        /// IPv4: any probe of the family can use it.
        case plain(AddressFamily)
        /// Bound or marked for one check.
        case particular
        /// Its port on this side is given, too, and must be free for the next connection.
        case fixedPort
    }

    /// A socket without a connection, registered like one that connects.
    private struct Spare {
        let socket: StreamSocket
        let registration: Registration
    }

    /// A connection whose probe is over.
    private struct Farewell {
        let socket: StreamSocket
        let until: Instant
        var allowance = 1 << 20
    }

    /// How long a server may go on sending after its probe is over.
    private static var patience: Interval { .seconds(2) }

    /// Read from one connection in one turn, so that no server keeps the others waiting.
    private static var octetsPerTurn: Int { 64 << 10 }

    /// Sockets kept for further connections, of one family: as many as begin in one turn.
    private static var sparesPerFamily: Int { 64 }

    /// Descriptors of sockets that are kept, beside those of `count`.
    static var spareLimit: Int { AddressFamily.allCases.count * sparesPerFamily }

    private let loop: EventLoop<Token>
    private let token: (ProbeID) -> Token
    private let limit: Int
    private var connections: [ProbeID: Connection] = [:]
    private var farewells: [Registration: Farewell] = [:]
    private var handshakes = HandshakeQueue()
    /// What TLS is to be spoken on those that wait for it.
    private var wishes: [ProbeID: (TLSRequest, TLSContext)] = [:]
    private var spares: [AddressFamily: [Spare]] = [:]
    /// Whose server had said something by the time that the connection stood.
    private var addressed: [ProbeID] = []

    /// At most `limit` connections at once; more are answered with `unavailable`.
    init(in loop: EventLoop<Token>, limit: Int, token: @escaping (ProbeID) -> Token) {
        self.loop = loop
        self.limit = limit
        self.token = token
    }

    /// Connections that are open.
    var count: Int { connections.count + farewells.count }

    /// When `advance` ends the first of those whose probe is over, or `beginHandshakes` a wait.
    var nextDeadline: Instant? {
        farewells.values.reduce(handshakes.nextDeadline) { Instant?.earlier($0, $1.until) }
    }

    /// What a failed connect means: the target's fault, or a lack of this host's.
    static func event(for error: Errno) -> ProbeEvent {
        let text = error.message.prefix(1).lowercased() + error.message.dropFirst()
        return ownFailures.contains(error.name) ? .unavailable(text) : .failed(text)
    }

    /// Starts a connection; the event when there is nothing to wait for.
    func connect(
        _ probe: ProbeID, to target: Endpoint, from source: ProbeSource = ProbeSource()
    ) -> ProbeEvent? {
        guard count < limit else { return .unavailable("\(limit) probes are under way") }
        let family = target.address.family
        let isPlain = source == ProbeSource() && !target.address.isMapped
        do throws(Errno) {
            if isPlain, let spare = spares[family]?.popLast() {
                try begin(probe, spare, to: target, family)
            } else {
                try begin(
                    probe, StreamSocket(connectingTo: target, source.options(for: target)),
                    isPlain ? .plain(family) : source.port == 0 ? .particular : .fixedPort)
            }
            return nil
        } catch {
            return Self.event(for: error)
        }
    }

    /// Starts a connection on a socket that another process has prepared.
    func connect(
        _ probe: ProbeID, to target: Endpoint, on prepared: consuming OwnedFD, hasFixedPort: Bool
    ) -> ProbeEvent? {
        do throws(Errno) {
            try begin(
                probe, StreamSocket(adopting: prepared, connectingTo: target),
                hasFixedPort ? .fixedPort : .particular)
            return nil
        } catch {
            return Self.event(for: error)
        }
    }

    private func begin(_ probe: ProbeID, _ socket: StreamSocket, _ origin: Origin) throws(Errno) {
        let registration = try loop.register(socket.descriptor, whileConnecting, token(probe))
        connections[probe] = Connection(socket: socket, registration: registration, origin: origin)
    }

    private func begin(
        _ probe: ProbeID, _ spare: Spare, to target: Endpoint, _ family: AddressFamily
    ) throws(Errno) {
        do throws(Errno) {
            try spare.socket.connect(to: target)
        } catch {
            loop.unregister(spare.registration)
            throw error
        }
        loop.rename(spare.registration, token(probe))
        connections[probe] = Connection(
            socket: spare.socket, registration: spare.registration, origin: .plain(family))
    }

    /// Has TLS spoken on an established connection as soon as `beginHandshakes` finds it its turn; the wait
    /// ends at `until`. `isSuspect` when the server's last handshake hung.
    func secure(
        _ probe: ProbeID, as request: TLSRequest, in context: TLSContext, isSuspect: Bool, until: Instant
    ) {
        guard connections[probe] != nil else { return }
        wishes[probe] = (request, context)
        handshakes.want(probe, isSuspect: isSuspect, until: until)
    }

    /// Begins handshakes, as many as may be under way; the events that come at once. At the end of each turn,
    /// until there are none.
    func beginHandshakes(at now: Instant) -> [(ProbeID, ProbeEvent)] {
        var events: [(ProbeID, ProbeEvent)] = []
        while let probe = handshakes.begin() {
            if let event = shakeHands(probe) { events.append((probe, event)) }
        }
        for probe in handshakes.due(at: now) {
            events.append((probe, .unavailable("\(HandshakeQueue.limit) TLS handshakes are under way")))
        }
        return events
    }

    private func shakeHands(_ probe: ProbeID) -> ProbeEvent? {
        guard let (request, context) = wishes.removeValue(forKey: probe) else { return nil }
        do {
            let session = try TLSSession(context, serverName: request.serverName, peer: request.peer)
            connections[probe]?.tls = session
            _ = try session.handshake()
        } catch {
            return .unavailable("\(error)")
        }
        connections[probe]?.hasSent = true
        return flush(probe)
    }

    /// Queues octets on an established connection.
    func send(_ probe: ProbeID, _ octets: [UInt8]) -> ProbeEvent? {
        guard let connection = connections[probe] else { return nil }
        if let session = connection.tls {
            do { try session.write(octets) } catch { return .failed("TLS: \(error)") }
        } else {
            connections[probe]?.outgoing += octets
        }
        connections[probe]?.hasSent = true
        return flush(probe)
    }

    /// Ends the connection; nothing more is reported of it.
    func disconnect(_ probe: ProbeID, at now: Instant) {
        if let session = connections[probe]?.tls {
            session.end()
            _ = flush(probe)
        }
        wishes[probe] = nil
        handshakes.end(probe)
        guard let connection = connections.removeValue(forKey: probe) else { return }
        if keep(connection) { return }
        // A request was HTTP/1.0: the server closes first, and the wait of TCP after that is the server's.
        if case .fixedPort = connection.origin { return drop(connection.socket, connection.registration) }
        guard connection.hasSent, connection.outgoing.isEmpty,
            (try? loop.modify(connection.registration, .read)) != nil
        else { return drop(connection.socket, connection.registration) }
        farewells[connection.registration] = Farewell(
            socket: connection.socket, until: now + Self.patience)
    }

    /// Before each wait that follows on `handle`: what had come by the time that a connection stood is not
    /// told again to who asked for news alone. Most are over by now, or connect anew.
    func watchAddressed() {
        for probe in addressed {
            guard let connection = connections[probe], connection.interest == whileConnecting,
                !connection.socket.isConnecting
            else { continue }
            try? watch(probe, .read)
        }
        addressed = []
    }

    /// Ends those whose server does not stop sending. At the end of each turn.
    func advance(to now: Instant) {
        watchAddressed()
        for (registration, farewell) in farewells where farewell.until <= now {
            farewells[registration] = nil
            drop(farewell.socket, registration)
        }
    }

    /// Keeps the socket of a mere connection, if it can be used again. It is found hung up once, by the token
    /// of a probe that is over.
    private func keep(_ connection: Connection) -> Bool {
        guard case .plain(let family) = connection.origin, !connection.hasSent,
            !connection.socket.isConnecting, connection.interest == whileConnecting,
            spares[family, default: []].count < Self.sparesPerFamily,
            (try? connection.socket.disconnect()) != nil
        else { return false }
        spares[family, default: []].append(
            Spare(socket: connection.socket, registration: connection.registration))
        return true
    }

    /// By RST, which leaves no TIME_WAIT behind: ten thousand checks would use up the ports.
    private func drop(_ socket: StreamSocket, _ registration: Registration) {
        loop.forget(registration)
        socket.resetOnClose()
    }

    private func part(_ registration: Registration) {
        guard var farewell = farewells[registration] else { return }
        switch try? farewell.socket.read(limit: Self.octetsPerTurn) {
        case .octets(let octets):
            farewell.allowance -= octets.count
            farewells[registration] = farewell
            guard farewell.allowance <= 0 else { return }
            drop(farewell.socket, registration)
        case .wouldBlock: return
        case .ended: loop.unregister(registration)  // it closed first, and we in order
        case nil: drop(farewell.socket, registration)
        }
        farewells[registration] = nil
    }

    /// What happened on a connection that the loop found ready, in order.
    func handle(_ probe: ProbeID, _ ready: Ready<Token>) -> [ProbeEvent] {
        if farewells[ready.registration] != nil {
            part(ready.registration)
            return []
        }
        guard let connection = connections[probe], connection.registration == ready.registration else {
            return []
        }
        do throws(Errno) {
            if connection.socket.isConnecting {
                guard ready.isWritable || ready.hasFailed else { return [] }
                try connection.socket.finishConnecting(hasFailed: ready.hasFailed)
                if ready.isReadable { addressed.append(probe) }
                return [.connected]
            }
            if ready.isWritable, let event = flush(probe) { return [event] }
            guard ready.isReadable else { return [] }
            return switch try connection.socket.read(limit: Self.octetsPerTurn) {
            case .octets(let octets):
                if let session = connection.tls {
                    opened(octets, by: session, of: probe)
                } else {
                    wishes[probe] == nil
                        ? [.received(octets)] : [.failed("TLS: the server speaks before it is asked")]
                }
            case .wouldBlock: []
            case .ended: [wishes[probe] == nil ? .closed : Self.tooLate]
            }
        } catch {
            return [wishes[probe] == nil ? Self.event(for: error) : Self.tooLate]
        }
    }

    /// It is for this host that the server had to wait.
    private static var tooLate: ProbeEvent {
        .unavailable("the server left before it was its turn for a TLS handshake")
    }

    /// What octets mean to a TLS session.
    private func opened(_ octets: [UInt8], by session: TLSSession, of probe: ProbeID) -> [ProbeEvent] {
        var events: [ProbeEvent] = []
        do throws(TLSError) {
            try session.feed(octets)
            let wasSecured = session.isSecured
            guard try session.handshake() else { return flush(probe).map { [$0] } ?? [] }
            if !wasSecured {
                handshakes.end(probe)
                events.append(.secured)
            }
            for content in try session.read() {
                switch content {
                case .octets(let octets): events.append(.received(octets))
                case .ended: events.append(.closed)
                }
            }
        } catch {
            events.append(.failed("TLS: \(error)"))
        }
        return events + (flush(probe).map { [$0] } ?? [])
    }

    private func flush(_ probe: ProbeID) -> ProbeEvent? {
        if let session = connections[probe]?.tls { connections[probe]?.outgoing += session.takeOutput() }
        guard let connection = connections[probe] else { return nil }
        do throws(Errno) {
            var rest = connection.outgoing
            while !rest.isEmpty, let count = try connection.socket.write(rest) {
                rest = rest.dropFirst(count)
            }
            connections[probe]?.outgoing = rest
            try watch(probe, rest.isEmpty ? .read : [.read, .write])
            return nil
        } catch {
            return Self.event(for: error)
        }
    }

    private func watch(_ probe: ProbeID, _ interest: Interest) throws(Errno) {
        guard let connection = connections[probe], connection.interest != interest else { return }
        try loop.modify(connection.registration, interest)
        connections[probe]?.interest = interest
    }
}

extension IPAddress {
    /// ::ffff:0:0/96 (RFC 4291 section 2.5.5.2).
    fileprivate var isMapped: Bool {
        if case .v6(let address) = self { address.high == 0 && address.low >> 32 == 0xFFFF } else { false }
    }
}
