import Testing

@testable import NetTypes

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", 1), ("192.0.2.1-9", "192.0.2.1-192.0.2.9", 9),
        ("192.0.2.9-9", "192.0.2.9", 1), ("192.0.2.250-192.0.3.9", "192.0.2.250-192.0.3.9", 16),
        ("192.0.2.11/29", "192.0.2.8-192.0.2.15", 8), ("192.0.2.1/32", "192.0.2.1", 1),
        ("1.2.3.4/0", "0.0.0.0-255.255.255.255", 1 << 32),
        ("2001:db8::1", "2001:db8::1", 1), ("2001:db8::1-ff", "2001:db8::1-2001:db8::ff", 255),
        ("2001:db8::1-2001:db8::1:0", "2001:db8::1-2001:db8::1:0", 65536),
        ("2001:db8::6/126", "2001:db8::4-2001:db8::7", 4),
        ("2001:db8:0:0:9::/64", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff", .max),
        ("2001:db8:ffff::/48", "2001:db8:ffff::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", .max),
    ])
    func `every form is read`(text: String, written: String, count: Int) throws {
        let range = try #require(AddressRange(text))
        #expect(range.description == written)
        #expect(range.count == count)
    }

    @Test(arguments: [
        "", "-", "192.0.2.1-", "-9", "192.0.2.9-1", "192.0.2.1-256", "192.0.2.1-+9", "192.0.2.1-09",
        "192.0.2.1-1.2", "192.0.2.1-9-12", "192.0.2.1-2001:db8::1", "192.0.2.1/33", "192.0.2.1/24-30",
        "2001:db8::9-1", "2001:db8::1-10000", "2001:db8::1-:2", "2001:db8::1-1.2.3.4", "2001:db8::1-g", "web",
    ])
    func `other text is refused`(text: String) { #expect(AddressRange(text) == nil) }

    @Test func `addresses are listed from the first, up to the limit`() throws {
        let range = try #require(AddressRange("192.0.2.254-192.0.3.1"))
        #expect(
            range.addresses(limit: 9).map(\.description) == [
                "192.0.2.254", "192.0.2.255", "192.0.3.0", "192.0.3.1",
            ])
        #expect(range.addresses(limit: 1).map(\.description) == ["192.0.2.254"])
        #expect(range.addresses(limit: -1).isEmpty)
        let six = try #require(AddressRange("2001:db8::fffe-2001:db8::1:1"))
        #expect(six.addresses(limit: 9).map(\.description).last == "2001:db8::1:1")
        #expect(AddressRange("::/0")?.addresses(limit: 2).count == 2)
    }

    @Test func `a range has one family and an order`() throws {
        let (low, high) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
        #expect(AddressRange(low, high)?.count == 2)
        #expect(AddressRange(high, low) == nil)
        #expect(AddressRange(low, try #require(IPAddress("2001:db8::1"))) == nil)
    }
}
