import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// The one writer of virtual addresses: makes the kernel hold what the masters want, and nothing else of
/// ours.
final class AddressOwner {
    private let routes: RouteSocket
    private let ledger: LedgerWriter
    private let log: Log
    private var warned: Set<HeldAddress> = []
    /// The kernel's interfaces and addresses.
    var table = InterfaceTable()

    init(ledger: LedgerWriter, log: Log) throws {
        routes = try RouteSocket()
        self.ledger = ledger
        self.log = log
    }

    /// Reads everything anew: at start, and after events were lost.
    func refresh() throws {
        table.replace(links: try routes.links(), addresses: try routes.addresses())
    }

    /// True when the address is there and ours.
    func owns(_ held: HeldAddress) -> Bool {
        guard let present = table.address(held.prefix, on: held.interface) else { return false }
        return present.origin == .holdfast || ledger.claims.contains(held.claim)
    }

    /// Adds what is missing of `desired`, then removes what is ours and not in it; what was added. A failure
    /// is logged and does not stop the rest.
    func reconcile(_ desired: [AddressPlan.Addition]) -> [HeldAddress] {
        let plan = AddressPlan(desired: desired, table: table, claims: ledger.claims)
        for held in plan.foreign where warned.insert(held).inserted {
            log.warning("\(held) was there before us: it is used, and left there")
        }
        let added = add(plan.additions)
        for held in plan.removals { remove(held) }
        return added
    }

    private func add(_ additions: [AddressPlan.Addition]) -> [HeldAddress] {
        guard !additions.isEmpty else { return [] }
        do {
            try ledger.claim(additions.map(\.address.claim))
        } catch {
            log.error("\(error): adding no addresses")
            return []
        }
        var added: [HeldAddress] = []
        for addition in additions {
            let held = addition.address
            guard let link = table.link(held.interface) else {
                log.error("cannot add \(held): there is no such interface")
                continue
            }
            let address = InterfaceAddress(
                interface: link.index, prefix: held.prefix,
                // IFA_F_NODAD: an IPv6 address that waits for duplicate detection cannot be used at a
                // failover.
                label: addition.label, origin: .holdfast,
                flags: held.prefix.address.family == .inet6 ? 0x02 : 0)
            do throws(RouteError) {
                try routes.add(address)
            } catch {
                guard error.errno == .exists else {
                    log.error("cannot add \(held): \(error)")
                    continue
                }
            }
            table.insert(address)
            added.append(held)
        }
        return added
    }

    private func remove(_ held: HeldAddress) {
        guard let address = table.address(held.prefix, on: held.interface) else { return }
        do throws(RouteError) {
            try routes.remove(address)
        } catch {
            guard error.errno == .addressNotAvailable || error.errno == .noDevice else {
                log.error("cannot remove \(held): \(error)")
                return
            }
        }
        table.remove(address)
    }

    /// True when nothing of ours is left.
    var isClean: Bool {
        AddressPlan(desired: [], table: table, claims: ledger.claims).removals.isEmpty
    }
}
