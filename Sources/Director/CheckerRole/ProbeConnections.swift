import HealthChecks
import LinuxIO
import NetTypes

/// The connections of the probes under way: sockets in, probe events out.
final class ProbeConnections<Token> {
    private struct Connection {
        let socket: StreamSocket
        let registration: Registration
        var outgoing: ArraySlice<UInt8> = []
        var interest: Interest
    }

    /// Read from one connection in one turn, so that no server keeps the others waiting.
    private static var octetsPerTurn: Int { 64 << 10 }

    private let loop: EventLoop<Token>
    private let token: (ProbeID) -> Token
    private let limit: Int
    private var connections: [ProbeID: Connection] = [:]

    /// At most `limit` connections at once; more are answered with `unavailable`.
    init(in loop: EventLoop<Token>, limit: Int, token: @escaping (ProbeID) -> Token) {
        self.loop = loop
        self.limit = limit
        self.token = token
    }

    /// Connections that are open.
    var count: Int { connections.count }

    /// What a failed connect means: the target's fault, or a lack of this host's.
    static func event(for error: Errno) -> ProbeEvent {
        let own: Set<String> = [
            "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL", "EAGAIN", "EPERM", "EACCES",
        ]
        let text = error.message.prefix(1).lowercased() + error.message.dropFirst()
        return own.contains(error.name) ? .unavailable(text) : .failed(text)
    }

    /// Starts a connection; the event when there is nothing to wait for.
    func connect(_ probe: ProbeID, to target: Endpoint) -> ProbeEvent? {
        guard connections.count < limit else { return .unavailable("\(limit) probes are under way") }
        do throws(Errno) {
            let socket = try StreamSocket(connectingTo: target)
            // A probe leaves no TIME_WAIT behind: ten thousand checks would use up the ports.
            socket.resetOnClose()
            let registration = try loop.register(socket.descriptor, [.read, .write], token(probe))
            connections[probe] = Connection(
                socket: socket, registration: registration, interest: [.read, .write])
            return nil
        } catch {
            return Self.event(for: error)
        }
    }

    /// Queues octets on an established connection.
    func send(_ probe: ProbeID, _ octets: [UInt8]) -> ProbeEvent? {
        guard connections[probe] != nil else { return nil }
        connections[probe]?.outgoing += octets
        return flush(probe)
    }

    /// Forgets the connection.
    func disconnect(_ probe: ProbeID) {
        guard let connection = connections.removeValue(forKey: probe) else { return }
        loop.unregister(connection.registration)
    }

    /// What happened on a connection that the loop found ready.
    func handle(_ probe: ProbeID, _ ready: Ready<Token>) -> ProbeEvent? {
        guard let connection = connections[probe] else { return nil }
        do throws(Errno) {
            if connection.socket.isConnecting {
                guard ready.isWritable || ready.hasFailed else { return nil }
                try connection.socket.finishConnecting()
                try watch(probe, .read)
                return .connected
            }
            if ready.isWritable, let event = flush(probe) { return event }
            guard ready.isReadable else { return nil }
            return switch try connection.socket.read(limit: Self.octetsPerTurn) {
            case .octets(let octets): .received(octets)
            case .wouldBlock: nil
            case .ended: .closed
            }
        } catch {
            return Self.event(for: error)
        }
    }

    private func flush(_ probe: ProbeID) -> ProbeEvent? {
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
