// The lvs role's shell: the IPVS table, the sync threads, the guard's rules and the peers they exclude.

import KernelNet
import LinuxIO
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping

/// The process of the lvs role.
final class LVSRole {
    /// What wakes it.
    enum Wake: Hashable {
        case supervisor
        case neighbours
    }

    /// From one audit to the next; more when reading the table costs much, so that audits take at most a
    /// twentieth of a processor.
    private static let auditSpacing = Interval.seconds(2)
    /// And no more than this, or a quarter: a table that somebody has emptied refuses every client until the
    /// next.
    private static let longestSpacing = Interval.seconds(10)

    private let log: Log
    private let loop: EventLoop<Wake>
    private let link: SupervisorLink<Wake, LVSCommand, LVSReport>
    private let ledger: LedgerWriter
    private let watch: PeerWatch
    private let monitor: RouteMonitor
    private var owner: TableOwner?
    private let settings: SettingsOwner
    private var state = LVSState()
    private var sequence = RuleSequence()
    private var auditAt: Instant?
    private var hasStarted = false
    private var saidReady = false
    private var isStopping = false
    private var flushesAtStop = false
    private var isDirty = false
    /// Services that new verdicts concern.
    private var touched: Set<ServiceIdentity> = []
    private var toldPeers: PeerTable?
    private var toldLost: Set<ServiceIdentity>?
    private var presence = AddressPresence()
    private let routes: RouteSocket
    private var complaints: Set<String> = []
    private var ruleRepairs = 0

    /// Opens what needs no configuration. Capabilities may be dropped to NET_ADMIN before.
    init(channel: consuming OwnedFD, ledger fd: consuming OwnedFD, log: Log) throws {
        self.log = log
        loop = try EventLoop()
        link = try SupervisorLink(adopting: channel, in: loop, as: .supervisor, log: log)
        ledger = LedgerWriter(adopting: fd)
        settings = SettingsOwner(ledger: ledger, log: log)
        watch = try PeerWatch(log: log)
        routes = try RouteSocket()
        monitor = try RouteMonitor([.neighbours, .addresses, .addresses6])
        _ = try loop.register(monitor.descriptor, .read, .neighbours)
    }

    /// Runs until told to stop, or until the supervisor is gone; the exit status.
    func run() throws -> Int32 {
        do throws(IPVSError) {
            owner = try TableOwner(ledger: ledger, log: log) { [link] in link.showLife() }
        } catch {
            // Anything else may pass: the role ends, and is started again.
            guard error == .unavailable else { throw error }
            link.send(.failed("\(error)"))
            return 1
        }
        while true {
            let ready = try loop.wait(until: Instant?.earlier(auditAt, state.lingersUntil))
            let now = Clock.now()
            for event in ready where loop.isCurrent(event.registration) {
                switch event.token {
                case .supervisor: for command in link.commands(event) { obey(command, at: now) }
                case .neighbours: followNeighbours(at: now)
                }
            }
            if link.hasEnded { return withdraw() }
            if state.endLingering(at: now) {
                // Before the settings: `backup_only` counts while the backup thread runs.
                synchronise()
                isDirty = true
            }
            if let auditAt, auditAt <= now { audit(at: now) }
            if isDirty { apply() }
            if !touched.isEmpty { update() }
            advanceRules()
            announceReadiness()
            if isStopping, sequence.isIdle, state.lingersUntil == nil { return finish() }
        }
    }

    // MARK: Commands

