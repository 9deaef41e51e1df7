import SimulationKit
import Testing

@Suite struct TraceHashTests {
    @Test func `equal histories have equal hashes and others have not`() {
        var one = TraceHash()
        var two = TraceHash()
        #expect(one == two)
        one.mix(1)
        one.mix([1, 2, 3])
        two.mix(1)
        #expect(one != two)
        two.mix([1, 2, 3])
        #expect(one.value == two.value)
    }

    @Test func `order counts`() {
        var one = TraceHash()
        var two = TraceHash()
        one.mix(1)
        one.mix(2)
        two.mix(2)
        two.mix(1)
        #expect(one != two)
    }
}
