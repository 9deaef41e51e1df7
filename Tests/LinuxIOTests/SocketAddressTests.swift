import NetTypes
import Testing

@testable import LinuxIO

@Suite struct SocketAddressTests {
    @Test(arguments: [[192, 0, 2, 1], [UInt8](0..<16)] as [[UInt8]])
    func `an address that was filled in is read back`(octets: [UInt8]) throws {
        var buffer = AddressBuffer()
        let result = unsafe buffer.fill { address, length, port in
            for (index, octet) in octets.enumerated() { unsafe address?[index] = octet }
            unsafe length.pointee = octets.count
            unsafe port.pointee = 80
            return 7
        }
        #expect(result == 7)
        let endpoint = try #require(buffer.endpoint)
        #expect(endpoint.address.octets == octets && endpoint.port == 80)
        let passed = unsafe endpoint.passed { address, length, port in
            unsafe address?[0] == octets[0] && length == octets.count && port == 80 ? 1 : 0
        }
        #expect(passed == 1)
    }

    @Test func `a socket of another family has no endpoint`() {
        #expect(AddressBuffer().endpoint == nil)
    }

    @Test func `families have the kernel's numbers`() {
        #expect(AddressFamily.inet.number == 2 && AddressFamily.inet6.number == 10)
    }
}
