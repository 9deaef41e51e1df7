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

    @Test func `every bit of key and octets changes the digest`() {
        let (key, octets) = ([UInt8](1...8), [UInt8](0..<44))
        let digest = TraceHash.digest(key, octets)
        #expect(digest.count == 16 && digest == TraceHash.digest(key, octets))
        for bit in 0..<8 * 8 {
            var other = key
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(TraceHash.digest(other, octets).prefix(12) != digest.prefix(12))
        }
        for bit in 0..<44 * 8 {
            var other = octets
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(TraceHash.digest(key, other).prefix(12) != digest.prefix(12))
        }
    }
}
