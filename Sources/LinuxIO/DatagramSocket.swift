import CLinux
import Glibc
import NetTypes

/// A non-blocking socket that exchanges datagrams with one target. What ICMP says about the target comes as
/// an error of the next call.
package final class DatagramSocket {
    /// What it carries.
    package enum Kind: Hashable, Sendable {
        case udp
        /// ICMP echo requests and their replies, from type to data. The kernel fills in identifier and
        /// checksum, and asks no capability of groups in `net.ipv4.ping_group_range`.
        case echo
    }

    private let fd: OwnedFD

    /// A socket to `remote`; the port is of no account to echo requests.
    package init(
        _ kind: Kind, to remote: Endpoint, _ options: StreamSocket.Options = StreamSocket.Options()
    ) throws(Errno) {
        let family = remote.address.family
        let transport: CInt =
            switch kind {
            case .udp: CInt(IPPROTO_UDP)
            case .echo: family == .inet ? CInt(IPPROTO_ICMP) : CInt(IPPROTO_ICMPV6)
            }
        fd = OwnedFD(
            adopting: try Errno.check(hf_socket(family.number, CInt(SOCK_DGRAM.rawValue), transport)))
        let number = fd.descriptor.rawValue
        if let device = options.device { try Errno.check(unsafe hf_bind_to_device(number, device)) }
        if let source = options.source {
            try Errno.check(unsafe source.passed { unsafe hf_bind(number, $0, $1, $2) })
        }
        try Errno.check(unsafe remote.passed { unsafe hf_connect(number, $0, $1, $2) })
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Sends one datagram; false when it would block, in which case it is lost.
    package func send(_ octets: [UInt8]) throws(Errno) -> Bool {
        let number = fd.descriptor.rawValue
        let result = unsafe octets.withUnsafeBytes { unsafe hf_send(number, $0.baseAddress, $0.count) }
        return try OwnedFD.unlessBlocked(result) != nil
    }

    /// The next datagram, cut after `limit` octets; nil when there is none.
    package func receive(limit: Int = 65_536) throws(Errno) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let number = fd.descriptor.rawValue
        let result = unsafe buffer.withUnsafeMutableBytes {
            unsafe hf_receive_datagram(number, $0.baseAddress, limit)
        }
        guard let count = try OwnedFD.unlessBlocked(result) else { return nil }
        return Array(buffer.prefix(min(count, limit)))
    }
}
