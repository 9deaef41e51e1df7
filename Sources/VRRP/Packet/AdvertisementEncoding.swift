import NetTypes
import Timekeeping

extension Advertisement {
    /// The VRRP message, without an IP header.
    ///
    /// - Parameters:
    ///   - source: the sender's primary address; part of the version 3 sum with a pseudo-header.
    ///   - destination: the group or a peer; part of that sum too.
    ///   - checksum: the form of the version 3 sum over IPv4; version 2 knows only the message (RFC 3768
    ///     section 5.3.8), IPv6 only the pseudo-header (RFC 9568 section 5.2.8).
    ///
    /// Addresses of another family than `source` are left out: a message carries one.
    /// What the fields cannot hold is brought into range instead of wrapping round: the interval to 1...255
    /// s or 1...4095 cs, the addresses to the first 255.
    package func encoded(source: IPAddress, destination: IPAddress, checksum: ChecksumForm) -> [UInt8] {
        let listed = addresses.filter { $0.family == source.family }.prefix(255)
        var message: [UInt8] = []
        message.reserveCapacity(
            WireLayout.length(version: version, family: source.family, count: listed.count))
        message.append(version.rawValue << 4 | WireLayout.advertisementType)
        message.append(virtualRouterID)
        message.append(priority)
        message.append(UInt8(truncatingIfNeeded: listed.count))
        message += intervalField
        message += [0, 0]
        for address in listed { message += address.octets }
        if version == .v2 { message += authenticationField }

        var sum = InternetChecksum()
        if version == .v3, checksum == .pseudoHeader || source.family == .inet6 {
            sum.add(
                WireLayout.pseudoHeader(source: source, destination: destination, length: message.count))
        }
        sum.add(message)
        message[WireLayout.checksumOffset] = UInt8(truncatingIfNeeded: sum.value >> 8)
        message[WireLayout.checksumOffset + 1] = UInt8(truncatingIfNeeded: sum.value)
        return message
    }

    /// What a socket for protocol 112 sends: the message. With `auth_type AH` what one for protocol 51 does:
    /// the whole IPv4 packet, with IP and Authentication Header. nil where there is no digest.
    package func wireOctets(
        from source: IPAddress, to destination: IPAddress, timeToLive: UInt8, checksum: ChecksumForm,
        digest: KeyedDigest?
    ) -> [UInt8]? {
        let message = encoded(source: source, destination: destination, checksum: checksum)
        guard version == .v2, case .header(let key) = authentication else { return message }
        guard let digest else { return nil }
        return AuthenticationHeader.packet(
            message, sequence: sequence, from: source, to: destination, timeToLive: timeToLive, key: key,
            digest: digest)
    }

    /// Octets 4 and 5: Auth Type and seconds, or twelve bits of centiseconds.
    private var intervalField: [UInt8] {
        switch version {
        case .v2:
            return [authenticationType, UInt8(clamp(interval / .seconds(1), to: 1...255))]
        case .v3:
            let centiseconds = UInt16(clamp(interval / .centiseconds(1), to: 1...4095))
            return [UInt8(centiseconds >> 8), UInt8(centiseconds & 0xFF)]
        }
    }

    private var authenticationType: UInt8 {
        switch authentication {
        case .none: WireLayout.noAuthentication
        case .password: WireLayout.simplePassword
        case .header: WireLayout.authenticationHeader
        }
    }

    private var authenticationField: [UInt8] {
        switch authentication {
        case .none, .header: WireLayout.authenticationData([])
        case .password(let password): WireLayout.authenticationData(password)
        }
    }

    private func clamp(_ value: Int64, to range: ClosedRange<Int64>) -> Int64 {
        min(max(value, range.lowerBound), range.upperBound)
    }
}

extension Interval {
    /// How often `unit` fits, rounded down. `unit` is never zero here.
    fileprivate static func / (left: Interval, unit: Interval) -> Int64 {
        left.nanoseconds / unit.nanoseconds
    }
}
