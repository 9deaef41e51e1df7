import ConfigModel
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// The supervisor's decisions: which roles run, what each is told, who hears what another reports, in which
/// order all of it ends. A value: events and `now` go in, actions come out; `SupervisorProcess` does them.
///
/// - Start: lvs first, so that the services stand before the address that clients use can come; vrrp as soon
///   as lvs
///   is ready, has died, or `patience` has passed.
/// - A role that dies is started again and told what its predecessor had: nothing is torn down for it, unless
///   no advert of a master went out for so long that a peer has taken over; then its addresses go.
/// - A role that does not answer is killed, and so started again.
/// - What a former daemon left is removed though nothing configures it any more.
/// - Stop: vrrp first, so that clients go to the peer while connections still work here; then lvs and
///   checker. One that does not end in `patience` is killed. What a vrrp role did not clean up the supervisor
///   does; an lvs that ended without having cleaned up gets a successor with that only task, once.
package struct Supervisor: Sendable {
    /// What can happen.
    package enum Event: Sendable {
        /// A configuration that was read without an error: the first one, or that of a reload.
        case configured(Configuration)
        /// The process of a role has been started; the claims are what its ledger holds.
        case roleStarted(RoleName, claims: [Claim])
        /// The process of a role has ended, or could not be started; says how.
        case roleEnded(RoleName, how: String)
        /// A role has answered a question for a sign of life.
        case answered(RoleName)
        /// The addresses that were to go could not all be removed.
        case withdrawalFailed
        /// A role says something.
        case reported(RoleReport)
        /// These masters last advertised then; with `auth_type AH`, their adverts bear numbers up to these.
        case advertised([String: Instant], sequences: [String: UInt32] = [:])
        /// An iptables program asked for by lvs has ended.
        case tablesAnswered(TablesAnswer)
        /// A script asked for by the checker has ended.
        case scriptEnded(run: UInt64, ScriptOutcome)
        /// A `vrrp_script` has ended, or could not be started.
        case trackScriptEnded(run: UInt64, ScriptOutcome)
        /// So many of each `vrrp_track_process` run.
        case processesCounted([String: Int])
        /// The numbers in the `track_file`s, all of them, when one has changed.
        case filesRead([String: Int32])
        /// An operator wants this of these servers.
        case ordered([ServerName], ServerWish)
        /// An operator wants these masters to hand over, or, with `back`, to take back as configured.
        case switchOver([String], back: Bool)
        /// An operator wants the next probe of the checks at these places now.
        case recheck([Int])
        /// SIGTERM or SIGINT.
        case stopRequested
        /// `nextDeadline` has come.
        case timer
    }

    /// What the process has to do.
    package enum Action: Hashable, Sendable {
        /// Start the process of a role, then say `roleStarted` or `roleEnded`.
        case start(RoleName)
        /// Send it this.
        case send(RoleCommand)
        /// It did not end or answer in time: SIGKILL.
        case kill(RoleName)
        /// Ask for a sign of life, then say `answered` when it comes.
        case ask(RoleName)
        /// There is no vrrp role: remove everything of ours but what these hold, and what is held whoever is
        /// master, or say `withdrawalFailed`.
        case withdraw(keeping: [RouterConfiguration], Statics = Statics())
        /// Run an iptables program, then say `tablesAnswered`.
        case runTables(TablesRequest)
        /// Run a script, then say `scriptEnded`.
        case runScript(UInt64, ScriptCheck)
        /// End a script's process group, say nothing.
        case terminateScript(UInt64)
        /// Run a `vrrp_script`, then say `trackScriptEnded`.
        case runTrackScript(UInt64, TrackScript)
        /// End its process group, say nothing.
        case terminateTrackScript(UInt64)
        /// Make a socket and give it to the checker under this number, or send `socketRefused`.
        case makeSocket(UInt64, SocketOrder)
        /// Write down what operators want, for the daemon that comes after.
        case remember([ServerOverride])
        /// Tell who asked to be told.
        case notify(Notification)
        /// Worth a line.
        case log(String, isError: Bool, event: LogEvent? = nil)
        /// Everything runs (sd_notify READY=1).
        case announceReady
        /// All is over; remove the ledgers, end with this status.
        case exit(Int32)
    }

    /// How long a role may take to become ready or to end.
    package static let patience = Interval.seconds(5)

    enum Phase: Hashable, Sendable {
        /// Nothing has been configured yet.
        case new
        /// lvs is being brought up; vrrp follows then at the latest.
        case starting(vrrpAt: Instant)
        case running
        case stoppingVRRP
        case stoppingOthers
        case ended
    }

    let wantsVRRP: Bool
    let wantsChecks: Bool
    /// The configuration in force.
    package internal(set) var configuration = Configuration()
    /// The processes.
    package internal(set) var roles: [RoleName: RoleSlot] = [:]
    /// The last known state of each instance.
    package internal(set) var states: [String: Router.StateName] = [:]
    /// What each instance claims, by what it tracks.
    var priorities: [String: UInt8] = [:]
    var scripts = ScriptWatch()
    var processes = ProcessWatch()
    /// The number in each tracked file.
    var files: [String: Int32] = [:]
    var fileVerdicts = FileVerdicts()
    var failures = FailureGuard()
    /// What the latest event has made of verdicts.
    var news: [CheckVerdict] = []
    /// What the vrrp role knows of what is tracked.
    var toldTracked = TrackedValues()
    /// What was told of virtual servers and real servers.
    var services = ServiceWatch()
    /// What was told of each instance, and of each group.
    var toldTransitions: [String: Notification.Transition] = [:]
    var toldGroups: [String: Notification.Transition] = [:]
    /// Instances that were removed and have not ended yet.
    var departed: [String: Departed] = [:]
    /// The last known verdicts of configured checks.
    package internal(set) var verdicts: [CheckSpecification: Verdict] = [:]
    /// The weights that targets ask for, of configured checks, and what numbers in files add.
    package internal(set) var weights: [CheckSpecification: Int32] = [:]
    /// What lvs last knew of the guard's peers.
    var peers: PeerTable?
    var lastAdverts: [String: Instant] = [:]
    /// Instances that have handed over on request, and do not preempt until they have become master again.
    var yielding: Set<String> = []
    /// The highest number of their adverts, where they bear any (`auth_type AH`).
    var sequences: [String: UInt32] = [:]
    /// Those that are made.
    var checks: [CheckSpecification] = []
    /// The addresses of suspending services that this host has.
    var present: Set<IPAddress> = []
    /// Then checks follow what changed about those addresses.
    var suspensionDue: Instant?
    /// Some lease is too short for a program to start in.
    var hasShortLease = false
    /// The checks of the assignment before, for what crossed the present one.
    var former: (generation: UInt64, checks: [CheckSpecification]) = (0, [])
    /// What operators want of servers.
    package internal(set) var overrides = ServerOverrides()
    /// The services without their quorum, as lvs says.
    var lost: Set<ServiceIdentity> = []
    var generation: UInt64 = 0
    /// Instances begin no earlier: decided once, at the daemon's start.
    var beginAt: Instant?
    var phase = Phase.new
    var exitStatus: Int32 = 0
    var hasFlushed = false
    /// Roles that have, or may have, something in the kernel.
    var owing: Set<RoleName>
    var saidReady = false

    /// A supervisor with nothing to do; `-P` and `-C` decide which roles there can be.
    /// `leftovers` are the roles of which a former daemon has left something.
    package init(wantsVRRP: Bool = true, wantsChecks: Bool = true, leftovers: Set<RoleName> = []) {
        self.wantsVRRP = wantsVRRP
        self.wantsChecks = wantsChecks
        owing = leftovers
        for name in RoleName.allCases { roles[name] = RoleSlot() }
    }

    /// When `.timer` is due.
    package var nextDeadline: Instant? {
        var deadline = roles.values.reduce(nil as Instant?) { Instant?.earlier($0, $1.deadline) }
        if case .starting(let vrrpAt) = phase { deadline = Instant?.earlier(deadline, vrrpAt) }
        guard !isStopping else { return deadline }
        let held = [
            failures.heldUntil, suspensionDue, trackingDeadline, overrides.nextDeadline,
        ].reduce(nil as Instant?) { Instant?.earlier($0, $1) }
        return Instant?.earlier(deadline, Instant?.earlier(watchDeadline, held))
    }

    /// True once a stop was asked for.
    package var isStopping: Bool {
        switch phase {
        case .new, .starting, .running: false
        case .stoppingVRRP, .stoppingOthers, .ended: true
        }
    }

    /// Advances; the actions are to be done in their order.
    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        news = []
        return withMails(decide(event, at: now))
    }

    private mutating func decide(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .configured(let new): return isStopping ? [] : configure(new, at: now)
        case .roleStarted(let role, let claims): return started(role, claims: claims, at: now)
        case .roleEnded(let role, let how): return ended(role, how: how, at: now)
        case .answered(let role):
            heard(from: role, at: now)
            bear(with: role, at: now)
            return []
        case .withdrawalFailed:
            if isStopping { exitStatus = 1 }
            return []
        case .reported(let report):
            heard(from: report.role, at: now)
            bear(with: report.role, at: now)
            return heard(report, at: now)
        case .advertised(let times, let numbers):
            noted(times, numbers, at: now)
            return []
        case .tablesAnswered(let answer): return send(.lvs(.tables(answer)))
        case .scriptEnded(let run, let outcome): return send(.checker(.scriptEnded(run: run, outcome)))
        case .trackScriptEnded(let run, let outcome): return trackScriptEnded(run, outcome)
        case .processesCounted(let counts):
            processes.count(counts, at: now)
            return isStopping ? [] : tellTracked()
        case .filesRead(let numbers):
            // Of a file that is watched no more the former configuration may still speak.
            files.merge(numbers) { $1 }
            return isStopping ? [] : tellTracked() + tellFiles(at: now)
        case .ordered(let names, let wish): return ordered(names, wish, at: now)
        case .switchOver(let names, let back): return switchOver(names, back: back)
        case .recheck(let places): return send(.checker(.recheck(generation: generation, places)))
        case .stopRequested: return isStopping ? [] : stop(at: now)
        case .timer: return timer(at: now)
        }
    }

    // MARK: Configuration

    private mutating func configure(_ new: Configuration, at now: Instant) -> [Action] {
        verdicts = VerdictInheritance.verdicts(
            for: new.virtualServers, after: configuration.virtualServers, knowing: verdicts)
        noteDepartures(to: new)
        forgetPriorities(changedIn: new)
        // Of another virtual router by the same name nothing is adopted.
        let same = RouterConfiguration.staying(configuration.instances, new.instances)
        configuration = new
        beginAt = beginAt ?? new.global.firstElection(startingAt: now)
        hasShortLease = new.instances.contains { MasterDown.lease(of: $0) <= Self.shortLease }
        assign(activeChecks)
        suspensionDue = nil
        weights = VerdictInheritance.weights(for: new.virtualServers, knowing: weights)
        fileVerdicts.configure(wantsChecks ? new.virtualServers : [])
        keep(fileVerdicts.judge(files, at: now))
        let guarding = failures.configure(new.global.failureGuard, checks, knowing: verdicts)
        keep(guarding.rulings.map(ruled))
        let names = Set(new.instances.map(\.name))
        states = states.filter { names.contains($0.key) }
        lastAdverts = lastAdverts.filter { same.contains($0.key) }
        yielding.formIntersection(same)
        sequences = sequences.filter { same.contains($0.key) }
        toldTransitions = toldTransitions.filter { names.contains($0.key) }
        let groups = Set(new.syncGroups.map(\.name))
        toldGroups = toldGroups.filter { groups.contains($0.key) }

        var actions = keepOverrides(at: now)
        actions += announce(guarding.news, at: now) + configureTracking(at: now)
        for role in RoleName.allCases {
            switch roles[role, default: RoleSlot()].state {
            case .running: actions += send(assignment(of: role, claims: []))
            case .absent where isNeeded(role) && mayStart(role): actions += start(role)
            case .absent, .pausing, .stopping: break
            }
        }
        guard phase == .new else { return actions + tellServices() + repeatStates() }
        let vrrpWaits = isNeeded(.lvs) && isNeeded(.vrrp)
        phase = vrrpWaits ? .starting(vrrpAt: now + Self.patience) : .running
        actions += clearLeftovers()
        for role in [RoleName.lvs, .checker, .vrrp] where isNeeded(role) && !(vrrpWaits && role == .vrrp) {
            actions += start(role)
        }
        return actions + announceReadiness()
    }

    /// What a former daemon left and no role of this one will see: addresses go at once, an lvs that is not
    /// needed otherwise is started for the rest.
    private mutating func clearLeftovers() -> [Action] {
        var actions: [Action] = []
        if owing.contains(.vrrp), !isNeeded(.vrrp) { actions.append(.withdraw(keeping: [])) }
        return actions + (!isNeeded(.lvs) && owing.contains(.lvs) ? start(.lvs) : [])
    }

    /// Every check once, in configured order.
    static func checks(of services: [VirtualServer]) -> [CheckSpecification] {
        var seen: Set<CheckSpecification> = []
        return services.lazy.flatMap(\.realServers).flatMap(\.checks).reduce(into: []) {
            if seen.insert($1).inserted { $0.append($1) }
        }
    }

    /// While lvs is being brought up, vrrp's turn comes later.
    func mayStart(_ role: RoleName) -> Bool {
        switch phase {
        case .starting: role != .vrrp
        case .running: true
        case .new, .stoppingVRRP, .stoppingOthers, .ended: false
        }
    }

    func isNeeded(_ role: RoleName) -> Bool {
        switch role {
        case .vrrp: wantsVRRP && !(configuration.instances.isEmpty && configuration.statics.isEmpty)
        case .lvs: wantsChecks && configuration.needsLVS
        case .checker: (wantsChecks && !checks.isEmpty) || configuration.notifications.mail != nil
        }
    }

    func assignment(of role: RoleName, claims: [Claim]) -> RoleCommand {
        switch role {
        case .vrrp:
            return .vrrp(
                .configure(
                    VRRPAssignment(
                        routers: wantsVRRP && !isStopping ? configuration.instances : [],
                        groups: configuration.syncGroups,
                        statics: wantsVRRP && !isStopping ? configuration.statics : Statics(),
                        linkDelays: configuration.linkDelays, claims: claims,
                        masters: lastAdverts.filter { mayAdopt($0.key) },
                        sequences: sequences, tracked: tracked, yielding: yielding,
                        beginAt: beginAt ?? Instant(nanoseconds: .min),
                        announcementGaps: AnnouncementGaps(configuration.global))))
        case .lvs: return .lvs(.configure(lvsAssignment(claims: claims)))
        case .checker:
            var known: [Int: Verdict] = [:]
            var asked: [Int: UInt8] = [:]
            for (index, check) in checks.enumerated() {
                // What is held was said: a checker that starts again must not begin with what is in force,
                // fail anew and so be held for longer.
                known[index] = failures.isHeld(check) ? .down : verdicts[check]
                asked[index] = weights[check].flatMap(UInt8.init(exactly:))
            }
            return .checker(
                .configure(
                    CheckerAssignment(
                        generation: generation, checks: wantsChecks ? checks : [], known: known,
                        weights: asked, mail: configuration.notifications.mail,
                        director: configuration.global.routerID ?? "")))
        }
    }

    /// A vrrp role that begins may go on as this master; not in place of one that was handing over.
    private func mayAdopt(_ instance: String) -> Bool {
        states[instance] == .master && !yielding.contains(instance)
    }

    private func lvsAssignment(claims: [Claim]) -> LVSAssignment {
        guard wantsChecks, !isStopping else { return LVSAssignment(claims: claims) }
        return LVSAssignment(
            virtualServers: configuration.virtualServers, syncDaemon: configuration.global.syncDaemon,
            timeouts: configuration.global.timeouts, settings: configuration.global.settings,
            held: Set(configuration.instances.flatMap(\.heldAddresses).map(\.prefix.address)),
            loopGuard: configuration.loopGuard, guardBackend: configuration.global.guardBackend,
            mayUseBackupOnly: configuration.syncInstanceGovernsEveryService,
            flushes: configuration.global.flushesAtStart && !hasFlushed,
            flushesAtStop: configuration.global.flushesAtStop, claims: claims, states: states,
            verdicts: Self.checks(of: configuration.virtualServers).compactMap { check in
                verdicts[check].map {
                    CheckVerdict(check: check, verdict: $0, report: nil, weight: weights[check])
                }
            }, orders: overrides.orders, peers: peers, lost: lost)
    }

    // MARK: Roles

    mutating func start(_ role: RoleName) -> [Action] {
        guard !roles[role, default: RoleSlot()].isAlive else { return [] }
        roles[role]?.state = .running
        roles[role]?.isReady = false
        roles[role]?.hasCleanedUp = false
        roles[role]?.failure = nil
        roles[role]?.heardAt = nil
        roles[role]?.askedAt = nil
        return [.start(role)]
    }

    private mutating func started(_ role: RoleName, claims: [Claim], at now: Instant) -> [Action] {
        roles[role]?.policy.started(at: now)
        roles[role]?.heardAt = now
        owing.insert(role)
        var actions = [Action.send(assignment(of: role, claims: claims))]
        if isStopping {
            actions.append(.send(Self.stopCommand(role)))
            // Its answer says that it has come to its loop, which takes a busy machine seconds.
            actions.append(.ask(role))
            beginStopping(role, after: Self.patience, leftovers: claims.count, at: now)
        }
        return actions
    }

    static func stopCommand(_ role: RoleName) -> RoleCommand {
        switch role {
        case .vrrp: .vrrp(.stop)
        case .lvs: .lvs(.stop)
        case .checker: .checker(.stop)
        }
    }

    /// Sends only to a process that is there; one that starts later is told everything in its assignment.
    func send(_ command: RoleCommand) -> [Action] {
        roles[command.role, default: RoleSlot()].isAlive ? [.send(command)] : []
    }

    private mutating func ended(_ role: RoleName, how: String, at now: Instant) -> [Action] {
        guard !isStopping else { return endedWhileStopping(role, how: how, at: now) }
        let isDone = roles[role]?.hasCleanedUp == true && !isNeeded(role)
        guard roles[role]?.failure == nil, !isDone else {
            roles[role]?.state = .absent
            return role == .lvs ? beginVRRP() : []
        }
        let pauseEnd = roles[role]?.policy.ended(at: now) ?? now
        var actions: [Action] = [
            .log(
                "\(role) ended unexpectedly: \(how); starting it again", isError: true,
                event: LogEvent(.role, ["ROLE": role.rawValue, "REASON": how]))
        ]
        roles[role]?.state = .absent
        if role == .lvs { actions += beginVRRP() }
        if role == .vrrp { actions += endLeases(at: now) }
        let again = min(pauseEnd, now + longestPause(of: role))
        if again <= now {
            return actions + start(role)
        }
        roles[role]?.state = .pausing(until: again)
        return actions
    }

    /// vrrp waited for lvs; it waits no longer.
    mutating func beginVRRP() -> [Action] {
        guard case .starting = phase else { return [] }
        phase = .running
        return (isNeeded(.vrrp) ? start(.vrrp) : []) + announceReadiness()
    }

    /// Said once: when every role that is needed is ready, or has failed for good.
    mutating func announceReadiness() -> [Action] {
        guard phase == .running, !saidReady else { return [] }
        let waiting = [RoleName.lvs, .vrrp].contains { role in
            guard let slot = roles[role], isNeeded(role) else { return false }
            return !slot.isReady && slot.failure == nil
        }
        guard !waiting else { return [] }
        saidReady = true
        return [.announceReady]
    }

    private mutating func timer(at now: Instant) -> [Action] {
        var actions: [Action] = []
        if case .starting(let vrrpAt) = phase, vrrpAt <= now { actions += beginVRRP() }
        if !isStopping {
            actions += watch(at: now) + advanceTracking(to: now) + follow(failures.advance(to: now), at: now)
            actions += advanceSuspension(to: now) + advanceOverrides(to: now)
        }
        for role in RoleName.allCases {
            switch roles[role, default: RoleSlot()].state {
            case .pausing(let until) where until <= now:
                roles[role]?.state = .absent
                actions += start(role)
            case .stopping(let deadline, _) where deadline <= now:
                let next = now + Self.patience
                roles[role]?.state = .stopping(deadline: next, limit: next)
                actions += [.log("\(role) does not end; killing it", isError: true), .kill(role)]
            case .absent, .running, .pausing, .stopping: break
            }
        }
        return actions
    }
}

extension Configuration {
    /// Something is to be in the kernel's IPVS, whose timeouts and settings alone matter to nobody.
    var usesIPVS: Bool { !virtualServers.isEmpty || global.syncDaemon != nil }

    /// There is something for an lvs role to do.
    var needsLVS: Bool { usesIPVS || !global.timeouts.isEmpty || !global.settings.isEmpty }
}
