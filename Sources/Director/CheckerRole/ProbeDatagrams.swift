import HealthChecks
import LinuxIO
import NetTypes

/// The datagrams of the probes under way: sockets in, probe events out.
final class ProbeDatagrams<Token> {
    private struct Opened {
        let socket: DatagramSocket
        let registration: Registration
    }

    /// Octets of a datagram that are read: more than any check asks for.
    private static var longest: Int { 65_536 }
    /// Datagrams read in one turn, so that no server keeps the others waiting.
    private static var datagramsPerTurn: Int { 16 }

    private let loop: EventLoop<Token>
    private let token: (ProbeID) -> Token
    private var opened: [ProbeID: Opened] = [:]

    init(in loop: EventLoop<Token>, token: @escaping (ProbeID) -> Token) {
        self.loop = loop
        self.token = token
    }

    /// Sockets that are open.
    var count: Int { opened.count }

    /// True when the probe speaks by datagrams.
    func has(_ probe: ProbeID) -> Bool { opened[probe] != nil }

    /// Opens a socket to `target`; `nonce` goes to the probe. nil when this process may not make one for echo
    /// requests: its group is not in `net.ipv4.ping_group_range`.
    func open(
        _ kind: DatagramKind, _ probe: ProbeID, to target: Endpoint, from source: ProbeSource, nonce: UInt64
    ) -> ProbeEvent? {
        do throws(Errno) {
            let options = source.options(for: target)
            return try keep(probe, DatagramSocket(kind == .udp ? .udp : .echo, to: target, options), nonce)
        } catch {
            if kind == .echo, error.name == "EACCES" { return nil }
            return ProbeConnections<Token>.event(for: error)
        }
    }

    /// Takes a socket to `target` that another process has prepared, for echo requests perhaps a raw one.
    func open(
        _ kind: DatagramKind, _ probe: ProbeID, to target: Endpoint, on prepared: consuming OwnedFD,
        nonce: UInt64
    ) -> ProbeEvent {
        do throws(Errno) {
            let isRaw = try DatagramSocket.isRaw(prepared.descriptor)
            let socket = DatagramSocket(
                adopting: prepared, kind == .udp ? .udp : isRaw ? .rawEcho : .echo, to: target)
            return try keep(probe, socket, nonce)
        } catch {
            return ProbeConnections<Token>.event(for: error)
        }
    }

    private func keep(
        _ probe: ProbeID, _ socket: DatagramSocket, _ nonce: UInt64
    ) throws(Errno) -> ProbeEvent {
        let registration = try loop.register(socket.descriptor, .read, token(probe))
        opened[probe] = Opened(socket: socket, registration: registration)
        return .opened(nonce: nonce)
    }

    /// Sends one datagram.
    func send(_ probe: ProbeID, _ octets: [UInt8]) -> ProbeEvent? {
        do throws(Errno) {
            guard try opened[probe]?.socket.send(octets) != false else { return .unavailable("no buffers") }
            return nil
        } catch {
            return ProbeConnections<Token>.event(for: error)
        }
    }

    /// Closes the socket; nothing more is reported of it.
    func close(_ probe: ProbeID) {
        if let known = opened.removeValue(forKey: probe) { loop.unregister(known.registration) }
    }

    /// What came, in order.
    func handle(_ probe: ProbeID) -> [ProbeEvent] {
        guard let socket = opened[probe]?.socket else { return [] }
        var events: [ProbeEvent] = []
        do throws(Errno) {
            for _ in 0..<Self.datagramsPerTurn {
                guard let octets = try socket.receive(limit: Self.longest) else { break }
                events.append(.received(octets))
            }
        } catch {
            events.append(ProbeConnections<Token>.event(for: error))
        }
        return events
    }
}
