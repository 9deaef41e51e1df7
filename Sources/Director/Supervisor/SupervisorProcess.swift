// The supervisor's shell: waits, turns what woke it into events, does what the actions say.

import ConfigModel
import ConfigSyntax
import LinuxIO
import LoadBalancing
import Timekeeping

/// The supervisor's process.
final class SupervisorProcess {
    let options: Options
    let environment: [String: String]
    let log: Log
    let source: ConfigurationSource
    let directory: RunDirectory
    let loop: EventLoop<SupervisorWake>
    private let signals: SignalSource
    let scripts: ScriptRunner<SupervisorWake>
    /// Of its own, so that hundreds of checks do not keep those waiting on which the election depends.
    let trackScripts: ScriptRunner<SupervisorWake>
    private let trackFiles: TrackFileReader<SupervisorWake>
    private let trackProcesses: ProcessScanner<SupervisorWake>
    let notifications: NotificationRunner<SupervisorWake>
    let pipes: NotificationPipes<SupervisorWake>
    let tables: TablesRunner<SupervisorWake>
    let refusal: TrafficRefusal<SupervisorWake>
    let reserve: DescriptorReserve
    let estate: VRRPEstate
    private let adverts: AdvertBoard
    let withdrawal: AddressWithdrawal
    var accounts = ScriptAccounts()
    var supervisor: Supervisor
    /// What the configuration in force was read as.
    var inForce: LoadResult?
    var roles: [RoleName: RoleProcess] = [:]
    var spare = SpareRole()
    /// An lvs role that waits for its first assignment.
    var early: RoleProcess?
    /// Answers who asks on the control socket.
    let control: ControlServer<SupervisorWake>
    var desk = ControlDesk()
    var switches = SwitchDesk()
    /// What signals have asked for, and is written when the roles have told.
    var dumps = WantedDumps()
    /// What those who wait for a plan want planned.
    var plans: [UInt64: PlanReport.Wanted] = [:]
    var chronicle = Chronicle()
    var facts: DaemonFacts
    var pending: [Supervisor.Event] = []
    /// Why the overrides in force are not written down; nil when they are.
    var forgetfulness: String?
    private var service: ServiceStatus
    var exitStatus: Int32?
    var complaints: Set<String> = []
    private var isCleaningUp = false
    /// Waits for a word that the daemon runs.
    var starter: Starter?

    /// What the start of a role needs: its channel, its ledger, copies of what it inherits, its pidfd; the
    /// first vrrp role's the sockets of the `VRRPEstate`, too.
    private static let reserveSize = 16

    /// Takes the run directory's lock, compacts the ledgers and writes the process id. `signals` were taken
    /// over before the configuration was read, so that none of them ends the process.
    init(
        _ options: Options, environment: [String: String], log: Log, source: ConfigurationSource,
        signals: SignalSource
    ) throws {
        reserve = DescriptorReserve(size: Self.reserveSize)
        self.options = options
        self.signals = signals
        self.environment = environment
        self.log = log
        self.source = source
        starter = options.tellsStarter ? Starter() : nil
        directory = try RunDirectory()
        var leftovers: Set<RoleName> = []
        for role in RoleName.allCases where role.hasLedger {
            try directory.compactLedger(role.rawValue)
            if try !directory.claims(role.rawValue).isEmpty { leftovers.insert(role) }
        }
        withdrawal = try AddressWithdrawal(log: log)
        estate = try VRRPEstate()
        adverts = try AdvertBoard(estate.adverts)
        // Routes and rules need no claims.
        if withdrawal.findsRouting() { leftovers.insert(.vrrp) }
        try directory.writeProcessID(to: options.pidFile)
        loop = try EventLoop()
        _ = try loop.register(signals.descriptor, .read, .signals)
        scripts = ScriptRunner(in: loop) { .scriptEnded($0) }
        trackScripts = ScriptRunner(in: loop) { .trackScriptEnded($0) }
        trackFiles = TrackFileReader(in: loop, log: log, token: .filesChanged)
        trackProcesses = ProcessScanner(in: loop, log: log) { .trackedProcessEnded($0) }
        notifications = NotificationRunner(in: loop, log: log) { .notifyEnded($0) }
        pipes = NotificationPipes(in: loop, log: log) { .readerEnded($0) }
        tables = TablesRunner(in: loop) { .tables($0) }
        refusal = try TrafficRefusal(in: loop, directory, log: log) { .refusal($0) }
        control = ControlServer(at: directory.socketPath, in: loop) { .control($0) }
        let now = Clock.now()
        service = ServiceStatus(environment: environment, process: HostFacts.process, at: now)
        facts = DaemonFacts(
            host: HostFacts.shortHostName, process: HostFacts.process, startedAt: now, file: source.path,
            loadedAt: now)
        supervisor = Supervisor(
            wantsVRRP: options.wantsVRRP, wantsChecks: options.wantsChecks, leftovers: leftovers)
    }

