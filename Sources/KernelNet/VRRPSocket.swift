// Adverts in and out of one interface (RFC 9568 section 5.1.1): protocol 112, group 224.0.0.18, TTL 255,
// never routed. The socket is bound to its interface, so adverts of other segments cannot be mistaken for
// this one's; judging what came is the VRRP target's task, counting what was malformed the owner's.

import CLinux
import Glibc
import LinuxIO
import NetTypes

/// A raw socket for VRRP over IPv4 on one interface; needs CAP_NET_RAW.
package final class VRRPSocket {
    /// The IANA protocol number of VRRP.
    package static var protocolNumber: Int32 { 112 }
    /// The group all VRRP routers join (RFC 9568 section 5.1.1.2).
    package static var group: IPv4Address { IPv4Address(224, 0, 0, 18) }

    /// What `drain` brought.
    package struct Received: Hashable, Sendable {
        /// Datagrams, oldest first.
        package var datagrams: [IPv4Datagram] = []
        /// How many had a header that contradicts their length.
        package var malformed = 0
        /// True when the limit was reached and more may wait.
        package var hasMore = false
    }

    /// The interface's name.
    package let interface: String
    /// The interface's index when the socket was opened.
    package let index: Int32
    private let fd: OwnedFD

    /// The largest advert: a v3 one of 255 IPv6 addresses, a long IPv4 header included.
    private static var datagramLimit: Int { 60 + 8 + 255 * 16 }
    /// What the kernel charges a socket for a datagram at least, halved since it doubles the room that is
    /// asked for.
    private static var smallestBuffer: Int { 256 }

    /// Opens the socket on the interface `interface`, whose index is `index`, and joins the group there. The
    /// interface needs neither to be up nor to have an address.
    package init(on interface: String, index: Int32, receiveBuffer: Int32 = 1 << 18) throws(SystemError) {
        self.interface = interface
        self.index = index
        do throws(Errno) {
            fd = OwnedFD(
                adopting: try Errno.check(hf_socket(AF_INET, CInt(SOCK_RAW.rawValue), Self.protocolNumber)))
            let number = fd.descriptor.rawValue
            try Errno.check(unsafe hf_bind_to_device(number, interface))
            let level = CInt(IPPROTO_IP)
            try Errno.check(hf_set_option(number, level, IP_MULTICAST_TTL, 255))
            try Errno.check(hf_set_option(number, level, IP_TTL, 255))
            // Our own adverts must not come back to us, and groups that other programs joined are not ours.
            try Errno.check(hf_set_option(number, level, IP_MULTICAST_LOOP, 0))
            try Errno.check(hf_set_option(number, level, IP_MULTICAST_ALL, 0))
            // Internetwork control, as routing protocols are marked (RFC 791, RFC 4594): late adverts cost
            // failovers.
            try Errno.check(hf_set_option(number, level, IP_TOS, 0xC0))
            try Errno.check(hf_set_option(number, SOL_SOCKET, SO_PRIORITY, 6))
            try Errno.check(hf_set_option(number, SOL_SOCKET, SO_RCVBUF, receiveBuffer))
            try Errno.check(hf_multicast_interface(number, index))
            let group = Self.group.octets
            try Errno.check(unsafe hf_join_group(number, group, index))
        } catch {
            throw SystemError("open VRRP socket on \(interface)", error)
        }
        // What another interface delivered before the socket was bound is nobody's: at most a bufferful, and
        // no more is read, since a flood would keep us here.
        _ = try? drain(limit: Int(receiveBuffer) / Self.smallestBuffer)
    }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Sends one VRRP message (the octets after the IP header) from `source`, which MUST be an address of
    /// this host; never waits. ENETDOWN while the interface is down, ENODEV when it is gone.
    package func send(
        _ message: [UInt8], from source: IPv4Address, to destination: IPv4Address = VRRPSocket.group
    ) throws(Errno) {
        let (from, to) = (source.octets, destination.octets)
        let result = unsafe message.withUnsafeBytes {
            unsafe hf_send_ipv4(fd.descriptor.rawValue, $0.baseAddress, $0.count, to, from, index)
        }
        try Errno.check(result)
    }

    /// All that waits, up to `limit` datagrams: to be judged before a timer that ran out meanwhile is
    /// believed.
    package func drain(limit: Int = 256) throws(Errno) -> Received {
        var received = Received()
        for _ in 0..<limit {
            var result: Int64 = 0
            let number = fd.descriptor.rawValue
            let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.datagramLimit) { buffer, count in
                result = unsafe hf_receive_datagram(number, buffer.baseAddress, Self.datagramLimit)
                count = min(Self.datagramLimit, max(0, Int(result)))
            }
            if result == -Int64(EAGAIN) { return received }
            // A datagram above the limit has lost its tail, which its total length betrays.
            if try Errno.check(result) >= 0, let datagram = IPv4Datagram(octets) {
                received.datagrams.append(datagram)
            } else {
                received.malformed += 1
            }
        }
        received.hasMore = true
        return received
    }
}
