import KernelNet
import NetTypes
import VRRP

/// Interfaces and addresses as the kernel last reported them, kept up to date by its events: looking
/// something up costs no system call.
struct InterfaceTable {
    private var links: [Int32: Link] = [:]
    /// By name; of two by one name, which cannot last, the later.
    private var indices: [String: Int32] = [:]
    /// In the order the kernel lists them, which puts an interface's primary address first.
    private var addresses: [Int32: [InterfaceAddress]] = [:]
    /// The same, to be found without looking through all of an interface: a director may hold hundreds.
    private var present: [Place: InterfaceAddress] = [:]
    /// What the links of interfaces with delays count as, whatever they are.
    var debounced: [String: Bool] = [:]

    private struct Place: Hashable {
        var interface: Int32
        var prefix: Prefix
    }

    /// Whether VRRP can run on an interface, and why not.
    enum Usability: Hashable, CustomStringConvertible {
        case missing
        case down
        case noCarrier
        case settling
        case noAddress
        case noPeer
        case noVirtualInterface
        case usable(primary: IPAddress)

        var description: String {
            switch self {
            case .missing: "there is no such interface"
            case .down: "it is down"
            case .noCarrier: "it has no carrier"
            case .settling: "its link came up a moment ago"
            case .noAddress: "it has no address of its own to send adverts from"
            case .noPeer: "unicast without a peer"
            case .noVirtualInterface: "its interface with the virtual Ethernet address is not there"
            case .usable(let primary): "usable, \(primary)"
            }
        }
    }

    /// Everything anew.
    mutating func replace(links: [Link], addresses: [InterfaceAddress]) {
        self.links = Dictionary(links.map { ($0.index, $0) }) { $1 }
        indices = Dictionary(links.map { ($0.name, $0.index) }) { $1 }
        self.addresses = Dictionary(grouping: addresses, by: \.interface)
        present = Dictionary(addresses.map { (place(of: $0), $0) }) { first, _ in first }
    }

    private func place(of address: InterfaceAddress) -> Place {
        Place(interface: address.interface, prefix: address.prefix)
    }

    /// One change. False when it cannot be followed and everything is to be read anew.
    mutating func apply(_ event: RouteEvent) -> Bool {
        switch event {
        case .linkChanged(let link):
            forgetName(of: link.index)
            links[link.index] = link
            indices[link.name] = link.index
        case .linkRemoved(let link):
            forgetName(of: link.index)
            links[link.index] = nil
            let gone = addresses.removeValue(forKey: link.index) ?? []
            for address in gone { present[place(of: address)] = nil }
        case .addressChanged(let address): insert(address)
        case .addressRemoved(let address): remove(address)
        case .neighbourChanged, .neighbourRemoved, .routingRemoved, .routeReplaced: break
        case .overrun: return false
        }
        return true
    }

    /// An address is there now.
    mutating func insert(_ address: InterfaceAddress) {
        guard present.updateValue(address, forKey: place(of: address)) != nil else {
            addresses[address.interface, default: []].append(address)
            return
        }
        let place = addresses[address.interface]?.firstIndex { $0.prefix == address.prefix }
        if let place { addresses[address.interface]?[place] = address }
    }

    /// An address is gone.
    mutating func remove(_ address: InterfaceAddress) {
        guard present.removeValue(forKey: place(of: address)) != nil else { return }
        addresses[address.interface]?.removeAll { $0.prefix == address.prefix }
    }

    /// The interface called `name`.
    func link(_ name: String) -> Link? { indices[name].flatMap { links[$0] } }

    /// An interface may have been renamed, and another one have its name.
    private mutating func forgetName(of index: Int32) {
        guard let name = links[index]?.name, indices[name] == index else { return }
        indices[name] = nil
    }

    /// The interface called `name` is there, and its link counts as up.
    func isUsable(_ name: String) -> Bool {
        guard let link = link(name) else { return false }
        return debounced[name] ?? link.isUsable
    }

