import NetTypes
import Testing
import Timekeeping

@testable import VRRP

@Suite struct TransportTests {
    private let second = IPAddress.v4(IPv4Address(10, 99, 1, 7))

    private func make(_ unicast: UnicastTransport) -> RouterConfiguration {
        var configuration = RouterConfiguration.make(priority: 100)
        configuration.transport = .unicast(unicast)
        return configuration
    }

    private func drop(_ datagram: ReceivedDatagram, _ configuration: RouterConfiguration) -> DropReason? {
        let receiver = AdvertisementReceiver(configuration: configuration, ownAddress: own)
        if case .failure(let reason) = receiver.receive(datagram) { return reason }
        return nil
    }

    private func advert(
        from source: IPAddress = peer, ttl: UInt8 = 255, to destination: IPAddress = own
    ) -> ReceivedDatagram {
        let octets = Advertisement.make().encoded(
            source: source, destination: destination, checksum: .pseudoHeader)
        return .make(octets, ttl: ttl, source: source, destination: destination)
    }

    @Test func `what leaves goes to the group or to each peer`() {
        let multicast = Transport.multicast(group: VRRPNumbers.group)
        #expect(multicast.destinations == [VRRPNumbers.group])
        #expect(multicast.timeToLive == 255)
        let unicast = Transport.unicast(
            UnicastTransport(peers: [UnicastPeer(peer), UnicastPeer(second)], timeToLive: 64))
        #expect(unicast.destinations == [peer, second])
        #expect(unicast.timeToLive == 64)
    }

    @Test func `who listens to a group acts on nothing else, and the other way`() {
        let unicast = make(UnicastTransport(peers: [UnicastPeer(peer)]))
        #expect(drop(advert(), unicast) == nil)
        #expect(drop(advert(to: VRRPNumbers.group), unicast) == .destination)
        #expect(drop(advert(), .make(priority: 100)) == .destination)
        #expect(drop(advert(to: VRRPNumbers.group), .make(priority: 100)) == nil)
        var other = RouterConfiguration.make(priority: 100)
        let group = IPAddress.v4(IPv4Address(224, 0, 0, 19))
        other.transport = .multicast(group: group)
        #expect(drop(advert(to: VRRPNumbers.group), other) == .destination)
        #expect(drop(advert(to: group), other) == nil)
    }

    @Test func `strangers are heard unless the source is checked`() {
        #expect(drop(advert(from: second), make(UnicastTransport(peers: [UnicastPeer(peer)]))) == nil)
        let strict = make(UnicastTransport(peers: [UnicastPeer(peer)], checksSource: true))
        #expect(drop(advert(from: second), strict) == .notAPeer)
        #expect(drop(advert(), strict) == nil)
    }

    @Test(arguments: [(UInt8(254), true), (255, true), (253, false), (0, false)])
    func `a peer's adverts must arrive with its TTL`(ttl: UInt8, isGood: Bool) {
        let peers = [UnicastPeer(peer, timeToLive: 254...255), UnicastPeer(second)]
        let configuration = make(UnicastTransport(peers: peers, checksSource: true))
        #expect(drop(advert(ttl: ttl), configuration) == (isGood ? nil : .timeToLive))
        #expect(drop(advert(from: second, ttl: ttl), configuration) == nil, "the other has no range")
    }

    @Test func `our own address is no peer of ours`() {
        let configuration = make(UnicastTransport(peers: [UnicastPeer(peer)]))
        #expect(drop(advert(from: own), configuration) == .ownAddress)
    }

    @Test func `the version 3 sum is over the addresses it travels between`() {
        var configuration = make(UnicastTransport(peers: [UnicastPeer(peer)]))
        configuration.version = .v3
        let octets = Advertisement.make(version: .v3).encoded(
            source: peer, destination: own, checksum: .pseudoHeader)
        #expect(drop(.make(octets, destination: own), configuration) == nil)
        #expect(drop(.make(octets, destination: higherPeer), configuration) == .checksum)
    }

    @Test func `a unicast pair elects like any other`() {
        var (router, since) = Router.master(make(UnicastTransport(peers: [UnicastPeer(peer)])))
        let better = Advertisement.make(priority: 200).encoded(
            source: peer, destination: own, checksum: .pseudoHeader)
        let actions = router.receive(.make(better, destination: own), at: since + .milliseconds(10))
        #expect(actions.sentPriorities == [100])
        #expect(router.backupState?.master?.priority == 200)
    }

    @Test func `other peers are the same conversation, another group or kind is not`() {
        let first = make(UnicastTransport(peers: [UnicastPeer(peer)]))
        #expect(first.describesSameRouter(as: make(UnicastTransport(peers: [UnicastPeer(second)]))))
        #expect(!first.describesSameRouter(as: .make(priority: 100)))
        var other = RouterConfiguration.make(priority: 100)
        #expect(other.describesSameRouter(as: .make(priority: 100)))
        other.transport = .multicast(group: .v4(IPv4Address(224, 0, 0, 19)))
        #expect(!other.describesSameRouter(as: .make(priority: 100)))
    }

