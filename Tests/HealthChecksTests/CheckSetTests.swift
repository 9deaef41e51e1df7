import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

struct CheckSetTests {
    private var generator = SeededGenerator(state: 1)
    private let start = Instant(nanoseconds: 0)

    private func specification(
        _ octet: UInt8, delayLoop: Interval = .seconds(10), warmup: Interval = .zero, alpha: Bool = false
    ) -> CheckSpecification {
        CheckSpecification(
            kind: .tcp(TCPCheck(target: Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: 80))),
            schedule: CheckSchedule(delayLoop: delayLoop, warmup: warmup, startsDown: alpha))
    }

    /// The probes that `actions` start, with the last octet of their target.
    private func started(_ actions: [CheckSet.Action]) -> [(UInt8, ProbeID)] {
        actions.compactMap { action in
            guard case .perform(.connect(let target, _), let id) = action else { return nil }
            return (target.address.octets[3], id)
        }
    }

    @Test mutating func `equal specifications are one check`() {
        var set = CheckSet()
        let specifications = [specification(1), specification(2), specification(1)]
        #expect(set.reconfigure(specifications, at: start, using: &generator).isEmpty)
        #expect(set.count == 2)
        #expect(set.nextDeadline == start + .seconds(1))
        #expect(started(set.advance(to: start + .seconds(1))).map(\.0).sorted() == [1, 2])
    }

    @Test mutating func `verdicts follow the probes`() throws {
        var set = CheckSet()
        let (good, bad) = (specification(1), specification(2))
        _ = set.reconfigure([good, bad], at: start, using: &generator)
        #expect(set.verdicts == [good: .up, bad: .up])
        let now = start + .seconds(1)
        for (octet, id) in started(set.advance(to: now)) {
            let event = octet == 1 ? ProbeEvent.connected : .failed("connection refused")
            let actions = set.handle(event, of: id, at: now)
            #expect(actions.first == .perform(.disconnect, id))
            guard octet == 2 else { continue }
            let report = try #require(set[bad]?.lastReport)
            #expect(actions.last == .verdictChanged(bad, Transition(to: .down, because: report)))
        }
        #expect(set.verdicts == [good: .up, bad: .down])
        #expect(set.nextDeadline == now + .seconds(10))
        #expect(set.advance(to: now + .seconds(9)).isEmpty)
    }

    @Test mutating func `one check is made now, the others when they are due`() {
        var set = CheckSet()
        _ = set.reconfigure([specification(1), specification(2)], at: start, using: &generator)
        set.hasten(specification(2), at: start)
        set.hasten(specification(9), at: start)
        #expect(set.nextDeadline == start)
        #expect(started(set.advance(to: start)).map(\.0) == [2])
        #expect(set.nextDeadline == start + .seconds(1))
    }

    @Test mutating func `a restarted set starts from the last verdicts`() {
        var set = CheckSet()
        let (alpha, plain) = (specification(1, alpha: true), specification(2))
        _ = set.reconfigure([alpha, plain], known: [alpha: .up, plain: .down], at: start, using: &generator)
        #expect(set.verdicts == [alpha: .up, plain: .down])
    }

    @Test mutating func `a reload keeps what stays, probes under way included`() throws {
        var set = CheckSet()
        let (stays, goes, comes) = (specification(1), specification(2), specification(3))
        _ = set.reconfigure([stays, goes], at: start, using: &generator)
        let now = start + .seconds(1)
        let probes = started(set.advance(to: now))
        let kept = try #require(probes.first { $0.0 == 1 }?.1)
        let gone = try #require(probes.first { $0.0 == 2 }?.1)
        let actions = set.reconfigure([comes, stays], at: now, using: &generator)
        #expect(actions == [.perform(.disconnect, gone)])
        #expect(set.verdicts == [stays: .up, comes: .up])
        #expect(set[goes] == nil)
        #expect(set.handle(.connected, of: gone, at: now).isEmpty, "too late for a probe that was given up")
        #expect(set.handle(.connected, of: kept, at: now) == [.perform(.disconnect, kept)])
        #expect(set[stays]?.lastReport?.result.outcome == .connected)
    }

    @Test mutating func `a change of the schedule alone keeps the verdict, once there is one`() throws {
        var set = CheckSet()
        let old = specification(1, alpha: true)
        let slower = specification(1, delayLoop: .seconds(20))
        _ = set.reconfigure([old], at: start, using: &generator)
        var untried = set
        _ = untried.reconfigure([slower], at: start, using: &generator)
        #expect(untried.verdicts == [slower: .up], "a start state is no verdict")

        let now = start + .seconds(1)
        let id = try #require(started(set.advance(to: now)).first?.1)
        _ = set.handle(.failed("connection refused"), of: id, at: now)
        _ = set.reconfigure([slower], at: now, using: &generator)
        #expect(set.verdicts == [slower: .down])
    }

    @Test mutating func `a host that is behind begins a few at a time, and ends what is over all the same`() {
        var set = CheckSet()
        let all = (1...9).map { specification($0, warmup: .milliseconds(Int64($0))) }
        _ = set.reconfigure(all, at: start, using: &generator)
        let late = start + .seconds(3)
        #expect(set.nextStart.map { $0 < late } == true && set.nextEnd == nil)
        let first = started(set.advance(to: late, limit: 4))
        #expect(first.count == 4 && set.nextEnd == late + .seconds(5))
        let rest = all.compactMap { set[$0] }.filter { !$0.isProbing }
        #expect(rest.count == 5 && set.nextDeadline == set.nextStart)
        // When the first four should have ended, two more begin, and none of the four waits for that.
        let over = late + .seconds(6)
        let actions = set.advance(to: over, limit: 2)
        let ended = actions.compactMap { if case .perform(.disconnect, let id) = $0 { id } else { nil } }
        #expect(ended.count == 2 && Set(ended).isSubset(of: first.map(\.1)))
        #expect(started(actions).count == 2)
        #expect(set.nextEnd.map { $0 <= over } == true, "two are over and must wait for the next turn")
    }

    @Test mutating func `a slot used again is not woken by the old probe`() throws {
        var set = CheckSet()
        _ = set.reconfigure([specification(1)], at: start, using: &generator)
        let old = try #require(started(set.advance(to: start + .seconds(1))).first?.1)
        _ = set.reconfigure([specification(2)], at: start, using: &generator)
        let new = try #require(started(set.advance(to: start + .seconds(1))).first?.1)
        #expect(old != new)
        #expect(set.handle(.failed("connection refused"), of: old, at: start + .seconds(1)).isEmpty)
        #expect(set.verdicts == [specification(2): .up])
        #expect(set.handle(.connected, of: new, at: start + .seconds(1)).count == 1)
        #expect(set.handle(.connected, of: new, at: start + .seconds(1)).isEmpty, "the probe is over")
    }

    @Test mutating func `an empty configuration leaves nothing to wait for`() {
        var set = CheckSet()
        _ = set.reconfigure([specification(1), specification(2)], at: start, using: &generator)
        _ = set.advance(to: start + .seconds(1))
        let actions = set.reconfigure([], at: start, using: &generator)
        #expect(actions.count == 2)
        #expect(set.count == 0)
        #expect(set.nextDeadline == nil)
        #expect(set.verdicts.isEmpty)
    }

    @Test mutating func `many checks are spread over their warmup, the same for the same seed`() {
        let all = (0..<200).map { specification(UInt8($0), warmup: .seconds(10)) }
        func deadlines(seed: UInt64) -> [Instant?] {
            var set = CheckSet()
            var generator = SeededGenerator(state: seed)
            _ = set.reconfigure(all, at: start, using: &generator)
            return all.map { set[$0]?.nextDeadline }
        }
        let drawn = deadlines(seed: 7).compactMap { $0 }
        #expect(drawn.count == 200)
        #expect(Set(drawn).count > 190)
        #expect(drawn.allSatisfy { $0 >= start + .seconds(1) && $0 <= start + .seconds(11) })
        let bySecond = Dictionary(grouping: drawn) { $0.nanoseconds / 1_000_000_000 }
        let busiest = bySecond.values.map(\.count).max() ?? 0
        #expect(busiest <= 24, "an even spread has 20 a second")
        #expect(deadlines(seed: 7) == deadlines(seed: 7))
        #expect(deadlines(seed: 7) != deadlines(seed: 8))
    }

    @Test mutating func `what is due within milliseconds begins together, never early`() throws {
        var set = CheckSet()
        let all = (0..<200).map { specification(UInt8($0), warmup: .milliseconds(40)) }
        _ = set.reconfigure(all, at: start, using: &generator)
        var (wakes, begun) = (0, 0)
        while let due = set.nextDeadline, begun < 200 {
            let waiting = all.compactMap { (one: CheckSpecification) in set[one] }.filter { !$0.isProbing }
            let first = try #require(waiting.compactMap(\.nextDeadline).min())
            #expect(due >= first && due - first < .milliseconds(4))
            let actions = set.advance(to: due)
            #expect(!actions.isEmpty)
            (wakes, begun) = (wakes + 1, begun + actions.count)
        }
        #expect((10...11).contains(wakes))
    }

    /// A day of random targets, reloads and late events: deadlines always move on, no probe is answered
    /// twice, no connection leaks.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random days leave no connection behind`(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        var set = CheckSet()
        var open: Set<ProbeID> = []
        var now = start
        func follow(_ actions: [CheckSet.Action]) {
            for action in actions {
                guard case .perform(let what, let id) = action else { continue }
                switch what {
                case .connect, .open: #expect(open.insert(id).inserted, "seed \(seed)")
                case .disconnect: #expect(open.remove(id) != nil, "seed \(seed)")
                case .send, .run, .terminate, .secure, .digest, .match: break
                }
            }
        }
        for _ in 0..<1000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                let wanted = (0..<8).filter { _ in Bool.random(using: &generator) }.map {
                    specification(UInt8($0))
                }
                follow(set.reconfigure(wanted, at: now, using: &generator))
                #expect(set.count == wanted.count)
            case 1...5:
                guard let id = open.sorted(by: { $0.serial < $1.serial }).randomElement(using: &generator)
                else {
                    continue
                }
                let events: [ProbeEvent] = [.connected, .failed("x"), .unavailable("x"), .closed]
                follow(set.handle(events.randomElement(using: &generator) ?? .closed, of: id, at: now))
            default:
                guard let deadline = set.nextDeadline else { continue }
                now = max(now, deadline)
                follow(set.advance(to: now))
                #expect(try #require(set.nextDeadline) > now, "seed \(seed)")
            }
        }
        follow(set.reconfigure([], at: now, using: &generator))
        #expect(open.isEmpty, "seed \(seed)")
    }
}
