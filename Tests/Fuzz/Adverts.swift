import NetTypes
import VRRP

/// Another director's address and one of ours, of either family.
private let hosts: [(theirs: IPAddress, ours: IPAddress)] = [
    (.v4(IPv4Address(10, 99, 0, 1)), .v4(IPv4Address(10, 99, 0, 2))),
    (.v6(IPv6Address(high: 0xFE80 << 48, low: 1)), .v6(IPv6Address(high: 0xFE80 << 48, low: 2))),
]

private let key = Array("secret".utf8)

/// A code that libFuzzer can find: the last octets of what it covers.
private let digest: KeyedDigest = { key, octets in key + octets.suffix(10) }

/// Every receiver that configurations can make: both versions, both families, with every authentication.
private let receivers: [AdvertisementReceiver] = [
    (ProtocolVersion.v2, Authentication.none, 0), (.v2, .password(key), 0), (.v2, .header(key: key), 0),
    (.v3, .none, 0), (.v3, .none, 1),
].map { version, authentication, family in
    AdvertisementReceiver(
        configuration: RouterConfiguration(
            name: "VI_1", interface: "eth0", version: version, virtualRouterID: 51, priority: 100,
            virtualAddresses: [VirtualAddress(prefix: Prefix(host: hosts[family].ours))],
            authentication: authentication),
        ownAddress: hosts[family].ours, digest: digest)
}

/// Hands octets that libFuzzer made up to the advert decoders: as an IP packet, as a message, and as a
/// message whose sum was made right, which gets further. What is looked for is a trap, an overflow or a hang.
@_cdecl("LLVMFuzzerTestOneInput")
public func receiveAdvert(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let datagram = ReceivedDatagram(ipPacket: octets) { receive(datagram) }
    receive(octets)
    if octets.count >= 8 {
        var message = octets
        (message[6], message[7]) = (0, 0)
        let sum = InternetChecksum.of(message)
        (message[6], message[7]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        receive(message)
    }
    return 0
}

private func receive(_ message: [UInt8]) {
    for host in hosts {
        receive(ReceivedDatagram(payload: message, timeToLive: 255, source: host.theirs))
    }
}

private func receive(_ datagram: ReceivedDatagram) {
    for receiver in receivers {
        guard case .success(let accepted) = receiver.receive(datagram) else { continue }
        let advertisement = accepted.advertisement
        precondition(!advertisement.addresses.isEmpty, "an advert without addresses was accepted")
        let encoded = advertisement.encoded(
            source: datagram.source, destination: datagram.destination,
            checksum: accepted.checksum ?? .messageOnly)
        precondition(encoded.count == datagram.payload.count, "an advert has another length when sent again")
    }
}
