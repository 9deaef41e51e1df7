import Testing
import Timekeeping

@testable import VRRP

@Suite struct RouterStateTests {
    @Test func `names are keepalived's`() {
        #expect(Router.StateName.allCases.map(\.rawValue) == ["INIT", "BACKUP", "MASTER", "FAULT"])
        #expect(Router(configuration: .make()).state.name == .initialize)
        #expect(Router.backup(.make()).state.name == .backup)
        #expect(Router.master(.make()).router.state.name == .master)
        #expect(Router.State.fault.name == .fault)
    }

    @Test func `a backup knows the master it follows and no other`() {
        var router = Router.backup(.make(priority: 100))
        #expect(router.backupState?.master == nil)
        _ = router.hear(150, at: at(1))
        #expect(router.backupState?.master == HeardAdvertisement(source: peer, priority: 150, at: at(1)))
        _ = router.hear(50, at: at(2))
        #expect(router.backupState?.master == nil)
    }

    @Test func `what a timer waited for is the reason when it fires`() {
        let heard = HeardAdvertisement(source: peer, priority: 150, at: at(1))
        let cases: [(Router.Awaiting, Reason)] = [
            (.firstAdvertisement(since: at(2)), .silence(.seconds(3), last: nil)),
            (.nextAdvertisement(heard), .silence(.seconds(4), last: heard)),
            (.successor(of: peer), .masterResigned(peer)),
            (.preemption(of: heard), .preempting(heard)),
        ]
        for (awaiting, reason) in cases { #expect(awaiting.reason(at: at(5)) == reason) }
    }
}
