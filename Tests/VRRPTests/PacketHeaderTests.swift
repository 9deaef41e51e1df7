import Testing
import VRRP

@Suite struct PacketHeaderTests {
    @Test func `version, type and virtual router are readable before anything is checked`() throws {
        let header = try #require(PacketHeader(peeking: octets("31 33")))
        #expect((header.version, header.type, header.virtualRouterID) == (3, 1, 51))
        let golden = try #require(PacketHeader(peeking: octets("2f ff 00 00 00")))
        #expect((golden.version, golden.type, golden.virtualRouterID) == (2, 15, 255))
    }

    @Test func `less than two octets are nothing`() {
        #expect(PacketHeader(peeking: [UInt8]()) == nil)
        #expect(PacketHeader(peeking: [0x21]) == nil)
    }
}
