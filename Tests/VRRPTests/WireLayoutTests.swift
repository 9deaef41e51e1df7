import NetTypes
import Testing

@testable import VRRP

@Suite struct WireLayoutTests {
    @Test func `a message has exactly one length`() {
        #expect(WireLayout.length(version: .v2, count: 1) == 20)
        #expect(WireLayout.length(version: .v3, count: 1) == 12)
        #expect(WireLayout.length(version: .v2, count: 255) == VRRPNumbers.longestMessage)
    }

    @Test func `a password fills eight octets`() {
        #expect(WireLayout.authenticationData([]) == [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(WireLayout.authenticationData([1, 2]) == [1, 2, 0, 0, 0, 0, 0, 0])
        #expect(WireLayout.authenticationData(Array(1...9)) == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test func `the pseudo-header is twelve octets of addresses, protocol and length`() {
        let header = WireLayout.pseudoHeader(source: peer, destination: VRRPNumbers.group, length: 0x0102)
        #expect(header == octets("0a630001 e0000012 00 70 0102"))
    }
}