    private func obey(_ command: LVSCommand, at now: Instant) {
        switch command {
        case .configure(let assignment): configure(assignment, at: now)
        case .reconfigure(let rest, let services, let verdicts):
            // A stop has emptied what the edits are of.
            guard !isStopping else { return }
            guard let assignment = rest.completed(after: state.assignment, services, verdicts) else {
                return link.distrust("a reload that is not of the last assignment")
            }
            configure(assignment, at: now)
        case .state(let instance, let new):
            state.note(new, of: instance, at: now)
            isDirty = true
        case .verdicts(let news):
            for line in state.apply(news) { log.notice(line) }
            touched.formUnion(state.services(changedBy: news))
            tellLost()
        case .orders(let orders):
            let change = state.follow(orders)
            for line in change.lines { log.notice(line) }
            touched.formUnion(change.services)
            tellLost()
        case .tables(let answer):
            for step in sequence.answered(answer, rules: state.rules(in:)) { perform(step) }
        case .describe:
            // The supervisor waits for what was told before, too: a reload is done when it is written.
            if isDirty { apply() }
            if !touched.isEmpty { update() }
            let parts = owner?.readings() ?? []
            for part in parts { link.send(.described(part, isLast: false)) }
            let health = RoleHealth(lag: loop.lag, refusals: owner?.refusals ?? 0)
            link.send(.described([], isLast: true, health: health))
        case .stop:
            isStopping = true
            // What fails is told, not tried for ever.
            auditAt = nil
            complaints = []
            flushesAtStop = state.assignment.flushesAtStop
            state.configure(LVSAssignment(), at: now)
            isDirty = true
        }
    }

    private func configure(_ assignment: LVSAssignment, at now: Instant) {
        guard !isStopping else { return }
        ledger.inherit(assignment.claims)
        state.configure(assignment, at: now)
        tellLost()
        presence.watch(state.watchedAddresses)
        lookForAddresses()
        warnOfForwarding()
        pollPeers(at: now)
        if assignment.flushes { _ = owner?.program(state.services, flushing: true) }
        apply(only: isDirty ? nil : state.changed?.union(touched))
        auditAt = now + Self.auditSpacing
        hasStarted = true
    }

    /// Once: the services stand and, where there is a guard, its rules do; clients may come.
    /// A peer that cannot even be asked for holds up its rules, but not the daemon.
    private func announceReadiness() {
        guard hasStarted, !saidReady, sequence.isIdle,
            state.peers?.asking.isSubset(of: watch.unreachable) ?? true
        else { return }
        saidReady = true
        link.send(.ready)
    }

    /// Tells who makes the checks which addresses are here, where any check depends on it.
    private func lookForAddresses() {
        guard !presence.watched.isEmpty || presence.present?.isEmpty == false else { return }
        do {
            if let here = presence.update(try routes.addresses()) { link.send(.present(here)) }
        } catch {
            complain("\(error)")
        }
    }

    private func tellLost() {
        guard state.lost != toldLost else { return }
        toldLost = state.lost
        link.send(.lost(state.lost))
    }

    private func warnOfForwarding() {
        for (family, setting) in [
            (AddressFamily.inet, "ipv4/ip_forward"), (.inet6, "ipv6/conf/all/forwarding"),
        ] where isOff(setting) {
            guard let kind = state.kindOfNAT(in: family) else { continue }
            let name = "net.\(setting.replacing("/", with: "."))"
            log.warning("\(name) is 0: servers with lb_kind \(kind) cannot be reached until it is 1")
        }
        // A connection that another director began is taken up in its middle.
        if state.hasFullNAT, state.assignment.syncDaemon != nil, isOff("netfilter/nf_conntrack_tcp_loose") {
            log.warning(
                "net.netfilter.nf_conntrack_tcp_loose is 0: connections of services with lb_kind FULLNAT "
                    + "do not survive a failover until it is 1")
        }
    }

    private func isOff(_ setting: String) -> Bool {
        (try? Files.read("/proc/sys/net/\(setting)", limit: 8))?.first == UInt8(ascii: "0")
    }

    // MARK: The kernel

    /// Writes what has changed; of services, where they are named, no others than those.
    private func apply(isAudit: Bool = false, only services: Set<ServiceIdentity>? = nil) {
        isDirty = false
        touched = []
        // Before anything that depends on them.
        let changed = settings.set(state.settings).changed
        // Then the threads: a new master's connections are to be sent from the first packet on.
        synchronise(isAudit: isAudit, anew: state.startThreadsAnew(after: changed))
        _ = owner?.setTimeouts(state.assignment.timeouts, isAudit: isAudit)
        if let services, owner?.isWhole == true {
            owner?.update(state.services(services), of: services)
        } else {
            _ = owner?.program(state.services, isAudit: isAudit)
        }
        // Once: there may be ten thousand in each place.
        let rules = Dictionary(uniqueKeysWithValues: RulesPlace.all.map { ($0, state.rules(in: $0)) })
        let wanted = { [state] in rules[$0, default: state.rules(in: $0)] }
        sequence.look(at: RuleSequence.places(wanted, claims: ledger.claims), rules: wanted)
        if let peers = state.peers, peers != toldPeers {
            toldPeers = peers
            link.send(.peers(peers))
        }
    }

