import NetTypes
import Testing

@Suite struct PrefixTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1/32"), ("192.0.2.1/24", "192.0.2.1/24"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:db8::1", "2001:db8::1/128"), ("2001:db8::1/64", "2001:db8::1/64"),
    ])
    func `a prefix keeps its host bits`(text: String, canonical: String) {
        #expect(Prefix(text)?.description == canonical)
    }

    @Test(arguments: [
        "192.0.2.1/33", "192.0.2.1/", "192.0.2.1/a", "192.0.2.1/+8", "192.0.2.1/-1", "/24", "::/129",
        "1.2.3.4/8/8",
    ])
    func `other text is refused`(text: String) {
        #expect(Prefix(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.9/31", "192.0.2.8", true),
        ("192.0.2.9/31", "192.0.2.10", false), ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "::1", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("192.0.2.1/32", "192.0.2.1", true), ("192.0.2.1/32", "192.0.2.0", false),
    ])
    func `containment compares the leading bits`(prefix: String, address: String, expected: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(Prefix(prefix)?.contains(address) == expected)
    }

    @Test(arguments: [
        ("192.0.2.77/24", "192.0.2.0/24"), ("192.0.2.77/32", "192.0.2.77/32"), ("192.0.2.77/0", "0.0.0.0/0"),
        ("2001:db8:1:2:3:4:5:6/64", "2001:db8:1:2::/64"), ("2001:db8::1/128", "2001:db8::1/128"),
        ("2001:db8:ffff::1/33", "2001:db8:8000::/33"), ("2001:db8::ffff/120", "2001:db8::ff00/120"),
        ("2001:db8::1/0", "::/0"),
    ])
    func `a network has no host bits`(text: String, network: String) throws {
        let prefix = try #require(Prefix(text))
        #expect(Prefix(network: prefix.address, length: prefix.length).description == network)
        #expect(Prefix(network: prefix.address, length: 200).length == prefix.address.family.bits)
    }

    @Test func `order is by address, then length`() throws {
        let short = try #require(Prefix("192.0.2.0/24"))
        let long = try #require(Prefix("192.0.2.0/32"))
        #expect(short < long)
    }
}
