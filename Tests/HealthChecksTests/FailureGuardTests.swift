import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

@Suite struct FailureGuardTests {
    private static func check(_ octet: UInt8, port: UInt16 = 80, delayLoop: Int64 = 4) -> CheckSpecification {
        CheckSpecification(
            kind: .tcp(
                TCPCheck(
                    target: Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: port), timeout: .seconds(1))),
            schedule: CheckSchedule(delayLoop: .seconds(delayLoop)))
    }

    private static let ten = (1...10).map { check($0) }

    /// What a failed probe leaves.
    private static let refused = ProbeReport(
        result: ProbeResult(.connectionFailed, "refused"), duration: .milliseconds(1),
        finishedAt: Instant(nanoseconds: 0), failures: 2, failuresAllowed: 2)

    /// A guard with what is in force, as its owner keeps it.
    private struct Play {
        var failures = FailureGuard()
        var inForce: [CheckSpecification: Verdict] = [:]
        var news: [FailureGuard.News] = []

        init(
            _ checks: [CheckSpecification] = ten, _ setting: FailureGuard.Setting? = .init(hold: .seconds(30))
        ) {
            for check in checks { inForce[check] = .up }
            take(failures.configure(setting, checks, knowing: inForce))
        }

        mutating func take(_ step: FailureGuard.Step) {
            for ruling in step.rulings { inForce[ruling.check] = ruling.verdict }
            news += step.news.map { [$0] } ?? []
        }

        mutating func say(_ verdict: Verdict, _ checks: some Sequence<CheckSpecification>, at seconds: Int64)
        {
            let said = checks.map {
                FailureGuard.Ruling($0, verdict, because: verdict == .down ? refused : nil)
            }
            take(failures.hear(said, at: at(seconds)))
        }

        mutating func pass(to seconds: Int64) { take(failures.advance(to: at(seconds))) }

        /// How many are in force as down.
        var down: Int { inForce.values.count { $0 == .down } }
    }

    private static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    @Test func `what fails alone is out at once`() {
        var play = Play()
        play.say(.down, Self.ten.prefix(8), at: 1)
        #expect(play.down == 8 && play.news.isEmpty && play.failures.heldUntil == nil)
    }

    @Test func `when nearly all fail, all are put back, and it is said`() {
        var play = Play()
        for (index, check) in Self.ten.enumerated() { play.say(.down, [check], at: Int64(index) / 3) }
        #expect(play.down == 0)
        #expect(
            play.news == [.held(failed: 9, of: 10, within: .seconds(7), until: Self.at(32))])
        #expect(Self.ten.allSatisfy(play.failures.isHeld))
    }

    @Test func `those that are put back say why, and those that fail then never leave`() throws {
        var failures = FailureGuard()
        _ = failures.configure(
            FailureGuard.Setting(hold: .seconds(30)), Self.ten,
            knowing: Dictionary(uniqueKeysWithValues: Self.ten.map { ($0, .up) }))
        let step = failures.hear(Self.ten.prefix(9).map { .init($0, .down) }, at: Self.at(1))
        #expect(step.rulings.map(\.check) == Array(Self.ten.prefix(9)))
        #expect(step.rulings.allSatisfy { $0.verdict == .up })
        #expect(step.rulings.first?.report?.description == "held: 9 of 10 checks failed at once")
        #expect(failures.hear([.init(Self.ten[9], .down)], at: Self.at(2)).rulings == [])
    }

    @Test func `the hold is bounded, and what still fails is in force then`() {
        var play = Play()
        play.say(.down, Self.ten, at: 5)
        play.pass(to: 34)
        #expect(play.down == 0 && play.news.count == 1)
        play.pass(to: 35)
        #expect(play.down == 10)
        #expect(play.news.last == .released(failed: 10, .timeIsUp))
        // Held once: what is down is no news.
        play.say(.down, Self.ten, at: 36)
        play.pass(to: 100)
        #expect(play.down == 10 && play.news.count == 2)
    }

    @Test func `the verdict that was held back comes with its probe`() {
        var failures = FailureGuard()
        _ = failures.configure(
            FailureGuard.Setting(hold: .seconds(1)), Self.ten,
            knowing: Dictionary(uniqueKeysWithValues: Self.ten.map { ($0, .up) }))
        _ = failures.hear(Self.ten.map { .init($0, .down, because: Self.refused) }, at: Self.at(1))
        // Said again without its probe, as after a reload.
        _ = failures.hear([.init(Self.ten[0], .down)], at: Self.at(1))
        let end = failures.advance(to: Self.at(2))
        #expect(end.rulings == Self.ten.map { .init($0, .down, because: Self.refused) })
    }

    @Test func `when most are up again, the others fail by themselves`() {
        var play = Play()
        play.say(.down, Self.ten, at: 1)
        play.say(.up, Self.ten.prefix(5), at: 3)
        #expect(play.down == 0 && play.news.count == 1)
        play.say(.up, [Self.ten[5]], at: 4)
        #expect(play.down == 4)
        #expect(play.news.last == .released(failed: 4, .othersRecovered))
        #expect(play.failures.heldUntil == nil)
    }

    @Test func `all are well again before the time is up`() {
        var play = Play()
        play.say(.down, Self.ten, at: 1)
        play.say(.up, Self.ten, at: 2)
        #expect(play.down == 0)
        #expect(play.news.last == .released(failed: 0, .othersRecovered))
        play.pass(to: 60)
        #expect(play.news.count == 2)
    }

    @Test func `one server that dies with all its checks is no such case`() {
        let checks = [Self.check(1), Self.check(1, port: 443)]
        var play = Play(checks)
        play.say(.down, checks, at: 1)
        #expect(play.down == 2 && play.news.isEmpty)
        let alone = [Self.check(1)]
        play = Play(alone)
        play.say(.down, alone, at: 1)
        #expect(play.down == 1 && play.news.isEmpty)
    }

    @Test func `what failed before the window does not count`() {
        // One period is 4 s, one retry after 1 s, and twice 1 s for an attempt: 7 s.
        var play = Play()
        play.say(.down, Self.ten.prefix(5), at: 0)
        play.say(.down, Self.ten.suffix(5), at: 8)
        // The five that are left all failed: they alone are put back.
        #expect(play.down == 5 && play.news.map { "\($0)" }.count == 1)
        play = Play()
        play.say(.down, Self.ten.prefix(5), at: 0)
        play.say(.down, Self.ten.suffix(5), at: 7)
        #expect(play.down == 0)
    }

    /// A daemon that has just begun: a check without alpha counts as up before it has said anything, and its
    /// first good result is no news.
    @Test func `what begins as up can fail with the others, and what begins as down cannot`() {
        var failures = FailureGuard()
        let setting = FailureGuard.Setting(hold: .seconds(30))
        _ = failures.configure(setting, Self.ten, knowing: [:])
        let held = failures.hear(Self.ten.map { .init($0, .down) }, at: Self.at(1))
        #expect(held.rulings.allSatisfy { $0.verdict == .up } && held.news != nil)
        let alpha = Self.ten.map { check in
            var check = check
            check.schedule.startsDown = true
            return check
        }
        failures = FailureGuard()
        _ = failures.configure(setting, alpha, knowing: [:])
        let step = failures.hear(alpha.map { .init($0, .down) }, at: Self.at(1))
        #expect(step.rulings.allSatisfy { $0.verdict == .down } && step.news == nil)
    }

    @Test func `checks that a reload brings during a hold end nothing before they are good themselves`() {
        var play = Play()
        play.say(.down, Self.ten, at: 1)
        let changed = (1...5).map { Self.check($0, delayLoop: 3) }
        // What was held is inherited as up.
        for check in changed { play.inForce[check] = .up }
        let new = changed + Self.ten.suffix(5)
        play.take(play.failures.configure(.init(hold: .seconds(30)), new, knowing: play.inForce))
        #expect(play.failures.heldUntil == Self.at(31) && play.news.count == 1)
        play.say(.up, changed, at: 3)
        #expect(play.failures.heldUntil != nil, "five against five")
        play.say(.up, [Self.ten[9]], at: 4)
        #expect(play.news.last == .released(failed: 4, .othersRecovered))
    }

    @Test func `without the keyword everything passes`() {
        var play = Play(Self.ten, nil)
        play.say(.down, Self.ten, at: 1)
        #expect(play.down == 10 && play.news.isEmpty)
    }

    @Test func `a reload without the keyword ends the hold`() {
        var play = Play()
        play.say(.down, Self.ten, at: 1)
        play.take(play.failures.configure(nil, Self.ten, knowing: play.inForce))
        #expect(play.down == 10 && play.news.last == .released(failed: 10, .noLongerWanted))
        play.take(play.failures.configure(nil, Self.ten, knowing: play.inForce))
        #expect(play.news.count == 2)
    }

    @Test func `a reload goes on with the hold, without the checks that are gone`() {
        var play = Play()
        play.say(.down, Self.ten, at: 1)
        let rest = Array(Self.ten.prefix(8))
        play.take(play.failures.configure(.init(hold: .seconds(30)), rest, knowing: play.inForce))
        #expect(play.failures.heldUntil == Self.at(31) && play.news.count == 1)
        // A checker that has been started again fails once more, and that is no news.
        play.say(.down, rest, at: 5)
        #expect(play.failures.heldUntil == Self.at(31) && play.news.count == 1)
        play.pass(to: 31)
        #expect(rest.allSatisfy { play.inForce[$0] == .down })
        play.take(play.failures.configure(.init(hold: .seconds(30)), [], knowing: [:]))
        play.say(.down, Self.ten, at: 40)
        #expect(play.news.count == 2)
    }

    @Test func `a reload that leaves none of those that fail ends it`() {
        var play = Play()
        play.say(.down, Self.ten.prefix(9), at: 1)
        play.take(play.failures.configure(.init(hold: .seconds(30)), [Self.ten[9]], knowing: play.inForce))
        #expect(play.news.last == .released(failed: 0, .noLongerMade))
    }

    @Test func `a share of half is enough where that is asked for`() {
        var play = Play(Self.ten, .init(hold: .seconds(30), share: 50))
        play.say(.down, Self.ten.prefix(4), at: 1)
        #expect(play.down == 4)
        play.say(.down, [Self.ten[4]], at: 2)
        #expect(play.down == 0)
    }

    /// Whatever fails and recovers when: nothing is held longer than configured, what is in force is what the
    /// checks say unless it is held, and what is held fails.
    @Test(arguments: 0..<40 as Range<UInt64>) func `in any play of failures the bounds hold`(seed: UInt64) {
        var generator = SeededGenerator(state: seed &+ 1)
        let checks = (1...UInt8.random(in: 2...20, using: &generator)).map { Self.check($0) }
        let hold = Int64.random(in: 1...20, using: &generator)
        var play = Play(
            checks, .init(hold: .seconds(hold), share: Int.random(in: 50...100, using: &generator)))
        var said = play.inForce
        for second in 0..<300 as Range<Int64> {
            play.pass(to: second)
            let isStorm = Int.random(in: 0..<40, using: &generator) == 0
            for check in checks where isStorm || Int.random(in: 0..<25, using: &generator) == 0 {
                let verdict: Verdict = isStorm || Bool.random(using: &generator) ? .down : .up
                said[check] = verdict
                play.say(verdict, [check], at: second)
            }
            if let until = play.failures.heldUntil {
                #expect(until > Self.at(second) && until <= Self.at(second + hold))
            }
            for check in checks {
                if play.failures.isHeld(check) {
                    #expect(said[check] == .down && play.inForce[check] == .up)
                } else {
                    #expect(play.inForce[check] == said[check])
                }
            }
        }
    }
}
