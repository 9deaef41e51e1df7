import HealthChecks
import LoadBalancing
import Testing
import Timekeeping

@testable import Director

@Suite struct SurveyTests {
    private let checks = [tcpCheck("192.0.2.21"), tcpCheck("192.0.2.22")]
    private let all = Set(RoleName.allCases)

    private func hear(_ report: RoleReport, _ survey: inout Survey, generation: UInt64 = 2) -> Bool {
        survey.hear(report, checks: checks, generation: generation, at: at(5))
    }

    @Test func `it is complete when every role has told all`() {
        var survey = Survey()
        survey.begin(all, at: at(4))
        #expect(survey.isRunning && survey.number == 1 && survey.completedAt == nil)
        #expect(!hear(.vrrp(.described([RoleFactsTests.instance])), &survey))
        #expect(!hear(.lvs(.described([RoleFactsTests.service], isLast: false)), &survey))
        #expect(survey.findings.services.isEmpty, "a part is not the whole")
        #expect(!hear(.checker(.described(generation: 2, [RoleFactsTests.check], isLast: true)), &survey))
        #expect(hear(.lvs(.described([], isLast: true)), &survey))
        #expect(!survey.isRunning && survey.completedAt == at(5))
        #expect(survey.findings.instances["VI_1"] == RoleFactsTests.instance)
        let service = survey.findings.services[virtualServer().identity]
        #expect(service?.counters.connections == 99)
        #expect(service?.destinations[endpoint("192.0.2.21", 80)]?.active == 5)
        #expect(survey.findings.checks == [checks[1]: RoleFactsTests.check])
    }

    @Test func `a role that ends is not waited for`() {
        var survey = Survey()
        survey.begin([.vrrp, .lvs], at: at(4))
        #expect(!hear(.vrrp(.described([])), &survey))
        let lost = [RoleName.checker, .lvs, .lvs].map { survey.lose($0, at: at(5)) }
        #expect(lost == [false, true, false], "once is enough")
        #expect(survey.completedAt == at(5))
    }

    @Test func `without roles it is complete at once`() {
        var survey = Survey()
        survey.begin([], at: at(4))
        #expect(!survey.isRunning && survey.completedAt == at(4))
    }

    @Test func `what a role that is gone had told is forgotten`() {
        var survey = Survey()
        survey.begin([.vrrp], at: at(4))
        #expect(hear(.vrrp(.described([RoleFactsTests.instance])), &survey))
        survey.begin([.lvs], at: at(6))
        #expect(survey.findings.instances.isEmpty)
    }

    @Test func `checks of another assignment, or of none, are not taken`() {
        var survey = Survey()
        survey.begin([.checker], at: at(4))
        #expect(!hear(.checker(.described(generation: 1, [RoleFactsTests.check], isLast: false)), &survey))
        let stray = CheckFacts(index: 7, verdict: .up, report: nil)
        #expect(hear(.checker(.described(generation: 2, [stray], isLast: true)), &survey))
        #expect(survey.findings.checks.isEmpty)
    }

    @Test func `other reports, and answers nobody asked for, complete nothing`() {
        var survey = Survey()
        #expect(!hear(.vrrp(.described([])), &survey))
        survey.begin([.vrrp], at: at(4))
        #expect(!hear(.vrrp(.ready), &survey))
        #expect(!hear(.lvs(.described([], isLast: true)), &survey))
        #expect(survey.isRunning)
    }
}
