import NetTypes
import Testing
import VRRP

@Suite struct VirtualAddressTests {
    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    @Test func `nothing said is what ip address does`() throws {
        let address = VirtualAddress(prefix: try prefix("192.0.2.1/24"))
        #expect(address.options == AddressOptions())
        #expect(address.options.broadcast == nil && address.options.peer == nil)
        #expect(address.options.scope == 0)
        #expect(!address.options.detectsDuplicates, "an address that waits is of no use at a failover")
        #expect(!address.options.isUntracked && !address.options.addsNoRoute)
    }

    @Test(arguments: [
        ("2001:db8::1/128", UInt32?(0)), ("2001:db8::1/64", nil), ("192.0.2.1/32", nil),
    ])
    func `an IPv6 host address is deprecated unless told otherwise`(text: String, lifetime: UInt32?) throws {
        #expect(VirtualAddress(prefix: try prefix(text)).options.preferredLifetime == lifetime)
        let own = VirtualAddress(prefix: try prefix(text), options: AddressOptions())
        #expect(own.options.preferredLifetime == nil)
    }
}
