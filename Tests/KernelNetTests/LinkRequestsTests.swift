import NetTypes
import Testing

@testable import KernelNet

@Suite struct LinkRequestsTests {
    @Test func `a macvlan is made as ip makes it`() throws {
        let mac = try #require(MACAddress("00:00:5e:00:01:33"))
        // What `ip link add vrrp.51 link eth0 address ... type macvlan mode vepa` sends, up to order.
        let expected = wire(
            "00 00 0000", "00000000", "00000000", "00000000",  // ifinfomsg: any, index 0, no flags
            "0c00 0300 767272702e353100",  // IFLA_IFNAME "vrrp.51"
            "0800 0500 07000000",  // IFLA_LINK 7
            "0a00 0100 00005e000133 0000",  // IFLA_ADDRESS
            "1c00 1200",  // IFLA_LINKINFO
            "0b00 0100 6d6163766c616e 00",  // IFLA_INFO_KIND "macvlan"
            "0c00 0200 0800 0100 02000000")  // IFLA_INFO_DATA { IFLA_MACVLAN_MODE vepa }
        #expect(LinkRequest.macvlan(named: "vrrp.51", on: 7, at: mac) == expected)
    }

    @Test func `a tunnel that takes from everybody is made by its kind alone`() {
        // What `ip link add tunl0 type ipip` sends.
        let expected = wire(
            "00 00 0000", "00000000", "00000000", "00000000",
            "0a00 0300 74756e6c3000 0000",  // IFLA_IFNAME "tunl0"
            "0c00 1200 0800 0100 69706970")  // IFLA_LINKINFO { IFLA_INFO_KIND "ipip" }
        #expect(LinkRequest.plain(named: "tunl0", kind: "ipip") == expected)
    }

    @Test func `up and down change one flag alone`() {
        #expect(LinkRequest.up(true, 9) == wire("00000000", "09000000", "01000000", "01000000"))
        #expect(LinkRequest.up(false, 9) == wire("00000000", "09000000", "00000000", "01000000"))
    }

    @Test func `one interface is named by its index`() {
        #expect(LinkRequest.one(258) == wire("00000000", "02010000", "00000000", "00000000"))
    }
}
