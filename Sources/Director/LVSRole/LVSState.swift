import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// What the lvs role knows and what follows from it: pure, so that every decision about the kernel's table
/// can be tested without one.
struct LVSState {
    private(set) var assignment = LVSAssignment()
    private(set) var states: [String: Router.StateName] = [:]
    /// The sync thread of the state before goes on for a while: the master thread of a former master, since
    /// stopping it would drop what waits in it, and the backup thread of a new one, which hears that.
    private var lingering: Lingering?

    /// What the kernel reads when a thread starts was changed while one lingered.
    private var owesNewStart = false

    private struct Lingering {
        let thread: SyncThread
        let configuration: SyncDaemonConfiguration
        let until: Instant
    }

    private(set) var verdicts: [CheckSpecification: Verdict] = [:]
    /// The weights that targets ask for.
    private var weights: [CheckSpecification: Int32] = [:]
    /// What operators want.
    private var orders: [ServerName: ServerOrder] = [:]
    /// The virtual servers without their quorum, by the name they are configured with.
    private(set) var lost: Set<ServiceIdentity> = []
    private var isConfigured = false
    /// Who the other directors are; nil without a guard.
    var peers: PeerTable?
    /// Which servers name a check.
    private var users: [CheckSpecification: [(server: Int, real: Int)]] = [:]
    /// The virtual servers that end in one service of the kernel.
    private var sharers: [ServiceIdentity: [Int]] = [:]
    /// The services that the latest assignment can have changed; nil where that may be every one.
    private(set) var changed: Set<ServiceIdentity>?

    /// A new assignment; what is known of peers is kept, or taken over from the predecessor.
    mutating func configure(_ new: LVSAssignment, at now: Instant) {
        let before = self
        let former = syncDaemon
        assignment = new
        states = new.states
        linger(former, at: now)
        (verdicts, weights, orders) = ([:], [:], new.orders)
        for entry in new.verdicts {
            verdicts[entry.check] = entry.verdict
            weights[entry.check] = entry.weight
        }
        peers = new.loopGuard.map { PeerTable($0, keeping: peers ?? new.peers) }
        users = [:]
        sharers = [:]
        for (server, virtual) in new.virtualServers.enumerated() {
            for identity in virtual.programmedIdentities { sharers[identity, default: []].append(server) }
            for (real, entry) in virtual.realServers.enumerated() where !entry.checks.isEmpty {
                for check in Set(entry.checks) { users[check, default: []].append((server, real)) }
            }
        }
        // On which side of the hysteresis a service is, a predecessor knew.
        if !isConfigured { lost = new.lost }
        // One that is new has its quorum unless it falls short of it.
        lost = Set(
            new.virtualServers.indices.filter { !pool($0).hasQuorum }.map { new.virtualServers[$0].identity })
        changed = isConfigured ? changes(since: before) : nil
        isConfigured = true
    }

    private func changes(since before: LVSState) -> Set<ServiceIdentity>? {
        guard verdicts == before.verdicts, weights == before.weights, orders == before.orders,
            lost == before.lost
        else { return nil }
        return ListEdit.differences(between: before.assignment.virtualServers, and: assignment.virtualServers)
            .reduce(into: []) { $0.formUnion($1.programmedIdentities) }
    }

    /// An instance is in another state.
    mutating func note(_ state: Router.StateName, of instance: String, at now: Instant) {
        let former = syncDaemon
        states[instance] = state
        linger(former, at: now)
    }

    // MARK: The end of a mastership, and its beginning

    /// Until then a sync thread of the state before runs, too.
    var lingersUntil: Instant? { lingering?.until }

    /// Ends that when it is time; true when something has changed.
    mutating func endLingering(at now: Instant) -> Bool {
        guard let lingering, lingering.until <= now else { return false }
        self.lingering = nil
        return true
    }

    /// What `former` has not sent yet is to leave, unless the thread stays or begins anew with other values;
    /// a new master is to hear what the former one sends so late.
    private mutating func linger(_ former: SyncDaemonState, at now: Instant) {
        let before = lingering
        lingering = nil
        let wanted = syncDaemon
        for thread in SyncThread.allCases {
            guard let configuration = former[thread], wanted[thread] == nil,
                thread == .master || wanted.master != nil
            else { continue }
            let until = before?.thread == thread ? before?.until : nil
            lingering = Lingering(
                thread: thread, configuration: configuration, until: until ?? now + SyncRole.delivery)
            return
        }
    }

