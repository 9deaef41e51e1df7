/// FNV-1a over everything that happened: two runs of one seed in one build must end with the same number.
package struct TraceHash: Hashable, Sendable {
    /// The hash so far.
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of nothing.
    package init() {}

    /// Mixes in one number.
    package mutating func mix(_ number: Int64) {
        value = (value ^ UInt64(bitPattern: number)) &* 0x0000_0100_0000_01B3
        value ^= value >> 29
    }

    /// Mixes in octets.
    package mutating func mix(_ octets: [UInt8]) {
        for octet in octets { value = (value ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
    }
}
