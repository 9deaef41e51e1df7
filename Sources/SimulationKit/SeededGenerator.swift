import Timekeeping

/// SplitMix64: a random number generator whose whole future is its seed, so that a failing run can be
/// repeated.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of this seed; every seed is a good one.
    package init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<bound; 0 when `bound` is not positive. The bias is below 2^-40 for the small bounds
    /// used here.
    package mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(next() >> 1) % bound : 0
    }

    /// True in `permille` of 1000 draws.
    package mutating func chance(permille: Int) -> Bool {
        permille > 0 && below(1000) < permille
    }

    /// A span from `low` to `high`, both included.
    package mutating func interval(_ low: Interval, _ high: Interval) -> Interval {
        let width = (high - low).nanoseconds
        return width > 0 ? low + Interval(nanoseconds: Int64(below(Int(width) + 1))) : low
    }

    /// One of `choices`; the first when there is only one. `choices` MUST NOT be empty.
    package mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
