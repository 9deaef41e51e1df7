import NetTypes

/// FNV-1a over everything that happened: two runs of one seed in one build must end with the same number.
package struct TraceHash: Hashable, Sendable {
    /// The hash so far.
    package private(set) var value: UInt64 = FNV1a.basis

    /// The hash of nothing.
    package init() {}

    /// Mixes in one number.
    package mutating func mix(_ number: Int64) {
        value = (value ^ UInt64(bitPattern: number)) &* FNV1a.prime
        value ^= value >> 29
    }

    /// Mixes in octets.
    package mutating func mix(_ octets: [UInt8]) {
        value = FNV1a.hash(octets, after: value)
    }
}

extension TraceHash {
    /// What stands for HMAC-MD5 in runs with `auth_type AH`: 16 octets that every bit of `key` and `octets`
    /// changes. It keeps nobody out, who is not there.
    package static func digest(_ key: [UInt8], _ octets: [UInt8]) -> [UInt8] {
        var first = TraceHash()
        first.mix(key)
        first.mix(octets)
        var second = first
        second.mix(key)
        return [first.value, second.value].flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
    }
}
