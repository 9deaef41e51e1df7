import KernelNet
import LinuxIO
import NetTypes

/// Takes one address away and nothing with it: an IPv4 primary address takes the others of its subnet along,
/// ours and foreign ones, unless net.ipv4.conf.*.promote_secondaries is set. They are put back at once.
final class AddressRemover {
    let routes: RouteSocket

    init() throws(RouteError) { routes = try RouteSocket() }

    /// Removes `held` from the kernel and from `table`, which is as the kernel was. One that is not there is
    /// no error.
    func remove(_ held: HeldAddress, from table: inout InterfaceTable) throws(RouteError) {
        guard let address = table.address(held.prefix, on: held.interface) else { return }
        let siblings = table.siblings(of: address)
        do {
            try routes.remove(address)
        } catch {
            guard error.errno == .addressNotAvailable || error.errno == .noDevice else { throw error }
        }
        table.remove(address)
        for (place, sibling) in siblings.enumerated() {
            do {
                try routes.add(sibling.renewed)
            } catch {
                guard error.errno == .exists else { throw error }
            }
            // The first one is the subnet's primary address now.
            if place == 0 { table.insert(sibling.asPrimary) }
        }
    }
}

extension InterfaceAddress {
    fileprivate var asPrimary: InterfaceAddress {
        var copy = self
        copy.flags = flags & ~0x01
        return copy
    }

    /// As a new address: only IFA_F_NODAD and IFA_F_NOPREFIXROUTE are the maker's to set, the rest is the
    /// kernel's.
    fileprivate var renewed: InterfaceAddress {
        var copy = self
        copy.flags = flags & (0x02 | 0x200)
        return copy
    }
}
