import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite struct RouterReconfigurationTests {
    @Test func `the same configuration again does nothing`() {
        var (router, since) = Router.master(.make())
        let state = router.state
        #expect(router.handle(.reconfigured(.make()), at: since + .milliseconds(1)).isEmpty)
        #expect(router.state == state)
    }

    @Test func `a master tells its new priority at once and stays master`() {
        var (router, since) = Router.master(.make())
        let now = since + .milliseconds(100)
        #expect(router.handle(.reconfigured(.make(priority: 50)), at: now) == [.send(.make(priority: 50))])
        #expect(router.state.name == .master)
        // The next in line takes over in its own time, and only then are the addresses let go.
        #expect(router.hear(100, at: now + .seconds(3)).effects.contains(.releaseAddresses))
    }

    @Test func `a master whose addresses change has them put right and announced`() {
        var (router, since) = Router.master(.make())
        let list = [IPv4Address(10, 99, 0, 100), IPv4Address(10, 99, 0, 101)]
        let new = RouterConfiguration.make(
            addresses: list.map { VirtualAddress(prefix: Prefix(host: .v4($0))) })
        #expect(
            router.handle(.reconfigured(new), at: since + .milliseconds(100)) == [
                .send(.make(addresses: list)), .acquireAddresses, .announce(packetsPerAddress: 5),
            ])
        #expect(router.state.name == .master)
    }

    @Test func `excluded addresses count as addresses`() {
        var (router, since) = Router.master(.make())
        var new = RouterConfiguration.make()
        new.excludedAddresses = virtual(IPv4Address(10, 99, 0, 102))
        let actions = router.handle(.reconfigured(new), at: since + .milliseconds(100))
        #expect(actions.contains(.acquireAddresses))
    }

    @Test func `a longer interval is told at the old pace, so that one lost advert does no harm`() {
        let short = RouterConfiguration.make(
            version: .v3, interval: .centiseconds(10),
            announcements: .init(repeats: 0, secondBurstDelay: .zero))
        var long = short
        long.advertisementInterval = .seconds(10)
        var (router, since) = Router.master(short)
        var now = since + .milliseconds(50)
        let first = router.handle(.reconfigured(long), at: now)
        #expect(first == [.send(.make(version: .v3, interval: .seconds(10)))])
        for _ in 1...2 {
            #expect(router.nextDeadline == now + .centiseconds(10))
            now = now + .centiseconds(10)
            _ = router.handle(.timer, at: now)
        }
        #expect(router.nextDeadline == now + .centiseconds(10))
        now = now + .centiseconds(10)
        _ = router.handle(.timer, at: now)
        #expect(router.nextDeadline == now + .seconds(10))
    }

    @Test func `a shorter interval is used at once`() {
        var (router, since) = Router.master(.make(version: .v3, interval: .seconds(10)))
        let now = since + .milliseconds(10)
        _ = router.handle(.reconfigured(.make(version: .v3, interval: .centiseconds(10))), at: now)
        #expect(router.nextDeadline == now + .centiseconds(10))
    }

    @Test func `a backup's running wait is corrected by the new skew`() {
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(250, at: at(1))
        #expect(router.handle(.reconfigured(.make(priority: 200)), at: at(2)).isEmpty)
        #expect(router.nextDeadline == at(1 + 3 + 56.0 / 256))
        _ = router.handle(.reconfigured(.make(priority: 100)), at: at(2))
        #expect(router.nextDeadline == at(4.609375))
    }

    /// The weight of a script is taken away just before the lesser master would be displaced.
    @Test(arguments: [(100, true), (150, true), (200, false)] as [(UInt8, Bool)])
    func `a master that was to be displaced, and is the better one now, stays`(
        priority: UInt8, preempts: Bool
    ) {
        var router = Router.backup(.make(priority: 200))
        for time in [0.9, 1.9, 2.9] { _ = router.hear(150, at: at(time)) }
        #expect(router.nextDeadline == at(3 + 56.0 / 256) && router.backupState?.master == nil)
        var new = RouterConfiguration.make(priority: priority)
        new.preempts = preempts
        #expect(router.handle(.reconfigured(new), at: at(3)).isEmpty)
        #expect(router.backupState?.master?.priority == 150)
        #expect(router.nextDeadline == at(2.9 + 3 + (256 - Double(priority)) / 256))
        _ = router.hear(150, at: at(3.9))
        #expect(router.handle(.timer, at: at(3.95)).isEmpty && router.state.name == .backup)
    }

    @Test func `one that is still the lesser is displaced when it was to be`() {
        var router = Router.backup(.make(priority: 200))
        for time in [0.9, 1.9, 2.9] { _ = router.hear(150, at: at(time)) }
        _ = router.handle(.reconfigured(.make(priority: 151)), at: at(3))
        #expect(router.nextDeadline == at(3 + 105.0 / 256) && router.backupState?.master == nil)
    }

    @Test func `a v2 backup waits by its new interval, a v3 backup by its master's`() {
        var second = Router.backup(.make(priority: 100))
        _ = second.handle(.reconfigured(.make(priority: 100, interval: .seconds(2))), at: at(1))
        #expect(second.nextDeadline == at(6.609375))
        var third = Router.backup(.make(version: .v3, priority: 100))
        _ = third.hear(150, interval: .seconds(1), at: at(1))
        let deadline = third.nextDeadline
        _ = third.handle(.reconfigured(.make(version: .v3, priority: 100, interval: .seconds(9))), at: at(2))
        #expect(third.nextDeadline == deadline)
    }

    @Test(arguments: [0, 50] as [UInt8])
    func `what a v3 backup learned outlives a resignation and a lesser master`(priority: UInt8) {
        let fast = RouterConfiguration.make(version: .v3, priority: 100, interval: .centiseconds(10))
        var router = Router.backup(fast)
        _ = router.hear(150, interval: .seconds(1), at: at(0.1))
        _ = router.hear(priority, interval: .seconds(1), at: at(0.2))
        let deadline = router.nextDeadline ?? at(0)
        var changed = fast
        changed.priority = 228
        _ = router.handle(.reconfigured(changed), at: at(0.3))
        #expect(router.backupState?.masterInterval == .seconds(1))
        #expect(router.nextDeadline == deadline - .seconds(1) * 128 / 256)
    }

    @Test func `a backup never waits longer than a whole new interval`() {
        var router = Router.backup(.make(priority: 100, interval: .seconds(10)))
        _ = router.handle(.reconfigured(.make(priority: 100)), at: at(1))
        #expect((router.nextDeadline ?? at(99)) <= at(1 + 3.609375))
    }

    @Test func `the new password is the one that counts`() {
        let secret = Authentication.password(Array("secret".utf8))
        var router = Router.backup(.make(priority: 100))
        _ = router.handle(.reconfigured(.make(priority: 100, authentication: secret)), at: at(1))
        _ = router.receive(.make(Advertisement.make().sent()), at: at(2))
        #expect(router.statistics[dropped: .authenticationType] == 1)
        _ = router.receive(.make(Advertisement.make(authentication: secret).sent()), at: at(2))
        #expect(router.statistics.accepted == 1)
    }

    @Test func `preempt_delay removed by a reload ends`() {
        var router = Router.backup(.make(priority: 200, preemptDelay: .seconds(100)))
        _ = router.handle(.reconfigured(.make(priority: 200)), at: at(1))
        #expect(router.backupState?.mayPreemptAt == nil)
    }

    @Test func `before the start and in fault only the configuration changes`() {
        var router = Router(configuration: .make())
        #expect(router.handle(.reconfigured(.make(priority: 7)), at: at(0)).isEmpty)
        #expect(router.configuration.priority == 7)
        _ = router.handle(.interfaceDown, at: at(1))
        #expect(router.handle(.reconfigured(.make(priority: 8)), at: at(2)).isEmpty)
        #expect(router.state == .fault)
    }
}
