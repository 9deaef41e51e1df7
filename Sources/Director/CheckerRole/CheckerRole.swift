// The checker's shell: it speaks to servers that may say anything, and therefore may do nothing.

import HealthChecks
import LinuxIO
import TLS
import Timekeeping

/// The process of the checker role.
final class CheckerRole {
    /// What wakes it.
    enum Wake: Hashable {
        case supervisor
        case sockets
        case probe(ProbeID)
        case mail
    }

    /// Descriptors beside those of probes.
    private static let reservedDescriptors = 64 + ProbeConnections<Wake>.spareLimit
    /// So many fit the frame that the supervisor accepts.
    static let verdictsPerReport = 8192
    /// By then the first probes of an assignment have come and gone.
    private static let untilSettled = Interval.seconds(5)
    private static let betweenReleases = Interval.seconds(60)
    /// Probes begun in one turn, and ended for their time: what has come meanwhile must not wait for long.
    private static let stepsPerTurn = 64
    /// Starts may be so late before it is worth a line, and the lines are so far apart.
    private static let noticeableDelay = Interval.seconds(1)
    private static let betweenComplaints = Interval.seconds(60)
    /// At the end mails may still take so long.
    private static let farewell = Interval.seconds(3)

    private let log: Log
    private let loop: EventLoop<Wake>
    private let link: SupervisorLink<Wake, CheckerCommand, CheckerReport>
    private let connections: ProbeConnections<Wake>
    private let datagrams: ProbeDatagrams<Wake>
    private let descriptorLimit: Int
    private let sockets: DescriptorChannel
    private let socketsRegistration: Registration
    private var borrowed = BorrowedSockets()
    /// This process may make sockets for echo requests, as far as is known.
    private var mayEcho = true
    private let examination = PageExamination()
    private let mails: MailSender<Wake>
    private var leaveBy: Instant?
    private var checks = CheckSet()
    private var assignment = CheckerAssignment(generation: 0, checks: [])
    /// When memory that many probes at once have taken is given back: an assignment takes several times what
    /// is kept of it, its first probes come close together, and servers that hang do so together.
    private var releaseAt: Instant?
    /// Not before then is it said again that checks begin late.
    private var complainAt = Instant(nanoseconds: 0)
    /// The assignment came in this turn.
    private var isFresh = false
    private var places: [CheckSpecification: Int] = [:]
    private var generator = SystemRandomNumberGenerator()
    private var runs = ScriptRuns()
    private var news: [IndexedVerdict] = []
    /// What has been warned of and would be again with every probe.
    private var complaints: Set<String> = []

    /// `descriptors` is how many this process may have.
    init(
        channel: consuming OwnedFD, sockets end: consuming OwnedFD, log: Log, descriptors: Int
    ) throws {
        self.log = log
        loop = try EventLoop()
        sockets = DescriptorChannel(adopting: end)
        socketsRegistration = try loop.register(sockets.descriptor, .read, .sockets)
        link = try SupervisorLink(adopting: channel, in: loop, as: .supervisor, log: log)
        descriptorLimit = max(16, descriptors - Self.reservedDescriptors)
        connections = ProbeConnections(in: loop, limit: descriptorLimit) { .probe($0) }
        datagrams = ProbeDatagrams(in: loop) { .probe($0) }
        mails = MailSender(in: loop, log: log, token: .mail)
    }

    /// Runs until told to stop, or until the supervisor is gone; the exit status.
    func run() throws -> Int32 {
        while true { if let status = try turn() { return status } }
    }

