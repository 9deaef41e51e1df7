import KernelNet
import LinuxIO
import LoadBalancing
import Timekeeping

/// The one writer of the IPVS table and of the sync threads: compares what is wanted with what the kernel
/// has.
///
/// Between audits the kernel is believed to have what it was last seen to have plus what was written since,
/// so that a verdict costs one write and no reading; an audit reads everything and repairs.
final class TableOwner {
    private let client: IPVSClient
    private let ledger: LedgerWriter
    private let log: Log
    /// nil when it must be read before the next comparison.
    private var table: [ServiceIdentity: IPVSService]?
    private var complaints: Set<String> = []
    /// Changes made because the table was not as we had left it.
    private(set) var repairs = 0
    /// All that was wanted was written, and nothing has failed since: what did not change needs no look. A
    /// table that was read anew for one verdict may lack what the kernel refused before.
    private(set) var isWhole = false
    /// What the kernel refused, each attempt of each row by itself, said or not.
    private(set) var refusals: UInt64 = 0

    /// Connects to IPVS. `progress` is called again and again while a large table is read or written.
    init(ledger: LedgerWriter, log: Log, progress: @escaping () -> Void) throws(IPVSError) {
        client = try IPVSClient.open()
        client.progress = progress
        self.ledger = ledger
        self.log = log
    }

    /// Makes the table what is wanted. An audit reads it first and counts what it finds changed as repairs.
    /// `flushing` removes services of others too. False when something could not be done.
    func program(
        _ wanted: [ServiceIdentity: IPVSService], isAudit: Bool = false, flushing: Bool = false
    ) -> Bool {
        do {
            // What goes with the rest must not be missed for agreeing with what is believed.
            if flushing { table = nil }
            let observed = try observe(anew: isAudit)
            var owned: Set<ServiceIdentity> = []
            for case .service(let identity) in ledger.claims { owned.insert(identity) }
            // What is there already, by whatever hand, is ours from now on like what is added.
            let fresh = wanted.keys.filter { !owned.contains($0) }.sorted()
            if flushing { owned.formUnion(observed.keys) }
            let changes = PlanDiff.changes(
                observed: Array(observed.values), desired: wanted, owned: owned)
            try ledger.claim(fresh.map { .service($0) })
            guard !changes.isEmpty else {
                complaints = complaints.filter { !$0.hasPrefix("cannot") }
                try giveUp(Self.gone(owned, wanted: wanted, present: observed))
                isWhole = true
                return true
            }
            let failures = try client.apply(changes)
            report(changes, failures, isAudit: isAudit)
            guard failures.isEmpty else {
                forget()
                return false
            }
            let present = merged(observed, wanted, changes)
            table = present
            try giveUp(Self.gone(owned, wanted: wanted, present: present))
            isWhole = true
            return true
        } catch {
            forget()
            complain(error)
            return false
        }
    }

    private func forget() {
        table = nil
        isWhole = false
    }

    /// Makes what is `wanted` of these services and looks at no other: what a verdict costs, or a reload that
    /// changes little, does not grow with the table.
    func update(_ wanted: [ServiceIdentity: IPVSService], of services: Set<ServiceIdentity>) {
        do {
            if table == nil { _ = try observe(anew: true) }
            let gone = services.filter { wanted[$0] == nil && ledger.claims.contains(.service($0)) }
            let changes = PlanDiff.changes(
                observed: (Array(wanted.keys) + gone).compactMap { table?[$0] }, desired: wanted, owned: gone)
            try ledger.claim(wanted.keys.sorted().map { .service($0) })
            if !changes.isEmpty {
                let failures = try client.apply(changes)
                report(changes, failures, isAudit: false)
                guard failures.isEmpty else { return forget() }
                for (identity, service) in wanted { table?[identity] = service }
                for identity in gone { table?[identity] = nil }
            }
            try giveUp(gone.sorted())
        } catch {
            forget()
            complain(error)
        }
    }

    /// What the kernel has, with its counters, in parts that fit a message; none when it cannot be read.
    func readings() -> [[ServiceReading]] {
        do {
            return Self.parts(try client.readings())
        } catch {
            complain(error)
            return []
        }
    }

    /// Services in their order, a few thousand servers a part.
    static func parts(_ services: [ServiceReading], servers: Int = 4096) -> [[ServiceReading]] {
        var parts: [[ServiceReading]] = []
        var room = 0
        for service in services {
            if room <= 0 {
                parts.append([])
                room = servers
            }
            parts[parts.count - 1].append(service)
            room -= service.destinations.count + 1
        }
        return parts
    }

    /// Of what is ours, what is neither wanted nor there any more: a service of that name that appears later
    /// is somebody else's.
    static func gone(
        _ owned: Set<ServiceIdentity>, wanted: [ServiceIdentity: IPVSService],
        present: [ServiceIdentity: IPVSService]
    ) -> [ServiceIdentity] {
        owned.filter { wanted[$0] == nil && present[$0] == nil }.sorted()
    }

