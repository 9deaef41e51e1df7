import KernelNet
import NetTypes
import Testing

@Suite struct IPDatagramTests {
    /// A VRRPv2 advert as a raw socket delivers it.
    private let octets = wire(
        "45 c0 0028",  // version 4, header 20 octets, TOS 0xC0, total length 40
        "0001 4000",  // identification, don't fragment
        "ff 70 1234",  // TTL 255, protocol 112, checksum (the kernel's business)
        "0a630001",  // from 10.99.0.1
        "e0000012",  // to 224.0.0.18
        "2133960100013e03 0a630064 0000000000000000")

    @Test func `the header is taken off and told`() throws {
        let datagram = try #require(IPDatagram(ipv4: octets))
        #expect(datagram.source == .v4(IPv4Address(10, 99, 0, 1)))
        #expect(datagram.destination == .v4(IPv4Address(224, 0, 0, 18)))
        #expect(datagram.ttl == 255)
        #expect(datagram.payload == wire("2133960100013e03 0a630064 0000000000000000"))
    }

    @Test func `octets beyond the total length are not payload`() {
        #expect(IPDatagram(ipv4: octets + [0xEE, 0xEE])?.payload.count == 20)
    }

    @Test func `options are skipped`() throws {
        var long = octets
        long[0] = 0x46
        #expect(try #require(IPDatagram(ipv4: long)).payload == Array(octets.dropFirst(24)))
    }

    @Test(arguments: [
        "44",  // header of 16 octets
        "65",  // version 6
        "4b",  // header longer than the datagram
        "45 c0 0013",  // total length below the header
        "45 c0 0029",  // total length beyond what came
        "45 c0 ffff",
    ])
    func `a header that contradicts its length is refused`(start: String) {
        let head = wire(start)
        #expect(IPDatagram(ipv4: head + octets.dropFirst(head.count)) == nil)
    }

    @Test func `every truncation is refused`() {
        for length in 0..<octets.count { #expect(IPDatagram(ipv4: Array(octets.prefix(length))) == nil) }
    }
}
