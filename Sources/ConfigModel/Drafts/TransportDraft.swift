import NetTypes
import VRRP

/// How adverts travel, as an instance says it.
struct TransportDraft: Sendable {
    var multicastSource: Located<IPAddress>?
    var unicastSource: Located<IPAddress>?
    var group: Located<IPAddress>?
    var peers: [Located<UnicastPeer>] = []
    var timeToLive: Located<UInt8>?
    var checksSource: Located<Bool>?
    var faultsWithoutPeer: Located<Bool>?

    /// The address that adverts are to be sent from.
    var source: Located<IPAddress>? { unicastSource ?? multicastSource }
    /// A family that something of it tells.
    var family: AddressFamily? { (peers.first?.value.address ?? group?.value ?? source?.value)?.family }
}

/// What `global_defs` says about every instance's transport.
struct TransportDefaultsDraft: Sendable {
    var group4: Located<IPAddress>?
    var group6: Located<IPAddress>?
    var checksSource: Located<Bool>?

    /// The group of a family.
    func group(of family: AddressFamily) -> IPAddress {
        (family == .inet ? group4 : group6)?.value ?? VRRPNumbers.group(of: family)
    }
}

extension InstanceDraft {
    /// What carries its adverts: the family of the addresses in them, else of those they go to.
    var family: AddressFamily {
        addresses.first?.value.prefix.address.family ?? transport.family ?? .inet
    }

    /// The transport with every default applied. Where a peer's adverts must arrive with a certain TTL,
    /// senders are checked, as in keepalived; without a peer adverts are multicast unless
    /// `unicast_fault_no_peer` forbids it.
    func transport(_ global: GlobalDraft) -> Transport {
        if transport.peers.isEmpty, transport.faultsWithoutPeer == nil {
            return .multicast(group: transport.group?.value ?? global.transport.group(of: family))
        }
        let peers = transport.peers.map(\.value)
        return .unicast(
            UnicastTransport(
                peers: peers, timeToLive: transport.timeToLive?.value ?? VRRPNumbers.timeToLive,
                checksSource: (transport.checksSource ?? global.transport.checksSource)?.value == true
                    || peers.contains { $0.timeToLive != 0...255 }))
    }
}