    /// Waits, at most until `limit`, and handles what came; the exit status once it is time to end.
    func turn(until limit: Instant? = nil) throws -> Int32? {
        let deadline = [
            checks.nextDeadline, connections.nextDeadline, borrowed.nextDeadline, mails.nextDeadline, leaveBy,
            releaseAt,
        ].reduce(nil as Instant?) { Instant?.earlier($0, $1) }
        try handle(loop.wait(until: Instant?.earlier(deadline, limit)))
        let now = try catchUp()
        if link.hasEnded { return 0 }
        if isFresh || releaseAt.map({ $0 <= now }) ?? false {
            // Not while the assignment is taken: what it was read from is in use until then.
            Scheduling.releaseFreeMemory()
            releaseAt = now + (isFresh ? Self.untilSettled : Self.betweenReleases)
            isFresh = false
        }
        giveUpBorrowing(at: now)
        complainOfDelay(at: now)
        perform(checks.advance(to: now, limit: Self.stepsPerTurn), at: now)
        order()
        while case let events = connections.beginHandshakes(at: now), !events.isEmpty {
            for (probe, event) in events { feed(event, to: probe, at: now) }
        }
        connections.advance(to: now)
        mails.advance(to: now)
        report()
        if let leaveBy, leaveBy <= now || mails.isIdle { return 0 }
        return nil
    }

    private func handle(_ ready: [Ready<Wake>]) throws {
        let now = Clock.now()
        for event in ready where loop.isCurrent(event.registration) {
            switch event.token {
            case .supervisor: for command in link.commands(event) { obey(command, at: now) }
            case .sockets:
                giveUpBorrowing(at: now)
                try takeSockets(at: now)
            case .probe(let probe):
                let happened =
                    datagrams.has(probe) ? datagrams.handle(probe) : connections.handle(probe, event)
                for event in happened { feed(event, to: probe, at: now) }
            case .mail: mails.handle(event, at: now)
            }
        }
    }

    /// Until when all that has come is handled. Before the time of a probe counts as over: its answer may be
    /// among those that one wait had no room for, or have come while this process was kept from running.
    private func catchUp() throws -> Instant {
        var now = Clock.now()
        guard let end = checks.nextEnd, end <= now else { return now }
        // As often as it takes to look at every descriptor, and a few times more, since one thing leads to
        // another; no further, however much a few of them have to say.
        for _ in 0..<4 * (1 + loop.count / EventLoop<Wake>.batchLimit) {
            connections.watchAddressed()
            now = Clock.now()
            let ready = try loop.look()
            if ready.isEmpty, !loop.hasMore { break }
            try handle(ready)
        }
        return now
    }

    /// Says, once in a while, that this host is too slow for so many checks.
    private func complainOfDelay(at now: Instant) {
        guard let due = checks.nextStart, now - due >= Self.noticeableDelay, complainAt <= now else { return }
        complainAt = now + Self.betweenComplaints
        log.warning("checks begin \(now - due) late: too slow a host for \(checks.count), or stood still")
    }

    private func obey(_ command: CheckerCommand, at now: Instant) {
        switch command {
        case .configure(let new): configure(new, at: now)
        case .reconfigure(let rest, let checks):
            // A stop has emptied what the edits are of.
            guard leaveBy == nil else { return }
            guard let new = rest.completed(after: assignment, checks) else {
                return link.distrust("a reload that is not of the last assignment")
            }
            configure(new, at: now)
        case .scriptEnded(let run, let outcome): end(run, outcome, at: now)
        case .describe: describe()
        case .recheck(let generation, let places):
            guard generation == assignment.generation else { return }
            for place in places where assignment.checks.indices.contains(place) {
                checks.hasten(assignment.checks[place], at: now)
            }
        case .mail(let mail): mails.add(mail)
        case .socketRefused(let number, let why, let isTargets):
            if let entry = borrowed.arrived(number) {
                feed(isTargets ? .failed(why) : .unavailable(why), to: entry.probe, at: now)
            }
        case .stop:
            leaveBy = now + Self.farewell
            configure(CheckerAssignment(generation: 0, checks: [], mail: assignment.mail), at: now)
        }
    }

    private func configure(_ new: CheckerAssignment, at now: Instant) {
        assignment = new
        complaints = []
        examination.forget(new.credentials)
        if leaveBy == nil {
            let name = new.director.isEmpty ? HostFacts.shortHostName : new.director
            mails.configure(new.mail, director: name)
        }
        places = Dictionary(new.checks.enumerated().map { ($1, $0) }) { first, _ in first }
        let actions = checks.reconfigure(
            new.checks, known: Self.bySpecification(new.known, new.checks),
            weights: Self.bySpecification(new.weights, new.checks), at: now, using: &generator)
        perform(actions, at: now)
        // Reports of the former assignment may have crossed this one: say again all that is known.
        news = new.checks.enumerated().compactMap { index, check in
            guard let state = checks[check], state.isSettled else { return nil }
            return IndexedVerdict(index: index, verdict: state.verdict, report: nil, weight: state.weight)
        }
        isFresh = true
    }

