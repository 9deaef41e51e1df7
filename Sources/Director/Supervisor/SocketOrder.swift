import HealthChecks
import LinuxIO
import NetTypes

/// A socket that the checker may not make itself: with a mark, a port below 1024, or for ICMP. It follows
/// from what is configured alone.
package struct SocketOrder: Hashable, Sendable {
    /// What it speaks.
    package enum Kind: Hashable, Sendable {
        case stream
        case datagram
        case echo
    }

    /// What it speaks.
    package var kind: Kind
    /// Where to.
    package var target: Endpoint
    /// Where from.
    package var source: ProbeSource

    /// The socket of a check; nil for one that the checker makes itself.
    package init?(_ check: CheckSpecification.Kind) {
        switch check {
        case .tcp(let check): (kind, target, source) = (.stream, check.target, check.source)
        case .http(let check): (kind, target, source) = (.stream, check.target, check.source)
        case .smtp(let check): (kind, target, source) = (.stream, check.target, check.source)
        case .dns(let check): (kind, target, source) = (.datagram, check.target, check.source)
        case .udp(let check): (kind, target, source) = (.datagram, check.target, check.source)
        case .ping(let check):
            (kind, target, source) = (.echo, Endpoint(check.address, port: 0), check.source)
        case .script, .file: return nil
        }
        guard kind == .echo || source.needsRights else { return nil }
    }

    /// Makes it; of a stream the connection is the checker's to make.
    func make() throws(Errno) -> OwnedFD {
        let options = source.options(for: target)
        return switch kind {
        case .stream: try StreamSocket.prepare(target.address.family, options)
        case .datagram: try DatagramSocket.prepare(.udp, to: target, options)
        case .echo: try echo(options)
        }
    }

    /// A raw one, with which much can be forged, only where root's group is not in
    /// `net.ipv4.ping_group_range`.
    private func echo(_ options: StreamSocket.Options) throws(Errno) -> OwnedFD {
        do throws(Errno) {
            return try DatagramSocket.prepare(.echo, to: target, options)
        } catch {
            guard error.name == "EACCES" else { throw error }
            return try DatagramSocket.prepare(.rawEcho, to: target, options)
        }
    }
}

extension ProbeSource {
    /// What a socket is made like.
    func options(for target: Endpoint) -> StreamSocket.Options {
        StreamSocket.Options(source: endpoint(for: target), device: interface, mark: mark?.rawValue)
    }
}
