import NetTypes

/// What a raw socket for protocol 112, or 51, received, before anything is believed.
package struct ReceivedDatagram: Hashable, Sendable {
    /// The octets after the IP header, and the Authentication Header if there is one.
    package var payload: [UInt8]
    /// The TTL or hop limit it arrived with.
    package var timeToLive: UInt8
    /// The sender's address as the IP header states it.
    package var source: IPAddress
    /// Where it was sent to.
    package var destination: IPAddress
    /// The Authentication Header before the payload.
    package var authenticationHeader: AuthenticationHeader?

    /// A datagram whose IP header somebody else has read.
    package init(
        payload: [UInt8], timeToLive: UInt8, source: IPAddress, destination: IPAddress = VRRPNumbers.group
    ) {
        self.payload = payload
        self.timeToLive = timeToLive
        self.source = source
        self.destination = destination
    }

    /// Reads the IPv4 header (RFC 791 section 3.1) that Linux raw sockets hand over with the payload;
    /// options are skipped. With protocol 51 an Authentication Header follows it. nil for another IP version
    /// or protocol, a fragment, or lengths that contradict each other.
    package init?(ipPacket: [UInt8]) {
        var reader = OctetReader(ipPacket)
        guard let first = reader.octet(), first >> 4 == 4 else { return nil }
        let headerLength = Int(first & 0x0F) * 4
        guard headerLength >= 20, reader.octet() != nil, let totalLength = reader.word(),
            Int(totalLength) >= headerLength, ipPacket.count >= Int(totalLength),
            reader.word() != nil, let fragment = reader.word(), fragment & 0x3FFF == 0,
            let timeToLive = reader.octet(), let number = reader.octet(), reader.word() != nil,
            let source = reader.address(.inet), let destination = reader.address(.inet)
        else { return nil }
        let packet = ipPacket.prefix(Int(totalLength))
        self.init(
            payload: Array(packet[headerLength...]), timeToLive: timeToLive, source: source,
            destination: destination)
        guard number != VRRPNumbers.ipProtocol else { return }
        guard number == AuthenticationHeader.ipProtocol,
            let header = AuthenticationHeader(packet: Array(packet))
        else { return nil }
        authenticationHeader = header
        payload.removeFirst(AuthenticationHeader.length)
    }
}
