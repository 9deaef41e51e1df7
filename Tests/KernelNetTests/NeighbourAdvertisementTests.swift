import KernelNet
import NetTypes
import Testing

@Suite struct NeighbourAdvertisementTests {
    private let address = IPv6Address(high: 0x2001_0DB8 << 32, low: 0x64)
    private let mac = MACAddress(rawValue: 0x0200_0000_0001)

    @Test func `every octet is where RFC 4861 has it`() {
        let frame = NeighbourAdvertisement.frame(announcing: address, at: mac)
        #expect(
            frame
                == wire(
                    "3333 0000 0001  0200 0000 0001  86dd",
                    "60000000 0020 3a ff",
                    "20010db8000000000000000000000064", "ff020000000000000000000000000001",
                    "88 00 7864 a0000000", "20010db8000000000000000000000064", "02 01 020000000001"))
    }

    @Test func `the sum over pseudo-header and message is right`() {
        let frame = NeighbourAdvertisement.frame(announcing: address, at: mac)
        let header = Array(frame[22..<54]) + [0, 0, 0, 32, 0, 0, 0, 58]
        #expect(InternetChecksum.of(header + frame[54...]) == 0)
        #expect(frame.count == 86)
    }
}
