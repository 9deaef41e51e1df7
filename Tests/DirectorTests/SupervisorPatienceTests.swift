import ConfigModel
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// How long the roles are waited for at the end.
@Suite struct SupervisorPatienceTests {
    /// Told to stop, with so many servers.
    private func stopping(_ servers: Int = 2) -> Play {
        var configuration = pair(instances: [])
        let server = configuration.virtualServers[0].realServers[0]
        configuration.virtualServers[0].realServers = Array(repeating: server, count: servers)
        var play = Play.running(configuration)
        play.feed(.stopRequested)
        _ = play.take()
        return play
    }

    private static let delivery = Supervisor.patience + SyncRole.delivery

    @Test func `an lvs that is silent at its end is killed soon, however large its table`() {
        var play = stopping(10_000)
        play.pass(Self.delivery - .milliseconds(1))
        #expect(!play.take().contains(.kill(.lvs)))
        play.pass(.milliseconds(1))
        #expect(play.take().contains(.kill(.lvs)))
    }

    @Test(arguments: [1, 10_000])
    func `an lvs that still writes at its end is waited for, by its rows`(servers: Int) {
        var play = stopping(servers)
        let limit = at(50) + .milliseconds(10) * Int64(servers + 1)
        while play.now + .seconds(4) < limit {
            play.pass(.seconds(4))
            play.feed(.answered(.lvs))
        }
        #expect(!play.take().contains(.kill(.lvs)))
        play.pass(limit - play.now - .milliseconds(1))
        #expect(!play.take().contains(.kill(.lvs)))
        play.feed(.answered(.lvs))
        play.pass(.milliseconds(1))
        #expect(play.take().contains(.kill(.lvs)), "not for ever")
        play.feed(.answered(.lvs))
        play.pass(Supervisor.patience)
        #expect(play.take().contains(.kill(.lvs)), "nothing that was said before its death counts")
    }

    @Test func `an lvs that fell silent at its end is killed five seconds after its last word`() {
        var play = stopping()
        play.pass(.seconds(7))
        play.feed(.answered(.lvs))
        play.pass(Supervisor.patience - .milliseconds(1))
        #expect(!play.take().contains(.kill(.lvs)))
        play.pass(.milliseconds(1))
        #expect(play.take().contains(.kill(.lvs)))
    }

    @Test func `while the supervisor runs a program for it an lvs may be silent`() {
        var play = stopping()
        play.feed(.reported(.lvs(.tables(.save(.inet)))))
        play.pass(TablesProgram.timeout)
        #expect(!play.take().contains(.kill(.lvs)))
        play.feed(.tablesAnswered(.done("")))
        play.pass(Supervisor.patience)
        #expect(play.take().contains(.kill(.lvs)))
    }

    @Test func `whatever a checker says at its end, it is not waited for`() {
        var play = stopping()
        for _ in 0..<5 {
            play.pass(.milliseconds(999))
            play.feed(.answered(.checker))
        }
        #expect(!play.take().contains(.kill(.checker)))
        play.pass(.milliseconds(5))
        #expect(play.take().contains(.kill(.checker)))
    }

    @Test func `who only cleans up is asked whether it is there, and has time for each service`() {
        let claims = (1...1000).compactMap { FirewallMark($0).map { Claim.service(.mark(.inet, $0)) } }
        var supervisor = Supervisor(leftovers: [.lvs])
        _ = supervisor.handle(.configured(Configuration()), at: at(0))
        _ = supervisor.handle(.stopRequested, at: at(0))
        let begun = supervisor.handle(.roleStarted(.lvs, claims: claims), at: at(0))
        #expect(begun.contains(.ask(.lvs)))
        for second in 1...59 {
            _ = supervisor.handle(.answered(.lvs), at: at(Int64(second)))
            #expect(!supervisor.handle(.timer, at: at(Int64(second))).contains(.kill(.lvs)))
        }
        #expect(supervisor.handle(.timer, at: at(60)).contains(.kill(.lvs)))
    }

    @Test func `programs that hang again and again do not put off its end`() {
        var play = stopping()
        var killed: Instant?
        for _ in 0..<20 where killed == nil {
            play.feed(.reported(.lvs(.tables(.save(.inet)))))
            play.pass(.seconds(14))
            play.feed(.tablesAnswered(.failed("timed out")))
            if play.take().contains(.kill(.lvs)) { killed = play.now }
        }
        #expect(killed.map { $0 <= at(70) } == true, "\(String(describing: killed))")
    }
}
