import NetTypes
import Timekeeping
import VRRP

/// Directors with several virtual routers each, which are members of a sync group and have segments and
/// VRIDs of their own, so that they hear different things. Adverts are lost and late, segments are cut,
/// members lose what they track, priorities change, daemons crash; what must hold of a group is checked after
/// every event, and at the end, when all is quiet, that one director is master of everything.
package struct GroupSimulation: Sendable {
    /// What a run breaks on purpose.
    package enum Sabotage: Hashable, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// Members are never told of each other.
        case neverCorrects
        /// A fault of one member is nobody else's.
        case hidesFaults
        /// A member that yields yields alone.
        case yieldsAlone
    }

    private enum Event: Sendable {
        case arrival(Advertisement, from: Int, to: Int, member: Int)
        case start(node: Int)
        case crash(node: Int)
        case lose(node: Int, member: Int, Bool)
        case unplug(node: Int, member: Int, Bool)
        case cut(member: Int, Int, Int, Bool)
        case prioritise(node: Int, UInt8)
        case quiet
        case judge
        case lastBlow
    }

    private struct Director: Sendable {
        var routers: [Router] = []
        var holds: [Bool]
        var fault: [Bool]
        var priority: UInt8
        var plugged: [Bool]
    }

    private static let unit = Interval.seconds(1)
    /// How long things go wrong.
    private static let faultTime = Interval.seconds(90)
    /// Two losing elections, as a group that waits for a late member may need, and a margin.
    private static let settling = Interval.seconds(14)

    private let members: Int
    private let group: SyncGroup
    private let sabotage: Sabotage
    private let version: ProtocolVersion
    private let preempts: Bool
    private var random: SeededGenerator
    private var directors: [Director] = []
    private var queue = EventQueue<Event>()
    private var cuts: Set<[Int]> = []
    private var loss: Int
    private var now = Instant(nanoseconds: 0)
    private var isOver = false
    private var isQuiet = false
    /// When the last advert arrives by the way of a member from one director to another.
    private var latest: [[Int]: Instant] = [:]
    /// Broken promises, as sentences with their times.
    package private(set) var violations: [String] = []
    /// How often a whole group became master.
    package private(set) var takeovers = 0
    /// How often a group was in fault for the sake of one member.
    package private(set) var sharedFaults = 0
    /// How many events were handled.
    package private(set) var events = 0
    /// One line an event or a change of state, when tracing was asked for.
    package private(set) var trace: [String] = []
    private let tracing: Bool

    /// How much time has passed inside.
    package var virtualTime: Interval { now - Instant(nanoseconds: 0) }

    /// A run that has not begun.
    package init(seed: UInt64, sabotage: Sabotage = .none, tracing: Bool = false) {
        var random = SeededGenerator(seed: seed)
        let count = 2 + random.below(2)
        members = 2 + random.below(2)
        version = random.pick([.v2, .v3])
        preempts = !random.chance(permille: 200)
        loss = random.pick([0, 20, 100])
        (self.sabotage, self.tracing) = (sabotage, tracing)
        group = SyncGroup(name: "G", members: (0..<members).map { "VI_\($0)" })
        for node in 0..<count {
            let blank = [Bool](repeating: false, count: members)
            directors.append(
                Director(
                    holds: blank, fault: blank, priority: UInt8(100 + 20 * node + random.below(20)),
                    plugged: blank.map { !$0 }))
            queue.push(.start(node: node), at: now + random.interval(.zero, Self.unit))
        }
        self.random = random
        plan()
    }

    private mutating func plan() {
        for _ in 0..<(4 + random.below(12)) {
            let begin = now + random.interval(Self.unit * 5, Self.faultTime - Self.unit)
            let end = min(begin + random.interval(.zero, Self.unit * 12), now + Self.faultTime)
            let (node, member) = (random.below(directors.count), random.below(members))
            let other = (node + 1 + random.below(directors.count - 1)) % directors.count
            switch random.below(5) {
            case 0:
                queue.push(.lose(node: node, member: member, true), at: begin)
                queue.push(.lose(node: node, member: member, false), at: end)
            case 1:
                queue.push(.unplug(node: node, member: member, true), at: begin)
                queue.push(.unplug(node: node, member: member, false), at: end)
            case 2:
                queue.push(.cut(member: member, node, other, true), at: begin)
                if random.chance(permille: 700) {
                    queue.push(.cut(member: member, other, node, true), at: begin)
                }
            case 3: queue.push(.prioritise(node: node, UInt8(1 + random.below(254))), at: begin)
            default:
                queue.push(.crash(node: node), at: begin)
                queue.push(.start(node: node), at: end)
            }
        }
        queue.push(.quiet, at: now + Self.faultTime)
    }

    /// Runs to the end.
    package mutating func run() {
        while !isOver, violations.count < 5 {
            events += 1
            let timer = nextTimer
            if let timer, timer.at < queue.nextDeadline ?? Instant(nanoseconds: .max) {
                now = max(now, timer.at)
                tell("timer of VI_\(timer.member) at director \(timer.node)")
                act(timer.node, timer.member, .timer)
                settle(timer.node)
            } else if let (event, at) = queue.pop() {
                now = max(now, at)
                tell("\(event)")
                handle(event)
            } else {
                isOver = true
            }
            check()
        }
    }

    private var nextTimer: (at: Instant, node: Int, member: Int)? {
        var next: (at: Instant, node: Int, member: Int)?
        for node in directors.indices {
            for member in directors[node].routers.indices {
                guard let due = directors[node].routers[member].nextDeadline else { continue }
                if next.map({ due < $0.at }) ?? true { next = (due, node, member) }
            }
        }
        return next
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .arrival(let advertisement, let from, let to, let member):
            guard directors[to].routers.indices.contains(member), directors[to].plugged[member] else {
                return
            }
            act(to, member, .advertisement(advertisement, source: Self.address(from)))
            settle(to)
        case .start(let node): start(node)
        case .crash(let node):
            // Its machine loses power: nobody hears a word, and nothing is left.
            directors[node].routers = []
            directors[node].holds = directors[node].holds.map { _ in false }
        case .lose(let node, let member, let isLost):
            directors[node].fault[member] = isLost
            act(node, member, .tracked(fault: isLost ? Tracked(.script, "s") : nil))
            settle(node)
        case .unplug(let node, let member, let isUnplugged):
            directors[node].plugged[member] = !isUnplugged
            act(
                node, member,
                isUnplugged ? .interfaceDown : .interfaceUp(primaryAddress: Self.address(node)))
            settle(node)
        case .cut(let member, let from, let to, let isCut):
            if isCut { cuts.insert([member, from, to]) } else { cuts.remove([member, from, to]) }
        case .prioritise(let node, let priority): prioritise(node, priority)
        case .quiet:
            cuts = []
            (loss, isQuiet) = (0, true)
            for node in directors.indices { prioritise(node, UInt8(100 + 20 * node)) }
            queue.push(.judge, at: now + Self.settling)
        case .judge: judge(blow: true)
        case .lastBlow: judge(blow: false)
        }
    }

    // MARK: Directors

    private static func address(_ node: Int) -> IPAddress { .v4(IPv4Address(192, 0, 2, UInt8(node + 2))) }

    private func configuration(_ member: Int, _ priority: UInt8) -> RouterConfiguration {
        var configuration = RouterConfiguration(
            name: "VI_\(member)", interface: "eth\(member)", version: version,
            virtualRouterID: UInt8(member + 1), priority: priority, advertisementInterval: Self.unit,
            virtualAddresses: [], preempts: preempts)
        configuration.group = "G"
        return configuration
    }

    private mutating func start(_ node: Int) {
        guard directors[node].routers.isEmpty else { return }
        directors[node].routers = (0..<members).map {
            Router(configuration: configuration($0, directors[node].priority))
        }
        for member in 0..<members {
            if directors[node].fault[member] { act(node, member, .tracked(fault: Tracked(.script, "s"))) }
            let isUp = directors[node].plugged[member]
            act(node, member, isUp ? .startup(primaryAddress: Self.address(node)) : .interfaceDown)
        }
        settle(node)
    }

    private mutating func prioritise(_ node: Int, _ priority: UInt8) {
        directors[node].priority = priority
        for member in directors[node].routers.indices {
            act(node, member, .reconfigured(configuration(member, priority)))
        }
        settle(node)
    }

    private mutating func act(_ node: Int, _ member: Int, _ event: Router.Event) {
        guard directors[node].routers.indices.contains(member) else { return }
        for action in directors[node].routers[member].handle(event, at: now) {
            switch action {
            case .send(let advertisement): send(advertisement, node, member)
            case .acquireAddresses: directors[node].holds[member] = true
            case .releaseAddresses: directors[node].holds[member] = false
            case .stateChanged(let state, let reason):
                if case (.fault, .groupFault) = (state, reason) { sharedFaults += 1 }
                tell("VI_\(member) at director \(node): \(state), \(reason)")
            case .announce, .note: break
            }
        }
    }

    private mutating func send(_ advertisement: Advertisement, _ node: Int, _ member: Int) {
        guard directors[node].plugged[member] else { return }
        for to in directors.indices
        where to != node && !cuts.contains([member, node, to]) && !random.chance(permille: loss) {
            let way = [member, node, to]
            var at = now + random.interval(.microseconds(100), .milliseconds(20))
            // A segment in order keeps the order: an advert that came after the word of its master's leave
            // would take it back.
            if isQuiet { at = max(at, latest[way] ?? at) }
            latest[way] = at
            queue.push(.arrival(advertisement, from: node, to: to, member: member), at: at)
        }
    }

    /// What the shell does at the end of a turn.
    private mutating func settle(_ node: Int) {
        guard sabotage != .neverCorrects else { return }
        let wasMaster = directors[node].holds.allSatisfy { $0 }
        for _ in 0..<3 {
            let corrections = group.corrections(of: directors[node].routers)
            if corrections.isEmpty { break }
            for (member, event) in corrections {
                if sabotage == .hidesFaults, case .groupFault = event { continue }
                if sabotage == .yieldsAlone, case .resign = event { continue }
                act(node, member, event)
            }
        }
        if !wasMaster, directors[node].holds.allSatisfy({ $0 }) { takeovers += 1 }
    }

    // MARK: Promises

    private mutating func report(_ text: String) { violations.append("\(now): \(text)") }

    private mutating func tell(_ text: @autoclosure () -> String) {
        if tracing { trace.append("\(now) \(text())") }
    }

    private mutating func check() {
        for node in directors.indices where !directors[node].routers.isEmpty {
            let states = directors[node].routers.map(\.state.name)
            let masters = states.filter { $0 == .master }.count
            if masters != 0, masters != members { report("the members of director \(node) are \(states)") }
            if states.contains(.fault), Set(states) != [.fault] {
                report("not every member of director \(node) is in fault: \(states)")
            }
            if directors[node].holds != states.map({ $0 == .master }) {
                report("director \(node) in \(states) holds \(directors[node].holds)")
            }
        }
    }

    /// In quiet times one director is master of everything; when it must give up, another one is.
    private mutating func judge(blow: Bool) {
        let masters = directors.indices.filter { directors[$0].holds.contains(true) }
        guard let master = masters.first, masters.count == 1 else {
            report("masters: \(masters) of \(directors.map { $0.routers.map(\.state.name) })")
            isOver = true
            return
        }
        guard blow else {
            isOver = true
            return
        }
        if preempts, master != directors.count - 1 { report("director \(master) is not the best") }
        handle(.lose(node: master, member: random.below(members), true))
        // Priority 0 leaves the skew, at most an interval.
        queue.push(.lastBlow, at: now + Self.unit + .milliseconds(100))
    }
}
