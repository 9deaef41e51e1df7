import KernelNet
import NetTypes
import Testing

@Suite struct ARPClaimTests {
    private let mac = MACAddress(rawValue: 0x0200_0000_000B)
    private let address = IPv4Address(192, 0, 2, 100)

    /// An answer of `mac` to somebody's question for the address.
    private var answer: [UInt8] {
        var frame = GratuitousARP.frame(announcing: address, at: mac)
        frame[21] = 2
        return frame
    }

    @Test func `questions, answers and announcements claim their sender's address`() {
        let expected = ARPClaim(interface: 3, address: address, mac: mac)
        #expect(ARPClaim(answer, on: 3) == expected)
        #expect(ARPClaim(GratuitousARP.frame(announcing: address, at: mac), on: 3) == expected)
        var question = answer
        (question[21], question[41]) = (1, 9)
        #expect(ARPClaim(question, on: 3) == expected)
        #expect(ARPClaim(answer + [UInt8](repeating: 0, count: 18), on: 3) == expected, "padded")
    }

    @Test func `the address in the packet counts, not the one that sent the frame`() {
        var proxied = answer
        proxied.replaceSubrange(6..<12, with: [2, 0, 0, 0, 0, 0x63])
        #expect(ARPClaim(proxied, on: 3)?.mac == mac)
    }

    @Test(arguments: 12...19) func `anything but ARP for Ethernet and IPv4 claims nothing`(place: Int) {
        var other = answer
        other[place] ^= 0x40
        #expect(ARPClaim(other, on: 3) == nil)
    }

    @Test func `a frame that is cut claims nothing`() {
        for length in 0..<42 { #expect(ARPClaim(Array(answer.prefix(length)), on: 3) == nil) }
    }
}