    private func giveUp(_ services: [ServiceIdentity]) throws {
        try ledger.unclaim(services.map { .service($0) })
    }

    private func observe(anew: Bool) throws -> [ServiceIdentity: IPVSService] {
        if let table, !anew { return table }
        let observed = try client.observe(believing: table)
        table = observed
        return observed
    }

    private func merged(
        _ observed: [ServiceIdentity: IPVSService], _ wanted: [ServiceIdentity: IPVSService],
        _ changes: [ServiceChange]
    ) -> [ServiceIdentity: IPVSService] {
        var result = wanted.merging(observed) { new, _ in new }
        for case .deleteService(let identity) in changes { result[identity] = nil }
        return result
    }

    private func report(_ changes: [ServiceChange], _ failures: [ServiceChangeFailure], isAudit: Bool) {
        let refused = Set(failures.map(\.change))
        // Failures of servers that only follow from their service's are not among them.
        var absent: Set<ServiceIdentity> = []
        for case .addService(let service) in refused { absent.insert(service.identity) }
        let done =
            failures.isEmpty
            ? changes : changes.filter { !refused.contains($0) && !absent.contains($0.service) }
        if isAudit { repairs += done.count }
        for line in ChangeSummary.lines(done) {
            if isAudit { log.warning("repaired: \(line)") } else { log.notice(line) }
        }
        refusals += UInt64(failures.count)
        for failure in failures.prefix(ChangeSummary.limit) { say("\(failure)") }
    }

    /// Makes the timeouts what is wanted, and puts back what no longer is; a role's first time in a namespace
    /// writes down what was there. False when something could not be done.
    func setTimeouts(_ wanted: [IPVSTimeout: UInt32], isAudit: Bool = false) -> Bool {
        var before: [IPVSTimeout: UInt32] = [:]
        for case .timeout(let timeout, let seconds) in ledger.claims { before[timeout] = seconds }
        guard !wanted.isEmpty || !before.isEmpty else { return true }
        do {
            let observed = try client.timeouts()
            let back = before.filter { wanted[$0.key] == nil }
            let changes = IPVSTimeout.changes(
                observed: observed, wanted: wanted.merging(back) { new, _ in new })
            try ledger.claim(
                wanted.keys.filter { before[$0] == nil }.compactMap { timeout in
                    observed[timeout].map { Claim.timeout(timeout, before: $0) }
                })
            if !changes.isEmpty {
                try client.set(changes)
                let line = "set the timeouts of IPVS: \(IPVSTimeout.words(changes).joined(separator: " "))"
                if isAudit { log.warning("repaired: \(line)") } else { log.notice(line) }
                if isAudit { repairs += 1 }
            }
            try ledger.unclaim(back.map { Claim.timeout($0.key, before: $0.value) })
            complaints = complaints.filter { !$0.contains("the timeouts of IPVS") }
            return true
        } catch {
            complain(error)
            return false
        }
    }

    /// Makes the sync threads what is wanted; those of others are stopped only when a sync daemon is
    /// configured. `anew` has those that run start again.
    func synchronise(
        _ wanted: SyncDaemonState, isConfigured: Bool, isAudit: Bool = false, anew: Bool = false
    ) -> Bool {
        var isComplete = true
        do {
            let observed = try client.syncDaemon()
            for change in SyncRole.changes(observed: observed, desired: wanted, anew: anew) {
                switch change {
                case .stop(let thread):
                    guard isConfigured || ledger.claims.contains(.syncThread(thread)) else { continue }
                case .start(let thread, _): try ledger.claim([.syncThread(thread)])
                }
                do {
                    try client.apply(change)
                    if case .stop(let thread) = change { try ledger.unclaim([.syncThread(thread)]) }
                    if isAudit { log.warning("repaired: \(change)") } else { log.notice("\(change)") }
                    complaints = complaints.filter { !$0.contains("sync thread") }
                } catch {
                    isComplete = false
                    complain(error)
                }
            }
        } catch {
            isComplete = false
            complain(error)
        }
        return isComplete
    }

    /// Errors repeat with every audit; each is said once until things have worked again.
    private func say(_ sentence: String) {
        if complaints.count < 1000, complaints.insert(sentence).inserted { log.error(sentence) }
    }

    /// The kernel refused something: it is there, and did not only change its table under our eyes.
    static func isRefusal(_ error: any Error) -> Bool {
        if case .failed? = error as? IPVSError { true } else { false }
    }

    /// What was not the kernel's doing, as a ledger that cannot be written, is said alike, and not counted.
    private func complain(_ error: any Error) {
        if Self.isRefusal(error) { refusals += 1 }
        say("\(error)")
    }
}
