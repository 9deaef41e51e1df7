import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite struct AdvertisementReceiverTests {
    private func judge(
        _ datagram: ReceivedDatagram, _ configuration: RouterConfiguration
    ) -> Result<AcceptedAdvertisement, DropReason> {
        AdvertisementReceiver(configuration: configuration, ownAddress: own).receive(datagram)
    }

    private func drop(_ datagram: ReceivedDatagram, _ configuration: RouterConfiguration) -> DropReason? {
        if case .failure(let reason) = judge(datagram, configuration) { reason } else { nil }
    }

    /// Sets the field and makes the sum right again, so that only the field is wrong.
    private func patched(_ message: [UInt8], _ changes: [Int: UInt8]) -> [UInt8] {
        var message = message
        for (offset, value) in changes { message[offset] = value }
        message[6] = 0
        message[7] = 0
        let sum = InternetChecksum.of(message)
        message[6] = UInt8(sum >> 8)
        message[7] = UInt8(sum & 0xFF)
        return message
    }

    // MARK: Golden packets

    @Test(arguments: GoldenPacket.all)
    func `packets of other implementations are understood`(golden: GoldenPacket) throws {
        let accepted = try judge(.make(octets(golden.hex)), golden.configuration).get()
        #expect(accepted.advertisement == golden.advertisement)
        #expect(accepted.checksum == (golden.advertisement.version == .v3 ? golden.checksum : nil))
        #expect(!accepted.intervalDiffers && !accepted.addressesDiffer)
    }

    @Test(arguments: GoldenPacket.all)
    func `truncated at any length it is refused`(golden: GoldenPacket) {
        let message = octets(golden.hex)
        for length in 0..<message.count {
            #expect(
                drop(.make(Array(message.prefix(length))), golden.configuration) == .length,
                "length \(length)")
        }
    }

    @Test(arguments: GoldenPacket.all)
    func `with anything after the end it is refused`(golden: GoldenPacket) {
        for extra in 1...64 {
            let message = octets(golden.hex) + [UInt8](repeating: 0, count: extra)
            #expect(drop(.make(message), golden.configuration) == .length, "\(extra) more")
        }
    }

    @Test(arguments: GoldenPacket.all)
    func `any single flipped bit is noticed`(golden: GoldenPacket) {
        let message = octets(golden.hex)
        for bit in 0..<message.count * 8 {
            var damaged = message
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(drop(.make(damaged), golden.configuration) != nil, "bit \(bit)")
        }
    }

    @Test func `random octets are refused and nothing traps`() {
        var dice = Dice(seed: 112)
        let configurations = GoldenPacket.all.map(\.configuration)
        for round in 0..<20_000 {
            var message = dice.octets(round % 48)
            // Half of them look like the real thing at first, to reach the later checks.
            if round % 2 == 0, message.count > 3 {
                message[0] = round % 4 == 0 ? 0x21 : 0x31
                message[1] = 51
                message[3] = UInt8(max(0, (message.count - (round % 4 == 0 ? 16 : 8)) / 4))
            }
            let configuration = configurations[round % configurations.count]
            if case .success(let accepted) = judge(.make(message), configuration) {
                Issue.record("accepted \(accepted) from \(message)")
            }
        }
    }

    // MARK: One check after the other (RFC 9568 section 7.1)

    @Test(arguments: [0, 1, 64, 254] as [UInt8])
    func `a TTL below 255 is refused`(ttl: UInt8) {
        #expect(drop(.make(Advertisement.make().sent(), ttl: ttl), .make()) == .timeToLive)
    }

    @Test func `what is not multicast is refused`() {
        #expect(drop(.make(Advertisement.make().sent(), destination: own), .make()) == .destination)
    }

    @Test func `our own packet is refused even with a higher priority`() {
        let message = Advertisement.make(priority: 255).sent(by: own)
        #expect(drop(.make(message, source: own), .make()) == .ownAddress)
    }

    @Test func `the other version is refused`() {
        #expect(drop(.make(Advertisement.make(version: .v3).sent()), .make()) == .version)
        #expect(drop(.make(Advertisement.make().sent()), .make(version: .v3)) == .version)
    }

    @Test func `types other than advertisement are refused`() {
        for type in UInt8(0)...15 where type != 1 {
            let message = patched(Advertisement.make().sent(), [0: 0x20 | type])
            #expect(drop(.make(message), .make()) == .type, "type \(type)")
        }
    }

    @Test(arguments: [ProtocolVersion.v2, .v3])
    func `a count that is not that of the addresses is refused`(version: ProtocolVersion) {
        let list = [IPv4Address(10, 99, 0, 100), IPv4Address(10, 99, 0, 101)]
        let configuration = RouterConfiguration.make(version: version, addresses: virtual(list[0], list[1]))
        let message = Advertisement.make(version: version, addresses: list).sent()
        for count in UInt8(0)...255 {
            let reason = drop(.make(patched(message, [3: count])), configuration)
            #expect(reason == (count == 2 ? nil : .length), "count \(count)")
        }
    }

    @Test func `a CARP packet is refused by its length`() {
        // CARP shares protocol 112 and calls itself version 2, type 1; its length octet stands where our
        // count is.
        var message: [UInt8] = [0x21, 51, 0, 7, 0, 1, 0, 0]
        message += [UInt8](repeating: 0x5A, count: 28)
        #expect(drop(.make(patched(message, [:])), .make()) == .length)
    }

    @Test func `a wrong sum is refused whatever form we send`() {
        for form in [ChecksumForm.pseudoHeader, .messageOnly] {
            for version in [ProtocolVersion.v2, .v3] {
                var message = Advertisement.make(version: version, priority: 254).sent(checksum: form)
                message[7] &+= 1
                #expect(drop(.make(message), .make(version: version, checksum: form)) == .checksum)
            }
        }
    }

    @Test func `a v2 sum over a pseudo-header is wrong`() {
        var message = Advertisement.make().sent()
        let pseudo = peer.octets + VRRPNumbers.group.octets + [0, 112, 0, UInt8(message.count)]
        (message[6], message[7]) = (0, 0)
        let sum = InternetChecksum.of(pseudo + message)
        (message[6], message[7]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        #expect(drop(.make(message), .make()) == .checksum)
    }

    @Test func `the pseudo-header is that of the packet itself`() {
        let message = Advertisement.make(version: .v3).sent(by: peer, checksum: .pseudoHeader)
        #expect(drop(.make(message, source: higherPeer), .make(version: .v3)) == .checksum)
    }

    @Test func `another virtual router has a reason of its own`() {
        let message = patched(Advertisement.make().sent(), [1: 52])
        #expect(drop(.make(message), .make()) == .virtualRouterID)
    }

    @Test func `v2 authentication must be ours`() {
        let secret = Authentication.password(Array("secret".utf8))
        let open = Advertisement.make().sent()
        let closed = Advertisement.make(authentication: secret).sent()
        #expect(drop(.make(open), .make(authentication: secret)) == .authenticationType)
        #expect(drop(.make(closed), .make()) == .authenticationType)
        #expect(drop(.make(patched(closed, [4: 2])), .make(authentication: secret)) == .authenticationType)
        for offset in 12..<20 {
            let guess = patched(closed, [offset: closed[offset] ^ 0x20])
            #expect(drop(.make(guess), .make(authentication: secret)) == .password, "octet \(offset)")
        }
        #expect(drop(.make(closed), .make(authentication: secret)) == nil)
    }

    @Test func `without authentication the data is ignored`() {
        let message = patched(Advertisement.make().sent(), [12: 0xAA, 19: 0x55])
        #expect(drop(.make(message), .make()) == nil)
    }

    @Test(arguments: [ProtocolVersion.v2, .v3])
    func `an advert that lists no address is refused`(version: ProtocolVersion) {
        let message = Advertisement.make(version: version, priority: 254, addresses: []).sent()
        #expect(drop(.make(message), .make(version: version)) == .noAddresses)
        // Peers that advertise none themselves (no_virtual_ipaddress) would otherwise all be master.
        #expect(drop(.make(message), .make(version: version, addresses: [])) == nil)
    }

    @Test func `interval zero is refused`() {
        let second = patched(Advertisement.make().sent(), [5: 0])
        let third = patched(Advertisement.make(version: .v3).sent(), [5: 0])
        #expect(drop(.make(second), .make()) == .zeroInterval)
        #expect(drop(.make(third), .make(version: .v3)) == .zeroInterval)
    }

    @Test func `reserved bits of v3 are ignored`() throws {
        let message = patched(Advertisement.make(version: .v3).sent(), [4: 0xF0])
        let accepted = try judge(.make(message), .make(version: .v3)).get()
        #expect(accepted.advertisement.interval == .seconds(1))
        // Only reserved bits are set: the interval is still zero.
        let zero = patched(Advertisement.make(version: .v3).sent(), [4: 0xF0, 5: 0])
        #expect(drop(.make(zero), .make(version: .v3)) == .zeroInterval)
    }

    @Test func `another interval is refused in v2 and noted in v3`() throws {
        let second = Advertisement.make(interval: .seconds(2)).sent()
        #expect(drop(.make(second), .make()) == .interval)
        let third = Advertisement.make(version: .v3, interval: .centiseconds(30)).sent()
        let accepted = try judge(.make(third), .make(version: .v3)).get()
        #expect(accepted.intervalDiffers)
        #expect(accepted.advertisement.interval == .centiseconds(30))
    }

    @Test func `another address list is refused in v2 unless the owner sends it, and noted in v3`() throws {
        let other = [IPv4Address(10, 99, 0, 101)]
        for priority in [0, 1, 254] as [UInt8] {
            let message = Advertisement.make(priority: priority, addresses: other).sent()
            #expect(drop(.make(message), .make()) == .addressList)
        }
        let owner = Advertisement.make(priority: 255, addresses: other).sent()
        #expect(try judge(.make(owner), .make()).get().addressesDiffer)
        let third = Advertisement.make(version: .v3, priority: 254, addresses: other).sent()
        #expect(try judge(.make(third), .make(version: .v3)).get().addressesDiffer)
    }

    @Test func `the order of the list does not matter, its length does`() {
        let (a, b) = (IPv4Address(10, 0, 0, 1), IPv4Address(10, 0, 0, 2))
        let configuration = RouterConfiguration.make(addresses: virtual(a, b))
        #expect(drop(.make(Advertisement.make(addresses: [b, a]).sent()), configuration) == nil)
        #expect(drop(.make(Advertisement.make(addresses: [a]).sent()), configuration) == .addressList)
        #expect(drop(.make(Advertisement.make(addresses: [a, a, b]).sent()), configuration) == .addressList)
    }

    @Test func `the first failing check is the reason`() {
        // Everything is wrong with this one; each repair uncovers the next reason.
        var datagram = ReceivedDatagram.make(
            octets("45 34 96 00 01 00 0000"), ttl: 1, source: own, destination: own)
        let configuration = RouterConfiguration.make()
        #expect(drop(datagram, configuration) == .destination)
        datagram.destination = VRRPNumbers.group
        #expect(drop(datagram, configuration) == .timeToLive)
        datagram.timeToLive = 255
        #expect(drop(datagram, configuration) == .ownAddress)
        datagram.source = peer
        #expect(drop(datagram, configuration) == .version)
        datagram.payload[0] = 0x25
        #expect(drop(datagram, configuration) == .type)
        datagram.payload[0] = 0x21
        #expect(drop(datagram, configuration) == .length)
        datagram.payload += [UInt8](repeating: 0, count: 8)
        #expect(drop(datagram, configuration) == .checksum)
        datagram.payload = patched(datagram.payload, [:])
        #expect(drop(datagram, configuration) == .virtualRouterID)
        datagram.payload = patched(datagram.payload, [1: 51])
        #expect(drop(datagram, configuration) == .authenticationType)
        datagram.payload = patched(datagram.payload, [4: 0])
        #expect(drop(datagram, configuration) == .noAddresses)
        datagram.payload = patched(
            Array(datagram.payload[..<8]) + [9, 9, 9, 9] + [0, 0, 0, 0, 0, 0, 0, 0], [3: 1])
        #expect(drop(datagram, configuration) == .zeroInterval)
        datagram.payload = patched(datagram.payload, [5: 9])
        #expect(drop(datagram, configuration) == .interval)
        datagram.payload = patched(datagram.payload, [5: 1])
        #expect(drop(datagram, configuration) == .addressList)
        datagram.payload = patched(datagram.payload, [8: 10, 9: 99, 10: 0, 11: 100])
        #expect(drop(datagram, configuration) == nil)
    }
}
