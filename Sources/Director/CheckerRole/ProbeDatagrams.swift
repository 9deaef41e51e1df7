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

    /// Opens a socket to `target`; `nonce` goes to the probe.
    func open(
        _ kind: DatagramKind, _ probe: ProbeID, to target: Endpoint, from source: ProbeSource, nonce: UInt64
    ) -> ProbeEvent {
        do throws(Errno) {
            let options = StreamSocket.Options(
                source: source.endpoint(for: target), device: source.interface)
            let socket = try DatagramSocket(kind == .udp ? .udp : .echo, to: target, options)
            let registration = try loop.register(socket.descriptor, .read, token(probe))
            opened[probe] = Opened(socket: socket, registration: registration)
            return .opened(nonce: nonce)
        } catch {
            if kind == .echo, error.name == "EACCES" {
                return .unavailable("net.ipv4.ping_group_range does not have the checker's group")
            }
            return ProbeConnections<Token>.event(for: error)
        }
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
