import NetTypes
import Testing

@Suite struct InternetChecksumTests {
    // RFC 1071 section 3's example: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2, so the checksum is its complement.
    let example: [UInt8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]

    @Test func `the RFC's own example`() {
        #expect(InternetChecksum.of(example) == 0x220d)
    }

    @Test(arguments: 0...8)
    func `pieces may end anywhere`(cut: Int) {
        var checksum = InternetChecksum()
        checksum.add(example[..<cut])
        checksum.add(example[cut...])
        #expect(checksum.value == 0x220d)
    }

    @Test func `octets with their checksum sum to zero`() {
        #expect(InternetChecksum.of(example + [0x22, 0x0d]) == 0)
        #expect(InternetChecksum.of(example + [0x22, 0x0e]) != 0)
    }

    @Test func `an odd tail counts as the upper half of a word`() {
        #expect(InternetChecksum.of([0xab]) == ~0xab00)
        #expect(InternetChecksum.of([UInt8]()) == 0xffff)
    }

    @Test func `long input does not overflow`() {
        #expect(InternetChecksum.of([UInt8](repeating: 0xff, count: 1 << 17)) == 0)
    }
}
