import ConfigModel
import LoadBalancing
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

// One advert a second in version 2: the lease of a master is 3 s and 1/256 s.

@Suite struct SupervisorLeaseTests {
    private let vip = Claim.address(interface: "eth0", prefix("192.0.2.100/24"))
    private let lost = "(VI_1) nobody here advertises any more: its addresses are taken away"

    /// A master that advertised just now.
    private func master(_ configuration: Configuration = pair()) -> Play {
        var play = Play.running(configuration)
        for name in configuration.instances.map(\.name) {
            play.feed(.reported(.vrrp(.state(instance: name, .master))))
            play.feed(.advertised([name: play.now]))
        }
        _ = play.take()
        return play
    }

    @Test func `a vrrp that cannot be started again loses its addresses when its lease ends`() {
        var play = master()
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        while play.now < at(3) { play.pass(.milliseconds(50)) }
        #expect(!play.take().contains(.withdraw(keeping: [])), "a peer cannot have taken over yet")
        play.pass(.milliseconds(50))
        let actions = play.take()
        #expect(actions.contains(.withdraw(keeping: [])))
        #expect(actions.errors.contains(lost))
        #expect(actions.commands == [.lvs(.state(instance: "VI_1", .initialize))])
        for _ in 0..<200 { play.pass(.milliseconds(50)) }
        #expect(!play.take().contains(.withdraw(keeping: [])), "once")
        play.broken = []
        play.pass(.seconds(5))
        #expect(play.take().vrrpAssignment?.masters == [:], "it begins as a backup")
    }

    @Test func `a second vrrp waits beside a ready one where a lease is short`() {
        var slow = pair()
        #expect(!Play.running(slow).supervisor.wantsSpare, "3 s")
        slow.instances[0].version = .v3
        slow.instances[0].advertisementInterval = .milliseconds(140)
        #expect(!Play.running(slow).supervisor.wantsSpare, "420 ms")
        var quick = slow
        quick.instances[0].advertisementInterval = .milliseconds(100)
        #expect(!Play(quick).supervisor.wantsSpare, "not while the first one starts")
        var play = Play.running(quick)
        #expect(play.supervisor.wantsSpare)
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        #expect(!play.supervisor.wantsSpare && play.supervisor.keepsSpare, "the one that is there is needed")
        play = Play.running(quick)
        play.feed(.configured(slow))
        #expect(!play.supervisor.keepsSpare)
        play = Play.running(quick)
        play.feed(.stopRequested)
        #expect(!play.supervisor.keepsSpare && !play.supervisor.wantsSpare)
    }

    @Test func `what is static stays when a lease ends, and goes at the end`() {
        var configuration = pair()
        configuration.statics.routes = [VirtualRoute(to: prefix("198.51.100.0/24"))]
        var play = master(configuration)
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        while play.now < at(4) { play.pass(.milliseconds(50)) }
        #expect(play.take().contains(.withdraw(keeping: [], configuration.statics)))
        play.feed(.stopRequested)
        #expect(play.take().contains(.withdraw(keeping: [])))
    }

    @Test func `what is static needs the vrrp role without any instance`() {
        var configuration = pair(instances: [])
        #expect(!Play(configuration).wanted.contains(.start(.vrrp)))
        configuration.statics.addresses = [VirtualAddress(prefix: prefix("198.51.100.9/24"), interface: "x")]
        configuration.linkDelays = [LinkDelay(interface: "x", down: .seconds(1), up: .zero)]
        #expect(!Play(configuration, vrrp: false).wanted.contains(.start(.vrrp)), "-C")
        var play = Play.running(configuration)
        play.feed(.configured(configuration))
        let assignment = play.take().vrrpAssignment
        #expect(assignment?.statics == configuration.statics)
        #expect(assignment?.linkDelays == configuration.linkDelays)
        play.feed(.configured(pair(instances: [])))
        #expect(play.take().vrrpAssignment?.statics.isEmpty == true)
    }

    @Test func `a pause before the next start is short while a lease runs`() {
        var configuration = router()
        configuration.advertisementInterval = .milliseconds(100)
        configuration.version = .v3
        var play = master(pair(instances: [configuration]))
        play.broken = [.vrrp]
        for _ in 0..<5 {
            play.feed(.roleEnded(.vrrp, how: "x"))
            guard case .pausing(let until) = play.state(.vrrp) else { continue }
            #expect(until - play.now < .milliseconds(38))
        }
        #expect(play.supervisor.roles[.vrrp]?.policy.deaths ?? 0 > 4)
    }

