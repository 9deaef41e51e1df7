import TLS
import Testing

@Suite struct DigestTests {
    // RFC 1321 section A.5.
    @Test func `the published vectors of MD5`() {
        let empty = MD5.digest(of: [])
        #expect(empty?.count == 16 && empty?.prefix(4) == [0xd4, 0x1d, 0x8c, 0xd9])
        #expect(MD5.digest(of: Array("abc".utf8))?.suffix(4) == [0x28, 0xe1, 0x7f, 0x72])
    }

    // RFC 2202 section 2, test cases 1 to 3 and 6, and a key that is empty.
    @Test(
        arguments: [
            ([UInt8](repeating: 0x0b, count: 16), Array("Hi There".utf8), [0x92, 0x94, 0x72, 0x7a]),
            (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8), [0x75, 0x0c, 0x78, 0x3e]),
            (
                [UInt8](repeating: 0xaa, count: 16), [UInt8](repeating: 0xdd, count: 50),
                [0x56, 0xbe, 0x34, 0x52]
            ),
            (
                [UInt8](repeating: 0xaa, count: 80),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                [0x6b, 0x1a, 0xb7, 0xfe]
            ),
            ([], [], [0x74, 0xe6, 0xf7, 0x29]),
        ] as [([UInt8], [UInt8], [UInt8])])
    func `the published vectors of HMAC-MD5`(key: [UInt8], octets: [UInt8], start: [UInt8]) {
        let code = HMACMD5.code(of: octets, key: key)
        #expect(code?.count == 16 && code?.prefix(4) == start[...])
    }

    // FIPS 180-4 example: SHA-256("abc").
    @Test func `the published vector`() {
        let digest = SHA256.digest(of: Array("abc".utf8))
        #expect(digest?.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        #expect(digest?.suffix(4) == [0xf2, 0x00, 0x15, 0xad])
    }
}
