import NetTypes
import Testing

@testable import VRRP

@Suite struct WireLayoutTests {
    @Test func `a message has exactly one length`() {
        #expect(WireLayout.length(version: .v2, family: .inet, count: 1) == 20)
        #expect(WireLayout.length(version: .v3, family: .inet, count: 1) == 12)
        #expect(WireLayout.length(version: .v3, family: .inet6, count: 2) == 40)
        #expect(WireLayout.length(version: .v3, family: .inet6, count: 255) == VRRPNumbers.longestMessage)
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

    @Test func `that of IPv6 is forty`() {
        let source = IPAddress.v6(IPv6Address(high: 0xFE80 << 48, low: 1))
        let header = WireLayout.pseudoHeader(
            source: source, destination: VRRPNumbers.group6, length: 0x0102)
        #expect(
            header
                == octets(
                    "fe800000000000000000000000000001 ff020000000000000000000000000012 00000102 00000070"))
    }
}