    /// These settings were changed; true when the sync threads are to start again, all of them, since the
    /// kernel looks at some settings only then. One that sends, or hears, the last of a state before is not
    /// disturbed: they start again when it has ended.
    mutating func startThreadsAnew(after changed: Set<IPVSSetting>) -> Bool {
        if changed.contains(where: \.isReadAtThreadStart) { owesNewStart = true }
        // At a stop one that began anew would have dropped what it is to send.
        if assignment.syncDaemon == nil { owesNewStart = false }
        guard lingering == nil else { return false }
        defer { owesNewStart = false }
        return owesNewStart
    }

    // MARK: What is wanted

    /// The IPVS table.
    var services: [ServiceIdentity: IPVSService] {
        ServicePlan.desired(
            assignment.virtualServers, verdicts: verdicts, weights: weights, orders: orders, lost: lost)
    }

    /// These services of the IPVS table: what a verdict changes in a table of thousands.
    func services(_ identities: Set<ServiceIdentity>) -> [ServiceIdentity: IPVSService] {
        let concerned = Set(identities.flatMap { sharers[$0] ?? [] }).sorted()
        return ServicePlan.desired(
            concerned.map { assignment.virtualServers[$0] }, verdicts: verdicts, weights: weights,
            orders: orders, lost: lost)
    }

    /// The services that these verdicts can change.
    func services(changedBy news: [CheckVerdict]) -> Set<ServiceIdentity> {
        Set(
            Set(news.flatMap { users[$0.check] ?? [] }.map(\.server))
                .flatMap { assignment.virtualServers[$0].programmedIdentities })
    }

    /// The sync threads.
    var syncDaemon: SyncDaemonState {
        let instance = assignment.syncDaemon?.instance
        var threads = SyncRole.desired(
            assignment.syncDaemon, instanceIsMaster: instance.map { states[$0] == .master } ?? false)
        if let lingering { threads[lingering.thread] = threads[lingering.thread] ?? lingering.configuration }
        return threads
    }

    /// The guard's rules of one family in what `backend` writes; none without a guard.
    func rules(_ family: AddressFamily, by backend: LoopGuardBackend = .iptables) -> MarkRules {
        guard let peers, assignment.guardBackend == backend else { return .none(family) }
        return MarkRules(family: family, virtualServers: assignment.virtualServers, peers: peers)
    }

    /// The rules that are to be in `place`.
    func rules(in place: RulesPlace) -> OwnedRules {
        switch place.kind {
        case .marks: .marks(rules(place.family, by: .iptables))
        case .nativeMarks: .nativeMarks(NativeMarkRules(rules(place.family, by: .nftables)))
        case .sources: .sources(SourceRules(family: place.family, assignment.virtualServers))
        case .answers:
            .answers(AnswerRules(family: place.family, assignment.virtualServers, held: assignment.held))
        }
    }

    /// The source of some service's packets is rewritten.
    var hasFullNAT: Bool { assignment.virtualServers.contains { $0.sourceTranslation != nil } }

    /// Some service is guarded.
    var hasGuard: Bool { peers != nil && assignment.virtualServers.contains { $0.guardMark != nil } }

    /// The settings of IPVS: those that are configured, `conntrack` for FULLNAT, and `backup_only` beside the
    /// marks of a guard, for packets of connections that are already in the table. It would keep a new master
    /// that still listens from balancing, whoever has set it.
    var settings: [IPVSSetting: String] {
        var settings = assignment.settings
        if hasFullNAT { settings[.conntrack] = "1" }
        if lingering?.thread == .backup {
            settings[.backupOnly] = "0"
        } else if hasGuard, assignment.mayUseBackupOnly {
            settings[.backupOnly] = "1"
        }
        return settings
    }

    /// The addresses whose presence on this host decides whether checks are made.
    var watchedAddresses: Set<IPAddress> {
        assignment.virtualServers.lazy.filter(\.suspendsChecks).reduce(into: []) {
            $0.formUnion($1.addresses)
        }
    }

