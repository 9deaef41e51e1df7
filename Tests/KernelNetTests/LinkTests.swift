import NetTypes
import Testing

@testable import KernelNet

@Suite struct LinkTests {
    /// What Linux 6.18 says of a veth interface that is up, with the attributes that matter.
    private let payload = wire(
        "00 00 0100",  // family unspecified, ARPHRD_ETHER
        "03000000",  // index 3
        "43100100",  // UP | BROADCAST | RUNNING | MULTICAST | LOWER_UP
        "00000000",  // change mask
        "0700 0300 76300000",  // IFLA_IFNAME "v0"
        "0800 0400 dc050000",  // IFLA_MTU 1500
        "0800 0a00 05000000",  // IFLA_MASTER 5
        "0a00 0100 86ab24f07604 0000",  // IFLA_ADDRESS
        "1000 1200 0900 0100 7665746800 000000")  // IFLA_LINKINFO { IFLA_INFO_KIND "veth" }

    @Test func `a link is decoded with what VRRP needs`() throws {
        let link = try #require(Link(payload: payload))
        #expect(
            link
                == Link(
                    index: 3, name: "v0", flags: 0x11043, mac: MACAddress("86:ab:24:f0:76:04"), kind: "veth",
                    mtu: 1500, master: 5))
        #expect(link.isUp && link.isRunning && link.hasCarrier && link.isMulticast && link.isUsable)
        #expect(!link.isLoopback && !link.lacksARP)
    }

    @Test(
        arguments: [
            (0x1, true, false), (0x1043, true, true), (0x1003, true, false), (0x0042, false, false),
        ] as [(UInt32, Bool, Bool)])
    func `a link is usable when it is up and running`(flags: UInt32, isUp: Bool, isUsable: Bool) {
        let link = Link(index: 1, name: "eth0", flags: flags)
        #expect(link.isUp == isUp)
        #expect(link.isUsable == isUsable)
    }

    @Test func `a tunnel has no Ethernet address`() throws {
        var tunnel = payload
        tunnel.replaceSubrange(2..<4, with: wire("0003"))  // ARPHRD_TUNNEL
        #expect(try #require(Link(payload: tunnel)).mac == nil)
    }

    @Test func `a macvlan says what it stands on`() throws {
        // Only the kind's name and IFLA_LINK differ.
        let macvlan = wire(
            "00 00 0100", "04000000", "02100000", "00000000", "0700 0300 76300000",
            "0800 0500 03000000",  // IFLA_LINK 3
            "0a00 0100 00005e000133 0000",
            "1400 1200 0c00 0100 6d6163766c616e 00 0400 0200")  // "macvlan", without data
        let link = try #require(Link(payload: macvlan))
        #expect(link.isMACVLAN && link.lower == 3 && link.mac == MACAddress("00:00:5e:00:01:33"))
        #expect(try #require(Link(payload: payload)).lower == nil)
        #expect(try !#require(Link(payload: payload)).isMACVLAN)
    }

    @Test func `a link without a name or cut in its header is malformed`() {
        #expect(Link(payload: Array(payload.prefix(16))) == nil)
        for length in 0..<16 { #expect(Link(payload: Array(payload.prefix(length))) == nil) }
        for length in 16..<payload.count { _ = Link(payload: Array(payload.prefix(length))) }
    }

    @Test func `a dump asks for every link without statistics`() {
        #expect(Link.dumpRequest == [UInt8](repeating: 0, count: 16) + wire("0800 1d00 08000000"))
    }
}
