import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct ServiceStatusTests {
    private func make(_ environment: [String: String] = [:]) -> ServiceStatus {
        ServiceStatus(environment: environment, process: 77, at: at(0))
    }

    @Test func `a sign of life goes out twice in the time that the service manager waits`() {
        var status = make(["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "77"])
        #expect(status.nextDeadline == at(5))
        #expect(status.advance(to: at(4)) == nil)
        #expect(status.advance(to: at(5)) == "WATCHDOG=1")
        #expect(status.advance(to: at(5)) == nil, "once")
        // One that is late does not make the next one early.
        #expect(status.advance(to: at(12)) == "WATCHDOG=1")
        #expect(status.nextDeadline == at(17))
    }

    @Test(
        arguments: [
            [:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "-5"], ["WATCHDOG_USEC": "soon"],
            ["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "78"], ["WATCHDOG_PID": "77"],
        ])
    func `who is not watched gives no sign of life`(environment: [String: String]) {
        var status = make(environment)
        #expect(status.period == nil && status.nextDeadline == nil)
        #expect(status.advance(to: at(1_000_000)) == nil)
    }

    @Test(arguments: [("1", 10), ("30000", 15)])
    func `no sign of life goes out more often than every 10 ms`(wait: String, period: Int64) {
        #expect(make(["WATCHDOG_USEC": wait]).period == .milliseconds(period))
    }

    @Test func `a wait beyond all clocks is borne`() {
        #expect(make(["WATCHDOG_USEC": "\(Int64.max)"]).period != nil)
    }

    @Test func `what the daemon does is told once, and again when it changes`() {
        var play = Play()
        var status = make()
        #expect(status.show(play.supervisor) == "STATUS=starting: VI_1; 1 virtual server")
        #expect(status.show(play.supervisor) == nil)
        play.feed(.reported(.lvs(.ready)))
        play.feed(.reported(.vrrp(.ready)))
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        #expect(status.show(play.supervisor) == "STATUS=master of VI_1; 1 virtual server")
        #expect(status.show(play.supervisor) == nil)
        play.feed(.configured(pair(servers: [virtualServer(), virtualServer(port: 443)])))
        #expect(status.show(play.supervisor) == "STATUS=master of VI_1; 2 virtual servers")
    }

    @Test func `how long a stop may take is told once for each phase`() {
        var play = Play.running()
        var status = make()
        #expect(status.extend(play.supervisor, at: play.now) == nil)
        play.feed(.stopRequested)
        #expect(status.extend(play.supervisor, at: play.now) == "EXTEND_TIMEOUT_USEC=40000000")
        #expect(status.extend(play.supervisor, at: play.now) == nil)
    }

    @Test func `states have their names, and no line is long`() {
        let names = (1...20).map { "VI_\($0)" }
        let routers = names.enumerated().map { router($1, id: UInt8($0 + 1)) }
        var play = Play.running(pair(instances: routers, servers: []))
        for name in names.dropFirst(2) { play.feed(.reported(.vrrp(.state(instance: name, .backup)))) }
        play.feed(.reported(.vrrp(.state(instance: "VI_1", .master))))
        play.feed(.reported(.vrrp(.state(instance: "VI_2", .fault))))
        #expect(
            play.supervisor.summary == "master of VI_1; backup of VI_3, VI_4, VI_5, VI_6, VI_7, VI_8, VI_9, "
                + "VI_10 and 10 more; in fault: VI_2")
    }

    @Test func `only what was asked for is told`() {
        #expect(Play(checks: false).supervisor.summary == "starting: VI_1")
        #expect(Play(vrrp: false).supervisor.summary == "1 virtual server")
        #expect(Play(pair(instances: [], servers: [])).supervisor.summary == "nothing to do")
    }
}