    private func synchronise(isAudit: Bool = false, anew: Bool = false) {
        _ = owner?.synchronise(
            state.syncDaemon, isConfigured: state.assignment.syncDaemon != nil, isAudit: isAudit, anew: anew)
    }

    private func update() {
        owner?.update(state.services(touched), of: touched)
        touched = []
    }

    private func audit(at now: Instant) {
        pollPeers(at: now)
        lookForAddresses()
        // What is not written yet is no repair.
        if isDirty { apply() }
        if !touched.isEmpty { update() }
        let before = Clock.processorTime()
        apply(isAudit: true)
        let took = Clock.processorTime() - before
        let longest = max(Self.longestSpacing, took * 3)
        auditAt = Clock.now() + min(max(Self.auditSpacing, took * 20), longest)
    }

    private func pollPeers(at now: Instant) {
        guard var peers = state.peers else { return }
        if watch.poll(&peers, at: now) { isDirty = true }
        state.peers = peers
    }

    private func followNeighbours(at now: Instant) {
        do {
            let events = try monitor.drain()
            if events.contains(.overrun) {
                watch.askAgain()
                pollPeers(at: now)
            }
            if events.contains(where: AddressPresence.concerns) { lookForAddresses() }
            guard var peers = state.peers else { return }
            for case .neighbourChanged(let neighbour) in events where watch.apply(neighbour, to: &peers) {
                isDirty = true
            }
            state.peers = peers
        } catch {
            complain("\(error)")
        }
    }

    // MARK: Rules

    private func advanceRules() {
        if let step = sequence.next() { perform(step) }
    }

    private func perform(_ step: RuleSequence.Step) {
        switch step {
        case .request(let request): link.send(.tables(request))
        case .claim(let claim, let request):
            do {
                try ledger.claim([claim])
                link.send(.tables(request))
            } catch {
                complain("\(error)")
                sequence.abandon()
            }
        case .wrote(let place, let count, let isRepair):
            let what = "\(place.title): \(count) \(place.name)"
            if count == 0 {
                log.notice("\(place.title): \(place.name) removed")
            } else if isRepair {
                ruleRepairs += 1
                log.warning("repaired: \(what)")
            } else {
                log.notice("\(what) in place")
            }
            complaints = []
        case .failed(let place, let sentence): complain("\(place.title): \(sentence)")
        }
    }

    private func complain(_ sentence: String) {
        if complaints.count < 100, complaints.insert(sentence).inserted { log.error(sentence) }
    }

    // MARK: The end

    /// Nothing of ours is in the table and the rules any more.
    private func finish() -> Int32 {
        let isClean =
            (owner?.program([:], flushing: flushesAtStop) ?? true)
            && (owner?.synchronise(SyncDaemonState(), isConfigured: false) ?? true)
            && (owner?.setTimeouts([:]) ?? true) && settings.set([:]).isComplete && complaints.isEmpty
            // Of a place that was never written to nothing can be left.
            && !sequence.failed.contains { ledger.claims.contains($0.claim) }
        if isClean { link.send(.stopped) }
        return isClean ? 0 : 1
    }

    /// The supervisor is gone. Rules stay, since it ran the programs; without services their marks mean
    /// nothing, and the next start removes them.
    private func withdraw() -> Int32 {
        log.warning("the supervisor is gone: removing services")
        _ = owner?.synchronise(SyncDaemonState(), isConfigured: false)
        _ = owner?.setTimeouts([:])
        _ = settings.set([:])
        return owner?.program([:]) ?? true ? 0 : 1
    }
}
