import NetTypes
import Timekeeping

/// An advertisement that passed every check, with what was remarkable about it all the same.
package struct AcceptedAdvertisement: Hashable, Sendable {
    /// What the peer says.
    package var advertisement: Advertisement
    /// Which sum a version 3 message carried over IPv4; nil where there is only one form.
    package var checksum: ChecksumForm?
    /// v3: the peer's interval is not ours; a backup adopts it (RFC 9568 section 7.1).
    package var intervalDiffers: Bool
    /// The list is not ours: v3, or v2 from the owner. A note, no reason to drop (RFC 9568 section 7.1).
    package var addressesDiffer: Bool
}

/// Decides whether a datagram is an advertisement that this virtual router may act upon.
///
/// A pure function of configuration and octets: whatever arrives, the answer is an advertisement or a
/// reason, and nothing traps. The cheap checks that an off-link sender cannot pass come first, those that
/// believe the content come after the checksum.
package struct AdvertisementReceiver: Sendable {
    private let configuration: RouterConfiguration
    private let ownAddress: IPAddress?
    private let advertised: [IPAddress]
    private let family: AddressFamily
    private let digest: KeyedDigest?

    /// - Parameters:
    ///   - ownAddress: the interface's primary address, nil while it has none.
    ///   - digest: what `auth_type AH` is judged by; without it nothing passes there.
    package init(
        configuration: RouterConfiguration, ownAddress: IPAddress?, digest: KeyedDigest? = nil
    ) {
        self.digest = digest
        self.configuration = configuration
        self.ownAddress = ownAddress
        advertised = configuration.advertisedAddresses
        family = configuration.family
    }

    /// Every check of RFC 9568 and RFC 3768 section 7.1 in order; the first that fails is the reason.
    /// `knownMaster` sent the advert before this one; its list need not be compared again
    /// (`skip_check_adv_addr`). `numbering` is how far the numbers of Authentication Headers are.
    package func receive(
        _ datagram: ReceivedDatagram, knownMaster: IPAddress? = nil, after numbering: Numbering = Numbering()
    ) -> Result<AcceptedAdvertisement, DropReason> {
        if let reason = configuration.transport.fault(
            source: datagram.source, destination: datagram.destination, timeToLive: datagram.timeToLive)
        {
            return .failure(reason)
        }
        guard datagram.source.family == family else { return .failure(.destination) }
        guard datagram.source != ownAddress else { return .failure(.ownAddress) }
        guard let header = PacketHeader(peeking: datagram.payload) else { return .failure(.length) }
        guard header.version == configuration.version.rawValue else { return .failure(.version) }
        guard header.type == WireLayout.advertisementType else { return .failure(.type) }
        guard let fields = Fields(datagram.payload, version: configuration.version, family: family) else {
            return .failure(.length)
        }
        guard let form = checksumForm(of: datagram) else { return .failure(.checksum) }
        guard header.virtualRouterID == configuration.virtualRouterID else {
            return .failure(.virtualRouterID)
        }
        if let reason = authenticationFault(in: fields, of: datagram, after: numbering) {
            return .failure(reason)
        }
        // Of a router that advertises none itself (`no_virtual_ipaddress`) the peers advertise none either.
        guard !fields.addresses.isEmpty || advertised.isEmpty else { return .failure(.noAddresses) }
        guard isFirstAddressGood(fields.addresses) else { return .failure(.notLinkLocal) }
        guard fields.interval > .zero else { return .failure(.zeroInterval) }
        let compares =
            !configuration.election.skipsListOfKnownMaster || datagram.source != knownMaster
        return judge(
            fields, form: form, sequence: datagram.authenticationHeader?.sequence ?? 0,
            comparingLists: compares)
    }

    /// Over IPv6 the first address is the virtual router's link-local one (RFC 9568 section 5.2.9, erratum
    /// 8300). Where ours is not, as keepalived allows, the peer's need not be.
    private func isFirstAddressGood(_ addresses: [IPAddress]) -> Bool {
        guard case .v6(let own) = advertised.first, own.isLinkLocal else { return true }
        guard case .v6(let first) = addresses.first else { return false }
        return first.isLinkLocal
    }

    /// The checks that compare the sender's configuration with ours.
    private func judge(
        _ fields: Fields, form: ChecksumForm, sequence: UInt32, comparingLists: Bool
    ) -> Result<AcceptedAdvertisement, DropReason> {
        let intervalDiffers = fields.interval != configuration.advertisementInterval
        let addressesDiffer =
            comparingLists && fields.addresses != advertised
            && fields.addresses.sorted() != advertised.sorted()
        if configuration.version == .v2 {
            guard !intervalDiffers else { return .failure(.interval) }
            guard !addressesDiffer || fields.priority == 255 else { return .failure(.addressList) }
        }
        let advertisement = Advertisement(
            version: configuration.version, virtualRouterID: configuration.virtualRouterID,
            priority: fields.priority, interval: fields.interval, addresses: fields.addresses,
            authentication: configuration.version == .v2 ? configuration.authentication : .none,
            sequence: sequence)
        return .success(
            AcceptedAdvertisement(
                advertisement: advertisement,
                checksum: configuration.version == .v3 && family == .inet ? form : nil,
                intervalDiffers: intervalDiffers, addressesDiffer: addressesDiffer))
    }

    /// The form under which the sum is right; nil when it is wrong under every form the version allows.
    private func checksumForm(of datagram: ReceivedDatagram) -> ChecksumForm? {
        let message = datagram.payload
        if family == .inet, InternetChecksum.of(message) == 0 { return .messageOnly }
        guard configuration.version == .v3 else { return nil }
        var sum = InternetChecksum()
        sum.add(
            WireLayout.pseudoHeader(
                source: datagram.source, destination: datagram.destination, length: message.count))
        sum.add(message)
        return sum.value == 0 ? .pseudoHeader : nil
    }

    private func authenticationFault(
        in fields: Fields, of datagram: ReceivedDatagram, after numbering: Numbering
    ) -> DropReason? {
        guard configuration.version == .v2 else { return nil }
        switch configuration.authentication {
        case .none:
            // With Auth Type 0 the data is ignored on receipt (RFC 3768 section 5.3.10).
            return fields.authenticationType == WireLayout.noAuthentication ? nil : .authenticationType
        case .password(let password):
            guard fields.authenticationType == WireLayout.simplePassword else { return .authenticationType }
            let expected = WireLayout.authenticationData(password)
            return Self.equalInConstantTime(expected, fields.authenticationData) ? nil : .password
        case .header(let key):
            guard fields.authenticationType == WireLayout.authenticationHeader,
                let header = datagram.authenticationHeader
            else { return .authenticationType }
            return fault(of: header, from: datagram.source, key: key, after: numbering)
        }
    }

    /// Only what the code proves to be a peer's is asked for its number (RFC 2402 section 3.4.3 looks at the
    /// number first, and again after the code).
    private func fault(
        of header: AuthenticationHeader, from source: IPAddress, key: [UInt8], after numbering: Numbering
    ) -> DropReason? {
        guard case .v4(let address) = source, header.securityParameterIndex == address.rawValue else {
            return .securityParameterIndex
        }
        guard let expected = digest?(key, header.covered)?.prefix(AuthenticationHeader.codeLength),
            Self.equalInConstantTime(Array(expected), header.code)
        else { return .integrityCheck }
        return numbering.accepts(header.sequence) ? nil : .replay
    }

    /// Looks at every octet whatever the first ones are, so that timing tells a guesser nothing.
    private static func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

/// The fields of a message whose length agrees with its address count.
private struct Fields {
    let priority: UInt8
    let authenticationType: UInt8
    let interval: Interval
    let addresses: [IPAddress]
    let authenticationData: [UInt8]

    /// nil when the message is longer or shorter than its count says. Raw sockets deliver what the IP total
    /// length covers, so no link padding has to be tolerated.
    init?(_ message: [UInt8], version: ProtocolVersion, family: AddressFamily) {
        var reader = OctetReader(message)
        guard reader.word() != nil, let priority = reader.octet(), let count = reader.octet(),
            message.count == WireLayout.length(version: version, family: family, count: Int(count)),
            let timing = reader.word(), reader.word() != nil
        else { return nil }
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let address = reader.address(family) else { return nil }
            addresses.append(address)
        }
        self.priority = priority
        self.addresses = addresses
        switch version {
        case .v2:
            guard let data = reader.take(WireLayout.authenticationLength) else { return nil }
            authenticationType = UInt8(timing >> 8)
            interval = .seconds(Int64(timing & 0xFF))
            authenticationData = Array(data)
        case .v3:
            // The upper four bits are reserved: zero when sent, ignored when received (RFC 9568 section
            // 5.2.6).
            authenticationType = WireLayout.noAuthentication
            interval = .centiseconds(Int64(timing & 0x0FFF))
            authenticationData = []
        }
    }
}
