import NetTypes
import Testing
import Timekeeping
import VRRP

/// Start, stop, adoption and the interface.
@Suite struct RouterTransitionsTests {
    // MARK: Start (RFC 9568 6.4.1)

    @Test(arguments: [
        (ProtocolVersion.v2, UInt8(100), Interval.seconds(1), 3.609375),
        (.v2, 254, .seconds(2), 6.0078125), (.v3, 100, .centiseconds(10), 0.3609375),
    ])
    func `it starts as backup and waits a whole master-down interval`(
        version: ProtocolVersion, priority: UInt8, interval: Interval, wait: Double
    ) {
        var router = Router(configuration: .make(version: version, priority: priority, interval: interval))
        let actions = router.handle(.startup(primaryAddress: own), at: at(10))
        #expect(actions == [.releaseAddresses, .stateChanged(to: .backup, because: .started)])
        #expect(router.nextDeadline == at(10 + wait))
    }

    @Test func `an owner is master at once`() {
        var router = Router(configuration: .make(priority: 255))
        let actions = router.handle(.startup(primaryAddress: own), at: at(0))
        #expect(
            actions == [
                .send(.make(priority: 255)), .acquireAddresses, .announce(packetsPerAddress: 5),
                .stateChanged(to: .master, because: .ownsAddresses),
            ])
        #expect(router.nextDeadline == at(1))
    }

    @Test(arguments: [(ProtocolVersion.v2, 1.00390625), (.v3, 1.00390625)])
    func `state MASTER waits one interval and the least skew`(version: ProtocolVersion, wait: Double) {
        var router = Router.backup(.make(version: version, priority: 100, startsAsMaster: true))
        #expect(router.state.name == .backup)
        #expect(router.nextDeadline == at(wait))
        // It is only a hint: a better master is followed.
        _ = router.hear(150, at: at(0.5))
        #expect(router.nextDeadline == at(0.5 + 3.609375))
    }

    @Test func `with preempt_after_sync state MASTER shortens nothing`() {
        var configuration = RouterConfiguration.make(startsAsMaster: true)
        let whole = Router.backup(.make()).nextDeadline
        configuration.syncWait = .seconds(23)
        var router = Router.backup(configuration)
        #expect(router.nextDeadline == whole)
        // An advert that comes later than the short wait is still heard, and the lesser master accepted.
        #expect(router.handle(.timer, at: at(1.5)).isEmpty)
        _ = router.hear(100, at: at(2))
        #expect(router.backupState?.master?.priority == 100)
    }

    @Test func `state MASTER shortens no later wait`() {
        var router = Router.backup(.make(startsAsMaster: true))
        _ = router.handle(.interfaceDown, at: at(0.5))
        _ = router.handle(.interfaceUp(primaryAddress: own), at: at(10))
        #expect(
            router.nextDeadline == at(10) + MasterDown.lease(of: .make(priority: 150)) + .milliseconds(0)
                + (MasterDown.skew(version: .v2, priority: 150, masterInterval: .seconds(1))
                    - MasterDown.skew(version: .v2, priority: 255, masterInterval: .seconds(1))))
    }

    @Test func `a second start changes nothing`() {
        var router = Router.backup(.make())
        let state = router.state
        #expect(router.handle(.startup(primaryAddress: higherPeer), at: at(1)).isEmpty)
        #expect(router.handle(.adopt(primaryAddress: higherPeer), at: at(1)).isEmpty)
        #expect(router.state == state)
        #expect(router.primaryAddress == own)
    }

    // MARK: Becoming master (6.4.2)

    @Test func `advert, then addresses, then announcements, then the report`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(150, at: at(1))
        let actions = router.handle(.timer, at: at(4.609375))
        let last = HeardAdvertisement(source: peer, priority: 150, at: at(1))
        #expect(
            actions == [
                .send(.make(priority: 100)), .acquireAddresses, .announce(packetsPerAddress: 5),
                .stateChanged(
                    to: .master, because: .silence(Interval(nanoseconds: 3_609_375_000), last: last)),
            ])
        #expect(actions.reason?.description == "no advert for 3.609 s (last from 10.99.0.1, priority 150)")
    }

    @Test func `without announcements configured none are asked for`() {
        var router = Router.backup(
            .make(announcements: AnnouncementSchedule(repeats: 0, secondBurstDelay: .zero)))
        let actions = router.handle(.timer, at: at(3.5))
        #expect(!actions.contains(.announce(packetsPerAddress: 0)))
        #expect(router.nextDeadline == at(4.5))
    }

    // MARK: Adoption

    @Test func `a restarted process goes on as master`() {
        var router = Router(configuration: .make(priority: 100))
        let actions = router.handle(.adopt(primaryAddress: own), at: at(5))
        #expect(
            actions == [
                .send(.make(priority: 100)), .acquireAddresses, .announce(packetsPerAddress: 5),
                .stateChanged(to: .master, because: .adopted),
            ])
        #expect(router.nextDeadline == at(6))
        // A better master that appeared meanwhile is still obeyed.
        #expect(router.hear(200, at: at(5.1)).effects.contains(.releaseAddresses))
    }

    // MARK: Shutdown

    @Test func `a backup leaves without a word`() {
        var router = Router.backup(.make())
        #expect(
            router.handle(.shutdown, at: at(1)) == [.stateChanged(to: .initialize, because: .shutdown)])
        #expect(router.handle(.shutdown, at: at(1)).isEmpty)
        #expect(router.handle(.timer, at: at(100)).isEmpty)
    }

    @Test func `so does one whose time has come, and nothing wakes it again`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(0, at: at(1))
        #expect(
            router.handle(.shutdown, at: at(9)) == [.stateChanged(to: .initialize, because: .shutdown)])
        #expect(router.nextDeadline == nil)
        #expect(router.handle(.timer, at: at(9)).isEmpty)
        #expect(router.hear(0, at: at(10)).isEmpty && router.hear(1, at: at(10)).isEmpty)
        #expect(router.state == .initialize)
        #expect(router.statistics.sent == 0 && router.statistics.resignationsSent == 0)
    }

    @Test func `after a shutdown it can start again`() {
        var (router, since) = Router.master(.make())
        _ = router.handle(.shutdown, at: since)
        _ = router.handle(.timer, at: since + .seconds(2))
        let actions = router.handle(.startup(primaryAddress: own), at: since + .seconds(10))
        #expect(actions.last == .stateChanged(to: .backup, because: .started))
    }

    // MARK: The interface

    @Test func `a master whose interface fails cannot resign but releases`() {
        var (router, since) = Router.master(.make())
        #expect(
            router.handle(.interfaceDown, at: since)
                == [.releaseAddresses, .stateChanged(to: .fault, because: .interfaceDown)])
        #expect(router.nextDeadline == nil)
        #expect(router.handle(.interfaceDown, at: since).isEmpty)
        #expect(router.handle(.timer, at: since + .seconds(9)).isEmpty)
    }

    @Test func `it comes back as backup and hears before it claims`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.handle(.interfaceDown, at: at(1))
        let actions = router.handle(.interfaceUp(primaryAddress: higherPeer), at: at(2))
        #expect(actions == [.releaseAddresses, .stateChanged(to: .backup, because: .interfaceUp)])
        #expect(router.nextDeadline == at(2 + 3.609375))
        #expect(router.primaryAddress == higherPeer)
    }

    @Test func `an owner comes back as master`() {
        var router = Router.backup(.make(priority: 255))
        _ = router.handle(.interfaceDown, at: at(1))
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: at(2)).sentPriorities == [255])
    }

    @Test func `a start without an interface waits in fault and clears what was left behind`() {
        var router = Router(configuration: .make())
        #expect(
            router.handle(.interfaceDown, at: at(0))
                == [.releaseAddresses, .stateChanged(to: .fault, because: .interfaceDown)])
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: at(60)).reason == .interfaceUp)
        #expect(router.state.name == .backup)
    }

    @Test func `an interface that is up before the start is no start`() {
        var router = Router(configuration: .make())
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: at(0)).isEmpty)
        #expect(router.state == .initialize)
    }

    @Test func `a fault can be shut down`() {
        var router = Router.backup(.make())
        _ = router.handle(.interfaceDown, at: at(1))
        #expect(
            router.handle(.shutdown, at: at(2)) == [.stateChanged(to: .initialize, because: .shutdown)])
    }
}