    /// The `lb_kind` of the first service in `family` with a server that is reached by NAT, for which this
    /// host must forward; nil where there is none.
    func kindOfNAT(in family: AddressFamily) -> String? {
        assignment.virtualServers.first { $0.identity.family == family && $0.masquerades }
            .map { $0.sourceTranslation == nil ? "NAT" : "FULLNAT" }
    }

    // MARK: Verdicts

    /// New verdicts; the lines that tell what they changed.
    mutating func apply(_ news: [CheckVerdict]) -> [LogLine] {
        var lines: [LogLine] = []
        for entry in news {
            let affected = users[entry.check] ?? []
            let before = affected.map { (isUp: isUp($0), weight: weight($0)) }
            let pools = Dictionary(affected.map { ($0.server, pool($0.server)) }) { first, _ in first }
            verdicts[entry.check] = entry.verdict
            weights[entry.check] = entry.weight
            let why = entry.report.map { ": \($0)" } ?? ""
            for (place, old) in zip(affected, before) {
                let virtual = assignment.virtualServers[place.server]
                let name = "\(virtual.realServers[place.real].endpoint) in \(virtual.title)"
                if isUp(place) != old.isUp {
                    let state = (from: old.isUp ? "up" : "down", to: old.isUp ? "down" : "up")
                    let event = LogEvent(
                        .server,
                        [
                            "VIRTUAL_SERVER": "\(virtual.identity)",
                            "REAL_SERVER": "\(virtual.realServers[place.real].endpoint)",
                            "STATE_FROM": state.from, "STATE_TO": state.to,
                            "REASON": entry.report.map { "\($0)" } ?? "not by a probe",
                        ])
                    lines.append(LogLine("\(name): \(state.to)\(why)", event))
                } else if weight(place) != old.weight {
                    lines.append(LogLine("\(name): weight \(weight(place)), was \(old.weight)\(why)"))
                }
            }
            for (server, old) in pools.sorted(by: { $0.key < $1.key }) {
                if let line = quorumLine(of: server, was: old) { lines.append(line) }
            }
        }
        return lines
    }

    /// All that operators want now: the lines that tell what became of a quorum, and the services concerned.
    mutating func follow(
        _ new: [ServerName: ServerOrder]
    ) -> (lines: [LogLine], services: Set<ServiceIdentity>) {
        let names = Set(new.keys).union(orders.keys).filter { new[$0] != orders[$0] }
        let identities = Set(names.map(\.service))
        let concerned = assignment.virtualServers.indices.filter {
            identities.contains(assignment.virtualServers[$0].identity)
        }
        let pools = concerned.map { ($0, pool($0)) }
        orders = new
        let lines = pools.compactMap { server, old in quorumLine(of: server, was: old) }
        return (lines, Set(concerned.flatMap { assignment.virtualServers[$0].programmedIdentities }))
    }

    private func isUp(_ place: (server: Int, real: Int)) -> Bool {
        assignment.virtualServers[place.server].realServers[place.real].isUp(verdicts)
    }

    private func weight(_ place: (server: Int, real: Int)) -> UInt32 {
        let virtual = assignment.virtualServers[place.server]
        let real = virtual.realServers[place.real]
        return real.weight(weights, under: orders[virtual.name(of: real)])
    }

    private func pool(_ server: Int) -> PoolState {
        let virtual = assignment.virtualServers[server]
        return PoolState(
            of: virtual, verdicts: verdicts, weights: weights, orders: orders,
            hadQuorum: !lost.contains(virtual.identity))
    }

    private mutating func quorumLine(of server: Int, was old: PoolState) -> LogLine? {
        let new = pool(server)
        guard new.hasQuorum != old.hasQuorum else { return nil }
        let virtual = assignment.virtualServers[server]
        if new.hasQuorum { lost.remove(virtual.identity) } else { lost.insert(virtual.identity) }
        let weights = "weight \(new.liveWeight) of \(new.quorum)"
        let state = new.hasQuorum ? "regained" : "lost"
        let event = LogEvent(
            .quorum, ["VIRTUAL_SERVER": "\(virtual.identity)", "STATE_TO": state, "REASON": weights])
        let sorry = virtual.sorryServer.map { "; sorry server \($0.endpoint) takes over" } ?? ""
        return LogLine(
            "\(virtual.title): quorum \(state), \(weights)\(new.hasQuorum ? "" : sorry)", event)
    }
}
