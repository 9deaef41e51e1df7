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
        /// The same through a raw socket, which needs CAP_NET_RAW and no group. It delivers everything that
        /// ICMP has from the target.
        case rawEcho
    }

    private let fd: OwnedFD
    private let kind: Kind
    private let family: AddressFamily

    /// A socket to `remote`; the port is of no account to echo requests.
    package convenience init(
        _ kind: Kind, to remote: Endpoint, _ options: StreamSocket.Options = StreamSocket.Options()
    ) throws(Errno) {
        try self.init(adopting: Self.prepare(kind, to: remote, options), kind, to: remote)
    }

    /// A connected socket for `init(adopting:_:to:)`, perhaps of another process.
    package static func prepare(
        _ kind: Kind, to remote: Endpoint, _ options: StreamSocket.Options = StreamSocket.Options()
    ) throws(Errno) -> OwnedFD {
        let family = remote.address.family
        let transport: CInt =
            switch kind {
            case .udp: CInt(IPPROTO_UDP)
            case .echo, .rawEcho: family == .inet ? CInt(IPPROTO_ICMP) : CInt(IPPROTO_ICMPV6)
            }
        let type = kind == .rawEcho ? CInt(SOCK_RAW.rawValue) : CInt(SOCK_DGRAM.rawValue)
        let fd = OwnedFD(adopting: try Errno.check(hf_socket(family.number, type, transport)))
        try options.apply(to: fd.descriptor)
        let target = kind == .rawEcho ? Endpoint(remote.address, port: 0) : remote
        let number = fd.descriptor.rawValue
        try Errno.check(unsafe target.passed { unsafe hf_connect(number, $0, $1, $2) })
        return fd
    }

    /// Takes over a socket that was prepared for `remote`.
    package init(adopting prepared: consuming OwnedFD, _ kind: Kind, to remote: Endpoint) {
        fd = prepared
        self.kind = kind
        family = remote.address.family
    }

    /// Whether a socket for echo requests is a raw one.
    package static func isRaw(_ socket: Descriptor) throws(Errno) -> Bool {
        try Errno.check(hf_socket_type(socket.rawValue)) == CInt(SOCK_RAW.rawValue)
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Sends one datagram; false when it would block, in which case it is lost.
    package func send(_ octets: [UInt8]) throws(Errno) -> Bool {
        var octets = octets
        // Of ICMPv6 the kernel computes it, whatever the socket.
        if kind == .rawEcho, family == .inet, octets.count >= 4 {
            let sum = InternetChecksum.of(octets)
            (octets[2], octets[3]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        }
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
        let octets = buffer.prefix(min(count, limit))
        // A raw socket of IPv4 delivers the datagram with its head.
        guard kind == .rawEcho, family == .inet, let first = octets.first else { return Array(octets) }
        return Array(octets.dropFirst(Int(first & 0x0F) * 4))
    }
}
