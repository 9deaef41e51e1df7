import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct RouterTrackingTests {
    private let lost = Tracked(.script, "s")

    @Test func `a master that must not be one says so, lets go, and is in fault`() throws {
        var (router, since) = Router.master(.make())
        let actions = router.handle(.tracked(fault: lost), at: since)
        #expect(actions.count == 3)
        #expect(actions.sentPriorities == [0])
        #expect(actions[1...] == [.releaseAddresses, .stateChanged(to: .fault, because: .unfit(lost))])
        #expect(router.nextDeadline == nil)
        #expect(router.statistics.leftMaster == 1)
    }

    @Test func `a backup says nothing to its peers`() {
        var router = Router.backup(.make())
        #expect(
            router.handle(.tracked(fault: lost), at: at(1)) == [
                .releaseAddresses, .stateChanged(to: .fault, because: .unfit(lost)),
            ])
        #expect(router.hear(0, at: at(2)) == [])
        #expect(router.handle(.timer, at: at(9)) == [])
    }

    @Test func `it listens when nothing is lost any more`() throws {
        var router = Router.backup(.make())
        _ = router.handle(.tracked(fault: lost), at: at(1))
        #expect(
            router.handle(.tracked(fault: nil), at: at(5)) == [
                .releaseAddresses, .stateChanged(to: .backup, because: .fit),
            ])
        let wait = MasterDown.interval(version: .v2, priority: 150, masterInterval: .seconds(1), adverts: 3)
        #expect(router.nextDeadline == at(5) + wait)
    }

    @Test func `an owner is master again at once`() {
        var router = Router(configuration: .make(priority: 255))
        _ = router.handle(.startup(primaryAddress: own), at: at(0))
        #expect(router.handle(.tracked(fault: lost), at: at(1)).sentPriorities == [0])
        #expect(router.handle(.tracked(fault: nil), at: at(2)).sentPriorities == [255])
    }

    @Test func `known before the start it begins in fault`() {
        var router = Router(configuration: .make())
        #expect(router.handle(.tracked(fault: lost), at: at(0)) == [])
        #expect(
            router.handle(.startup(primaryAddress: own), at: at(0)) == [
                .releaseAddresses, .stateChanged(to: .fault, because: .unfit(lost)),
            ])
        #expect(router.handle(.tracked(fault: nil), at: at(1)).reason == .fit)
    }

    @Test func `a successor that must not be master says so for its predecessor`() {
        var router = Router(configuration: .make())
        _ = router.handle(.tracked(fault: lost), at: at(0))
        let actions = router.handle(.adopt(primaryAddress: own), at: at(0))
        #expect(actions.sentPriorities == [0])
        #expect(actions.contains(.releaseAddresses) && router.state == .fault)
    }

    @Test func `both the interface and what is tracked must be in order`() {
        var router = Router.backup(.make())
        _ = router.handle(.interfaceDown, at: at(1))
        #expect(router.handle(.tracked(fault: lost), at: at(2)) == [])
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: at(3)) == [])
        #expect(router.handle(.interfaceDown, at: at(4)) == [])
        #expect(router.handle(.tracked(fault: nil), at: at(5)) == [])
        #expect(router.handle(.interfaceUp(primaryAddress: own), at: at(6)).reason == .interfaceUp)
    }

    @Test func `another loss while in fault is no news, and neither is none at all`() {
        var router = Router.backup(.make())
        #expect(router.handle(.tracked(fault: nil), at: at(1)) == [])
        _ = router.handle(.tracked(fault: lost), at: at(1))
        #expect(router.handle(.tracked(fault: Tracked(.interface, "eth1")), at: at(2)) == [])
        #expect(router.handle(.tracked(fault: nil), at: at(3)).reason == .fit)
    }

    @Test func `a stop in fault sends nothing`() {
        var (router, since) = Router.master(.make())
        _ = router.handle(.tracked(fault: lost), at: since)
        #expect(router.handle(.shutdown, at: since).sentPriorities == [])
    }
}
