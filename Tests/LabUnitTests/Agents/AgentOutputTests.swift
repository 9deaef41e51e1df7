import Testing

@testable import Lab

@Suite struct AgentOutputTests {
    @Test func `nothing added is nothing written`() {
        var output = AgentOutput()
        output.flush()
        #expect(output == AgentOutput())
    }

    @Test func `sightings are kept until they are flushed`() {
        var output = AgentOutput()
        output.add(.ready("x"))
        #expect(output != AgentOutput())
    }
}