    @Test func `only the instances whose lease has ended lose their addresses`() {
        var slow = router("VI_2", id: 52, addresses: ["192.0.2.101/24"])
        slow.advertisementInterval = .seconds(10)
        var play = master(pair(instances: [router(), slow]))
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "x"))
        while play.now < at(4) { play.pass(.milliseconds(50)) }
        #expect(play.take().contains(.withdraw(keeping: [slow])))
        #expect(play.supervisor.states == ["VI_1": .initialize, "VI_2": .master])
    }

    @Test func `a vrrp that dies after its lease leaves nothing to its successor`() {
        var play = master()
        play.now = at(4)
        play.feed(.roleEnded(.vrrp, how: "x"))
        let actions = play.take()
        let withdrawal = actions.firstIndex(of: .withdraw(keeping: []))
        let start = actions.firstIndex(of: .start(.vrrp))
        #expect(withdrawal != nil && start != nil && withdrawal ?? 9 < start ?? 0)
        #expect(actions.vrrpAssignment?.masters == [:])
    }

    @Test func `a backup has nothing to lose`() {
        var play = Play.running()
        play.broken = [.vrrp]
        play.feed(.roleEnded(.vrrp, how: "x"))
        for _ in 0..<100 { play.pass(.milliseconds(100)) }
        #expect(!play.take().contains(.withdraw(keeping: [])))
    }

    @Test func `a master that hangs is asked, and killed while its lease lasts`() {
        var play = master()
        while play.now < at(2) { play.pass(.milliseconds(50)) }
        #expect(play.take() == [.ask(.vrrp)])
        play.pass(.milliseconds(200))
        #expect(play.take().isEmpty)
        play.pass(.milliseconds(150))
        let actions = play.take()
        #expect(actions.contains(.kill(.vrrp)))
        #expect(actions.errors == ["vrrp does not answer; killing it"])
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        #expect(play.take().vrrpAssignment?.masters == ["VI_1": at(0)], "it may go on as master")
    }

    @Test func `a master that advertises is left alone`() {
        var play = master()
        for _ in 0..<100 {
            play.pass(.milliseconds(100))
            play.feed(.advertised(["VI_1": play.now]))
            for role in [RoleName.lvs, .checker] { play.feed(.answered(role)) }
        }
        #expect(play.take().isEmpty)
    }

    @Test func `an advert is a sign of life of its own time, and none is of the future`() {
        var play = master()
        play.pass(.milliseconds(1400))
        play.feed(.advertised(["VI_1": at(1)]))
        play.pass(.milliseconds(1050))
        #expect(play.take().isEmpty, "half of the lease after the advert is not over")
        play.pass(.milliseconds(100))
        #expect(play.take() == [.ask(.vrrp)])
        play.feed(.advertised(["VI_1": at(1000)]))
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        #expect(play.take().vrrpAssignment?.masters == ["VI_1": play.now])
    }

    @Test func `an advert of one that is no master is none`() {
        var play = master()
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))))
        play.feed(.advertised(["VI_1": play.now]))
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.roleEnded(.vrrp, how: "killed by SIGKILL"))
        #expect(play.take().vrrpAssignment?.masters ?? [:] == [:])
    }

    @Test func `what was read before is no sign of life again`() {
        var play = master()
        while play.now < at(2) {
            play.feed(.advertised(["VI_1": at(0)]))
            play.pass(.milliseconds(50))
        }
        #expect(play.take() == [.ask(.vrrp)])
    }

    @Test func `a successor that hangs at its start is killed when the lease ends`() {
        var play = master()
        play.feed(.roleEnded(.vrrp, how: "x"))
        _ = play.take()
        while play.now < at(3) { play.pass(.milliseconds(50)) }
        #expect(!play.take().contains(.kill(.vrrp)))
        play.pass(.milliseconds(50))
        #expect(play.take().contains(.kill(.vrrp)))
        play.feed(.roleEnded(.vrrp, how: "x"))
        #expect(play.take().contains(.withdraw(keeping: [])))
    }
}

