import HealthChecks
import LoadBalancing
import Testing
import Timekeeping

@testable import Director

@Suite struct VerdictInheritanceTests {
    private static func tcp(_ timeout: Int64, port: UInt16 = 80) -> CheckSpecification {
        CheckSpecification(
            kind: .tcp(TCPCheck(target: endpoint("192.0.2.21", port), timeout: .seconds(timeout))),
            schedule: CheckSchedule())
    }

    private static let http = CheckSpecification(
        kind: .http(HTTPCheck(target: endpoint("192.0.2.21", 80), urls: [HTTPURL()])),
        schedule: CheckSchedule())

    private static let slow = CheckSpecification(
        kind: .script(ScriptCheck(command: ["/bin/check", "-s"], timeout: .seconds(9))),
        schedule: CheckSchedule())

    private func inherited(
        _ new: [CheckSpecification], from old: [CheckSpecification], _ known: [CheckSpecification: Verdict]
    ) -> [CheckSpecification: Verdict] {
        VerdictInheritance.verdicts(
            for: [virtualServer(servers: [realServer("192.0.2.21", checks: new)])],
            after: [virtualServer(servers: [realServer("192.0.2.21", checks: old)])], knowing: known)
    }

    typealias Case = (
        old: [CheckSpecification: Verdict], new: [CheckSpecification], expected: [CheckSpecification: Verdict]
    )
    static let cases: [Case] = [
        ([tcp(2): .down], [tcp(2)], [tcp(2): .down]),
        ([tcp(2): .down], [tcp(3)], [tcp(3): .down]),
        ([tcp(2): .up], [tcp(3)], [tcp(3): .up]),
        (
            [tcp(2): .down, tcp(2, port: 81): .up], [tcp(3), tcp(3, port: 81)],
            [tcp(3): .down, tcp(3, port: 81): .up]
        ),
        ([tcp(2): .down], [tcp(2, port: 81)], [tcp(2, port: 81): .down]),
        ([tcp(2): .down, tcp(2, port: 82): .up], [tcp(2, port: 81)], [tcp(2, port: 81): .down]),
        ([tcp(2): .down], [http], [http: .down]),
        ([tcp(2): .up], [http], [:]),
        ([tcp(2): .down, http: .up], [http], [http: .up]),
        ([tcp(2): .down], [tcp(2), http], [tcp(2): .down]),
        ([scriptCheck(["/bin/check", "-f"]): .down], [slow], [slow: .down]),
        ([:], [tcp(3)], [:]),
    ]

    @Test(arguments: cases) func `a changed check starts from what it replaces`(_ one: Case) {
        #expect(inherited(one.new, from: Array(one.old.keys), one.old) == one.expected)
    }

    @Test func `a weight outlives a change of the schedule, and goes with its program`() {
        var later = Self.slow
        later.schedule.delayLoop = .seconds(7)
        func weights(_ checks: [CheckSpecification]) -> [CheckSpecification: Int32] {
            VerdictInheritance.weights(
                for: [virtualServer(servers: [realServer("192.0.2.21", checks: checks)])],
                knowing: [Self.slow: 4])
        }
        #expect(weights([Self.slow]) == [Self.slow: 4])
        #expect(weights([later]) == [later: 4])
        #expect(weights([Self.http]) == [:])
    }

    @Test func `nothing is inherited from another server`() {
        let result = VerdictInheritance.verdicts(
            for: [virtualServer(servers: [realServer("192.0.2.22", checks: [Self.tcp(3)])])],
            after: [virtualServer(servers: [realServer("192.0.2.21", checks: [Self.tcp(2)])])],
            knowing: [Self.tcp(2): .down])
        #expect(result == [:])
    }

    @Test func `a check of several servers starts as up when one of them was`() {
        let (left, right) = (Self.tcp(2), Self.tcp(4))
        func servers(_ first: CheckSpecification, _ second: CheckSpecification) -> [VirtualServer] {
            [
                virtualServer(servers: [
                    realServer("192.0.2.21", checks: [first]), realServer("192.0.2.22", checks: [second]),
                ])
            ]
        }
        let result = VerdictInheritance.verdicts(
            for: servers(Self.tcp(3), Self.tcp(3)), after: servers(left, right),
            knowing: [left: .down, right: .up])
        #expect(result == [Self.tcp(3): .up])
    }
}
