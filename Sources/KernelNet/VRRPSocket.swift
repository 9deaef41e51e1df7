// Adverts in and out of one interface (RFC 9568 section 5.1): protocol 112, or 51 where an Authentication
// Header comes before the message; never routed to a group. The socket is bound to its interface, so adverts
// of other segments cannot be mistaken for this one's; judging what came is the VRRP target's task, counting
// what was malformed the owner's.

import CLinux
import Glibc
import LinuxIO
import NetTypes

/// A raw socket for VRRP of one family on one interface; needs CAP_NET_RAW.
package final class VRRPSocket {
    /// The IANA protocol number of VRRP.
    package static var protocolNumber: Int32 { 112 }
    /// The one of the Authentication Header.
    private static var authenticatedProtocol: Int32 { 51 }

    /// Whom it speaks with.
    package enum Audience: Hashable, Sendable {
        /// All VRRP routers of the segment that joined the group; TTL or hop limit 255.
        case group(IPAddress)
        /// Peers by their own addresses, with this TTL or hop limit.
        case peers(AddressFamily, timeToLive: UInt8)

        /// The family of its addresses.
        package var family: AddressFamily {
            switch self {
            case .group(let group): group.family
            case .peers(let family, _): family
            }
        }
    }

    /// What `drain` brought.
    package struct Received: Hashable, Sendable {
        /// Datagrams, oldest first.
        package var datagrams: [IPDatagram] = []
        /// How many had a header that contradicts their length, or none.
        package var malformed = 0
        /// True when the limit was reached and more may wait.
        package var hasMore = false
    }

    /// The interface's name.
    package let interface: String
    /// The interface's index when the socket was opened.
    package let index: Int32
    private let family: AddressFamily
    private let isAuthenticated: Bool
    private let fd: OwnedFD

    /// The largest advert: a v3 one of 255 IPv6 addresses, a long IPv4 header and an Authentication Header
    /// included.
    private static var datagramLimit: Int { 60 + 24 + 8 + 255 * 16 }
    /// What the kernel charges a socket for a datagram at least, halved since it doubles the room that is
    /// asked for.
    private static var smallestBuffer: Int { 256 }

    /// Opens the socket on the interface `interface`, whose index is `index`, and joins the group there, if
    /// any. The interface needs neither to be up nor to have an address. With `isAuthenticated` it hears IPv4
    /// packets with an Authentication Header alone, and `send` takes whole ones. With `onlySends` it joins
    /// nothing, and the source of what it sends may be on another interface.
    package init(
        on interface: String, index: Int32, for audience: Audience, isAuthenticated: Bool = false,
        onlySends: Bool = false, receiveBuffer: Int32 = 1 << 18
    ) throws(SystemError) {
        self.isAuthenticated = isAuthenticated
        self.interface = interface
        self.index = index
        family = audience.family
        do throws(Errno) {
            let number = family == .inet ? AF_INET : AF_INET6
            let ipProtocol = isAuthenticated ? Self.authenticatedProtocol : Self.protocolNumber
            fd = OwnedFD(
                adopting: try Errno.check(hf_socket(number, CInt(SOCK_RAW.rawValue), ipProtocol)))
            try Errno.check(unsafe hf_bind_to_device(fd.descriptor.rawValue, interface))
            switch family {
            case .inet:
                try setOptions4(audience)
                if isAuthenticated {
                    try Errno.check(
                        hf_set_option(fd.descriptor.rawValue, CInt(IPPROTO_IP), IP_HDRINCL, 1))
                }
            case .inet6: try setOptions6(audience)
            }
            try Errno.check(hf_set_option(fd.descriptor.rawValue, SOL_SOCKET, SO_PRIORITY, 6))
            try Errno.check(hf_set_option(fd.descriptor.rawValue, SOL_SOCKET, SO_RCVBUF, receiveBuffer))
            try Errno.check(hf_multicast_interface(fd.descriptor.rawValue, number, index))
            if onlySends {
                // The kernel has a link-local source on one interface alone; over IPv4 any of this host will
                // do.
                if family == .inet6 {
                    try Errno.check(
                        hf_set_option(fd.descriptor.rawValue, CInt(IPPROTO_IPV6), Self.freeBind6, 1))
                }
            } else if case .group(let group) = audience {
                let octets = group.octets
                try Errno.check(
                    unsafe hf_join_group(fd.descriptor.rawValue, octets, octets.count, index))
            }
        } catch {
            throw SystemError("open VRRP socket on \(interface)", error)
        }
        // What another interface delivered before the socket was bound is nobody's: at most a bufferful, and
        // no more is read, since a flood would keep us here.
        _ = try? drain(limit: Int(receiveBuffer) / Self.smallestBuffer)
    }

    private func setOptions4(_ audience: Audience) throws(Errno) {
        var unicast: Int32 = 255
        if case .peers(_, let timeToLive) = audience { unicast = Int32(timeToLive) }
        let options = [
            // Our own adverts must not come back to us, and groups that other programs joined are not ours.
            (IP_MULTICAST_TTL, 255), (IP_MULTICAST_LOOP, 0), (IP_MULTICAST_ALL, 0),
            // Internetwork control, as routing protocols are marked (RFC 791, RFC 4594): late adverts cost
            // failovers.
            (IP_TOS, 0xC0),
            (IP_TTL, unicast),
        ]
        for (option, value) in options {
            try Errno.check(hf_set_option(fd.descriptor.rawValue, CInt(IPPROTO_IP), option, value))
        }
    }

    private func setOptions6(_ audience: Audience) throws(Errno) {
        var unicast: Int32 = 255
        if case .peers(_, let timeToLive) = audience { unicast = Int32(timeToLive) }
        let options = [
            (IPV6_MULTICAST_HOPS, 255), (IPV6_MULTICAST_LOOP, 0), (IPV6_TCLASS, 0xC0),
            (IPV6_UNICAST_HOPS, unicast),
        ]
        for (option, value) in options {
            try Errno.check(hf_set_option(fd.descriptor.rawValue, CInt(IPPROTO_IPV6), option, value))
        }
        // Linux 4.20; before, groups that other programs joined are heard, and dropped by their destination.
        _ = hf_set_option(fd.descriptor.rawValue, CInt(IPPROTO_IPV6), Self.multicastAll6, 0)
        try Errno.check(hf_ipv6_want_info(fd.descriptor.rawValue))
    }

    /// IPV6_MULTICAST_ALL (linux/in6.h), by number because older headers lack it.
    private static var multicastAll6: Int32 { 29 }

    /// IPV6_FREEBIND (linux/in6.h, Linux 4.15), by number for the same reason.
    private static var freeBind6: Int32 { 78 }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Sends one VRRP message (the octets after the IP header, or with it where authenticated) from `source`,
    /// which MUST be an address of this host, to a group or a peer of the same family; never waits. ENETDOWN
    /// while the interface is down, ENODEV when it is gone, EINVAL or EADDRNOTAVAIL for a foreign source.
    package func send(
        _ message: [UInt8], from source: IPAddress, to destination: IPAddress
    ) throws(Errno) {
        let (from, to) = (source.octets, destination.octets)
        guard from.count == to.count else { throw .invalid }
        let result = unsafe message.withUnsafeBytes {
            unsafe hf_send_from(
                fd.descriptor.rawValue, $0.baseAddress, $0.count, to, from, from.count, index)
        }
        try Errno.check(result)
    }

    /// All that waits, up to `limit` datagrams: to be judged before a timer that ran out meanwhile is
    /// believed.
    package func drain(limit: Int = 256) throws(Errno) -> Received {
        var received = Received()
        for _ in 0..<limit {
            var result: Int64 = 0
            var info = hf_ipv6_info()
            let number = fd.descriptor.rawValue
            let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.datagramLimit) { buffer, count in
                result =
                    family == .inet
                    ? unsafe hf_receive_datagram(number, buffer.baseAddress, Self.datagramLimit)
                    : unsafe hf_receive_ipv6(number, buffer.baseAddress, Self.datagramLimit, &info)
                count = min(Self.datagramLimit, max(0, Int(result)))
            }
            if result == -Int64(EAGAIN) { return received }
            // A datagram above the limit has lost its tail, which its total length betrays.
            // What came before a failure is not lost with it.
            guard result >= 0 || received == Received() else { return received }
            let length = try Errno.check(result)
            let datagram =
                family == .inet ? IPDatagram(ipv4: octets) : Self.datagram(octets, length, info)
            if var datagram {
                if isAuthenticated { datagram.packet = octets }
                received.datagrams.append(datagram)
            } else {
                received.malformed += 1
            }
        }
        received.hasMore = true
        return received
    }

    /// nil when it was cut, or the kernel did not say where it went and how far it came.
    private static func datagram(
        _ octets: [UInt8], _ length: Int, _ info: hf_ipv6_info
    ) -> IPDatagram? {
        let source = unsafe withUnsafeBytes(of: info.source) { unsafe IPv6Address(octets: $0) }
        let destination = unsafe withUnsafeBytes(of: info.destination) { unsafe IPv6Address(octets: $0) }
        guard length <= octets.count, let hopLimit = UInt8(exactly: info.hop_limit), let source,
            let destination
        else { return nil }
        return IPDatagram(
            payload: octets, source: .v6(source), destination: .v6(destination), ttl: hopLimit)
    }
}
