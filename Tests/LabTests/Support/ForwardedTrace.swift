import KernelNet
import LinuxIO
import NetTypes

/// What two directors forward to each other, as their bridge sees it come in. A packet that is forwarded has
/// its number (RFC 791's identification) from its sender, so that one that comes twice is the same packet:
/// a repetition of TCP has another one. Resets that no socket sent have none, and are not judged.
final class ForwardedTrace {
    private let sockets: [PacketSocket]
    private let service: [UInt8]
    private var seen: Set<[UInt8]> = []
    /// Packets to the service.
    private(set) var packets = 0
    /// Those among them that open a connection.
    private(set) var openings = 0
    /// Packets that came again.
    private(set) var repetitions = 0

    /// On the ports of `hosts` at the bridge of `client`, packets to `service` by TCP.
    init(between hosts: [Segment.Host], on client: Segment.Host, to service: Endpoint) throws {
        let home = try client.enter()
        defer { try? home.enter() }
        let links = try RouteSocket().links()
        sockets = try hosts.map { host in
            let index = links.first { $0.name == Segment.port(of: host) }?.index
            guard let index else { throw Tools.Failure(description: "\(host.name) is not on the bridge") }
            return try PacketSocket(capturing: .everything, on: index, receiveBuffer: 64 << 20)
        }
        self.service =
            service.address.octets + [UInt8(service.port >> 8), UInt8(truncatingIfNeeded: service.port)]
    }

    /// Takes what came since the last call.
    func collect() throws {
        for socket in sockets {
            while let frame = try socket.receive(limit: 128) {
                if frame.direction != .outgoing { judge(frame.octets) }
            }
        }
    }

    private func judge(_ frame: [UInt8]) {
        // IPv4 without options, TCP.
        guard frame.count >= 54, frame[12...14] == [0x08, 0x00, 0x45], frame[23] == 6,
            Array(frame[30..<34] + frame[36..<38]) == service
        else { return }
        packets += 1
        let flags = frame[47]
        if flags & 0x12 == 0x02 { openings += 1 }
        guard flags & 0x04 == 0 else { return }
        // All but the TTL and the checksum over it.
        if !seen.insert(Array(frame[16..<22] + frame[26..<30] + frame[34..<54])).inserted { repetitions += 1 }
    }
}