    /// What each interface with a delay counts as.
    var delayedLinks: [String: Bool] {
        Dictionary(debounced.keys.map { ($0, isUsable($0)) }) { first, _ in first }
    }

    /// Some interface of this host has the address `mac`.
    func hasLink(at mac: MACAddress) -> Bool { links.values.contains { $0.mac == mac } }

    /// The interface with this index.
    func link(_ index: Int32) -> Link? { links[index] }

    /// The address as it is on the interface called `name`; nil when it is not there.
    func address(_ prefix: Prefix, on name: String) -> InterfaceAddress? {
        link(name).flatMap { present[Place(interface: $0.index, prefix: prefix)] }
    }

    /// The IPv4 addresses that go when `address` does: the others of its subnet, when it is the primary.
    func siblings(of address: InterfaceAddress) -> [InterfaceAddress] {
        guard case .v4(let own) = address.prefix.address, !address.isSecondary else { return [] }
        let length = address.prefix.length
        return (addresses[address.interface] ?? []).filter { other in
            // Not by their flag: of an address that was added a moment ago it is not known yet.
            guard case .v4(let number) = other.prefix.address, other != address else { return false }
            return other.prefix.length == length
                && (number.rawValue ^ own.rawValue) >> (32 - UInt32(length)) == 0
        }
    }

    /// Every address on every interface, with the interface's name.
    var all: [(interface: String, address: InterfaceAddress)] {
        addresses.sorted { $0.key < $1.key }.flatMap { index, list in
            list.compactMap { address in links[index].map { ($0.name, address) } }
        }
    }

    /// Whether VRRP can run as `configuration` says. The source of its adverts is the configured one, or the
    /// first address of the family, over IPv6 link-local, that is none of `virtual`; where there is no other,
    /// a virtual one that `isOurs` says we did not put there (RFC 9568 section 6.4.1: the owner of the
    /// addresses). Of ours the `statics` count.
    func usability(
        for configuration: RouterConfiguration, virtual: Set<IPAddress>, statics: Set<IPAddress> = [],
        isOurs: (HeldAddress) -> Bool = { _ in false }
    ) -> Usability {
        let name = configuration.interface
        guard let link = link(name) else { return .missing }
        if !configuration.tracking.ignoresOwnInterface, !isUsable(name) {
            return link.isUsable ? .settling : link.isUp ? .noCarrier : .down
        }
        if configuration.transport.destinations.isEmpty { return .noPeer }
        if let source = configuration.sourceAddress {
            return addresses.values.joined().contains { $0.prefix.address == source && $0.isReady }
                ? .usable(primary: source) : .noAddress
        }
        let candidates = (addresses[link.index] ?? []).filter {
            $0.scope != .host && $0.canSend(adverts: configuration)
                && ($0.origin != .holdfast || statics.contains($0.prefix.address))
        }
        let own = candidates.filter { !virtual.contains($0.prefix.address) }
        let owned = candidates.filter {
            virtual.contains($0.prefix.address) && !isOurs(HeldAddress(interface: name, prefix: $0.prefix))
        }
        let best = (own.filter { !$0.isSecondary } + own.filter(\.isSecondary) + owned).first
        return best.map { .usable(primary: $0.prefix.address) } ?? .noAddress
    }
}

extension InterfaceAddress {
    /// An IPv6 address cannot be used before the kernel knows that nobody else has it.
    fileprivate var isReady: Bool { prefix.address.family == .inet || !(isTentative || isDuplicate) }

    /// RFC 9568 sections 5.1.1.1 and 5.1.2.1: the source of a group's adverts is of the family, and for IPv6
    /// link-local.
    fileprivate func canSend(adverts configuration: RouterConfiguration) -> Bool {
        guard isReady, prefix.address.family == configuration.family else { return false }
        guard case .v6(let address) = prefix.address, case .multicast = configuration.transport else {
            return true
        }
        return address.isLinkLocal
    }
}
