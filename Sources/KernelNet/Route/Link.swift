import CNetlink
import NetTypes

/// What is known of one network interface.
package struct Link: Hashable, Sendable {
    /// Its index: stays the same when it is renamed, changes when it is made anew.
    package var index: Int32
    /// Its name, such as `eth0`.
    package var name: String
    /// IFF_ bits (linux/if.h).
    package var flags: UInt32
    /// Its Ethernet address; nil for other kinds, such as tunnels.
    package var mac: MACAddress?
    /// ARPHRD_ number (linux/if_arp.h); 1 is Ethernet.
    package var hardware: UInt16
    /// The driver's kind, such as `veth`, `macvlan` or `bridge`; nil for a physical interface.
    package var kind: String?
    /// The largest packet in octets.
    package var mtu: UInt32
    /// The index of the bridge, bond or VRF it belongs to.
    package var master: Int32?
    /// The index of the interface it stands on, or of the other end of its cable; nil for none.
    package var lower: Int32?

    /// A link.
    package init(
        index: Int32, name: String, flags: UInt32, mac: MACAddress? = nil, hardware: UInt16 = 1,
        kind: String? = nil, mtu: UInt32 = 1500, master: Int32? = nil, lower: Int32? = nil
    ) {
        self.index = index
        self.name = name
        self.flags = flags
        self.mac = mac
        self.hardware = hardware
        self.kind = kind
        self.mtu = mtu
        self.master = master
        self.lower = lower
    }

    /// Administratively up (IFF_UP).
    package var isUp: Bool { flags & 0x1 != 0 }
    /// Operational (IFF_RUNNING, RFC 2863's "up").
    package var isRunning: Bool { flags & 0x40 != 0 }
    /// The physical layer has a signal (IFF_LOWER_UP).
    package var hasCarrier: Bool { flags & 0x1_0000 != 0 }
    /// The loopback interface.
    package var isLoopback: Bool { flags & 0x8 != 0 }
    /// It takes multicast.
    package var isMulticast: Bool { flags & 0x1000 != 0 }
    /// It speaks no ARP (IFF_NOARP).
    package var lacksARP: Bool { flags & 0x80 != 0 }
    /// A macvlan, in whatever mode.
    package var isMACVLAN: Bool { kind == "macvlan" }
    /// Up and operational: what VRRP needs to take part.
    package var isUsable: Bool { isUp && isRunning }

    /// The link of an RTM_NEWLINK or RTM_DELLINK payload (struct ifinfomsg); nil when malformed.
    package init?(payload: [UInt8]) {
        let octets = payload[...]
        guard let hardware = HostOrder.short(octets, at: 2), let index = HostOrder.word(octets, at: 4),
            let flags = HostOrder.word(octets, at: 8), HostOrder.word(octets, at: 12) != nil
        else { return nil }
        let attributes = NetlinkAttributes(octets.dropFirst(16))
        guard let name = attributes.text(IFLA_IFNAME) else { return nil }
        let information = attributes[IFLA_LINKINFO].map { NetlinkAttributes($0) }
        self.init(
            index: Int32(bitPattern: index), name: name, flags: flags,
            mac: hardware == 1 || hardware == 772
                ? attributes[IFLA_ADDRESS].flatMap { MACAddress(octets: $0) } : nil,
            hardware: hardware, kind: information?.text(IFLA_INFO_KIND), mtu: attributes.word(IFLA_MTU) ?? 0,
            master: attributes.word(IFLA_MASTER).map { Int32(bitPattern: $0) },
            lower: attributes.word(IFLA_LINK).map { Int32(bitPattern: $0) })
    }

    /// The payload of a dump request: every link, without its statistics.
    static var dumpRequest: [UInt8] {
        [UInt8](repeating: 0, count: 16)
            + NetlinkAttributes.encoded(IFLA_EXT_MASK, HostOrder.octets(UInt32(RTEXT_FILTER_SKIP_STATS)))
    }
}
