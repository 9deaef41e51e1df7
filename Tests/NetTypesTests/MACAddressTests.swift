import NetTypes
import Testing

@Suite struct MACAddressTests {
    @Test func `text round trips in lower case`() {
        #expect(MACAddress("02:00:00:00:00:0A")?.description == "02:00:00:00:00:0a")
        #expect(MACAddress("ff:ff:ff:ff:ff:ff") == .broadcast)
    }

    @Test(arguments: [
        "", "02:00:00:00:00", "02:00:00:00:00:0a:00", "2:0:0:0:0:a", "02-00-00-00-00-0a", "gg:00:00:00:00:00",
    ])
    func `other text is refused`(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test func `octets are in wire order`() {
        #expect(MACAddress("00:00:5e:00:01:33")?.octets == [0, 0, 0x5e, 0, 1, 0x33])
        #expect(MACAddress(octets: [1, 2, 3]) == nil)
        #expect(MACAddress(rawValue: .max) == .broadcast)
    }

    @Test func `the group bit is the lowest of the first octet`() {
        #expect(MACAddress("01:00:5e:00:00:12")?.isMulticast == true)
        #expect(MACAddress("02:00:00:00:00:01")?.isMulticast == false)
    }

    @Test func `the first octet decides the order`() throws {
        let low = try #require(MACAddress("01:ff:ff:ff:ff:ff"))
        let high = try #require(MACAddress("02:00:00:00:00:00"))
        #expect(low < high)
    }
}
