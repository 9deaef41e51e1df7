/// The ones' complement checksum of RFC 1071, accumulated piece by piece.
package struct InternetChecksum: Sendable {
    private var sum: UInt64 = 0
    private var odd = false

    /// An empty sum.
    package init() {}

    /// Adds octets in network order. Pieces may have odd lengths: the halves are kept in step.
    package mutating func add(_ octets: some Sequence<UInt8>) {
        for octet in octets {
            sum += odd ? UInt64(octet) : UInt64(octet) << 8
            odd.toggle()
        }
    }

    /// The checksum to send; 0 when the octets added include a correct checksum.
    package var value: UInt16 {
        var folded = sum
        while folded > 0xFFFF { folded = folded & 0xFFFF + folded >> 16 }
        return ~UInt16(folded)
    }

    /// The checksum of `octets` alone.
    package static func of(_ octets: some Sequence<UInt8>) -> UInt16 {
        var checksum = InternetChecksum()
        checksum.add(octets)
        return checksum.value
    }
}
