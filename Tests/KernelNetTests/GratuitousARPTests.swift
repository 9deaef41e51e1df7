import KernelNet
import NetTypes
import Testing

@Suite struct GratuitousARPTests {
    @Test func `an announcement is a broadcast request whose sender and target are the address`() throws {
        let mac = try #require(MACAddress("00:00:5e:00:01:33"))
        #expect(
            GratuitousARP.frame(announcing: IPv4Address(192, 0, 2, 100), at: mac)
                == wire(
                    "ffffffffffff",  // to everybody
                    "00005e000133",  // from the announced hardware address
                    "0806",  // ARP
                    "0001 0800 06 04",  // Ethernet, IPv4, address lengths
                    "0001",  // request (RFC 5227 section 3: announcements are requests)
                    "00005e000133 c0000264",  // sender: MAC and announced address
                    "000000000000 c0000264"))  // target: unset, and the announced address again
    }

    @Test(arguments: ["00:00:5e:00:01:33", "02:00:00:00:00:0a", "fe:ff:ff:ff:ff:fe"])
    func `it asks for nobody else, speaks for nobody else, and to everybody`(hardware: String) throws {
        let mac = try #require(MACAddress(hardware))
        for last in UInt8(0)...255 {
            let address = IPv4Address(198, 51, last, 255 - last)
            let frame = GratuitousARP.frame(announcing: address, at: mac)
            #expect(frame.count == 42)
            #expect(frame[0..<6].allSatisfy { $0 == 0xFF } && frame[20...21] == [0, 1])
            #expect(Array(frame[6..<12]) == mac.octets && Array(frame[22..<28]) == mac.octets)
            #expect(Array(frame[28..<32]) == address.octets && Array(frame[38..<42]) == address.octets)
        }
    }
}
