import NetTypes
import VRRP

/// Every receiver that configurations can make: both versions, with and without a password.
private let receivers = [(ProtocolVersion.v2, nil), (.v2, "secret"), (.v3, nil)].map { version, password in
    AdvertisementReceiver(
        configuration: RouterConfiguration(
            name: "VI_1", interface: "eth0", version: version, virtualRouterID: 51, priority: 100,
            virtualAddresses: [VirtualAddress(prefix: Prefix(host: .v4(IPv4Address(10, 99, 0, 100))))],
            authentication: password.map { .password(Array($0.utf8)) } ?? .none),
        ownAddress: IPv4Address(10, 99, 0, 2))
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
    receive(ReceivedDatagram(payload: message, timeToLive: 255, source: IPv4Address(10, 99, 0, 1)))
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
