import NetTypes
import Testing

@Suite struct FNV1aTests {
    /// RFC 9923, test vectors.
    @Test(
        arguments: [
            ("", 0x811C_9DC5, 0xCBF2_9CE4_8422_2325), ("a", 0xE40C_292C, 0xAF63_DC4C_8601_EC8C),
            ("foobar", 0xBF9C_F968, 0x8594_4171_F739_67E8),
        ] as [(String, UInt32, UInt64)])
    func `it is that of the RFC`(text: String, short: UInt32, long: UInt64) {
        #expect(FNV1a.shortHash(text.utf8) == short && FNV1a.hash(text.utf8) == long)
    }

    @Test func `it goes on where it was`() {
        #expect(FNV1a.hash("bar".utf8, after: FNV1a.hash("foo".utf8)) == FNV1a.hash("foobar".utf8))
    }
}
