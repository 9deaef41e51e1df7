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
}
