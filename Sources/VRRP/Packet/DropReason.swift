/// Why a received message was thrown away, in the order the checks are made (RFC 9568 section 7.1).
/// The raw values are the names under which drops are counted and shown.
package enum DropReason: String, Error, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// No VRRP can be made out: shorter than its fixed part, a fragment, or behind an Authentication
    /// Header that is none.
    case malformed
    /// Not sent to our group, which is all a multicast router acts on; or to a group, where peers speak to
    /// each other alone.
    case destination
    /// Unicast: the sender is none of the peers, and `check_unicast_src` is on.
    case notAPeer = "not-a-peer"
    /// TTL below 255: it came through a router, or somebody pretends. Unicast: outside the peer's range.
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
    /// AH: the Security Parameters Index is not the sender's address.
    case securityParameterIndex = "spi"
    /// AH: another key, or changed on the way (RFC 2402 section 3.4.4).
    case integrityCheck = "icv"
    /// AH: an advert with this number, or a higher one, was there before (RFC 2402 section 3.4.3).
    case replay
    /// It lists no address (RFC 9568 section 5.2.5, erratum 8299).
    case noAddresses = "no-addresses"
    /// IPv6: the first address listed is not link-local (erratum 8300).
    case notLinkLocal = "not-link-local"
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
        case .version, .authenticationType, .password, .integrityCheck, .interval, .addressList: true
        case .malformed, .destination, .notAPeer, .timeToLive, .ownAddress, .type, .length, .checksum,
            .virtualRouterID, .securityParameterIndex, .replay, .noAddresses, .notLinkLocal, .zeroInterval:
            false
        }
    }

    /// What was wrong, for a log line.
    package var description: String {
        switch self {
        case .malformed: "no VRRP can be made out in it"
        case .destination: "not sent to where this router listens"
        case .notAPeer: "it comes from none of the peers"
        case .timeToLive: "its TTL shows that it came from elsewhere"
        case .ownAddress: "it claims to come from our own address"
        case .version: "another protocol version than configured"
        case .type: "not an advertisement"
        case .length: "wrong length"
        case .checksum: "wrong checksum"
        case .virtualRouterID: "another virtual router"
        case .authenticationType: "another authentication type than configured"
        case .password: "wrong password"
        case .securityParameterIndex: "its Security Parameters Index is not its sender's address"
        case .integrityCheck: "wrong password, or changed on the way"
        case .replay: "a repetition of an earlier one"
        case .noAddresses: "it lists no address"
        case .notLinkLocal: "its first address is not link-local"
        case .zeroInterval: "advertisement interval zero"
        case .interval: "another advertisement interval than configured"
        case .addressList: "another list of addresses than configured"
        }
    }

    /// Looked at after the code of an authentication header.
    var followsAuthentication: Bool {
        switch self {
        case .noAddresses, .notLinkLocal, .zeroInterval, .interval, .addressList: true
        default: false
        }
    }
}
