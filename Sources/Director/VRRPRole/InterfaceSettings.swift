import LinuxIO

/// What an interface below a `use_vmac` must do, so that nobody hears a virtual address from its own Ethernet
/// address: files of /proc/sys/net/ipv4/conf/INTERFACE, where the kernel takes the larger of the interface's
/// number and that of `all`.
package enum InterfaceSetting: String, Hashable, Sendable, Codable, CaseIterable {
    /// It answers ARP for its own addresses alone.
    case ignoresForeignTargets = "arp_ignore"
    /// It asks by ARP from its own addresses alone, whatever the packet's source.
    case asksFromOwn = "arp_announce"

    /// What it is to be at least.
    var least: UInt8 { self == .ignoresForeignTargets ? 1 : 2 }
}

/// Reads and writes them, and gives a new interface its own.
struct InterfaceSettings {
    /// The root of the settings; another one in tests.
    var root = "/proc/sys/net"

    /// What `interface` (`all` for what is added to each) has; nil when there is no such interface.
    func value(_ name: String, of interface: String) -> UInt8? {
        guard let octets = try? Files.read("\(root)/ipv4/conf/\(interface)/\(name)", limit: 64) else {
            return nil
        }
        return UInt8(String(decoding: octets.prefix { $0 > 0x20 }, as: UTF8.self))
    }

    /// What holds for `interface`.
    private func effective(_ name: String, of interface: String) -> UInt8 {
        max(value(name, of: "all") ?? 0, value(name, of: interface) ?? 0)
    }

    /// Sets one.
    func set(_ setting: InterfaceSetting, of interface: String, to value: UInt8) throws(SystemError) {
        try Files.set("\(root)/ipv4/conf/\(interface)/\(setting.rawValue)", to: "\(value)")
    }

    /// True when it is as it must be.
    func isMet(_ setting: InterfaceSetting, by interface: String) -> Bool {
        effective(setting.rawValue, of: interface) >= setting.least
    }

    /// What a new interface on `base` is given before it is switched on. Its clients are reached through
    /// `base`, so that it cannot insist on their way back being its own; where `base` checks sources, it
    /// checks that there is a way. Nothing is learnt from routers' advertisements, since every director has
    /// the same Ethernet address.
    func prepare(_ interface: String, on base: String) throws(SystemError) {
        let checks = effective("rp_filter", of: base) > 0
        var files = [
            ("ipv4", "rp_filter", checks ? 2 : 0),
            ("ipv4", "arp_ignore", 1), ("ipv4", "arp_announce", 2), ("ipv4", "arp_filter", 0),
        ]
        // Without IPv6 in the kernel there is nothing to be learnt.
        if Files.exists("\(root)/ipv6/conf/\(interface)") {
            files += [("ipv6", "addr_gen_mode", 1), ("ipv6", "accept_ra", 0), ("ipv6", "autoconf", 0)]
        }
        for (family, name, value) in files {
            try Files.set("\(root)/\(family)/conf/\(interface)/\(name)", to: "\(value)")
        }
    }
}
