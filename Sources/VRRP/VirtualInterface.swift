import NetTypes

/// The interface with the virtual router's own Ethernet address (keyword `use_vmac`; RFC 9568 section 7.3): a
/// macvlan on the instance's interface, which its virtual addresses stand on.
package struct VirtualInterface: Hashable, Sendable, Codable {
    /// Its name, 1...15 octets.
    package var name: String
    /// The interface it stands on.
    package var base: String
    /// Its Ethernet address.
    package var mac: MACAddress

    /// An interface called `name` on `base`.
    package init(name: String, base: String, mac: MACAddress) {
        self.name = name
        self.base = base
        self.mac = mac
    }

    /// 00-00-5E-00-01-{VRID}, for IPv6 00-00-5E-00-02-{VRID}.
    package static func mac(of virtualRouterID: UInt8, _ family: AddressFamily) -> MACAddress {
        MACAddress(rawValue: 0x0000_5E00_0000 | (family == .inet ? 0x100 : 0x200) | UInt64(virtualRouterID))
    }
}

extension RouterConfiguration {
    /// Where virtual addresses without an interface of their own go.
    package var addressInterface: String { virtualInterface?.name ?? interface }

    /// Every address it holds as master, advertised or not.
    package var heldAddresses: [VirtualAddress] { virtualAddresses + excludedAddresses }
}
