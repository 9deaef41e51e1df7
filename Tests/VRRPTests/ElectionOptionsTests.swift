import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct ElectionOptionsTests {
    private func make(
        priority: UInt8 = 100, _ change: (inout ElectionOptions) -> Void
    ) -> RouterConfiguration {
        var configuration = RouterConfiguration.make(priority: priority)
        change(&configuration.election)
        return configuration
    }

    @Test func `the defaults are the protocol's`() {
        let options = ElectionOptions()
        #expect(options.downTimerAdverts == 3)
        #expect(options.answersLowerPriority)
        #expect(options.tellsWinner)
        #expect(!options.ownerIgnoresAdverts)
        #expect(!options.skipsListOfKnownMaster)
    }

    // MARK: down_timer_adverts

    @Test(arguments: [(Int64(1), 1.609375), (2, 2.609375), (100, 100.609375)])
    func `a backup waits for so many adverts and the skew`(adverts: Int64, wait: Double) {
        var router = Router.backup(make { $0.downTimerAdverts = adverts })
        #expect(router.nextDeadline == at(wait))
        _ = router.hear(150, at: at(1))
        #expect(router.nextDeadline == at(1 + wait))
    }

    @Test func `the lease of a master is as short as its peers' patience`() {
        let configuration = make { $0.downTimerAdverts = 5 }
        #expect(MasterDown.lease(of: configuration) == .seconds(5) + Interval(nanoseconds: 3_906_250))
        #expect(
            MasterDown.interval(of: configuration, after: .make(priority: 200))
                == .seconds(5) + Interval(nanoseconds: 609_375_000))
    }

    @Test func `a reload moves the running wait by the difference`() {
        var router = Router.backup(make { $0.downTimerAdverts = 3 })
        _ = router.hear(150, at: at(1))
        _ = router.handle(.reconfigured(make { $0.downTimerAdverts = 5 }), at: at(2))
        #expect(router.nextDeadline == at(1 + 5.609375))
    }

    // MARK: lower_prio_no_advert

    @Test func `a losing master is answered unless told otherwise`() {
        var (router, since) = Router.master(make { _ in })
        #expect(router.hear(50, at: since + .milliseconds(500)).sentPriorities == [100])
        var (silent, start) = Router.master(make { $0.answersLowerPriority = false })
        let due = silent.masterState?.advertiseAt
        let actions = silent.hear(50, at: start + .milliseconds(500))
        #expect(actions.sentPriorities.isEmpty)
        #expect(actions.notes.count == 1)
        #expect(silent.masterState?.advertiseAt == due)
        // The neighbours that the loser misled are told all the same.
        #expect(silent.masterState?.announcements.nextDeadline == start + .seconds(1))
        // A resigning one is answered always: nobody of its backups is to take over.
        #expect(silent.hear(0, at: start + .milliseconds(600)).sentPriorities == [100])
    }

    // MARK: higher_prio_send_advert

    @Test func `the winner is told unless told otherwise`() {
        var (router, since) = Router.master(make { _ in })
        let actions = router.hear(150, at: since + .milliseconds(500))
        #expect(actions.sentPriorities == [100])
        #expect(actions.first == .send(.make(priority: 100)))
        var (quiet, start) = Router.master(make { $0.tellsWinner = false })
        let rest = quiet.hear(150, at: start + .milliseconds(500))
        #expect(rest.sentPriorities.isEmpty)
        #expect(rest.first == .releaseAddresses)
        #expect(quiet.state.name == .backup)
    }

    // MARK: owner_ignore_adverts

    @Test func `two owners compare addresses unless told to ignore each other`() {
        var router = Router(configuration: make(priority: 255) { _ in })
        _ = router.handle(.startup(primaryAddress: own), at: at(0))
        _ = router.hear(255, from: higherPeer, at: at(0.5))
        #expect(router.state.name == .backup)
        var deaf = Router(configuration: make(priority: 255) { $0.ownerIgnoresAdverts = true })
        _ = deaf.handle(.startup(primaryAddress: own), at: at(0))
        #expect(deaf.hear(255, from: higherPeer, at: at(0.5)).isEmpty)
        #expect(deaf.state.name == .master)
        var other = Router.backup(make(priority: 254) { $0.ownerIgnoresAdverts = true })
        _ = other.hear(255, at: at(1))
        #expect(other.backupState?.master?.priority == 255, "only an owner ignores")
    }

    // MARK: skip_check_adv_addr

    @Test(arguments: [true, false])
    func `the list of the master that is known need not be compared`(skips: Bool) {
        var router = Router.backup(make { $0.skipsListOfKnownMaster = skips })
        let other = [IPv4Address(10, 99, 0, 100), IPv4Address(10, 99, 0, 101)]
        let strange = ReceivedDatagram.make(Advertisement.make(priority: 150, addresses: other).sent())
        _ = router.receive(strange, at: at(0.5))
        #expect(router.statistics[dropped: .addressList] == 1, "from a stranger it is compared")
        _ = router.receive(.make(Advertisement.make(priority: 150).sent()), at: at(1))
        _ = router.receive(strange, at: at(2))
        #expect(router.statistics[dropped: .addressList] == (skips ? 1 : 2))
        #expect(router.backupState?.master?.at == (skips ? at(2) : at(1)))
        let third = Advertisement.make(priority: 160, addresses: other).sent(by: higherPeer)
        _ = router.receive(.make(third, source: higherPeer), at: at(2.5))
        #expect(router.statistics[dropped: .addressList] == (skips ? 2 : 3), "another master is compared")
    }
}