    private static func bySpecification<Value>(
        _ values: [Int: Value], _ checks: [CheckSpecification]
    ) -> [CheckSpecification: Value] {
        var result: [CheckSpecification: Value] = [:]
        for (index, value) in values where checks.indices.contains(index) { result[checks[index]] = value }
        return result
    }

    private func end(_ run: UInt64, _ outcome: ScriptOutcome, at now: Instant) {
        guard let probe = runs.ended(run) else { return }
        switch outcome {
        case .status(let status): feed(.exited(.status(status)), to: probe, at: now)
        case .signal(let number): feed(.exited(.signal(number)), to: probe, at: now)
        case .unfit(let text): feed(.exited(.unfit(text)), to: probe, at: now)
        case .unavailable(let text): feed(.unavailable(text), to: probe, at: now)
        }
    }

    private func feed(_ event: ProbeEvent, to probe: ProbeID, at now: Instant) {
        perform(checks.handle(event, of: probe, at: now), at: now)
    }

    private func perform(_ actions: [CheckSet.Action], at now: Instant) {
        for action in actions {
            switch action {
            case .perform(let work, let probe):
                if let happened = perform(work, probe, at: now) { feed(happened, to: probe, at: now) }
            case .noted(let check, let report):
                let line = "\(check.target): \(report)"
                if check.schedule.logsAllFailures, report.result.outcome.meaning == .bad {
                    log.notice(line)
                } else {
                    log.detail(line)
                }
            case .verdictChanged(let check, let transition):
                log.detail("\(check.target): \(transition.verdict.rawValue): \(transition.report)")
                tell(transition.verdict, of: check, because: transition.report)
            case .weightChanged(let check, let report):
                log.detail("\(check.target): \(report)")
                tell(.up, of: check, because: report)
            }
        }
    }

    private func tell(_ verdict: Verdict, of check: CheckSpecification, because report: ProbeReport) {
        guard let index = places[check] else { return }
        news.append(
            IndexedVerdict(index: index, verdict: verdict, report: report, weight: checks[check]?.weight))
    }

    /// Does one action of a probe; the event when there is nothing to wait for.
    private func perform(_ action: ProbeAction, _ probe: ProbeID, at now: Instant) -> ProbeEvent? {
        switch action {
        case .connect(let target, let source):
            guard isRoom else { return .unavailable("\(descriptorLimit) probes are under way") }
            guard !source.needsRights else {
                return borrow(.connect(target, hasFixedPort: source.port != 0), probe, at: now)
            }
            return connections.connect(probe, to: target, from: source)
        case .open(let kind, let target, let source):
            guard isRoom else { return .unavailable("\(descriptorLimit) probes are under way") }
            guard !source.needsRights, kind != .echo || mayEcho else {
                return borrow(.open(kind, target), probe, at: now)
            }
            let nonce = UInt64.random(in: 0 ... .max, using: &generator)
            if let event = datagrams.open(kind, probe, to: target, from: source, nonce: nonce) {
                return event
            }
            mayEcho = false
            return borrow(.open(kind, target), probe, at: now)
        case .send(let octets):
            return datagrams.has(probe) ? datagrams.send(probe, octets) : connections.send(probe, octets)
        case .secure(let request):
            switch examination.context(request.settings) {
            case .success(let context): secure(probe, request, context, at: now)
            case .failure(let error):
                if complaints.insert("\(error)").inserted {
                    log.warning("no TLS for checks, their verdicts stay: \(error)")
                }
                return .unavailable("TLS: \(error)")
            }
        case .digest(let algorithm, let octets): return examination.digest(algorithm, octets)
        case .match(let pattern, let octets): return examination.match(pattern, octets)
        case .disconnect:
            borrowed.abandon(probe)
            datagrams.close(probe)
            connections.disconnect(probe, at: now)
        case .run: return run(probe)
        case .terminate:
            if let run = runs.abandon(probe) { link.send(.terminate(run)) }
        }
        return nil
    }

