import NetTypes

/// One line of `unicast_peer`.
package struct UnicastPeer: Hashable, Sendable, Codable {
    /// The other director's address.
    package var address: IPAddress
    /// `min_ttl` and `max_ttl`: adverts of the peer that arrive with another TTL or hop limit are dropped.
    package var timeToLive: ClosedRange<UInt8>

    /// A peer; without a range any TTL will do, as its adverts may come through routers.
    package init(_ address: IPAddress, timeToLive: ClosedRange<UInt8> = 0...255) {
        self.address = address
        self.timeToLive = timeToLive
    }
}

/// Adverts to each peer alone instead of a group (keepalived's `unicast_peer`; in no RFC).
package struct UnicastTransport: Hashable, Sendable, Codable {
    /// Whom adverts are sent to, in configured order; empty with `unicast_fault_no_peer` alone.
    package var peers: [UnicastPeer]
    /// `unicast_ttl`: what adverts leave with.
    package var timeToLive: UInt8
    /// `check_unicast_src`: adverts of anybody but the peers are dropped.
    package var checksSource: Bool

    /// keepalived's defaults unless told otherwise.
    package init(
        peers: [UnicastPeer], timeToLive: UInt8 = VRRPNumbers.timeToLive, checksSource: Bool = false
    ) {
        self.peers = peers
        self.timeToLive = timeToLive
        self.checksSource = checksSource
    }

    /// The peer with this address.
    package func peer(_ address: IPAddress) -> UnicastPeer? { peers.first { $0.address == address } }
}

/// How the adverts of a virtual router travel.
package enum Transport: Hashable, Sendable, Codable {
    /// To everybody in a group of the segment (RFC 9568 section 5.1.1.2).
    case multicast(group: IPAddress)
    /// To each peer.
    case unicast(UnicastTransport)

    /// Where one advert is sent to.
    package var destinations: [IPAddress] {
        switch self {
        case .multicast(let group): [group]
        case .unicast(let unicast): unicast.peers.map(\.address)
        }
    }

    /// The TTL or hop limit of adverts.
    package var timeToLive: UInt8 {
        switch self {
        case .multicast: VRRPNumbers.timeToLive
        case .unicast(let unicast): unicast.timeToLive
        }
    }

    /// Why a datagram with these addresses and TTL cannot be an advert of ours; nil when it can (rules R20
    /// and R36: who listens to a group acts on nothing else, and the other way).
    func fault(source: IPAddress, destination: IPAddress, timeToLive: UInt8) -> DropReason? {
        switch self {
        case .multicast(let group):
            if destination != group { return .destination }
            return timeToLive == VRRPNumbers.timeToLive ? nil : .timeToLive
        case .unicast(let unicast):
            if destination.isMulticast || source.family != destination.family { return .destination }
            guard let peer = unicast.peer(source) else { return unicast.checksSource ? .notAPeer : nil }
            return peer.timeToLive.contains(timeToLive) ? nil : .timeToLive
        }
    }
}
