import LinuxIO
import Testing
import Timekeeping

@testable import Lab

@Suite(.serialized, .enabled(if: hasIPVS)) struct LabSessionTests {
    private func plan() throws -> LabPlan {
        let pair = try PairFiles(folder: "\(Tool.repository)/Examples/dr-pair")
        return try LabPlan(try #require(pair.configurations[pair.master]))
    }

    @Test func `nodes reach each other until the cable is pulled`() throws {
        let network = try LabNetwork(try plan())
        defer { network.remove() }
        // Nothing listens there: a refusal shows that packets go there and back.
        func isReachable() throws -> Bool {
            let attempt = ["timeout", "3", "bash", "-c", "exec 3<>/dev/tcp/192.0.2.2/9"]
            return try network.program(in: LabPlan.client, attempt).run(timeout: .seconds(60)).error.text
                .contains("refused")
        }
        #expect(try isReachable())
        try network.setCables(LabPlan.directorA, up: false)
        Scheduling.sleep(.milliseconds(300))
        #expect(try !isReachable())
        try network.setCables(LabPlan.directorA, up: true)
        Scheduling.sleep(.milliseconds(300))
        #expect(try isReachable())
    }

    @Test func `a node's processes are known and end with the lab`() throws {
        let before = Tool.namespaces
        let network = try LabNetwork(try plan())
        let sleeper = try ChildProcess(
            network.program(in: "rs1", ["/bin/sleep", "1000"]), ChildStreams(output: .null, error: .null))
        Scheduling.sleep(.seconds(1))
        #expect(network.processes(in: "rs1") == [sleeper.pid])
        #expect(network.processes(in: "rs2").isEmpty)
        network.remove()
        #expect(try sleeper.reap() == .signalled(9))
        #expect(Tool.namespaces == before)
    }
}
