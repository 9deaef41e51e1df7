/// FNV-1a (RFC 9923): a number that every octet changes, the same everywhere and for ever. It keeps nobody
/// out who chooses the octets.
package enum FNV1a {
    /// The 64-bit hash of nothing.
    package static let basis: UInt64 = 0xCBF2_9CE4_8422_2325
    /// What the 64-bit hash is multiplied by after each octet.
    package static let prime: UInt64 = 0x0000_0100_0000_01B3

    /// The 64-bit hash of `octets`, or of what `hash` is the hash of with `octets` behind it.
    package static func hash(_ octets: some Sequence<UInt8>, after hash: UInt64 = basis) -> UInt64 {
        octets.reduce(hash) { ($0 ^ UInt64($1)) &* prime }
    }

    /// The 32-bit hash of `octets`.
    package static func shortHash(_ octets: some Sequence<UInt8>) -> UInt32 {
        octets.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
