import KernelNet
import NetTypes
import VRRP

/// An address that an instance holds or is to hold.
struct HeldAddress: Hashable, CustomStringConvertible {
    var interface: String
    var prefix: Prefix

    var description: String { "\(prefix) on \(interface)" }
    var claim: Claim { .address(interface: interface, prefix) }
}

extension HeldAddress {
    /// Where an instance holds one of its addresses.
    init(_ address: VirtualAddress, of configuration: RouterConfiguration) {
        self.init(interface: address.interface ?? configuration.addressInterface, prefix: address.prefix)
    }

    /// The address of a claim; nil for a claim of something else.
    init?(_ claim: Claim) {
        guard case .address(let interface, let prefix) = claim else { return nil }
        self.init(interface: interface, prefix: prefix)
    }
}

/// The way from the addresses that are there to those that are to be there.
struct AddressPlan: Hashable {
    /// To be added, in configured order, with what the lines say about them.
    var additions: [Addition] = []
    /// Ours, and no longer wanted.
    var removals: [HeldAddress] = []
    /// Wanted, there already, and not ours: used, but never removed.
    var foreign: [HeldAddress] = []

    /// An address to be added.
    struct Addition: Hashable {
        var address: HeldAddress
        var label: String?
        var options: AddressOptions

        init(address: HeldAddress, label: String? = nil, options: AddressOptions? = nil) {
            self.address = address
            self.label = label
            self.options = options ?? AddressOptions(for: address.prefix)
        }
    }

    /// What `configuration` holds while it is master.
    static func addresses(of configuration: RouterConfiguration) -> [Addition] {
        configuration.heldAddresses.map {
            Addition(
                address: HeldAddress($0, of: configuration), label: $0.label, options: $0.options)
        }
    }

    /// What is held whoever is master.
    static func addresses(of statics: Statics) -> [Addition] {
        statics.addresses.compactMap { line in
            line.interface.map {
                Addition(
                    address: HeldAddress(interface: $0, prefix: line.prefix), label: line.label,
                    options: line.options)
            }
        }
    }

    /// The claims that have served: nothing configures the address any more, and it is not there.
    static func settled(
        claims: Set<Claim>, configured: Set<HeldAddress>, table: InterfaceTable
    ) -> [Claim] {
        claims.filter { claim in
            guard let held = HeldAddress(claim), !configured.contains(held) else { return false }
            return table.address(held.prefix, on: held.interface) == nil
        }
    }

    /// Compares `desired` with `table`. An address is ours when it is claimed or carries our protocol number.
    /// One that is missing and `no_track` is left missing unless it is among the `acquired`.
    init(
        desired: [Addition], table: InterfaceTable, claims: Set<Claim>, acquired: Set<HeldAddress> = []
    ) {
        var wanted: Set<HeldAddress> = []
        for addition in desired where wanted.insert(addition.address).inserted {
            let held = addition.address
            guard let present = table.address(held.prefix, on: held.interface) else {
                if !addition.options.isUntracked || acquired.contains(held) { additions.append(addition) }
                continue
            }
            if present.origin != .holdfast, !claims.contains(held.claim) { foreign.append(held) }
        }
        for (interface, address) in table.all {
            let held = HeldAddress(interface: interface, prefix: address.prefix)
            guard !wanted.contains(held), address.origin == .holdfast || claims.contains(held.claim) else {
                continue
            }
            removals.append(held)
        }
    }
}
