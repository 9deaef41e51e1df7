import NetTypes
import Testing
import Timekeeping
import VRRP

/// RFC 9568 sections 6.4.2 (Backup) and 6.4.3 (Active), and what keepalived adds to them.
@Suite struct RouterElectionTests {
    // MARK: Backup

    @Test(arguments: [100, 101, 255] as [UInt8])
    func `a master at least as good restarts the timer`(priority: UInt8) {
        var router = Router.backup(.make(priority: 100))
        #expect(router.hear(priority, at: at(2)).isEmpty)
        #expect(router.nextDeadline == at(2 + 3.609375))
    }

    @Test func `a lesser master does not, and is displaced when the timer runs out`() {
        var router = Router.backup(.make(priority: 100))
        for second in 1...3 { #expect(router.hear(50, at: at(Double(second))).isEmpty) }
        #expect(router.nextDeadline == at(3.609375))
        let actions = router.handle(.timer, at: at(3.609375))
        #expect(
            actions.reason == .preempting(HeardAdvertisement(source: peer, priority: 50, at: at(3))))
    }

    @Test func `how regular the adverts of its master are is counted, not those of others`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(150, at: at(1))
        #expect(router.statistics.jitter == IntervalHistogram(), "there is none before it")
        _ = router.hear(150, at: at(2.002))
        _ = router.hear(150, at: at(2.998))
        _ = router.hear(50, at: at(3.1))
        #expect(router.statistics.jitter.counts == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `with nopreempt any master restarts the timer`() {
        var router = Router.backup(.make(priority: 200, preempts: false))
        _ = router.hear(1, at: at(3))
        #expect(router.nextDeadline == at(3) + .seconds(3) + Interval(nanoseconds: 56_000_000_000 / 256))
        #expect(router.backupState?.master?.priority == 1)
    }

    @Test func `an owner preempts whatever nopreempt says`() {
        var router = Router.backup(.make(priority: 200, preempts: false))
        var owner = RouterConfiguration.make(priority: 255, preempts: false)
        _ = router.handle(.reconfigured(owner), at: at(0.5))
        let deadline = router.nextDeadline
        _ = router.hear(200, at: at(1))
        #expect(router.nextDeadline == deadline)
        owner.priority = 254
        _ = router.handle(.reconfigured(owner), at: at(1.5))
        _ = router.hear(200, at: at(2))
        #expect(router.backupState?.master?.priority == 200)
    }

    @Test(arguments: [
        (ProtocolVersion.v2, Interval.seconds(1), 0.609375), (.v3, .centiseconds(10), 0.0609375),
    ])
    func `priority 0 leaves only the skew`(version: ProtocolVersion, interval: Interval, skew: Double) {
        var router = Router.backup(.make(version: version, priority: 100, interval: interval))
        _ = router.hear(150, interval: interval, at: at(0.2))
        #expect(router.hear(0, interval: interval, at: at(0.25)).isEmpty)
        #expect(router.nextDeadline == at(0.25 + skew))
        let actions = router.handle(.timer, at: at(0.25 + skew))
        #expect(actions.reason == .masterResigned(peer))
    }

    /// Whole nanoseconds after the last advert, from the RFCs' text: 3 x interval + skew.
    private static let waits: [(ProtocolVersion, Interval, skew: Int64, down: Int64)] = [
        (.v2, .seconds(1), 609_375_000, 3_609_375_000), (.v2, .seconds(10), 609_375_000, 30_609_375_000),
        (.v3, .centiseconds(10), 60_937_500, 360_937_500), (.v3, .seconds(10), 6_093_750_000, 36_093_750_000),
    ]

    @Test(arguments: waits)
    func `a backup keeps silent to the last nanosecond of its wait`(
        version: ProtocolVersion, interval: Interval, skew: Int64, down: Int64
    ) {
        var router = Router.backup(.make(version: version, priority: 100, interval: interval))
        _ = router.hear(150, interval: interval, at: at(1))
        let due = at(1) + Interval(nanoseconds: down)
        #expect(router.handle(.timer, at: due - Interval(nanoseconds: 1)).isEmpty)
        #expect(router.state.name == .backup)
        #expect(router.handle(.timer, at: due).sentPriorities == [100])
    }

    @Test(arguments: waits)
    func `after a resignation it keeps silent to the last nanosecond of the skew`(
        version: ProtocolVersion, interval: Interval, skew: Int64, down: Int64
    ) {
        var router = Router.backup(.make(version: version, priority: 100, interval: interval))
        _ = router.hear(150, interval: interval, at: at(0.1))
        _ = router.hear(0, interval: interval, at: at(0.2))
        let due = at(0.2) + Interval(nanoseconds: skew)
        #expect(router.handle(.timer, at: due - Interval(nanoseconds: 1)).isEmpty)
        #expect(router.state.name == .backup)
        #expect(router.handle(.timer, at: due).reason == .masterResigned(peer))
    }

    @Test func `a backup takes no address, says and announces nothing, whatever it hears`() {
        for priority in UInt8(0)...255 {
            for preempts in [true, false] {
                var router = Router.backup(.make(priority: 100, preempts: preempts))
                #expect(router.hear(priority, at: at(1)).isEmpty, "priority \(priority)")
                #expect(router.hear(priority, from: higherPeer, at: at(1.1)).isEmpty)
                #expect(router.handle(.timer, at: at(1.2)).isEmpty)
                #expect(!router.mayAnnounce(at: at(1.2)) && router.state.name == .backup)
            }
        }
    }

    @Test func `somebody better can still claim during the skew`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(0, at: at(1))
        _ = router.hear(120, from: higherPeer, at: at(1.2))
        #expect(router.nextDeadline == at(1.2 + 3.609375))
    }

    @Test func `a v3 backup waits by the master's interval and forgets it as master`() {
        let configuration = RouterConfiguration.make(
            version: .v3, priority: 100, interval: .centiseconds(10))
        var router = Router.backup(configuration)
        _ = router.hear(150, interval: .seconds(2), at: at(0.1))
        #expect(router.nextDeadline == at(0.1 + 6 + 2 * 156.0 / 256))
        _ = router.hear(0, interval: .seconds(2), at: at(0.2))
        #expect(router.nextDeadline == at(0.2 + 2 * 156.0 / 256))
        let due = at(0.2 + 2 * 156.0 / 256)
        let actions = router.handle(.timer, at: due)
        #expect(actions.first == .send(.make(version: .v3, priority: 100, interval: .centiseconds(10))))
        #expect(router.nextDeadline == due + .centiseconds(10))
    }

    @Test func `a v2 backup waits by its own interval`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(150, interval: .seconds(9), at: at(1))
        #expect(router.nextDeadline == at(1 + 3.609375))
    }

    // MARK: preempt_delay

    @Test func `preempt_delay follows a lesser master until it is over`() {
        var router = Router.backup(.make(priority: 200, preemptDelay: .seconds(10)))
        for second in 1...9 { _ = router.hear(100, at: at(Double(second))) }
        #expect(router.backupState?.master?.priority == 100)
        let deadline = router.nextDeadline
        _ = router.hear(100, at: at(10))
        _ = router.hear(100, at: at(11))
        #expect(router.nextDeadline == deadline)
        #expect(router.backupState?.master == nil)
    }

    @Test func `the delay begins again after a better master was heard`() {
        var router = Router.backup(.make(priority: 200, preemptDelay: .seconds(10)))
        _ = router.hear(250, at: at(3))
        #expect(router.backupState?.mayPreemptAt == nil)
        _ = router.hear(100, at: at(5))
        #expect(router.backupState?.mayPreemptAt == at(15))
    }

    @Test func `an owner waits for nobody`() {
        var router = Router.backup(.make(priority: 200, preemptDelay: .seconds(60)))
        var owner = Router.backup(.make(priority: 200, preemptDelay: .seconds(60)))
        _ = owner.handle(.reconfigured(.make(priority: 255, preemptDelay: .seconds(60))), at: at(0))
        for time in [1.0, 2.0, 3.0] {
            _ = router.hear(100, at: at(time))
            _ = owner.hear(100, at: at(time))
        }
        #expect(router.backupState?.master?.priority == 100)
        #expect(owner.backupState?.mayPreemptAt == nil && owner.backupState?.master == nil)
    }

    @Test func `the delay does not keep a dead master's place`() {
        var router = Router.backup(.make(priority: 200, preemptDelay: .seconds(1000)))
        _ = router.hear(100, at: at(1))
        let due = router.nextDeadline ?? at(0)
        #expect(due < at(5))
        #expect(router.handle(.timer, at: due).sentPriorities == [200])
    }

    @Test func `a sync backup follows a lesser master until it was told of all connections`() {
        var configuration = RouterConfiguration.make(priority: 200)
        configuration.syncWait = .seconds(13)
        var router = Router.backup(configuration)
        for second in 1...12 { _ = router.hear(100, at: at(Double(second))) }
        #expect(router.backupState?.master?.priority == 100)
        let deadline = router.nextDeadline
        _ = router.hear(100, at: at(13))
        #expect(router.nextDeadline == deadline && router.backupState?.master == nil)
        // A dead master's place is taken at once all the same.
        var alone = Router.backup(configuration)
        #expect(alone.handle(.timer, at: alone.nextDeadline ?? at(0)).sentPriorities == [200])
    }

    @Test func `of two waits the longer one counts, and none for an owner`() {
        var configuration = RouterConfiguration.make(priority: 200, preemptDelay: .seconds(5))
        #expect(configuration.preemptionWait == .seconds(5))
        configuration.syncWait = .seconds(13)
        #expect(configuration.preemptionWait == .seconds(13))
        configuration.preemptDelay = .seconds(60)
        #expect(configuration.preemptionWait == .seconds(60))
        configuration.priority = 255
        #expect(configuration.preemptionWait == .zero)
    }

    // MARK: A backup that was not running

    @Test func `a timer an interval late is no proof of silence, but only once`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(150, at: at(1))
        let actions = router.handle(.timer, at: at(60))
        #expect(actions == [.note(.timerLate(at(60) - at(4.609375)))])
        #expect(router.nextDeadline == at(61.609375))
        #expect(router.handle(.timer, at: at(90)).sentPriorities == [100])
    }

    @Test func `a living master ends the second look`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.handle(.timer, at: at(60))
        _ = router.hear(150, at: at(60.5))
        #expect(router.nextDeadline == at(60.5 + 3.609375))
        #expect(router.backupState?.looksAgain == false)
    }

    @Test func `at short intervals a stall shorter than the sockets' patience is good enough`() {
        let fast = RouterConfiguration.make(version: .v3, priority: 100, interval: .centiseconds(1))
        var prompt = Router.backup(fast)
        #expect(prompt.handle(.timer, at: at(0.25)).sentPriorities == [100])
        var late = Router.backup(fast)
        #expect(late.handle(.timer, at: at(0.3)).sentPriorities.isEmpty)
    }

    @Test func `a timer within an interval is good enough`() {
        var router = Router.backup(.make(priority: 100))
        #expect(router.handle(.timer, at: at(4.6)).sentPriorities == [100])
    }

    // MARK: Master

    @Test func `it advertises every interval, counted from the last advert`() {
        var (router, since) = Router.master(.make(announcements: .init(repeats: 0, secondBurstDelay: .zero)))
        #expect(router.nextDeadline == since + .seconds(1))
        let late = since + .milliseconds(1200)
        #expect(router.handle(.timer, at: late) == [.send(.make())])
        #expect(router.nextDeadline == late + .seconds(1))
    }

    @Test func `announcements are deadlines like adverts`() {
        var (router, since) = Router.master(.make(interval: .seconds(4)))
        #expect(router.handle(.timer, at: since + .seconds(4)).sentPriorities == [150])
        #expect(router.nextDeadline == since + .seconds(5))
        #expect(router.handle(.timer, at: since + .seconds(5)) == [.announce(packetsPerAddress: 5)])
        #expect(router.nextDeadline == since + .seconds(8))
    }

    @Test func `it yields to a higher priority: a last word, then the addresses, then the report`() {
        var (router, since) = Router.master(.make(priority: 100))
        let now = since + .milliseconds(10)
        let winner = HeardAdvertisement(source: peer, priority: 101, at: now)
        #expect(
            router.hear(101, at: now) == [
                .send(.make(priority: 100)), .releaseAddresses,
                .stateChanged(to: .backup, because: .higherPriority(winner)),
            ])
        #expect(router.nextDeadline == now + Interval(nanoseconds: 3_609_375_000))
        #expect(router.backupState?.master == winner)
    }

    @Test func `a v3 master that yields adopts the winner's interval`() {
        var (router, since) = Router.master(.make(version: .v3, priority: 100))
        _ = router.hear(101, interval: .seconds(4), at: since)
        #expect(router.backupState?.masterInterval == .seconds(4))
        #expect(router.nextDeadline == since + .seconds(12) + .seconds(4) * 156 / 256)
    }

    @Test func `between equal priorities the higher address wins`() {
        var (loser, since) = Router.master(.make())
        #expect(
            loser.hear(150, from: higherPeer, at: since).reason
                == .higherAddress(HeardAdvertisement(source: higherPeer, priority: 150, at: since)))
        var (winner, from) = Router.master(.make())
        #expect(winner.hear(150, from: peer, at: from + .milliseconds(500)).sentPriorities == [150])
        #expect(winner.state.name == .master)
    }

    @Test func `addresses compare as unsigned numbers`() {
        var router = Router(configuration: .make())
        _ = router.handle(.startup(primaryAddress: .v4(IPv4Address(10, 0, 0, 1))), at: at(0))
        _ = router.handle(.timer, at: at(3.5))
        #expect(
            router.hear(150, from: .v4(IPv4Address(192, 0, 2, 1)), at: at(3.6)).effects.contains(
                .releaseAddresses)
        )
    }

    @Test func `priority 0 is answered at once`() {
        var (router, since) = Router.master(.make())
        let now = since + .milliseconds(600)
        #expect(router.hear(0, at: now) == [.send(.make())])
        #expect(router.nextDeadline == now + .seconds(1))
    }

    @Test func `a lesser master is told at once, and the neighbours are told again`() {
        var (router, since) = Router.master(.make())
        let now = since + .seconds(20)
        // The first turns of the loop, so that the lease is young.
        for second in 1...20 { _ = router.handle(.timer, at: since + .seconds(Int64(second))) }
        let loser = HeardAdvertisement(source: peer, priority: 100, at: now + .milliseconds(500))
        #expect(
            router.hear(100, at: now + .milliseconds(500)) == [
                .note(.secondMaster(loser)), .send(.make()), .announce(packetsPerAddress: 5),
            ])
        #expect(router.state.name == .master)
    }

    @Test func `a second owner is noted and addresses decide`() {
        var (router, since) = Router.master(.make(priority: 255))
        let notes = router.hear(255, from: peer, at: since + .milliseconds(500)).notes
        #expect(notes.contains(.secondOwner(peer)))
        #expect(
            router.hear(255, from: higherPeer, at: since + .milliseconds(600)).effects.contains(
                .releaseAddresses))
    }

    @Test func `a flood of losing adverts is not amplified`() {
        var (router, since) = Router.master(.make())
        var sent = 0
        var bursts = 0
        for step in 1...10_000 {
            let now = since + .microseconds(Int64(step) * 1000)
            var actions = router.hear(step % 2 == 0 ? 1 : 0, at: now)
            if let due = router.nextDeadline, due <= now { actions += router.handle(.timer, at: now) }
            sent += actions.sentPriorities.count
            bursts += actions.filter { $0 == .announce(packetsPerAddress: 5) }.count
        }
        // Ten seconds of a thousand adverts each: at most four answers an interval and one burst a second.
        #expect(sent <= 41)
        #expect(sent >= 38)
        #expect(bursts <= 11)
    }

    // MARK: Flapping

    /// Deposed again and again by somebody who then is silent.
    private func masterships(_ count: Int, every length: Double) -> [Note] {
        var router = Router.backup(.make(priority: 100))
        var notes: [Note] = []
        for round in 0..<count {
            let now = at(10 + Double(round) * length)
            _ = router.hear(150, at: now)
            let due = router.nextDeadline ?? now
            for action in router.handle(.timer, at: due) {
                if case .note(let note) = action { notes.append(note) }
            }
            #expect(router.state.name == .master)
        }
        return notes
    }

    @Test func `who is master again and again says so, once a minute`() {
        let note = Note.flapping(times: 5, within: .seconds(60))
        #expect(masterships(4, every: 5) == [])
        #expect(masterships(5, every: 5) == [note])
        #expect(masterships(12, every: 5) == [note], "a minute has not gone by")
        #expect(masterships(18, every: 5).count == 2)
        #expect(masterships(30, every: 20) == [], "three in a minute are failovers")
        #expect("\(note)".hasPrefix("became master 5 times in 60"))
    }
}