    /// Runs with `configuration` until it is told to stop; the exit status.
    func run(_ loaded: LoadResult, _ configuration: Configuration) throws -> Int32 {
        if options.wantsChecks, configuration.needsLVS { startEarly() }
        let seen = loaded.seenOnThisHost(beside: ownAddresses)
        // With the paths of programs that are written by name.
        let located = seen.configuration ?? configuration
        announce(seen, located, "starting with")
        inForce = seen
        attempt("read what operators wanted of servers") {
            supervisor.recall(try directory.overrides(reportTimes()))
        }
        take(located, isStart: true)
        return try work()
    }

    /// Removes what a daemon that was killed has left, and ends; the exit status.
    func cleanUp() throws -> Int32 {
        isCleaningUp = true
        pending = [.configured(Configuration()), .stopRequested]
        return try work()
    }

    func take(_ configuration: Configuration, isStart: Bool) {
        accounts = ScriptAccounts(configuration)
        for refusal in accounts.refusals { log.error("scripts: \(refusal)") }
        pipes.configure(configuration.notifications.pipes, accounts, at: Clock.now())
        openControl(configuration.global)
        let files = configuration.usedFiles(elections: options.wantsVRRP, checks: options.wantsChecks)
        trackFiles.configure(files, isStart: isStart, at: Clock.now())
        // Before anything is programmed, so that no server is in service whose file says down.
        if let numbers = trackFiles.advance(to: Clock.now()) { pending.append(.filesRead(numbers)) }
        trackProcesses.configure(options.wantsVRRP ? configuration.usedProcesses : [], at: Clock.now())
        refusal.configure(options.wantsVRRP ? configuration.instances : [], at: Clock.now())
        adverts.follow(options.wantsVRRP ? configuration.instances : [])
        pending.append(.configured(configuration))
    }

    private func work() throws -> Int32 {
        drain(at: Clock.now())
        while exitStatus == nil || !notifications.isIdle || !pipes.isIdle || !refusal.isIdle {
            let (ready, now) = try wait()
            // The roles first: vrrp's word must not wait for hundreds of scripts.
            for event in ready where event.token.isOfRole && loop.isCurrent(event.registration) {
                handle(event, at: now)
            }
            drain(at: now)
            for event in ready where !event.token.isOfRole && loop.isCurrent(event.registration) {
                handle(event, at: now)
            }
            drain(at: now)
            if let counts = trackProcesses.advance(to: now) { pending.append(.processesCounted(counts)) }
            if let numbers = trackFiles.advance(to: now) { pending.append(.filesRead(numbers)) }
            for (run, outcome) in trackScripts.advance(to: now) { note(outcome, ofTrack: run) }
            for (run, outcome) in scripts.advance(to: now) { note(outcome, of: run) }
            drain(at: now)
            notifications.advance(to: now, accounts)
            pipes.advance(to: now, accounts)
            for process in roles.values { process.advance(to: now) }
            tables.advance(to: now)
            refusal.advance(to: now)
            advanceControl(to: now)
            keepSpare(at: now)
            if let deadline = supervisor.nextDeadline, deadline <= now {
                readAdverts()
                pending.append(.timer)
                drain(at: now)
            }
            tellServiceManager(at: now)
        }
        scripts.killAll()
        trackScripts.killAll()
        control.close()
        log.notice("stopped")
        attempt("remove what is not needed any more") { try directory.leave() }
        return exitStatus ?? 0
    }

