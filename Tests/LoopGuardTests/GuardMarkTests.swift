import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@Suite struct GuardMarkTests {
    /// Computed by a separate program from the documented function.
    @Test(arguments: [
        (TransportProtocol.tcp, "192.0.2.100", UInt16(80), UInt32(0x55674d30)),
        (TransportProtocol.tcp, "192.0.2.100", UInt16(81), UInt32(0x54674baf)),
        (TransportProtocol.udp, "192.0.2.100", UInt16(80), UInt32(0x5fb7c11b)),
        (TransportProtocol.sctp, "255.255.255.255", UInt16(65535), UInt32(0x5773d618)),
        (TransportProtocol.tcp, "10.0.0.1", UInt16(0), UInt32(0x54c44bd5)),
        (TransportProtocol.tcp, "2001:db8::1", UInt16(80), UInt32(0x5073f36f)),
    ])
    func `the mark is the documented hash`(
        transport: TransportProtocol, address: String, port: UInt16, mark: UInt32
    ) throws {
        let endpoint = Endpoint(try #require(IPAddress(address)), port: port)
        #expect(GuardMark.mark(for: .address(transport, endpoint)).rawValue == mark)
    }

    @Test func `a service by mark keeps its own`() throws {
        let mark = try #require(FirewallMark(3))
        #expect(GuardMark.mark(for: .mark(.inet6, mark)) == mark)
    }

    @Test func `every mark has the pattern and fits a signed number`() {
        for octet in UInt8.min...UInt8.max {
            let endpoint = Endpoint(.v4(IPv4Address(10, 0, 0, octet)), port: 443)
            let mark = GuardMark.mark(for: .address(.udp, endpoint)).rawValue
            #expect(mark >> 28 == 5)
            #expect(Int32(exactly: mark) != nil)
        }
    }

    @Test func `a thousand services next to each other collide nowhere`() {
        var marks: Set<FirewallMark> = []
        for octet in UInt8(1)...250 {
            for port in [UInt16(80), 443, 8080, 8443] {
                let endpoint = Endpoint(.v4(IPv4Address(192, 0, 2, octet)), port: port)
                marks.insert(GuardMark.mark(for: .address(.tcp, endpoint)))
            }
        }
        #expect(marks.count == 1000)
    }
}
