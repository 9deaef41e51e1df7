import ConfigModel
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Lab

@Suite struct DrillExpectationTests {
    private func expectation(
        _ scenario: Scenario, version: ProtocolVersion = .v2, interval: Interval = .seconds(1),
        override: Interval? = nil
    ) throws -> DrillExpectation {
        try DrillExpectation(
            scenario,
            master: Sample.configuration(priority: 150, version: version, interval: interval),
            backup: Sample.configuration(priority: 100, version: version, interval: interval),
            override: override)
    }

    @Test func `a crash may take three intervals and the backup's skew`() throws {
        let crash = try expectation(.crash)
        #expect(crash.bound == .seconds(3) + .microseconds(609_375))
        #expect(crash.budget == .seconds(3) + .microseconds(859_375))
        #expect(crash.formula == "3 x 1.000 s + skew 0.609 s")
    }

    @Test func `version 3 scales the skew with the interval`() throws {
        let crash = try expectation(.connection, version: .v3, interval: .milliseconds(500))
        #expect(crash.bound == .milliseconds(1500) + .microseconds(304_687) + Interval(nanoseconds: 500))
    }

    @Test func `a clean stop takes the skew alone`() throws {
        #expect(try expectation(.stop).bound == .microseconds(609_375))
    }

    @Test func `the operator's budget wins where time is at stake, and nowhere else`() throws {
        #expect(try expectation(.crash, override: .seconds(9)).budget == .seconds(9))
        #expect(try expectation(.loopGuardOn, override: .seconds(9)).budget == nil)
    }

    @Test func `a server is removed within one delay loop and its attempts`() throws {
        // delay_loop 2, connect_timeout 2, one more attempt 1 s later.
        #expect(try expectation(.server).bound == .seconds(7))
        #expect(DrillExpectation.readmission(of: Sample.realServer(21)) == .seconds(4))
    }

    @Test func `the victim is known by what the kernel lists, which has no port for a marked service`() {
        let byAddress = DrillExpectation.victim(of: Sample.configuration())
        #expect(byAddress?.server.endpoint.port == 80)
        #expect(byAddress?.listed.port == 80)
        let byMark = DrillExpectation.victim(of: Sample.configuration(mark: FirewallMark(3)))
        #expect(byMark?.server.endpoint.port == 80)
        #expect(byMark?.listed.port == 0)
        #expect(DrillExpectation.victim(of: Sample.configuration(servers: [])) == nil)
    }

    @Test func `of several checks the quickest to notice counts`() {
        var server = Sample.realServer(21)
        let quick = CheckSpecification(
            kind: .tcp(TCPCheck(target: server.endpoint, timeout: .seconds(1))),
            schedule: CheckSchedule(delayLoop: .seconds(1), retry: 0))
        server.checks.append(quick)
        #expect(DrillExpectation.detection(of: server) == .seconds(2))
    }

    @Test func `a pair whose files do not fit together is refused`() {
        var backup = Sample.configuration(priority: 100)
        backup.instances[0].virtualRouterID = 52
        #expect(throws: LabError("the other director has no vrrp_instance with virtual_router_id 51")) {
            try DrillExpectation(.crash, master: Sample.configuration(), backup: backup, override: nil)
        }
        #expect(throws: LabError.self) {
            try DrillExpectation(
                .server, master: Sample.configuration(servers: []), backup: Sample.configuration(),
                override: nil)
        }
    }

    @Test func `the sentence tells bound, reason and budget`() throws {
        #expect(
            try expectation(.crash).sentence
                == "Expected: at most 3.609 s (3 x 1.000 s + skew 0.609 s); the budget is 3.859 s.")
        #expect(
            try expectation(.loopGuardOn).sentence
                == "Expected: no packet visits a director twice, no request fails.")
    }
}
