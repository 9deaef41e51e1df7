import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct RouterHandoverTests {
    /// A master that was told to stop at the returned time.
    private func leaving(
        _ configuration: RouterConfiguration = .make()
    ) -> (router: Router, since: Instant, actions: [Router.Action]) {
        var (router, since) = Router.master(configuration)
        let now = since + .milliseconds(300)
        let actions = router.handle(.shutdown, at: now)
        return (router, now, actions)
    }

    private func heard(_ priority: UInt8, from source: IPAddress, at now: Instant) -> HeardAdvertisement {
        HeardAdvertisement(source: source, priority: priority, at: now)
    }

    @Test func `a master that stops resigns and keeps the addresses`() {
        let (router, since, actions) = leaving()
        #expect(actions == [.send(.make(priority: 0))])
        #expect(router.isHandingOver && router.state.name == .initialize)
        #expect(router.nextDeadline == since + Interval(nanoseconds: 1_096_093_750))
        #expect(router.statistics.leftMaster == 1 && router.statistics.resignationsSent == 1)
    }

    @Test(arguments: [1, 100, 150, 255] as [UInt8])
    func `the successor's advert ends it a moment later, whatever its priority`(priority: UInt8) {
        var (router, since, _) = leaving()
        let now = since + .milliseconds(609)
        #expect(router.hear(priority, at: now).isEmpty)
        #expect(router.nextDeadline == now + .milliseconds(50))
        #expect(router.handle(.timer, at: now + .milliseconds(49)).isEmpty)
        #expect(
            router.handle(.timer, at: now + .milliseconds(50)) == [
                .releaseAddresses,
                .stateChanged(
                    to: .initialize, because: .handedOver(to: heard(priority, from: peer, at: now))),
            ])
        #expect(router.state == .initialize && !router.isHandingOver && router.nextDeadline == nil)
    }

    @Test func `the successor's next adverts do not make it longer`() {
        var (router, since, _) = leaving(.make(version: .v3, interval: .centiseconds(1)))
        let now = since + .milliseconds(8)
        for step in Int64(0)...4 { _ = router.hear(100, at: now + .milliseconds(10) * step) }
        #expect(router.nextDeadline == now + .milliseconds(50))
    }

    @Test func `a resignation is no successor, nor is an advert of its own`() {
        var (router, since, _) = leaving()
        let due = router.nextDeadline
        #expect(router.hear(0, at: since).isEmpty)
        #expect(router.hear(200, from: own, at: since).isEmpty)
        #expect(router.nextDeadline == due)
    }

    @Test func `without a successor it lets go when nobody can come any more`() throws {
        var (router, since, _) = leaving()
        let due = try #require(router.nextDeadline)
        #expect(router.handle(.timer, at: since + .seconds(1)).isEmpty)
        let actions = router.handle(.timer, at: due)
        #expect(actions.effects.first == .releaseAddresses)
        #expect(actions.reason == .noSuccessor(due - since))
        #expect(router.handle(.timer, at: due + .seconds(9)).isEmpty)
    }

    @Test func `an owner that ignores adverts hears its successor`() {
        var configuration = RouterConfiguration.make(priority: 255)
        configuration.election.ownerIgnoresAdverts = true
        var (router, since, _) = leaving(configuration)
        _ = router.hear(100, at: since + .milliseconds(20))
        #expect(router.nextDeadline == since + .milliseconds(70))
    }

    @Test func `told to stop again it does not wait`() {
        var (router, since, _) = leaving()
        let actions = router.handle(.shutdown, at: since + .milliseconds(10))
        #expect(actions == [.releaseAddresses, .stateChanged(to: .initialize, because: .shutdown)])
        #expect(router.handle(.shutdown, at: since + .milliseconds(20)).isEmpty)
    }

    @Test func `without an interface nobody can take over from it: it lets go`() {
        var (router, since, _) = leaving()
        #expect(
            router.handle(.interfaceDown, at: since)
                == [.releaseAddresses, .stateChanged(to: .initialize, because: .interfaceDown)])
        #expect(router.state == .initialize)
    }

    @Test func `it is neither started nor changed before it has let go`() {
        var (router, since, _) = leaving()
        let before = router.state
        #expect(router.handle(.startup(primaryAddress: own), at: since).isEmpty)
        #expect(router.handle(.adopt(primaryAddress: own), at: since).isEmpty)
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: since).isEmpty)
        #expect(router.handle(.reconfigured(.make(priority: 7)), at: since).isEmpty)
        #expect(router.state == before)
    }

    @Test func `it doubts nothing: it claims nothing any more`() {
        var (router, since, _) = leaving()
        #expect(router.handle(.timer, at: since + .seconds(60)).notes.isEmpty)
        #expect(router.statistics.leasesExpired == 0)
    }
}

