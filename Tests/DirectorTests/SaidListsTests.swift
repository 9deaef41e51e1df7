import ConfigModel
import HealthChecks
import LoadBalancing
import Testing

@testable import Director

@Suite struct SaidListsTests {
    private func assignment(_ ports: ClosedRange<UInt16>, verdict: Verdict = .up) -> LVSAssignment {
        LVSAssignment(
            virtualServers: ports.map { virtualServer(port: $0, servers: [realServer("192.0.2.21")]) },
            verdicts: [CheckVerdict(check: tcpCheck("192.0.2.21"), verdict: verdict)], lost: [])
    }

    @Test func `the first assignment is said whole, the next as what differs`() throws {
        var said = SaidLists()
        let (first, second) = (assignment(1...500), assignment(2...501, verdict: .down))
        #expect(said.shortening(.lvs(.configure(first))) == .lvs(.configure(first)))
        let command = said.shortening(.lvs(.configure(second)))
        guard case .lvs(.reconfigure(let rest, let services, let verdicts)) = command else {
            Issue.record("said whole")
            return
        }
        #expect(services.count == 2 && verdicts.count == 1)
        #expect(try command.encoded().count < 2000)
        #expect(rest.completed(after: first, services, verdicts) == second)
        #expect(rest.completed(after: assignment(1...2), services, verdicts) == nil)
        // The third is said after the second.
        guard case .lvs(.reconfigure(_, let none, _)) = said.shortening(.lvs(.configure(second))) else {
            Issue.record("said whole")
            return
        }
        #expect(none == [.keep(from: 0, count: 500)])
    }

    @Test func `so are the checks of the checker`() {
        var said = SaidLists()
        let first = CheckerAssignment(generation: 1, checks: [tcpCheck("192.0.2.21"), scriptCheck()])
        let second = CheckerAssignment(generation: 2, checks: [scriptCheck(), tcpCheck("192.0.2.22")])
        #expect(said.shortening(.checker(.configure(first))) == .checker(.configure(first)))
        let command = said.shortening(.checker(.configure(second)))
        guard case .checker(.reconfigure(let rest, let checks)) = command else {
            Issue.record("said whole")
            return
        }
        #expect(rest.generation == 2)
        #expect(rest.completed(after: first, checks) == second)
        #expect(rest.completed(after: CheckerAssignment(generation: 0, checks: []), checks) == nil)
    }

    @Test func `everything else is said as it is`() {
        var said = SaidLists()
        for command in [RoleCommand.lvs(.stop), .checker(.stop), .vrrp(.stop), .lvs(.describe)] {
            #expect(said.shortening(command) == command)
        }
    }
}
