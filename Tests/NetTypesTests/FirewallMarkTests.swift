import NetTypes
import Testing

@Suite struct FirewallMarkTests {
    @Test func `zero is no mark`() {
        #expect(FirewallMark(0) == nil)
    }

    @Test func `all 32 bits count and print unsigned`() throws {
        let most = try #require(FirewallMark(.max))
        #expect(most.description == "4294967295")
        let one = try #require(FirewallMark(1))
        #expect(one < most)
    }
}
