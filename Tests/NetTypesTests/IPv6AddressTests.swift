import NetTypes
import Testing

@Suite struct IPv6AddressTests {
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("fe80::0202:b3ff", "fe80::202:b3ff"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
    ])
    func `the canonical form is RFC 5952`(text: String, canonical: String) {
        #expect(IPv6Address(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1::2", "1::2:", "12345::", "g::",
        "1.2.3.4",
        "::1%eth0", "[::1]", "1:2:3:4:5:6:7:8::", "::1.2.3.4:5",
    ])
    func `other text is refused`(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test func `octets round trip`() throws {
        let address = try #require(IPv6Address("2001:db8::42"))
        #expect(IPv6Address(octets: address.octets) == address)
        #expect(IPv6Address(octets: [1, 2, 3]) == nil)
    }

    @Test func `order and kinds`() throws {
        let low = try #require(IPv6Address("fe80::1"))
        let high = try #require(IPv6Address("ff02::12"))
        #expect(low < high)
        #expect(low.isLinkLocal && !low.isMulticast)
        #expect(high.isMulticast && !high.isLinkLocal)
    }
}
