import KernelNet
import LinuxIO
import NetTypes
import VRRP

/// The one writer of virtual addresses: makes the kernel hold what the masters want, and nothing else of
/// ours.
final class AddressOwner {
    private let remover: AddressRemover
    /// How many requests the kernel refused.
    var refusals: UInt64 { remover.routes.refusals }
    private let ledger: LedgerWriter
    private let log: Log
    private var warned: Set<HeldAddress> = []
    private var strays: Set<HeldAddress> = []
    /// What the kernel refused when it was last told, or could not be written down; each is said once.
    private var refused: [HeldAddress: String] = [:]
    private var attempt: [HeldAddress: String] = [:]
    /// Something is not as it should be, and is to be tried again.
    var hasFailed: Bool { !refused.isEmpty }
    /// Those that were said to have no interface.
    private var homeless: Set<HeldAddress> = []
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

    /// True when the address is there and answers: an IPv6 one after the detection of duplicates, if it is
    /// asked for, and if there was none.
    func isUsable(_ held: HeldAddress) -> Bool {
        guard let address = table.address(held.prefix, on: held.interface) else { return false }
        return !address.isTentative && !address.isDuplicate
    }

    /// True when the address is there and ours.
    func owns(_ held: HeldAddress) -> Bool {
        guard let present = table.address(held.prefix, on: held.interface) else { return false }
        return present.origin == .holdfast || ledger.claims.contains(held.claim)
    }

    /// Adds what is missing of `desired`, then removes what is ours and not in it, and in between does what
    /// needs the new addresses or the old ones; what was added. A failure is logged and does not stop the
    /// rest. Of what is gone and not `configured` any more nothing stays
    /// claimed. `acquired` are those that an instance takes over now; what another hand removed of the others
    /// is put back unless it says `no_track`.
    func reconcile(
        _ desired: [AddressPlan.Addition], configured: Set<HeldAddress>, acquired: Set<HeldAddress> = [],
        between: () -> Void
    ) -> [HeldAddress] {
        // What could not be had when it was acquired is acquired yet.
        let owed = acquired.union(refused.keys).union(homeless)
        let plan = AddressPlan(desired: desired, table: table, claims: ledger.claims, acquired: owed)
        attempt = [:]
        defer { refused = attempt }
        for held in plan.foreign where warned.insert(held).inserted {
            log.warning("\(held) was there before us: it is used, and left there")
        }
        let added = add(plan.additions)
        between()
        let removed = plan.removals.reversed().filter(remove)
        if !removed.isEmpty {
            log.notice("removed \(removed.map(\.description).joined(separator: ", "))")
        }
        forget(but: configured)
        return added
    }

    /// Says of each of `addresses` once that it is here, and not ours.
    func warn(ofStrays addresses: Set<HeldAddress>) {
        let present = addresses.filter { isPresent($0) && !owns($0) }
        strays.formIntersection(present)
        for held in present where strays.insert(held).inserted {
            log.warning("\(held) is here, but this director is not its master; it is not ours, and stays")
        }
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
            for addition in additions { fail(addition.address, "\(error): not adding \(addition.address)") }
            return []
        }
        var added: [HeldAddress] = []
        for addition in additions {
            let held = addition.address
            guard let link = table.link(held.interface) else {
                if homeless.insert(held).inserted {
                    log.error("cannot add \(held): there is no such interface")
                }
                continue
            }
            homeless.remove(held)
            let address = InterfaceAddress(addition, on: link.index)
            do throws(RouteError) {
                try remover.routes.add(address)
            } catch {
                guard error.errno == .exists else {
                    fail(held, "cannot add \(held): \(error)")
                    continue
                }
            }
            table.insert(unproven(address))
            added.append(held)
        }
        return added
    }

    /// As the kernel has it at first: it tells when no duplicate was found.
    private func unproven(_ address: InterfaceAddress) -> InterfaceAddress {
        guard address.prefix.address.family == .inet6, address.flags & 0x02 == 0 else { return address }
        var address = address
        address.flags |= 0x40
        return address
    }

    private func remove(_ held: HeldAddress) -> Bool {
        do throws(RouteError) {
            try remover.remove(held, from: &table)
            return true
        } catch {
            fail(held, "cannot remove \(held): \(error)")
            return false
        }
    }

    private func fail(_ held: HeldAddress, _ line: String) {
        if refused[held] != line { log.error(line) }
        attempt[held] = line
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
