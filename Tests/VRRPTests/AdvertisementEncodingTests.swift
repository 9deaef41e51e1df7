import NetTypes
import Testing
import Timekeeping
import VRRP

/// Packets captured from a foreign implementation: VRID 51, priority 150, 10.99.0.100, from 10.99.0.1.
struct GoldenPacket: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var hex: String
    var advertisement: Advertisement
    var checksum: ChecksumForm

    static let all: [GoldenPacket] = [
        GoldenPacket(
            testDescription: "v2 without authentication",
            //     v/t vrid prio n  auth int  sum    10.99.0.100 unused authentication data
            hex: "21   33   96   01 00   01   3e03   0a630064    0000000000000000",
            advertisement: .make(), checksum: .messageOnly),
        GoldenPacket(
            testDescription: "v2 with the password secret",
            //     v/t vrid prio n  PASS int  sum    10.99.0.100 s e c r e t NUL NUL
            hex: "21   33   96   01 01   01   00b7   0a630064    7365637265740000",
            advertisement: .make(authentication: .password(Array("secret".utf8))), checksum: .messageOnly),
        GoldenPacket(
            testDescription: "v3 with pseudo-header",
            //     v/t vrid prio n  rsvd+100 cs sum    10.99.0.100
            hex: "31   33   96   01 0064        42ad   0a630064",
            advertisement: .make(version: .v3), checksum: .pseudoHeader),
        GoldenPacket(
            testDescription: "v3 over the message alone",
            hex: "31   33   96   01 0064        2da0   0a630064",
            advertisement: .make(version: .v3), checksum: .messageOnly),
    ]

    /// A router that understands the packet.
    var configuration: RouterConfiguration {
        .make(
            version: advertisement.version, authentication: advertisement.authentication, checksum: checksum)
    }
}

@Suite struct AdvertisementEncodingTests {
    @Test(arguments: GoldenPacket.all)
    func `the octets are those of other implementations`(golden: GoldenPacket) {
        #expect(golden.advertisement.sent(checksum: golden.checksum) == octets(golden.hex))
    }

    @Test func `all addresses go out in configured order`() {
        let list = [IPv4Address(10, 0, 0, 9), IPv4Address(10, 0, 0, 1), IPv4Address(10, 0, 0, 5)]
        let message = Advertisement.make(addresses: list).sent()
        #expect(message.count == 16 + 12)
        #expect(message[3] == 3)
        #expect(Array(message[8..<20]) == list.flatMap(\.octets))
    }

    @Test(arguments: [
        (Interval.zero, UInt8(1)), (.milliseconds(1500), 1), (.seconds(255), 255), (.seconds(256), 255),
    ])
    func `a v2 interval stays within its octet`(interval: Interval, seconds: UInt8) {
        #expect(Advertisement.make(interval: interval).sent()[5] == seconds)
    }

    @Test(arguments: [
        (Interval.zero, [UInt8(0), 1]), (.centiseconds(10), [0, 10]), (.centiseconds(4095), [0x0F, 0xFF]),
        (.seconds(41), [0x0F, 0xFF]),
    ])
    func `a v3 interval stays within its twelve bits and leaves the reserved ones zero`(
        interval: Interval, field: [UInt8]
    ) {
        #expect(Array(Advertisement.make(version: .v3, interval: interval).sent()[4...5]) == field)
    }

    @Test func `no more than 255 addresses are sent`() {
        let list = (0..<300).map { IPv4Address(rawValue: 0x0A00_0000 + UInt32($0)) }
        let message = Advertisement.make(version: .v2, addresses: list).sent()
        #expect(message[3] == 255)
        #expect(message.count == 8 + 255 * 4 + 8)
    }

    // MARK: IPv6

    /// By hand from RFC 9568 section 5.2 and RFC 8200 section 8.1; keepalived is asked in the interop tests.
    static let hex6 = """
        31 33 96 02 0064 0d35 fe80000000000000 0000000000000064 20010db800000000 0000000000000064
        """
    static let addresses6 = [
        IPAddress.v6(IPv6Address(high: 0xFE80 << 48, low: 0x64)),
        .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 0x64)),
    ]
    static let peer6 = IPAddress.v6(IPv6Address(high: 0xFE80 << 48, low: 1))

    @Test(arguments: [ChecksumForm.pseudoHeader, .messageOnly])
    func `over IPv6 the sum always has the pseudo-header`(form: ChecksumForm) {
        var advertisement = Advertisement.make(version: .v3)
        advertisement.addresses = Self.addresses6
        let message = advertisement.encoded(
            source: Self.peer6, destination: VRRPNumbers.group6, checksum: form)
        #expect(message == octets(Self.hex6))
    }

    @Test func `addresses of the other family are not sent`() {
        var advertisement = Advertisement.make(version: .v3)
        advertisement.addresses += Self.addresses6
        #expect(advertisement.sent() == octets(GoldenPacket.all[2].hex))
    }

    @Test func `a password longer than eight octets is cut`() {
        let long = Advertisement.make(authentication: .password(Array("secret-and-more".utf8)))
        let cut = Advertisement.make(authentication: .password(Array("secret-a".utf8)))
        #expect(long.sent() == cut.sent())
    }
}