@Suite struct RouterSwitchTests {
    /// A master that was told to hand over at the returned time.
    private func yielding(
        _ configuration: RouterConfiguration = .make()
    ) -> (router: Router, since: Instant, actions: [Router.Action]) {
        var (router, since) = Router.master(configuration)
        let now = since + .milliseconds(300)
        let actions = router.handle(.switchOver, at: now)
        return (router, now, actions)
    }

    /// Its successor has taken over; the time of its release.
    private func switched(_ configuration: RouterConfiguration = .make()) -> (router: Router, since: Instant)
    {
        var (router, since, _) = yielding(configuration)
        _ = router.hear(100, interval: configuration.advertisementInterval, at: since + .milliseconds(600))
        let now = since + .milliseconds(650)
        _ = router.handle(.timer, at: now)
        return (router, now)
    }

    @Test func `a master that hands over resigns, keeps the addresses, and follows its successor`() {
        var (router, since, actions) = yielding()
        #expect(actions == [.send(.make(priority: 0))])
        #expect(router.isHandingOver && router.nextDeadline == since + Interval(nanoseconds: 1_096_093_750))
        let now = since + .milliseconds(609)
        #expect(router.hear(100, at: now).isEmpty)
        #expect(router.handle(.timer, at: now + .milliseconds(49)).isEmpty)
        let end = now + .milliseconds(50)
        let successor = HeardAdvertisement(source: peer, priority: 100, at: now)
        #expect(
            router.handle(.timer, at: end)
                == [.releaseAddresses, .stateChanged(to: .backup, because: .switched(to: successor))])
        #expect(router.backupState?.master == successor)
        #expect(router.yields && router.statistics.leftMaster == 1)
    }

    @Test func `the better one does not take back what it handed over`() {
        var (router, now) = switched()
        for _ in 0..<20 {
            now = now + .seconds(1)
            #expect(router.hear(100, at: now).isEmpty)
            #expect(router.nextDeadline.map { $0 > now + .seconds(3) } == true)
        }
        #expect(router.state.name == .backup)
    }

    @Test func `it takes over when the other fails, and is as before from then on`() throws {
        var (router, _) = switched()
        let due = try #require(router.nextDeadline)
        _ = router.handle(.timer, at: due)
        #expect(router.state.name == .master && !router.yields)
        _ = router.hear(200, at: due + .milliseconds(10))
        #expect(router.state.name == .backup)
        let lower = due + .milliseconds(20)
        _ = router.hear(100, at: lower)
        let limit = try #require(router.nextDeadline)
        _ = router.hear(100, at: lower + .seconds(1))
        #expect(router.nextDeadline == limit, "it preempts again")
    }

    @Test func `it takes over soon when the other resigns`() throws {
        var (router, now) = switched()
        _ = router.hear(0, at: now)
        let due = try #require(router.nextDeadline)
        #expect(due < now + .milliseconds(500))
        #expect(router.handle(.timer, at: due).reason == .masterResigned(peer))
        #expect(!router.yields)
    }

    @Test func `told to take back it preempts as configured`() throws {
        var (router, now) = switched()
        #expect(router.handle(.reclaim, at: now).isEmpty)
        let due = try #require(router.nextDeadline)
        for second in Int64(1)...3 { _ = router.hear(100, at: now + .seconds(second)) }
        #expect(router.nextDeadline == due, "the lower one is not waited for")
        #expect(router.handle(.timer, at: due).sentPriorities == [150])
    }

    @Test func `adverts faster than the overlap do not make it take back`() {
        let configuration = RouterConfiguration.make(version: .v3, interval: .centiseconds(1))
        var (router, since) = Router.master(configuration)
        _ = router.handle(.switchOver, at: since)
        _ = router.hear(100, interval: .centiseconds(1), at: since + .milliseconds(12))
        let now = since + .milliseconds(62)
        _ = router.handle(.timer, at: now)
        #expect(router.backupState != nil)
        #expect(router.nextDeadline.map { $0 > now + .milliseconds(30) } == true)
    }

    @Test func `without a successor it goes on as master, and says so`() throws {
        var (router, since, _) = yielding()
        let due = try #require(router.nextDeadline)
        let actions = router.handle(.timer, at: due)
        #expect(actions.sentPriorities == [150])
        #expect(!actions.contains(.releaseAddresses))
        #expect(actions.contains(.acquireAddresses), "they may have been reconfigured meanwhile")
        #expect(actions.notes == [.noSuccessor(due - since)])
        #expect(actions.reason == nil && router.state.name == .master && !router.yields)
        #expect(router.nextDeadline.map { $0 <= due + .seconds(1) } == true)
        #expect(router.statistics.leftMaster == 0 && router.statistics.becameMaster == 1)
    }

    @Test func `only a master that may be one hands over`() {
        var backup = Router.backup(.make())
        #expect(backup.handle(.switchOver, at: at(1)).isEmpty && !backup.isHandingOver)
        var (owner, since) = Router.master(.make(priority: 255))
        #expect(owner.handle(.switchOver, at: since).isEmpty && owner.state.name == .master)
        var (silent, start) = Router.master(.make())
        #expect(silent.handle(.switchOver, at: start + .seconds(60)).notes == [.leaseExpired(.seconds(60))])
        #expect(silent.state.name == .master, "it may have been replaced")
    }

    @Test
    func `stopped meanwhile it stops when its successor has the addresses, and at once the second time`() {
        var (router, since, _) = yielding()
        #expect(router.handle(.shutdown, at: since).isEmpty)
        #expect(router.isHandingOver && router.statistics.leftMaster == 1)
        var other = router
        _ = router.hear(100, at: since)
        #expect(
            router.handle(.timer, at: since + .milliseconds(50)).reason?.description.contains("shut") == true)
        #expect(router.state == .initialize)
        #expect(other.handle(.shutdown, at: since).first == .releaseAddresses)
        #expect(other.state == .initialize)
    }

    @Test func `without its interface, or what it tracks, it ends in fault`() {
        var (router, since, _) = yielding()
        #expect(
            router.handle(.interfaceDown, at: since)
                == [.releaseAddresses, .stateChanged(to: .fault, because: .interfaceDown)])
        #expect(router.statistics.leftMaster == 1 && router.yields)
        var (tracking, start, _) = yielding()
        let item = Tracked(.script, "chk")
        #expect(tracking.handle(.tracked(fault: item), at: start).isEmpty, "the successor comes anyway")
        _ = tracking.hear(100, at: start)
        #expect(
            tracking.handle(.timer, at: start + .milliseconds(50))
                == [.releaseAddresses, .stateChanged(to: .fault, because: .unfit(item))])
    }

    @Test func `back from a fault it does not take back what it was handing over`() throws {
        var (router, since, _) = yielding()
        _ = router.handle(.interfaceDown, at: since)
        var now = since + .seconds(5)
        _ = router.handle(.interfaceUp(primaryAddress: own), at: now)
        for _ in 0..<20 {
            now = now + .seconds(1)
            #expect(router.hear(100, at: now).isEmpty)
            #expect(router.nextDeadline.map { $0 > now + .seconds(3) } == true)
        }
        _ = router.handle(.timer, at: try #require(router.nextDeadline))
        #expect(router.state.name == .master && !router.yields, "the other has failed")
    }

    @Test func `a group goes together, and its members do not disturb each other`() throws {
        var configuration = RouterConfiguration.make()
        configuration.group = "G"
        var second = configuration
        second.name = "VI_2"
        let group = SyncGroup(name: "G", members: ["VI_1", "VI_2"])
        var routers = [Router.backup(configuration), Router.backup(second)]
        func settle(_ now: Instant) {
            for _ in 0..<4 {
                for (place, event) in group.corrections(of: routers) {
                    _ = routers[place].handle(event, at: now)
                }
            }
        }
        let due = try #require(routers[0].nextDeadline)
        for place in routers.indices { _ = routers[place].handle(.timer, at: due) }
        settle(due)
        #expect(routers.allSatisfy { $0.state.name == .master })
        for place in routers.indices { _ = routers[place].handle(.switchOver, at: due) }
        settle(due)
        #expect(routers.allSatisfy { $0.isHandingOver })
        let heard = due + .milliseconds(500)
        _ = routers[0].hear(100, at: heard)
        _ = routers[0].handle(.timer, at: heard + .milliseconds(50))
        settle(heard + .milliseconds(50))
        #expect(routers[0].state.name == .backup && routers[1].isHandingOver)
        _ = routers[1].hear(100, at: heard + .milliseconds(60))
        _ = routers[1].handle(.timer, at: heard + .milliseconds(110))
        settle(heard + .milliseconds(110))
        #expect(routers.allSatisfy { $0.state.name == .backup && $0.yields })
    }
}
