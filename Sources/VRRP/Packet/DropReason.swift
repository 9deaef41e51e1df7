/// Why a received message was thrown away, in the order the checks are made (RFC 9568 section 7.1).
/// The raw values are the names under which drops are counted and shown.
package enum DropReason: String, Error, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// Sent to something else than 224.0.0.18; a multicast router acts on nothing else.
    case destination
    /// TTL below 255: it came through a router, or somebody pretends.
    case timeToLive = "ttl"
    /// The source is our own primary address: a loop in the network or a forgery.
    case ownAddress = "own-address"
    /// A version other than the configured one.
    case version
    /// Not an ADVERTISEMENT.
    case type
    /// Longer or shorter than its address count says.
    case length
    /// Neither accepted sum is right.
    case checksum
    /// A virtual router that is not configured here.
    case virtualRouterID = "vrid"
    /// v2: another Auth Type than ours.
    case authenticationType = "auth-type"
    /// v2: the right Auth Type and a wrong password.
    case password
    /// It lists no address (RFC 9568 section 5.2.5, erratum 8299).
    case noAddresses = "no-addresses"
    /// Interval zero, which would make the timers run out at once (erratum 8301).
    case zeroInterval = "zero-interval"
    /// v2: another interval than ours (RFC 3768 section 7.1).
    case interval
    /// v2: a sender that is not the owner lists other addresses than ours (RFC 3768 section 7.1).
    case addressList = "address-list"

    /// A well-formed message for our virtual router that only a difference in configuration makes us
    /// refuse: the sender cannot hear us either, so both may be master. Deserves an alarm.
    package var suggestsTwoMasters: Bool {
        switch self {
        case .version, .authenticationType, .password, .interval, .addressList: true
        case .destination, .timeToLive, .ownAddress, .type, .length, .checksum, .virtualRouterID,
            .noAddresses,
            .zeroInterval:
            false
        }
    }

    /// What was wrong, for a log line.
    package var description: String {
        switch self {
        case .destination: "not sent to the VRRP multicast group"
        case .timeToLive: "TTL is not 255"
        case .ownAddress: "it claims to come from our own address"
        case .version: "another protocol version than configured"
        case .type: "not an advertisement"
        case .length: "wrong length"
        case .checksum: "wrong checksum"
        case .virtualRouterID: "another virtual router"
        case .authenticationType: "another authentication type than configured"
        case .password: "wrong password"
        case .noAddresses: "it lists no address"
        case .zeroInterval: "advertisement interval zero"
        case .interval: "another advertisement interval than configured"
        case .addressList: "another list of addresses than configured"
        }
    }
}
