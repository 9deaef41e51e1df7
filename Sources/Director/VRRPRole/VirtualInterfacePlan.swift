import KernelNet
import NetTypes
import VRRP

/// The way from the interfaces of `use_vmac` that are there to those that are to be there.
struct VirtualInterfacePlan: Hashable {
    /// Ours, and no longer wanted, or not as they are wanted.
    var removals: [Link] = []
    /// Not there, while what they stand on is.
    var additions: [VirtualInterface] = []
    /// Wanted, and there is one of that name that is not ours.
    var foreign: [VirtualInterface] = []
    /// To be switched on, or off.
    var switches: [Switch] = []
    /// Claims of what is neither wanted nor there.
    var settled: [Claim] = []

    /// One interface's way up or down.
    struct Switch: Hashable {
        var link: Link
        var isUp: Bool
    }

    /// Compares `wanted` with `table`. An interface is ours when a macvlan of its name and Ethernet address
    /// is claimed. Those called `raised` are up, the others down: a backup sends nothing from the virtual
    /// Ethernet address, and hears nothing sent to it.
    init(wanted: [VirtualInterface], raised: Set<String>, table: InterfaceTable, claims: Set<Claim>) {
        var places: [String: VirtualInterface] = [:]
        for interface in wanted where places[interface.name] == nil { places[interface.name] = interface }
        for case .interface(let name, let mac) in claims {
            guard let link = table.link(name), link.isMACVLAN, link.mac == mac else {
                if places[name]?.mac != mac { settled.append(.interface(name: name, mac)) }
                continue
            }
            if let interface = places[name], interface.mac == mac, table.stands(link, on: interface.base) {
                if link.isUp != raised.contains(name) {
                    switches.append(Switch(link: link, isUp: !link.isUp))
                }
            } else {
                removals.append(link)
            }
        }
        let going = Set(removals.map(\.index))
        for interface in wanted where places.removeValue(forKey: interface.name) != nil {
            if let link = table.link(interface.name), !going.contains(link.index) {
                if !Self.isReady(interface, in: table, claims: claims) { foreign.append(interface) }
            } else if table.link(interface.base) != nil {
                additions.append(interface)
            }
        }
    }

    /// True when `interface` is there, as it is wanted, and ours.
    static func isReady(_ interface: VirtualInterface, in table: InterfaceTable, claims: Set<Claim>) -> Bool {
        guard let link = table.link(interface.name), link.isMACVLAN, link.mac == interface.mac else {
            return false
        }
        return table.stands(link, on: interface.base)
            && claims.contains(.interface(name: interface.name, interface.mac))
    }
}

extension InterfaceTable {
    /// True when `link` stands on the interface called `base`. The kernel puts a macvlan that is made on a
    /// macvlan beside it, on what that one stands on.
    fileprivate func stands(_ link: Link, on base: String) -> Bool {
        guard let base = self.link(base) else { return false }
        return link.lower == (base.isMACVLAN ? base.lower : base.index)
    }
}
