import NetTypes
import Testing

@Suite struct TransportProtocolTests {
    // The numbers are IANA's "Assigned Internet Protocol Numbers".
    @Test(arguments: [(TransportProtocol.tcp, 6, "tcp"), (.udp, 17, "udp"), (.sctp, 132, "sctp")])
    func `numbers and names`(transport: TransportProtocol, number: UInt8, name: String) {
        #expect(transport.rawValue == number)
        #expect(transport.description == name)
    }

    @Test func `order is by number`() {
        #expect([TransportProtocol.sctp, .tcp, .udp].sorted() == [.tcp, .udp, .sctp])
    }
}