    /// Waits until something is ready or due. That vrrp has advertised, and so lives, is nothing to wake
    /// everything else for, ten times a second where adverts are that often.
    private func wait() throws -> (ready: [Ready<SupervisorWake>], now: Instant) {
        while true {
            let (due, others) = (supervisor.nextDeadline, otherDeadline)
            let ready = try loop.wait(until: Instant?.earlier(due, others))
            let now = Clock.now()
            guard ready.isEmpty, let due, due <= now, others.map({ $0 > now }) ?? true else {
                return (ready, now)
            }
            readAdverts()
            drain(at: now)
            if let next = supervisor.nextDeadline, next <= now { return (ready, now) }
        }
    }

    /// When something other than the supervisor itself is to be looked after.
    private var otherDeadline: Instant? {
        let scripts = [
            scripts.nextDeadline, trackScripts.nextDeadline, trackFiles.nextDeadline,
            trackProcesses.nextDeadline, notifications.nextDeadline, pipes.nextDeadline,
        ].reduce(nil as Instant?) { Instant?.earlier($0, $1) }
        let own = Instant?.earlier(
            scripts, Instant?.earlier(tables.nextDeadline, refusal.nextDeadline))
        let asked = Instant?.earlier(
            Instant?.earlier(
                Instant?.earlier(service.nextDeadline, spare.nextDeadline), switches.nextDeadline),
            Instant?.earlier(control.nextDeadline, desk.nextDeadline))
        return roles.values.reduce(Instant?.earlier(own, asked)) { Instant?.earlier($0, $1.killAt) }
    }

    /// Of each kind of finding so many are logged.
    private static let logged = 20

    func announce(_ loaded: LoadResult, _ configuration: Configuration, _ verb: String) {
        for line in loaded.lines(limit: Self.logged) { log.warning(line) }
        if loaded.exitCode == 5 { log.error("something on this host is missing: what needs it waits") }
        let digest = ConfigurationSource.digest(of: loaded.sources.writtenFiles.map(\.octets))
        facts.digest = digest
        facts.loadedAt = Clock.now()
        let servers = configuration.virtualServers.reduce(0) { $0 + $1.realServers.count }
        let text =
            "\(verb) \(source.path) (\(digest)): \(configuration.instances.count) instances, "
            + "\(configuration.virtualServers.count) virtual servers, \(servers) real servers"
        log.notice(
            LogLine(text, LogEvent(.reload, ["CONFIG_FILE": source.path, "STATE_TO": "in force"])))
    }

    // MARK: Events

    private func handle(_ ready: Ready<SupervisorWake>, at now: Instant) {
        switch ready.token {
        case .signals: for signal in (try? signals.drain()) ?? [] { handle(signal) }
        case .roleEnded(let role): if !spare.handle(ready, at: now) { end(role, at: now) }
        case .roleSpeaks(let role): if !spare.handle(ready, at: now) { hear(role, ready, at: now) }
        case .scriptEnded(let run):
            if let outcome = scripts.reap(run) { note(outcome, of: run) }
        case .trackScriptEnded(let run):
            if let outcome = trackScripts.reap(run) { note(outcome, ofTrack: run) }
        case .filesChanged: trackFiles.noteNews(at: now)
        case .trackedProcessEnded(let pid): trackProcesses.noteEnd(of: pid, at: now)
        case .notifyEnded(let run): notifications.reap(run)
        case .readerEnded(let kind): pipes.reap(kind, at: now)
        case .tables(let event):
            if let answer = tables.handle(event) { pending.append(.tablesAnswered(answer)) }
        case .refusal(let event): refusal.handle(event, at: now)
        case .control(let wake):
            for call in control.handle(wake, ready, at: now) { attend(to: call, at: now) }
        }
    }

