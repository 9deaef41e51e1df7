import TLS
import Testing

@Suite struct DigestTests {
    // FIPS 180-4 example: SHA-256("abc").
    @Test func `the published vector`() {
        let digest = SHA256.digest(of: Array("abc".utf8))
        #expect(digest?.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        #expect(digest?.suffix(4) == [0xf2, 0x00, 0x15, 0xad])
    }
}