@Suite struct SupervisorWatchTests {
    @Test(arguments: RoleName.allCases) func `a role that hangs is asked and then killed`(_ role: RoleName) {
        var play = Play.running()
        play.pass(.seconds(3))
        #expect(play.take().contains(.ask(role)))
        for other in RoleName.allCases where other != role { play.feed(.answered(other)) }
        play.pass(.seconds(3))
        for other in RoleName.allCases where other != role { play.feed(.answered(other)) }
        play.now = at(12)
        play.pass(.milliseconds(999))
        #expect(!play.take().contains(.kill(role)))
        play.pass(.milliseconds(1))
        #expect(play.take().contains(.kill(role)))
        play.feed(.roleEnded(role, how: "killed by SIGKILL"))
        #expect(play.take().starts == [role])
    }

    @Test func `who answers, or says anything else, lives`() {
        var play = Play.running()
        for _ in 0..<20 {
            play.pass(.seconds(2))
            for role in [RoleName.vrrp, .checker] { play.feed(.answered(role)) }
            play.feed(.reported(.lvs(.tables(.save(.inet)))))
        }
        #expect(!play.take().contains { if case .kill = $0 { true } else { false } })
    }

    /// With so many servers, and nobody ready; the checker answers all the time.
    private func starting(_ servers: Int) -> Play {
        var configuration = pair(instances: [])
        let server = configuration.virtualServers[0].realServers[0]
        configuration.virtualServers[0].realServers = Array(repeating: server, count: servers)
        return Play(configuration)
    }

    private func pass(_ play: inout Play, to time: Instant) {
        while play.now < time {
            play.pass(min(.seconds(2), time - play.now))
            play.feed(.answered(.checker))
        }
    }

    @Test(arguments: [0, 1000, 10_000])
    func `an lvs that never says that it is there is replaced, one with much to write later`(servers: Int) {
        var play = starting(servers)
        pass(&play, to: at(10))
        #expect(play.take().contains(.ask(.lvs)))
        let end = at(40) + .milliseconds(10) * Int64(servers + 1)
        pass(&play, to: end - .milliseconds(1))
        #expect(!play.take().contains(.kill(.lvs)))
        pass(&play, to: end)
        let actions = play.take()
        #expect(actions.contains(.kill(.lvs)) && actions.errors == ["lvs does not answer; killing it"])
        play.feed(.roleEnded(.lvs, how: "killed by SIGKILL"))
        #expect(play.take().starts == [.lvs])
    }

    @Test func `one that answers, and is not ready for long, lives`() {
        var play = starting(1)
        // As late as it may answer each time: asked after 10 s, it has 30 s and 10 ms for each of two rows.
        for _ in 0..<10 {
            let silentSince = play.now
            pass(&play, to: silentSince + .seconds(10))
            #expect(play.take().contains(.ask(.lvs)))
            pass(&play, to: silentSince + .milliseconds(40_019))
            #expect(!play.take().contains(.kill(.lvs)))
            play.feed(.answered(.lvs))
        }
        // The guard's peer may be long in coming; nobody else is waited for like that.
        pass(&play, to: play.now + .milliseconds(40_020))
        #expect(play.take().contains(.kill(.lvs)))
    }

    @Test func `a vrrp that hangs before it is there is replaced, where there is no lease`() {
        var play = Play()
        play.feed(.reported(.lvs(.ready)))
        #expect(play.take().contains(.start(.vrrp)))
        for second in 1...39 {
            play.pass(.seconds(1))
            for role in [RoleName.lvs, .checker] { play.feed(.answered(role)) }
            #expect(play.take().contains(.ask(.vrrp)) == (second == 10))
        }
        play.pass(.seconds(1))
        #expect(play.take().contains(.kill(.vrrp)))
    }
}

@Suite struct SupervisorLeftoverTests {
    @Test func `services that nothing configures any more get a role that removes them`() {
        var play = Play(Configuration(instances: [router()]), leftovers: [.lvs])
        let actions = play.take()
        #expect(actions.starts == [.lvs, .vrrp])
        #expect(actions.lvsAssignment?.virtualServers == [])
        play.feed(.reported(.lvs(.ready)))
        #expect(play.take() == [.send(.lvs(.stop))])
        play.feed(.reported(.lvs(.stopped)))
        play.feed(.roleEnded(.lvs, how: "exit status 0"))
        #expect(play.take().isEmpty)
        #expect(play.state(.lvs) == .absent)
        play.feed(.reported(.vrrp(.ready)))
        #expect(play.take() == [.announceReady])
    }