    private func handle(_ signal: Signal) {
        switch signal {
        case .hangup: _ = reload(at: Clock.now())
        case .terminate, .interrupt:
            guard !supervisor.isStopping else { return }
            log.notice("\(signal.name): stopping")
            notify("STOPPING=1")
            pending.append(.stopRequested)
        case .user1, .user2, .realTime2, .realTimeLast1: want(signal, at: Clock.now())
        case .quit, .kill, .pipe, .child, .continue, .stop: log.warning("\(signal.name): not implemented")
        }
    }

    /// What the vrrp role has put into this host.
    var ownAddresses: [Claim] { (try? directory.claims(RoleName.vrrp.rawValue)) ?? [] }

    private func hear(_ role: RoleName, _ ready: Ready<SupervisorWake>, at now: Instant) {
        guard let process = roles[role] else { return }
        let received = process.frames(ready)
        for frame in received.frames {
            guard !frame.isEmpty else {
                pending.append(.answered(role))
                continue
            }
            do {
                let report = try RoleReport(from: role, frame: frame)
                hearFacts(report, at: now)
                note(report)
            } catch {
                log.error("\(role) speaks nonsense (\(error)); killing it")
                process.kill()
                return
            }
        }
        // A role without a channel is ending or cannot be told anything; its end is seen by its own
        // descriptor.
        if received.ended { process.hasHungUp(at: now) }
    }

    private func note(_ report: RoleReport) {
        // Its ledger has served: what it claims is gone from the kernel.
        switch report {
        case .vrrp(.stopped): attempt("remove the ledger") { try removeLedgerOfVRRP() }
        case .lvs(.stopped): attempt("remove the ledger") { try directory.removeLedger("lvs") }
        case .vrrp, .lvs, .checker: break
        }
        pending.append(.reported(report))
    }

    /// What keeps scripts from being run changes no verdict, so that nobody would notice: said once each.
    func note(_ outcome: ScriptOutcome, of run: UInt64) {
        if case .unavailable(let why) = outcome, complaints.count < 100, complaints.insert(why).inserted {
            log.warning("a check's script was not run, its verdict stays: \(why)")
        }
        pending.append(.scriptEnded(run: run, outcome))
    }

    func note(_ outcome: ScriptOutcome, ofTrack run: UInt64) {
        if case .unavailable(let why) = outcome, complaints.count < 100, complaints.insert(why).inserted {
            log.warning("a vrrp_script was not run; what is known of it stays: \(why)")
        }
        pending.append(.trackScriptEnded(run: run, outcome))
    }

    private func end(_ role: RoleName, at now: Instant) {
        guard let process = roles[role], let how = process.reap() else { return }
        process.close()
        if role == .vrrp {
            // What it said of itself before goes before what it has written.
            drain(at: now)
            readAdverts()
        }
        if role == .checker { scripts.terminateAll(at: now) }
        forget(role, "\(how)")
        loseFacts(of: role, at: now)
    }

    private func forget(_ role: RoleName, _ how: String) {
        roles[role] = nil
        if let path = options.rolePIDFiles[role] { attempt("remove \(path)") { try Files.remove(path) } }
        pending.append(.roleEnded(role, how: how))
    }

    /// What the vrrp role has written down until now, or until its end.
    private func readAdverts() {
        let entries = adverts.entries()
        guard !entries.isEmpty else { return }
        let sequences = entries.compactMapValues(\.sequence)
        pending.append(.advertised(entries.mapValues(\.at), sequences: sequences))
    }

    /// That this loop turns, and what has changed.
    private func tellServiceManager(at now: Instant) {
        if let text = service.advance(to: now) { notify(text) }
        if let text = service.show(supervisor) { notify(text) }
        // A clean-up has the time of a stop.
        if let text = service.extend(supervisor, at: now) { tell(text) }
    }

    func notify(_ text: String) {
        if !isCleaningUp { tell(text) }
    }

    private func tell(_ text: String) {
        if let socket = environment["NOTIFY_SOCKET"] { ProcessExit.notify(text, socket: socket) }
    }

    func attempt(_ what: String, _ body: () throws -> Void) {
        do { try body() } catch { log.error("cannot \(what): \(error)") }
    }
}
