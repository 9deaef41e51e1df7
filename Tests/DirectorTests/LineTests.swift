import KernelNet
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct LineTests {
    private let source = v4("10.98.0.2")

    private func advertisement(_ vips: [String], key: String, sequence: UInt32) -> Advertisement {
        Advertisement(
            version: .v2, virtualRouterID: 51, priority: 50, interval: .seconds(1), addresses: vips.map(v4),
            authentication: .header(key: Array(key.utf8)), sequence: sequence)
    }

    private func octets(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Captured from keepalived 2.2.7; its password was `secret`, then `longpassword`, of which it uses 8
    /// octets.
    private let multicast =
        "45c0004000010000ff33d0530a620002e0000012700400000a6200020000000107926e6c9f389788e373e052"
        + "213332010201a0040a6200640000000000000000"
    private let unicast =
        "45c0004400070000ff33a5f90a6200020a620001700400000a62000200000007b6b3e289a0b313f4983fa32f"
        + "213332020201953c0a6200640a6200650000000000000000"

    @Test func `OpenSSL makes the packets that keepalived sends`() {
        let toGroup = advertisement(["10.98.0.100"], key: "secret", sequence: 1).wireOctets(
            from: source, to: VRRPNumbers.group, timeToLive: 255, checksum: .pseudoHeader,
            digest: Instance.digest)
        #expect(toGroup == octets(multicast))
        let toPeer = advertisement(["10.98.0.100", "10.98.0.101"], key: "longpass", sequence: 7).wireOctets(
            from: source, to: v4("10.98.0.1"), timeToLive: 255, checksum: .pseudoHeader,
            digest: Instance.digest)
        #expect(toPeer == octets(unicast))
    }

    @Test func `and an instance accepts them once`() throws {
        var configuration = router(addresses: ["10.98.0.100/24"])
        configuration.authentication = .header(key: Array("secret".utf8))
        var instance = Instance(configuration)
        _ = instance.router.handle(.startup(primaryAddress: v4("10.98.0.1")), at: at(0))
        var datagram = try #require(IPDatagram(ipv4: octets(multicast)))
        #expect(ReceivedDatagram(datagram)?.authenticationHeader == nil, "a socket for protocol 112")
        datagram.packet = octets(multicast)
        let received = try #require(ReceivedDatagram(datagram))
        _ = instance.router.receive(received, at: at(1))
        _ = instance.router.receive(received, at: at(2))
        #expect(instance.router.statistics.accepted == 1)
        #expect(instance.router.statistics[dropped: .replay] == 1)
        datagram.packet = octets(multicast).dropLast()
        #expect(ReceivedDatagram(datagram) == nil)
    }

    @Test func `instances share a socket when interface, audience and authentication are the same`() {
        let plain = router()
        #expect(Line(plain) == Line(router("VI_2", id: 52)))
        #expect(Line(plain) != Line(router(interface: "eth1")))
        var other = plain
        other.authentication = .password([1])
        #expect(Line(plain) == Line(other))
        other.authentication = .header(key: [1])
        #expect(Line(plain) != Line(other) && Line(other).isAuthenticated)
        other = plain
        other.transport = .unicast(UnicastTransport(peers: [UnicastPeer(source)], timeToLive: 9))
        #expect(Line(other).audience == .peers(.inet, timeToLive: 9))
    }

    @Test func `a virtual router speaks by its own interface, and listens below it`() {
        var virtual = router()
        #expect(Line(speaking: virtual) == Line(virtual) && !Line(virtual).onlySends)
        virtual.virtualInterface = VirtualInterface(
            name: "vrrp.51", base: "eth0", mac: VirtualInterface.mac(of: 51, .inet))
        #expect(Line(virtual) == Line(router()))
        #expect(Line(speaking: virtual).interface == "vrrp.51" && Line(speaking: virtual).onlySends)
        virtual.sendsFromBase = true
        #expect(Line(speaking: virtual) == Line(router()))
    }

    @Test func `a missing digest is a sentence`() {
        #expect("\(UnavailableDigest())" == "OpenSSL computes no HMAC-MD5 here")
    }
}