    // MARK: IPv6

    private var ipv6: RouterConfiguration {
        var configuration = RouterConfiguration.make(
            version: .v3,
            addresses: AdvertisementEncodingTests.addresses6.map { VirtualAddress(prefix: Prefix(host: $0)) })
        configuration.transport = .multicast(group: VRRPNumbers.group6)
        return configuration
    }

    private func datagram6(_ payload: [UInt8], ttl: UInt8 = 255) -> ReceivedDatagram {
        .make(
            payload, ttl: ttl, source: AdvertisementEncodingTests.peer6, destination: VRRPNumbers.group6)
    }

    @Test func `an IPv6 advert is understood`() throws {
        #expect(ipv6.family == .inet6)
        let receiver = AdvertisementReceiver(configuration: ipv6, ownAddress: nil)
        let accepted = try receiver.receive(datagram6(octets(AdvertisementEncodingTests.hex6))).get()
        #expect(accepted.advertisement.addresses == AdvertisementEncodingTests.addresses6)
        #expect(accepted.checksum == nil && !accepted.addressesDiffer)
    }

    @Test func `over IPv6 there is no other form of the sum to count`() {
        var configuration = ipv6
        configuration.checksum = .messageOnly
        var router = Router.backup(configuration)
        _ = router.receive(datagram6(octets(AdvertisementEncodingTests.hex6)), at: at(1))
        #expect(router.statistics.accepted == 1 && router.statistics.otherChecksumForm == 0)
    }

    @Test func `truncated at any length, or damaged in any bit, it is refused`() {
        let message = octets(AdvertisementEncodingTests.hex6)
        for length in 0..<message.count {
            #expect(drop(datagram6(Array(message.prefix(length))), ipv6) == .length)
        }
        for bit in 0..<message.count * 8 {
            var damaged = message
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(drop(datagram6(damaged), ipv6) != nil, "bit \(bit)")
        }
        #expect(drop(datagram6(message, ttl: 254), ipv6) == .timeToLive)
    }

    @Test(arguments: [ChecksumForm.pseudoHeader, .messageOnly])
    func `an IPv6 sum without the pseudo-header, or over another one, is wrong`(form: ChecksumForm) {
        var configuration = ipv6
        configuration.checksum = form
        func message(over pseudoHeader: [UInt8]) -> ReceivedDatagram {
            var message = octets(AdvertisementEncodingTests.hex6)
            (message[6], message[7]) = (0, 0)
            let sum = InternetChecksum.of(pseudoHeader + message)
            (message[6], message[7]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
            return datagram6(message)
        }
        let right = WireLayout.pseudoHeader(
            source: AdvertisementEncodingTests.peer6, destination: VRRPNumbers.group6, length: 40)
        #expect(drop(message(over: right), configuration) == nil)
        #expect(drop(message(over: []), configuration) == .checksum)
        // Each octet counts: source, destination, length, next header.
        for place in right.indices {
            var wrong = right
            wrong[place] ^= 1
            #expect(drop(message(over: wrong), configuration) == .checksum, "octet \(place)")
        }
    }

    @Test func `the first address must be link-local where ours is`() {
        var advertisement = Advertisement.make(version: .v3)
        advertisement.addresses = AdvertisementEncodingTests.addresses6.reversed()
        let message = advertisement.encoded(
            source: AdvertisementEncodingTests.peer6, destination: VRRPNumbers.group6,
            checksum: .pseudoHeader)
        #expect(drop(datagram6(message), ipv6) == .notLinkLocal)
        var lax = ipv6
        lax.virtualAddresses.reverse()
        #expect(drop(datagram6(message), lax) == nil, "keepalived accepts such lists")
    }

    @Test func `equal priorities are decided by 128 bits`() {
        var router = Router(configuration: ipv6)
        let low = IPAddress.v6(IPv6Address(high: 0xFE80 << 48, low: 5))
        _ = router.handle(.startup(primaryAddress: low), at: at(0))
        _ = router.handle(.timer, at: router.nextDeadline ?? at(0))
        let higher = IPAddress.v6(IPv6Address(high: 0xFE80 << 48, low: 0x8000_0000_0000_0000))
        _ = router.hear(150, from: AdvertisementEncodingTests.peer6, at: at(5))
        #expect(router.state.name == .master)
        _ = router.hear(150, from: higher, at: at(6))
        #expect(router.state.name == .backup)
    }

    @Test func `without virtual addresses the family is that of the peers`() {
        var configuration = RouterConfiguration.make(addresses: [])
        #expect(configuration.family == .inet)
        configuration.transport = .multicast(group: VRRPNumbers.group6)
        #expect(configuration.family == .inet6)
    }
}
