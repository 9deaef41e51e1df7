import TLS
import Testing

@Suite struct DigestTests {
    // RFC 1321 section A.5.
    @Test func `the published vectors of MD5`() {
        let empty = MD5.digest(of: [])
        #expect(empty?.count == 16 && empty?.prefix(4) == [0xd4, 0x1d, 0x8c, 0xd9])
        #expect(MD5.digest(of: Array("abc".utf8))?.suffix(4) == [0x28, 0xe1, 0x7f, 0x72])
    }

    // FIPS 180-4 example: SHA-256("abc").
    @Test func `the published vector`() {
        let digest = SHA256.digest(of: Array("abc".utf8))
        #expect(digest?.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        #expect(digest?.suffix(4) == [0xf2, 0x00, 0x15, 0xad])
    }
}
