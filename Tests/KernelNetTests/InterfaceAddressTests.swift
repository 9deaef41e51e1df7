import NetTypes
import Testing

@testable import KernelNet

@Suite struct InterfaceAddressTests {
    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    @Test func `an IPv4 address of the kernel is decoded`() throws {
        // Linux 6.18, `ip address add 192.0.2.100/32 dev v0 label v0:vip`, with IFA_PROTO 72 put in.
        let payload = wire(
            "02 20 80 00",  // AF_INET, /32, IFA_F_PERMANENT, scope global
            "03000000",  // interface 3
            "0800 0100 c0000264",  // IFA_ADDRESS
            "0800 0200 c0000264",  // IFA_LOCAL
            "0b00 0300 76303a76697000 00",  // IFA_LABEL "v0:vip"
            "0800 0800 80000000",  // IFA_FLAGS
            "0500 0b00 48000000",  // IFA_PROTO
            "1400 0600 ffffffffffffffff84bf040084bf0400")  // IFA_CACHEINFO
        let address = try #require(InterfaceAddress(payload: payload))
        #expect(
            address
                == InterfaceAddress(
                    interface: 3, prefix: try prefix("192.0.2.100/32"), label: "v0:vip", origin: .holdfast,
                    flags: 0x80
                ))
        #expect(!address.isSecondary && !address.isTentative && !address.isDuplicate)
        #expect(address.description == "192.0.2.100/32 on interface 3")
        for length in 0..<payload.count { _ = InterfaceAddress(payload: Array(payload.prefix(length))) }
        for length in 0..<16 { #expect(InterfaceAddress(payload: Array(payload.prefix(length))) == nil) }
    }

    @Test func `an IPv6 address of the kernel is decoded`() throws {
        let payload = wire(
            "0a 40 82 00 03000000",  // AF_INET6, /64, PERMANENT | NODAD
            "1400 0100 20010db8000000000000000000000064",  // IFA_ADDRESS
            "0800 0800 c2000000")  // IFA_FLAGS: TENTATIVE as well
        let address = try #require(InterfaceAddress(payload: payload))
        #expect(address.prefix == (try prefix("2001:db8::64/64")))
        #expect(address.label == nil && address.origin == .unspecified && address.isTentative)
    }

    @Test func `the local address of a point-to-point link is not its peer's`() throws {
        let payload = wire("02 20 80 00 04000000", "0800 0100 c0000202", "0800 0200 c0000201")
        let address = try #require(InterfaceAddress(payload: payload))
        #expect(address.prefix == (try prefix("192.0.2.1/32")))
        #expect(address.peer == IPAddress("192.0.2.2"))
        #expect(
            address.payload(removing: true)
                == wire("02 20 00 00 04000000", "0800 0200 c0000201", "0800 0100 c0000202"))
    }

    @Test(arguments: [
        "07 20 00 00 03000000 0800 0100 c0000264",  // another family
        "02 21 00 00 03000000 0800 0100 c0000264",  // /33
        "02 20 00 00 03000000 0700 0100 c0000200",  // three octets
        "0a 20 00 00 03000000 0800 0100 c0000264",  // an IPv6 address of four octets
        "02 20 00 00 03000000",  // no address
    ])
    func `nonsense is no address`(text: String) {
        #expect(InterfaceAddress(payload: wire(text)) == nil)
    }

    @Test func `a request to add carries peer, broadcast and lifetime`() throws {
        let address = InterfaceAddress(
            interface: 3, prefix: try prefix("192.0.2.100/24"),
            details: InterfaceAddress.details(
                broadcast: IPv4Address(192, 0, 2, 255), preferredLifetime: 0),
            peer: IPAddress("192.0.2.1"))
        #expect(
            address.payload()
                == wire(
                    "02 18 00 00 03000000", "0800 0200 c0000264", "0800 0100 c0000201", "0800 0400 c00002ff",
                    "1400 0600 00000000 ffffffff 00000000 00000000"))
        let seen = try #require(InterfaceAddress(payload: address.payload()))
        #expect(seen.peer == address.peer)
    }

    @Test func `a request to add carries label, protocol and scope`() throws {
        let address = InterfaceAddress(
            interface: 3, prefix: try prefix("192.0.2.100/24"), scope: .link, label: "v0:vip",
            origin: .holdfast)
        #expect(
            address.payload()
                == wire(
                    "02 18 00 fd 03000000",  // AF_INET, /24, no flags, scope link
                    "0800 0200 c0000264",  // IFA_LOCAL
                    "0800 0100 c0000264",  // IFA_ADDRESS
                    "0b00 0300 76303a76697000 00",  // IFA_LABEL
                    "0500 0b00 48000000"))  // IFA_PROTO 72
    }

    @Test func `broadcast, route priority and lifetimes are handed back as they came`() throws {
        let details = "0800 0400 c00002ff" + "0800 0900 64000000"  // IFA_BROADCAST, IFA_RT_PRIORITY
        let life = "1400 0600 58020000 100e0000 84bf0400 84bf0400"  // IFA_CACHEINFO: 600 s, 3600 s
        let head = "02 18 00 00 03000000 0800 0100 c0000264"
        let address = try #require(InterfaceAddress(payload: wire(head, details, life)))
        #expect(address.details == wire(details, life))
        #expect(address.payload().suffix(36) == wire(details, life)[...])
        #expect(address.payload(removing: true).count == 24)
        let lasting = try #require(
            InterfaceAddress(payload: wire(head, "1400 0600 ffffffffffffffff84bf040084bf0400")))
        #expect(lasting.details == [])
    }

    @Test func `a request to remove names the address alone`() throws {
        let address = InterfaceAddress(
            interface: 3, prefix: try prefix("192.0.2.100/24"), label: "v0:vip", origin: .holdfast,
            flags: 0x80)
        #expect(
            address.payload(removing: true)
                == wire("02 18 00 00 03000000", "0800 0200 c0000264", "0800 0100 c0000264"))
    }

    @Test func `what is encoded is decoded again`() throws {
        for text in ["192.0.2.1/0", "192.0.2.1/32", "2001:db8::1/128", "fe80::1/64"] {
            let address = InterfaceAddress(
                interface: -1, prefix: try prefix(text), scope: .host, label: "fifteen-octets-",
                origin: .holdfast,
                flags: 0x202)
            #expect(InterfaceAddress(payload: address.payload()) == address)
        }
    }

    @Test func `our protocol number is not the kernel's`() {
        #expect(AddressProtocol.holdfast.rawValue == 72)
        #expect(AddressProtocol.holdfast.rawValue > 3)
    }
}
