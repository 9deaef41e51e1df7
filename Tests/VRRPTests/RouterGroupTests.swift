import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct RouterGroupTests {
    private func member(priority: UInt8 = 150) -> RouterConfiguration {
        var configuration = RouterConfiguration.make(priority: priority)
        configuration.group = "G"
        return configuration
    }

    private func candidate() -> (router: Router, since: Instant) {
        var router = Router.backup(member())
        guard let due = router.nextDeadline else { return (router, at(0)) }
        #expect(router.handle(.timer, at: due) == [])
        return (router, due)
    }

    @Test func `a timer alone makes a candidate, which has none`() {
        let (router, _) = candidate()
        #expect(router.isCandidate && router.state.name == .backup)
        #expect(router.nextDeadline == nil)
    }

    @Test func `told so, it is master because of what it waited for`() {
        var (router, since) = candidate()
        let actions = router.handle(.takeOver, at: since)
        #expect(actions.sentPriorities == [150])
        #expect(actions.reason == .silence(since - at(0), last: nil))
        #expect(router.nextDeadline == since + .seconds(1))
    }

    @Test func `who leaves the group leaves its fault`() {
        var router = Router.backup(member())
        _ = router.handle(.groupFault(of: "B"), at: at(1))
        #expect(router.state.name == .fault)
        var alone = member()
        alone.priority = 120
        #expect(router.handle(.reconfigured(alone), at: at(2)) == [])
        #expect(router.state.name == .fault, "it is in the group yet")
        alone.group = nil
        let actions = router.handle(.reconfigured(alone), at: at(3))
        #expect(actions == [.releaseAddresses, .stateChanged(to: .backup, because: .groupFit)])
        #expect(router.nextDeadline != nil)
    }

    @Test func `only a candidate takes over`() {
        var router = Router.backup(member())
        #expect(router.handle(.takeOver, at: at(1)) == [])
        var (master, since) = Router.master(.make())
        #expect(master.handle(.takeOver, at: since) == [])
    }

    @Test func `only a master resigns`() {
        var (router, since) = candidate()
        #expect(router.handle(.resign(with: "B"), at: since) == [])
        _ = router.handle(.takeOver, at: since)
        let actions = router.handle(.resign(with: "B"), at: since)
        #expect(actions.sentPriorities == [0])
        #expect(
            actions[1...] == [.releaseAddresses, .stateChanged(to: .backup, because: .groupFollows("B"))])
        #expect(router.statistics.leftMaster == 1)
        #expect(router.nextDeadline.map { $0 > since + .seconds(3) } == true)
    }

    @Test func `a resignation heard does not end a candidacy, another master does`() {
        var (router, since) = candidate()
        #expect(router.hear(0, at: since) == [])
        #expect(router.isCandidate && router.nextDeadline == nil)
        #expect(router.hear(100, at: since) == [])
        #expect(router.isCandidate)
        #expect(router.hear(200, at: since) == [])
        #expect(!router.isCandidate && router.nextDeadline != nil)
    }

    @Test func `out of its group a candidate is on its own again`() throws {
        var (router, since) = candidate()
        _ = router.handle(.reconfigured(.make()), at: since)
        #expect(!router.isCandidate)
        #expect(router.handle(.timer, at: since).reason != nil)
    }

    @Test func `the fault of a member is one's own until it ends`() {
        var router = Router.backup(member())
        #expect(router.handle(.groupFault(of: "B"), at: at(1)).reason == .groupFault(of: "B"))
        #expect(router.handle(.groupFault(of: "C"), at: at(2)) == [])
        #expect(router.handle(.groupFault(of: nil), at: at(3)).reason == .groupFit)
        #expect(router.handle(.groupFault(of: nil), at: at(4)) == [])
    }

    @Test func `it must be fit itself, too`() {
        var router = Router.backup(member())
        _ = router.handle(.groupFault(of: "B"), at: at(1))
        _ = router.handle(.tracked(fault: Tracked(.script, "s")), at: at(2))
        #expect(router.handle(.groupFault(of: nil), at: at(3)) == [])
        #expect(router.handle(.tracked(fault: nil), at: at(4)).reason == .fit)
    }

    @Test func `an owner is a candidate from the start`() {
        var router = Router(configuration: member(priority: 255))
        let actions = router.handle(.startup(primaryAddress: own), at: at(0))
        #expect(actions == [.releaseAddresses, .stateChanged(to: .backup, because: .started)])
        #expect(router.isCandidate)
        #expect(router.handle(.takeOver, at: at(0)).sentPriorities == [255])
    }
}
