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
