import NetTypes
import Testing

@Suite struct IPv4AddressTests {
    @Test(arguments: ["0.0.0.0", "10.0.0.1", "255.255.255.255", "192.0.2.100"])
    func `dotted decimal round trips`(text: String) {
        #expect(IPv4Address(text)?.description == text)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", "1..2.3", "+1.2.3.4",
    ])
    func `other text is refused`(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test func `octets are in network order`() {
        #expect(IPv4Address(10, 99, 0, 100).octets == [10, 99, 0, 100])
        #expect(IPv4Address(10, 99, 0, 100).rawValue == 0x0A63_0064)
    }

    @Test func `comparison is unsigned`() {
        #expect(IPv4Address(127, 255, 255, 255) < IPv4Address(128, 0, 0, 0))
        #expect(IPv4Address(10, 0, 0, 2) < IPv4Address(10, 0, 0, 10))
    }

    @Test(arguments: [
        ("224.0.0.18", true), ("239.255.255.255", true), ("223.255.255.255", false), ("240.0.0.0", false),
    ])
    func `multicast is 224/4`(text: String, expected: Bool) {
        #expect(IPv4Address(text)?.isMulticast == expected)
    }
}