    private func secure(_ probe: ProbeID, _ request: TLSRequest, _ context: TLSContext, at now: Instant) {
        connections.secure(
            probe, as: request, in: context, isSuspect: checks.check(of: probe)?.handshakeHangs ?? false,
            until: halfTime(of: probe, at: now))
    }

    /// Until when a probe may wait for what this host is to do for it: half of what is left of its time, the
    /// other half is the server's.
    private func halfTime(of probe: ProbeID, at now: Instant) -> Instant {
        now + (checks.check(of: probe)?.nextDeadline.map { ($0 - now) / 2 } ?? .zero)
    }

    /// A descriptor may be opened for one more probe.
    private var isRoom: Bool { connections.count + datagrams.count + borrowed.count < descriptorLimit }

    /// Has the supervisor asked for a socket, at the end of the turn; the event when it cannot be asked.
    private func borrow(_ use: BorrowedSockets.Use, _ probe: ProbeID, at now: Instant) -> ProbeEvent? {
        guard let check = checks.check(of: probe), places[check.specification] != nil else {
            return .unavailable("no such check any more")
        }
        borrowed.want(use, for: probe, until: halfTime(of: probe, at: now))
        return nil
    }

    private func giveUpBorrowing(at now: Instant) {
        for probe in borrowed.due(at: now) {
            feed(.unavailable("no socket came in time"), to: probe, at: now)
        }
    }

    /// Asks the supervisor for as many sockets as may be under way.
    private func order() {
        for (number, probe) in borrowed.order() {
            // The check of a probe that waits is there: one that goes gives its probe up.
            guard let index = checks.check(of: probe).flatMap({ places[$0.specification] }) else { continue }
            link.send(.socket(number, generation: assignment.generation, index: index))
        }
    }

    private func takeSockets(at now: Instant) throws(Errno) {
        var events: [(ProbeID, ProbeEvent)] = []
        let isOpen = try sockets.receive { number, socket in
            guard let (probe, use) = borrowed.arrived(number) else { return }
            guard let socket else {
                events.append((probe, .unavailable("no descriptor is free")))
                return
            }
            switch use {
            case .connect(let target, let hasFixedPort):
                if let event = connections.connect(
                    probe, to: target, on: socket, hasFixedPort: hasFixedPort)
                {
                    events.append((probe, event))
                }
            case .open(let kind, let target):
                let nonce = UInt64.random(in: 0 ... .max, using: &generator)
                events.append((probe, datagrams.open(kind, probe, to: target, on: socket, nonce: nonce)))
            }
        }
        // The supervisor is gone, as the other channel tells; here nothing more comes.
        if !isOpen { loop.unregister(socketsRegistration) }
        for (probe, event) in events { feed(event, to: probe, at: now) }
    }

    private func run(_ probe: ProbeID) -> ProbeEvent? {
        guard let index = checks.check(of: probe).flatMap({ places[$0.specification] }) else {
            return .unavailable("no such check any more")
        }
        link.send(.run(runs.begin(for: probe), generation: assignment.generation, index: index))
        return nil
    }

    /// All that is known, in parts that fit a message.
    private func describe() {
        var facts = assignment.checks.enumerated().compactMap { index, check in
            checks[check].map {
                CheckFacts(index: index, verdict: $0.verdict, report: $0.lastReport, tally: $0.tally)
            }
        }[...]
        repeat {
            let part = Array(facts.prefix(Self.verdictsPerReport))
            facts = facts.dropFirst(Self.verdictsPerReport)
            let health = RoleHealth(lag: loop.lag)
            link.send(
                .described(generation: assignment.generation, part, isLast: facts.isEmpty, health: health))
        } while !facts.isEmpty
    }

    private func report() {
        guard !news.isEmpty else { return }
        var rest = news[...]
        news = []
        while !rest.isEmpty {
            link.send(
                .verdicts(generation: assignment.generation, Array(rest.prefix(Self.verdictsPerReport))))
            rest = rest.dropFirst(Self.verdictsPerReport)
        }
    }
}
