import CNetlink
import NetTypes

/// What the neighbour table (ARP cache) says of one address.
package struct Neighbour: Hashable, Sendable {
    /// NUD_ bits (linux/neighbour.h).
    package struct State: OptionSet, Hashable, Sendable {
        /// The bits.
        package let rawValue: UInt16
        /// A set from its bits.
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// A solicitation is under way, nothing is known.
        package static let incomplete = State(rawValue: 0x01)
        /// Confirmed a short time ago.
        package static let reachable = State(rawValue: 0x02)
        /// Known, not confirmed lately.
        package static let stale = State(rawValue: 0x04)
        /// Known, in use, about to be confirmed.
        package static let delay = State(rawValue: 0x08)
        /// Known, being confirmed.
        package static let probe = State(rawValue: 0x10)
        /// Did not answer.
        package static let failed = State(rawValue: 0x20)
        /// The interface needs no resolution.
        package static let noARP = State(rawValue: 0x40)
        /// Configured by hand.
        package static let permanent = State(rawValue: 0x80)

        /// The states in which the hardware address may be used (the kernel's NUD_VALID).
        package static let valid: State = [.permanent, .noARP, .reachable, .probe, .stale, .delay]
    }

    /// The interface's index.
    package var interface: Int32
    /// The neighbour's address.
    package var address: IPAddress
    /// Its Ethernet address, when known.
    package var mac: MACAddress?
    /// How sure the kernel is.
    package var state: State

    /// A neighbour.
    package init(interface: Int32, address: IPAddress, mac: MACAddress?, state: State) {
        self.interface = interface
        self.address = address
        self.mac = mac
        self.state = state
    }

    /// Its Ethernet address when the kernel would use it now.
    package var usableMAC: MACAddress? { state.isDisjoint(with: .valid) ? nil : mac }

    /// The neighbour of an RTM_NEWNEIGH or RTM_DELNEIGH payload (struct ndmsg); nil when malformed or of a
    /// family other than IPv4 and IPv6 (a bridge's forwarding entry).
    package init?(payload: [UInt8]) {
        let octets = payload[...]
        guard let family = octets.first, let index = HostOrder.word(octets, at: 4),
            let state = HostOrder.short(octets, at: 8), HostOrder.short(octets, at: 10) != nil
        else { return nil }
        let attributes = NetlinkAttributes(octets.dropFirst(12))
        guard let value = attributes[NDA_DST], let address = IPAddress(family: family, octets: value) else {
            return nil
        }
        self.init(
            interface: Int32(bitPattern: index), address: address,
            mac: attributes[NDA_LLADDR].flatMap { MACAddress(octets: $0) }, state: State(rawValue: state))
    }

    /// The payload of a request about `address` on an interface, with NTF_ bits.
    static func request(_ address: IPAddress, on interface: Int32, flags: UInt8 = 0) -> [UInt8] {
        var octets: [UInt8] = [address.family == .inet ? 2 : 10, 0, 0, 0]
        octets += HostOrder.octets(UInt32(bitPattern: interface))
        octets += HostOrder.octets(UInt16(0)) + [flags, 0]
        return octets + NetlinkAttributes.encoded(NDA_DST, address.octets)
    }
}
