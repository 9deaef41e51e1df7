import SimulationKit
import Testing
import Timekeeping

@Suite struct SeededGeneratorTests {
    @Test func `it is SplitMix64`() {
        // The first outputs for seed 1234567 that other implementations of the algorithm give.
        var generator = SeededGenerator(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        ]
        for number in expected { #expect(generator.next() == number) }
    }

    @Test func `the same seed gives the same future`() {
        var one = SeededGenerator(seed: 9)
        var two = one
        #expect((0..<100).allSatisfy { _ in one.next() == two.next() })
        var other = SeededGenerator(seed: 10)
        #expect(one.next() != other.next())
    }

    @Test func `draws stay within their bounds and reach them`() {
        var generator = SeededGenerator(seed: 1)
        let numbers = (0..<2000).map { _ in generator.below(6) }
        #expect(Set(numbers) == Set(0..<6))
        #expect(generator.below(0) == 0)
        #expect(generator.below(-3) == 0)
        let spans = (0..<2000).map { _ in
            generator.interval(Interval(nanoseconds: 5), Interval(nanoseconds: 8)).nanoseconds
        }
        #expect(Set(spans) == [5, 6, 7, 8])
        #expect(generator.interval(.seconds(1), .zero) == .seconds(1))
        #expect(Set((0..<100).map { _ in generator.pick(["a", "b"]) }) == ["a", "b"])
    }

    @Test func `chances are what they say`() {
        var generator = SeededGenerator(seed: 2)
        #expect((0..<1000).allSatisfy { _ in !generator.chance(permille: 0) })
        #expect((0..<1000).allSatisfy { _ in generator.chance(permille: 1000) })
        let hits = (0..<10_000).filter { _ in generator.chance(permille: 300) }.count
        #expect((2_700...3_300).contains(hits))
    }
}
