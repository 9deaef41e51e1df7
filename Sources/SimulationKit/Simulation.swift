import NetTypes
import Timekeeping
import VRRP

/// What a run ended with.
package struct Outcome: Sendable {
    /// The seed that repeats it.
    package var seed: UInt64
    /// Broken promises; empty in a good run.
    package var violations: [Violation]
    /// Equal for equal seeds and builds.
    package var hash: TraceHash
    /// How much time passed inside.
    package var virtualTime: Interval
    /// How many events were handled.
    package var events: Int
    /// How often a director became master.
    package var takeovers: Int
    /// How much of each counter was seen in all routers, by name, for tests that want to know what a run
    /// exercised.
    package var counters: [String: UInt64]
    /// One line an event, when tracing was asked for.
    package var trace: [String]

    /// Seed, violations and the end of the trace: all that a failing test should print.
    package var report: String {
        (["seed \(seed)"] + violations.map(\.description) + ["trace:"] + trace.suffix(120)).joined(
            separator: "\n")
    }
}

/// A segment with two or more directors in one process: virtual time, seeded faults, adverts that travel
/// encoded through the real codec, and invariants checked after every event.
package struct Simulation: Sendable {
    enum Event: Sendable {
        case arrival(Flight, from: Int)
        case fault(Fault)
        case start(node: Int, life: Int)
        case withdraw(node: Int, life: Int)
        case thaw(node: Int, life: Int)
        case plug(node: Int)
        case mend(from: Int, to: Int)
        case quiet
        case settled
        case finalBlow
        case judgement(master: Int)
        case end
    }

    /// The scheduler's delay before a daemon handles its timer.
    static let lateness = Interval.microseconds(100)
    /// The wall clock when a run begins, in seconds since 1970: where adverts are numbered from.
    static let epoch: UInt32 = 1_800_000_000
    /// For `auth_type AH`.
    static let digest: KeyedDigest = { TraceHash.digest($0, $1) }
    /// What a socket holds while nobody reads it.
    static let inboxLimit = 64
    /// How soon a supervisor withdraws the addresses of a daemon that it cannot bring back.
    static let withdrawal = Interval.milliseconds(150)

    let scenario: Scenario
    let sabotage: Sabotage
    let tracing: Bool
    var random: SeededGenerator
    var network: SimulatedNetwork
    var directors: [SimulatedDirector]
    var thawedAt: [Instant]
    var queue = EventQueue<Event>()
    var invariants: Invariants
    var now = Instant(nanoseconds: 0)
    var hash = TraceHash()
    var trace: [String] = []
    var counters: [String: UInt64] = [:]
    var events = 0
    var takeovers = 0
    /// Whom the segment's ARP caches believe to hold the addresses.
    var announcer: Int?
    /// State changes are forbidden while set.
    var settled = false
    var ended = false
    /// The master stops in quiet: somebody is to hold the addresses all the time.
    var handsOver = false

    /// A run that has not begun. Tracing costs time: run without, repeat a failing seed with.
    package init(_ scenario: Scenario, sabotage: Sabotage = .none, tracing: Bool = false) {
        self.scenario = scenario
        self.sabotage = sabotage
        self.tracing = tracing
        random = SeededGenerator(seed: scenario.seed)
        network = SimulatedNetwork(count: scenario.routers.count, faults: scenario.network)
        directors = scenario.routers.enumerated().map {
            SimulatedDirector(node: $0.offset, configuration: $0.element)
        }
        thawedAt = directors.map { _ in Instant(nanoseconds: 0) }
        invariants = Invariants(routers: scenario.routers, isNumbered: scenario.isNumbered)
    }

    /// Runs to the end.
    package mutating func run() -> Outcome {
        plan()
        while !ended { step() }
        for node in directors.indices { collectCounters(of: node) }
        return Outcome(
            seed: scenario.seed, violations: invariants.violations, hash: hash,
            virtualTime: now - Instant(nanoseconds: 0), events: events, takeovers: takeovers,
            counters: counters, trace: trace)
    }

    /// Runs a scenario; one that breaks a promise is run again with a trace.
    package static func run(_ scenario: Scenario, sabotage: Sabotage = .none) -> Outcome {
        var simulation = Simulation(scenario, sabotage: sabotage)
        let outcome = simulation.run()
        guard !outcome.violations.isEmpty else { return outcome }
        var traced = Simulation(scenario, sabotage: sabotage, tracing: true)
        return traced.run()
    }

    private mutating func plan() {
        for node in directors.indices {
            let at = now + random.interval(.zero, scenario.unit)
            queue.push(.start(node: node, life: 0), at: at)
        }
        for (at, fault) in scenario.faults { queue.push(.fault(fault), at: at) }
        queue.push(.quiet, at: now + scenario.faultTime)
    }

    /// Handles whatever comes first. Packets of the same moment come before timers: the loop drains, then
    /// decides.
    private mutating func step() {
        var timer: (node: Int, at: Instant)?
        for node in directors.indices {
            guard let wake = directors[node].nextWake, wake < timer?.at ?? Instant(nanoseconds: .max) else {
                continue
            }
            timer = (node, wake)
        }
        events += 1
        if let timer, timer.at < queue.nextDeadline ?? Instant(nanoseconds: .max) {
            now = max(now, timer.at)
            hash.mix(now.nanoseconds)
            timerFires(timer.node)
        } else if let (event, at) = queue.pop() {
            now = max(now, at)
            hash.mix(now.nanoseconds)
            handle(event)
        } else {
            ended = true
        }
        invariants.check(directors, network, thawedAt: thawedAt, slack: Self.lateness, at: now)
        if handsOver, directors.allSatisfy(\.kernelAddresses.isEmpty) {
            invariants.report(.handover, at: now, "nobody holds the addresses")
        }
    }

    mutating func note(_ text: @autoclosure () -> String) {
        if tracing { trace.append("\(now) \(text())") }
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .arrival(let flight, let from): arrive(flight, from: from)
        case .fault(let fault): strike(fault)
        case .start(let node, let life):
            guard directors[node].life == life else { return }
            guard directors[node].stopsUntil == nil else {
                if directors[node].runs { act(node, .shutdown) }
                return
            }
            start(node)
        case .withdraw(let node, let life):
            guard directors[node].life == life, directors[node].router == nil else { return }
            note("director \(node): supervisor withdraws the addresses")
            directors[node].kernelAddresses = []
        case .thaw(let node, let life):
            if directors[node].life == life { thaw(node) }
        case .plug(let node): plug(node)
        case .mend(let from, let to):
            note("link \(from)->\(to) mended")
            network.block(from, to, false, at: now)
        case .quiet: becomeQuiet()
        case .settled: judgeElection()
        case .finalBlow: strikeFinally()
        case .judgement(let master): judgeTakeover(from: master)
        case .end: ended = true
        }
    }

    // MARK: One director

    private mutating func timerFires(_ node: Int) {
        directors[node].wakeAt = nil
        if sabotage == .neverTakesOver, !directors[node].isMaster { return }
        if sabotage == .clings, directors[node].router?.isHandingOver ?? false { return }
        let lie = sabotage == .hurriesTakeover ? directors[node].router?.nextDeadline : nil
        act(node, .timer, at: max(now, lie ?? now))
        if sabotage == .flaps, settled, directors[node].isMaster {
            act(node, .interfaceDown)
            act(node, .interfaceUp(primaryAddress: directors[node].address))
        }
    }

    /// Gives an event to a router and carries out what it asks for.
    mutating func act(_ node: Int, _ event: Router.Event, at instant: Instant? = nil) {
        guard let before = directors[node].router?.state.name else { return }
        var actions = directors[node].router?.handle(event, at: instant ?? now) ?? []
        if sabotage == .resignsAsBackup, before == .backup, event == .shutdown {
            actions.append(.send(speech(of: node, priority: 0)))
        }
        if sabotage == .breaksBeforeMaking, event == .shutdown {
            actions += directors[node].router?.handle(event, at: now) ?? []
        }
        perform(actions, node, before: before)
    }

    func speech(of node: Int, priority: UInt8) -> Advertisement {
        let configuration = directors[node].configuration
        return Advertisement(
            version: configuration.version, virtualRouterID: configuration.virtualRouterID,
            priority: priority, interval: configuration.advertisementInterval,
            addresses: configuration.advertisedAddresses, authentication: configuration.authentication,
            sequence: (directors[node].router?.sequence ?? 0) + 1)
    }

    mutating func perform(_ planned: [Router.Action], _ node: Int, before: Router.StateName) {
        for action in sabotaged(planned) { perform(action, node, before: before) }
        let delay = random.interval(.zero, Self.lateness)
        let early = sabotage == .hurriesTakeover && !directors[node].isMaster
        directors[node].arm { early ? Interval.zero - scenario.unit : delay }
        endStop(node)
    }

    private func sabotaged(_ actions: [Router.Action]) -> [Router.Action] {
        switch sabotage {
        case .forgetsRelease: actions.filter { $0 != .releaseAddresses }
        case .reportsBeforeRelease:
            actions.contains(.releaseAddresses) ? actions.reversed() : actions
        case .announcesBeforeAcquiring:
            actions.contains(.acquireAddresses) ? actions.reversed() : actions
        case .neverReannounces:
            actions.contains(.acquireAddresses)
                ? actions : actions.filter { if case .announce = $0 { false } else { true } }
        case .yieldsSilently:
            actions.contains(.releaseAddresses)
                ? actions.filter { if case .send(let advert) = $0 { advert.priority == 0 } else { true } }
                : actions
        case .hidesYielding:
            actions.filter { if case .stateChanged(to: .backup, _) = $0 { false } else { true } }
        case .forgetsNewAddresses:
            actions.contains { if case .stateChanged = $0 { true } else { false } }
                ? actions : actions.filter { $0 != .acquireAddresses }
        default: actions
        }
    }

    private mutating func perform(_ action: Router.Action, _ node: Int, before: Router.StateName) {
        switch action {
        case .send(let advertisement): send(advertisement, node, before: before)
        case .acquireAddresses:
            invariants.acquired(node, directors[node], at: now)
            directors[node].kernelAddresses = directors[node].configuration.advertisedAddresses
        case .releaseAddresses: directors[node].kernelAddresses = []
        case .announce(let packets):
            note("director \(node) announces \(packets)")
            invariants.announced(node, directors[node], at: now)
            if directors[node].interfaceUp { announcer = node }
        case .stateChanged(let state, let reason):
            note("director \(node) \(state.line(instance: "VI_1", because: reason))")
            hash.mix(Int64(node))
            if state == .master { takeovers += 1 }
            if settled { invariants.report(.stability, at: now, "director \(node) -> \(state): \(reason)") }
            invariants.stateChanged(node, to: state, because: reason, directors[node], at: now)
        case .note(let note): self.note("director \(node) notes: \(note)")
        }
    }

    private mutating func send(_ advertisement: Advertisement, _ node: Int, before: Router.StateName) {
        note("director \(node) sends \(advertisement)")
        invariants.sent(
            node, priority: advertisement.priority, number: advertisement.sequence, by: directors[node],
            before: before, at: now)
        if advertisement.priority > 0 { directors[node].lastMasterSend = now }
        let datagrams = directors.map { receiver in
            datagram(advertisement, from: directors[node], to: receiver.address)
        }
        hash.mix(datagrams[node].payload)
        guard directors[node].interfaceUp else {
            for other in directors.indices { network.lost(node, other, at: now) }
            return
        }
        for flight in network.transmit(datagrams, from: node, at: now, random: &random) {
            queue.push(.arrival(flight, from: node), at: now + flight.after)
        }
    }

    /// What `sender` puts on the wire for the director at `address`: its group's, or its own.
    func datagram(
        _ advertisement: Advertisement, from sender: SimulatedDirector, to address: IPAddress
    ) -> ReceivedDatagram {
        var destination = address
        if case .multicast(let group) = sender.configuration.transport { destination = group }
        let octets =
            advertisement.wireOctets(
                from: sender.address, to: destination, timeToLive: 255,
                checksum: sender.configuration.checksum, digest: Self.digest) ?? []
        // With an Authentication Header it is the whole packet.
        return ReceivedDatagram(ipPacket: octets)
            ?? ReceivedDatagram(
                payload: octets, timeToLive: 255, source: sender.address, destination: destination)
    }

    // MARK: Packets

    private mutating func arrive(_ flight: Flight, from: Int) {
        let node = flight.to
        guard directors[node].interfaceUp, directors[node].router != nil, !directors[node].isAsleep else {
            network.lost(from, node, at: now)
            return
        }
        guard directors[node].freezes == 0 else {
            if directors[node].inbox.count < Self.inboxLimit {
                directors[node].inbox.append((flight.datagram, flight.corrupted))
            } else {
                network.lost(from, node, at: now)
            }
            return
        }
        hear(node, flight.datagram, corrupted: flight.corrupted)
    }

    /// The loop reads one datagram.
    mutating func hear(_ node: Int, _ datagram: ReceivedDatagram, corrupted: Bool) {
        guard let before = directors[node].router, !muffled(node, before, datagram) else { return }
        let isBad = corrupted || datagram.source == directors[node].address
        let isRepetition =
            !isBad && invariants.isRepetition(node, datagram.authenticationHeader?.sequence)
        var actions = directors[node].router?.receive(datagram, at: now) ?? []
        let state = before.state.name
        if sabotage == .neverPreempts, state == .backup, !corrupted {
            let advert = Advertisement(
                version: before.configuration.version, virtualRouterID: 51, priority: 255,
                interval: before.configuration.advertisementInterval, addresses: [])
            actions +=
                directors[node].router?.handle(.advertisement(advert, source: datagram.source), at: now) ?? []
        }
        if sabotage == .amplifies, state == .master, directors[node].isMaster {
            actions.append(.send(speech(of: node, priority: directors[node].configuration.priority)))
        }
        if sabotage == .speaksAsBackup, state == .backup {
            actions.append(.send(speech(of: node, priority: directors[node].configuration.priority)))
        }
        perform(actions, node, before: state)
        if sabotage == .actsOnDamagedPackets, corrupted {
            act(node, .interfaceDown)
            act(node, .interfaceUp(primaryAddress: directors[node].address))
        }
        guard let after = directors[node].router else { return }
        if isBad || isRepetition {
            if after.state != before.state || after.statistics.accepted != before.statistics.accepted {
                invariants.report(.droppedMeansNothing, at: now, "director \(node) acted on a bad packet")
            }
        } else {
            invariants.heard(
                node, datagram.payload, before: state, after: after.state.name,
                configuration: directors[node].configuration, at: now)
        }
    }

    private func muffled(_ node: Int, _ router: Router, _ datagram: ReceivedDatagram) -> Bool {
        switch sabotage {
        case .ignoresResignation: datagram.payload[2] == 0
        case .neverYields: directors[node].isMaster && datagram.payload[2] >= router.configuration.priority
        default: false
        }
    }

    mutating func collectCounters(of node: Int) {
        guard let router = directors[node].router else { return }
        for (name, value) in router.statistics.counters { counters[name, default: 0] += value }
    }
}
