import LinuxIO
import NetTypes

/// Somebody says to have an IPv4 address: the sender of an ARP packet, question or answer (RFC 826).
package struct ARPClaim: Hashable, Sendable {
    /// The index of the interface where it was heard.
    package var interface: Int32
    /// The address.
    package var address: IPv4Address
    /// Where the sender says that it is.
    package var mac: MACAddress

    /// A claim that was heard.
    package init(interface: Int32, address: IPv4Address, mac: MACAddress) {
        (self.interface, self.address, self.mac) = (interface, address, mac)
    }

    /// What the frame `octets` claims, from its Ethernet header on; nil when it is no ARP packet for Ethernet
    /// and IPv4.
    package init?(_ octets: [UInt8], on interface: Int32) {
        guard octets.count >= 42, octets[12...19] == [0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 6, 4] else {
            return nil
        }
        let mac = octets[22..<28].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(
            interface: interface, address: IPv4Address(octets[28], octets[29], octets[30], octets[31]),
            mac: MACAddress(rawValue: mac))
    }
}

/// Hears who else says to have certain IPv4 addresses, on all interfaces. The kernel drops all other ARP
/// packets, so that a busy segment wakes nobody.
package final class ARPMonitor {
    /// So many addresses can be followed.
    package static let limit = 2000
    private static let framesPerTurn = 64
    private static let arp: UInt16 = 0x0806

    private let socket: PacketSocket

    /// A socket that follows no address yet; needs CAP_NET_RAW.
    package static func makeSocket() throws(SystemError) -> OwnedFD {
        let fd = try PacketSocket.open(capturing: .etherType(arp))
        try SystemError.naming("follow no addresses") { () throws(Errno) in
            try ARPMonitor(adopting: fd.duplicate()).follow([])
        }
        return fd
    }

    /// Hears with what `makeSocket` has made, which follows what it followed before.
    package init(adopting socket: consuming OwnedFD) { self.socket = PacketSocket(adopting: socket) }

    /// For the event loop.
    package var descriptor: Descriptor { socket.descriptor }

    /// Follows the first `limit` of `addresses`, and no other.
    package func follow(_ addresses: some Sequence<IPv4Address>) throws(Errno) {
        // Else the former filter counts against what the kernel allows a socket while the new one is taken.
        try socket.acceptARP(from: [])
        try socket.acceptARP(from: addresses.prefix(Self.limit).map(\.rawValue))
    }

    /// What was claimed meanwhile, at most 64 frames of it; what this host sends is not heard.
    package func drain() throws(Errno) -> [ARPClaim] {
        var claims: [ARPClaim] = []
        for _ in 0..<Self.framesPerTurn {
            guard let frame = try socket.receive(limit: 64) else { break }
            guard let claim = ARPClaim(frame.octets, on: frame.interface) else { continue }
            claims.append(claim)
        }
        return claims
    }
}
