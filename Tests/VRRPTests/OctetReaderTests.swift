import NetTypes
import Testing

@testable import VRRP

@Suite struct OctetReaderTests {
    @Test func `values come in network order until the octets are used up`() {
        var reader = OctetReader([1, 2, 3, 10, 0, 0, 7, 8, 9])
        #expect(reader.octet() == 1)
        #expect(reader.word() == 0x0203)
        #expect(reader.address(.inet) == .v4(IPv4Address(10, 0, 0, 7)))
        #expect(reader.take(2).map(Array.init) == [8, 9])
        #expect(reader.position == 9)
        #expect(reader.octet() == nil)
        #expect(reader.word() == nil)
        #expect(reader.address(.inet) == nil)
        #expect(reader.take(1) == nil)
        #expect(reader.take(0)?.isEmpty == true)
    }

    @Test func `a number is two words`() {
        var reader = OctetReader([1, 2, 3, 4, 5, 6, 7])
        #expect(reader.number() == 0x0102_0304)
        #expect(reader.number() == nil)
    }

    @Test func `half a value is no value`() {
        var word = OctetReader([1])
        #expect(word.word() == nil)
        var address = OctetReader([1, 2, 3])
        #expect(address.address(.inet) == nil)
        var long = OctetReader([UInt8](repeating: 1, count: 15))
        #expect(long.address(.inet6) == nil)
        var some = OctetReader([1, 2])
        #expect(some.take(3) == nil)
        #expect(some.take(-1) == nil)
        #expect(some.take(2) != nil)
    }
}
