import NetTypes
import Testing
import Timekeeping
import VRRP

/// A master that did not run for longer than its peers wait must hear before it acts.
@Suite struct RouterLeaseTests {
    private static let quiet = AnnouncementSchedule(repeats: 5, secondBurstDelay: .zero)

    /// A master whose last advert is ten seconds old.
    private func stalled(preempts: Bool = true) -> (router: Router, now: Instant) {
        let (router, since) = Router.master(.make(preempts: preempts, announcements: Self.quiet))
        return (router, since + .seconds(10))
    }

    @Test func `the timer only marks the doubt and asks for another turn`() {
        var (router, now) = stalled()
        #expect(router.handle(.timer, at: now) == [.note(.leaseExpired(.seconds(10)))])
        #expect(router.nextDeadline ?? at(1000) <= now)
        #expect(router.masterState?.doubt != nil)
        #expect(router.statistics.leasesExpired == 1)
    }

    @Test func `with nothing heard a preempting master asserts itself and announces`() {
        var (router, now) = stalled()
        _ = router.handle(.timer, at: now)
        let actions = router.handle(.timer, at: now + .milliseconds(1))
        #expect(actions == [.send(.make()), .announce(packetsPerAddress: 5)])
        #expect(router.masterState?.doubt == nil)
        #expect(router.nextDeadline == now + .milliseconds(1001))
    }

    @Test func `a better master in the queue ends it`() {
        var (router, now) = stalled()
        _ = router.handle(.timer, at: now)
        let actions = router.hear(200, at: now)
        // The last word tells the winner to announce itself: the kernel here answered ARP all the time.
        #expect(actions.effects.dropLast() == [.send(.make()), .releaseAddresses])
        #expect(router.state.name == .backup)
    }

    @Test func `lesser masters and resignations in the queue cause nothing before the turn is over`() {
        var (router, now) = stalled()
        #expect(router.hear(100, at: now).effects.isEmpty)
        #expect(router.hear(0, at: now).effects.isEmpty)
        #expect(router.hear(100, at: now).effects.isEmpty)
        #expect(
            router.handle(.timer, at: now) == [.send(.make()), .announce(packetsPerAddress: 5)])
    }

    @Test func `with nopreempt a successor in the queue is obeyed whatever its priority`() {
        var (router, now) = stalled(preempts: false)
        _ = router.handle(.timer, at: now)
        let actions = router.hear(1, at: now)
        let successor = HeardAdvertisement(source: peer, priority: 1, at: now)
        #expect(actions.effects.contains(.releaseAddresses))
        #expect(actions.reason == .deposed(.seconds(10), by: successor))
        // A word of ours would win the election that `nopreempt` leaves to the incumbent.
        #expect(actions.sentPriorities.isEmpty)
        #expect(router.backupState?.master == successor)
    }

    @Test func `with nopreempt and an empty queue it listens for one interval first`() {
        var (router, now) = stalled(preempts: false)
        _ = router.handle(.timer, at: now)
        let actions = router.handle(.timer, at: now)
        #expect(actions == [.releaseAddresses, .stateChanged(to: .backup, because: .stalled(.seconds(10)))])
        let wait = Interval.seconds(1) + Interval(nanoseconds: 106_000_000_000 / 256)
        #expect(router.nextDeadline == now + wait)
        #expect(router.handle(.timer, at: now + wait).sentPriorities == [150])
    }

    @Test func `a reload during the doubt is carried out when it is over`() {
        var (router, now) = stalled()
        _ = router.handle(.timer, at: now)
        var changed = router.configuration
        changed.virtualAddresses = virtual(IPv4Address(10, 99, 0, 101))
        #expect(router.handle(.reconfigured(changed), at: now).isEmpty)
        let actions = router.handle(.timer, at: now)
        #expect(actions.count == 3)
        #expect(actions[1] == .acquireAddresses)
    }

    @Test func `a shutdown needs no second look`() {
        var (router, now) = stalled()
        #expect(router.handle(.shutdown, at: now).sentPriorities == [0])
    }

    @Test func `a master that is merely late does not doubt`() {
        var (router, since) = Router.master(.make(announcements: Self.quiet))
        #expect(router.handle(.timer, at: since + .seconds(3)).sentPriorities == [150])
        #expect(router.statistics.leasesExpired == 0)
    }

    @Test func `each stall is noted`() {
        var (router, now) = stalled()
        for _ in 1...3 {
            #expect(router.handle(.timer, at: now).notes.count == 1)
            _ = router.handle(.timer, at: now)
            now = now + .seconds(10)
        }
        #expect(router.statistics.leasesExpired == 3)
    }

    @Test func `a master says nothing to its neighbours once its lease is over, noticed or not`() {
        var (router, since) = Router.master(.make(priority: 100))
        let end = since + MasterDown.lease(of: router.configuration)
        #expect(router.mayAnnounce(at: end) && !router.isInDoubt(at: end))
        let late = end + .milliseconds(1)
        #expect(!router.mayAnnounce(at: late) && router.isInDoubt(at: late))
        _ = router.handle(.timer, at: late)
        #expect(router.isInDoubt(at: late))
        _ = router.handle(.timer, at: late)
        #expect(router.mayAnnounce(at: late) && !router.isInDoubt(at: late))
        #expect(!Router.backup(.make()).isInDoubt(at: late))
    }
}