    @Test func `a clean-up stops a role behind its assignment, which tells what is to be removed`() {
        let claim = Claim.syncThread(.master)
        var supervisor = Supervisor(leftovers: [.lvs])
        // All three are there before anything of them is done, as with --cleanup.
        #expect(supervisor.handle(.configured(Configuration()), at: at(0)).starts == [.lvs])
        let stopped = supervisor.handle(.stopRequested, at: at(0))
        #expect(stopped.commands.isEmpty, "\(stopped)")
        let begun = supervisor.handle(.roleStarted(.lvs, claims: [claim]), at: at(0)).commands
        #expect(begun.last == .lvs(.stop) && begun.count == 2)
        guard case .lvs(.configure(let assignment)) = begun.first else {
            Issue.record("\(begun)")
            return
        }
        #expect(assignment.claims == [claim] && assignment.virtualServers.isEmpty)
        _ = supervisor.handle(.reported(.lvs(.stopped)), at: at(1))
        #expect(supervisor.handle(.roleEnded(.lvs, how: "exit status 0"), at: at(1)).contains(.exit(0)))
    }

    @Test func `also where only VRRP is wanted, and without IPVS`() {
        var play = Play(vrrp: true, checks: false, leftovers: [.lvs])
        #expect(Set(play.take().starts) == [.vrrp, .lvs])
        play.feed(.reported(.lvs(.failed("no IPVS"))))
        play.feed(.roleEnded(.lvs, how: "exit status 1"))
        #expect(play.take().isEmpty)
        #expect(!play.supervisor.isStopping)
    }

    @Test func `addresses that nothing configures any more go at the start`() {
        #expect(Play(pair(instances: []), leftovers: [.vrrp]).wanted.contains(.withdraw(keeping: [])))
        #expect(Play(vrrp: false, leftovers: [.vrrp]).wanted.contains(.withdraw(keeping: [])))
        #expect(!Play(pair(), leftovers: [.vrrp]).wanted.contains(.withdraw(keeping: [])), "vrrp decides")
        #expect(!Play(pair(instances: [])).wanted.contains(.withdraw(keeping: [])))
    }

    @Test func `a start that fails leaves nothing of a former daemon's addresses`() {
        var play = Play(leftovers: [.vrrp])
        play.feed(.reported(.lvs(.failed("no IPVS"))))
        #expect(play.take().contains(.withdraw(keeping: [])))
    }

    /// As with `--cleanup`, where the order to stop comes with the configuration.
    @Test func `a role that has just been started hears what is ours before it is told to stop`() {
        var supervisor = Supervisor(wantsVRRP: true, wantsChecks: true, leftovers: [.lvs])
        #expect(supervisor.handle(.configured(Configuration()), at: at(0)).starts == [.lvs])
        let early = supervisor.handle(.stopRequested, at: at(0))
        #expect(early == [], "there is nobody yet who could be told")
        let claims = [Claim.chain(.inet), .syncThread(.master)]
        let told = supervisor.handle(.roleStarted(.lvs, claims: claims), at: at(0)).commands
        #expect(told == [.lvs(.configure(LVSAssignment(claims: claims))), .lvs(.stop)])
        _ = supervisor.handle(.reported(.lvs(.stopped)), at: at(1))
        let end = supervisor.handle(.roleEnded(.lvs, how: "exit status 0"), at: at(1))
        #expect(end == [.exit(0)])
    }

    @Test func `a cleanup removes everything and ends`() {
        var play = Play(Configuration(), leftovers: [.vrrp, .lvs])
        play.feed(.stopRequested)
        let actions = play.take()
        #expect(actions.contains(.withdraw(keeping: [])))
        #expect(actions.commands.last == .lvs(.stop))
        play.feed(.reported(.lvs(.stopped)))
        play.feed(.roleEnded(.lvs, how: "exit status 0"))
        #expect(play.take() == [.exit(0)])
    }
}
