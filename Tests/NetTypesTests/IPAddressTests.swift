import Foundation
import NetTypes
import Testing

@Suite struct IPAddressTests {
    @Test func `the family follows the text`() {
        #expect(IPAddress("192.0.2.1")?.family == .inet)
        #expect(IPAddress("2001:db8::1")?.family == .inet6)
        #expect(IPAddress("192.0.2.1/24") == nil)
        #expect(IPAddress("localhost") == nil)
    }

    @Test func `octets and widths agree`() {
        #expect(IPAddress("192.0.2.1")?.octets == [192, 0, 2, 1])
        #expect(IPAddress("::1")?.octets.count == 16)
        #expect(AddressFamily.inet.bits == 32 && AddressFamily.inet6.bits == 128)
    }

    @Test func `IPv4 sorts before IPv6`() throws {
        let v4 = try #require(IPAddress("255.255.255.255"))
        let v6 = try #require(IPAddress("::"))
        #expect(v4 < v6)
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "2001:db8::1", "::192.0.2.1"])
    func `an address comes back as it was`(text: String) throws {
        let address = try #require(IPAddress(text))
        let octets = try JSONEncoder().encode([address])
        #expect(try JSONDecoder().decode([IPAddress].self, from: octets) == [address])
    }

    @Test func `a number too large for IPv4 is no address, and nothing is none`() {
        for text in ["[[4294967296]]", "[[]]", "[[-1]]"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([IPAddress].self, from: Data(text.utf8))
            }
        }
    }

    @Test func `multicast of both families`() {
        #expect(IPAddress("224.0.0.18")?.isMulticast == true)
        #expect(IPAddress("ff02::12")?.isMulticast == true)
        #expect(IPAddress("192.0.2.1")?.isMulticast == false)
        #expect(["0.0.0.0", "::"].allSatisfy { IPAddress($0)?.isUnspecified == true })
        #expect(["0.0.0.1", "::1", "1::"].allSatisfy { IPAddress($0)?.isUnspecified == false })
    }
}
