import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// The one writer of virtual addresses: makes the kernel hold what the masters want, and nothing else of
/// ours.
final class AddressOwner {
    private let remover: AddressRemover
    private let ledger: LedgerWriter
    private let log: Log
    private var warned: Set<HeldAddress> = []
    /// The kernel's interfaces and addresses.
    var table = InterfaceTable()
    /// Everything has been read at least once.
    private(set) var isInformed = false

    init(ledger: LedgerWriter, log: Log) throws {
        remover = try AddressRemover()
        self.ledger = ledger
        self.log = log
    }

    /// Reads everything anew: at start, and after events were lost.
    func refresh() throws(RouteError) {
        table.replace(links: try remover.routes.links(), addresses: try remover.routes.addresses())
        isInformed = true
    }

    /// True when the address is there, whoever put it there.
    func isPresent(_ held: HeldAddress) -> Bool { table.address(held.prefix, on: held.interface) != nil }

    /// True when the address is there and ours.
    func owns(_ held: HeldAddress) -> Bool {
        guard let present = table.address(held.prefix, on: held.interface) else { return false }
        return present.origin == .holdfast || ledger.claims.contains(held.claim)
    }

    /// Adds what is missing of `desired`, then removes what is ours and not in it; what was added. A failure
    /// is logged and does not stop the rest. Of what is gone and not `configured` any more nothing stays
    /// claimed. `acquired` are those that an instance takes over now; what another hand removed of the others
    /// is put back unless it says `no_track`.
    func reconcile(
        _ desired: [AddressPlan.Addition], configured: Set<HeldAddress>, acquired: Set<HeldAddress> = []
    ) -> [HeldAddress] {
        let plan = AddressPlan(desired: desired, table: table, claims: ledger.claims, acquired: acquired)
        for held in plan.foreign where warned.insert(held).inserted {
            log.warning("\(held) was there before us: it is used, and left there")
        }
        let added = add(plan.additions)
        let removed = plan.removals.filter(remove)
        if !removed.isEmpty {
            log.notice("removed \(removed.map(\.description).joined(separator: ", "))")
        }
        forget(but: configured)
        return added
    }

    private func forget(but configured: Set<HeldAddress>) {
        let gone = AddressPlan.settled(claims: ledger.claims, configured: configured, table: table)
        do {
            try ledger.unclaim(gone)
        } catch {
            log.error("\(error)")
        }
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
            let address = InterfaceAddress(addition, on: link.index)
            do throws(RouteError) {
                try remover.routes.add(address)
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

    private func remove(_ held: HeldAddress) -> Bool {
        do throws(RouteError) {
            try remover.remove(held, from: &table)
            return true
        } catch {
            log.error("cannot remove \(held): \(error)")
            return false
        }
    }

    /// True when nothing of ours is left.
    var isClean: Bool {
        AddressPlan(desired: [], table: table, claims: ledger.claims).removals.isEmpty
    }
}

extension InterfaceAddress {
    /// The address of an addition as the kernel is to have it.
    init(_ addition: AddressPlan.Addition, on index: Int32) {
        let (prefix, options) = (addition.address.prefix, addition.options)
        // IFA_F_NODAD: an IPv6 address that waits for duplicate detection cannot be used at a failover.
        let flags: [(UInt32, Bool)] = [
            (0x02, prefix.address.family == .inet6 && !options.detectsDuplicates), (0x10, options.isHome),
            (0x100, options.managesTemporaries), (0x200, options.addsNoRoute), (0x400, options.joinsGroups),
        ]
        self.init(
            interface: index, prefix: prefix, scope: AddressScope(rawValue: options.scope),
            label: addition.label, origin: .holdfast,
            flags: flags.reduce(0) { $1.1 ? $0 | $1.0 : $0 },
            details: Self.details(
                broadcast: options.broadcast, preferredLifetime: options.preferredLifetime),
            peer: options.peer)
    }
}
