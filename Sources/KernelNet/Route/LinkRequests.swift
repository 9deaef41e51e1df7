import CNetlink
import NetTypes

/// Requests that make, switch and remove interfaces (struct ifinfomsg, linux/if_link.h).
enum LinkRequest {
    /// A macvlan in VEPA mode: all that it sends leaves by the interface below, and that one hears what comes
    /// from another host with the same Ethernet address, which in private mode it would not. It is down at
    /// first.
    static func macvlan(named name: String, on lower: Int32, at mac: MACAddress) -> [UInt8] {
        let mode = NetlinkAttributes.encoded(
            IFLA_MACVLAN_MODE, HostOrder.octets(UInt32(MACVLAN_MODE_VEPA.rawValue)))
        let information =
            NetlinkAttributes.encoded(IFLA_INFO_KIND, Array("macvlan".utf8))
            + NetlinkAttributes.encoded(IFLA_INFO_DATA, mode)
        return header()
            + NetlinkAttributes.encoded(IFLA_IFNAME, Array(name.utf8) + [0])
            + NetlinkAttributes.encoded(IFLA_LINK, HostOrder.octets(UInt32(bitPattern: lower)))
            + NetlinkAttributes.encoded(IFLA_ADDRESS, mac.octets)
            + NetlinkAttributes.encoded(IFLA_LINKINFO, information)
    }

    /// An interface that its kind alone describes.
    static func plain(named name: String, kind: String) -> [UInt8] {
        header() + NetlinkAttributes.encoded(IFLA_IFNAME, Array(name.utf8) + [0])
            + NetlinkAttributes.encoded(
                IFLA_LINKINFO, NetlinkAttributes.encoded(IFLA_INFO_KIND, Array(kind.utf8)))
    }

    /// Administratively up or down.
    static func up(_ isUp: Bool, _ index: Int32) -> [UInt8] { header(index, flags: isUp ? 1 : 0, of: 1) }

    /// The interface with this index.
    static func one(_ index: Int32) -> [UInt8] { header(index) }

    /// `flags` counts where `mask` has a bit (IFF_UP is 1).
    private static func header(_ index: Int32 = 0, flags: UInt32 = 0, of mask: UInt32 = 0) -> [UInt8] {
        [0, 0, 0, 0] + HostOrder.octets(UInt32(bitPattern: index)) + HostOrder.octets(flags)
            + HostOrder.octets(mask)
    }
}
