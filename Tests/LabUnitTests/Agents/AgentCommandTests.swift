import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct AgentCommandTests {
    @Test(arguments: [
        AgentCommand.probe(
            ProbeSettings(
                target: Sample.service, interval: .microseconds(1500), connections: 4, timeout: .seconds(2))),
        .serve(name: "rs1", ports: [80, 8080]),
        .watch(
            WatchSettings(
                namespaces: [
                    "observer": "/run/netns/hf1-observer", "director-a": "/run/netns/hf1-director-a",
                ],
                service: Sample.service, countsRevisits: true)),
    ])
    func `an agent is started with what it was told`(command: AgentCommand) {
        #expect(AgentCommand(command.arguments) == command)
    }

    @Test(arguments: [
        [], ["probe"], ["probe", "192.0.2.100:80", "0", "4", "1"], ["probe", "192.0.2.100", "1", "4", "1"],
        ["probe", "192.0.2.100:80", "1", "-1", "1"], ["probe", "192.0.2.100:80", "1", "4", "0"],
        ["serve", "rs1"], ["serve", "rs1", "http"],
        ["serve", "rs1", "70000"], ["watch", "192.0.2.100:80"].dropLast() + [],
        ["watch", "192.0.2.100:80", "1", "x"],
        ["dance"],
    ])
    func `anything else is refused`(arguments: [String]) {
        #expect(AgentCommand(arguments) == nil)
    }

    @Test func `an unknown agent ends with an error`() {
        #expect(AgentCommand.run(["dance"]) == 1)
    }
}
