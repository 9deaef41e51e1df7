import LoadBalancing
import NetTypes

/// Another director whose forwarded packets MUST stay unmarked.
package enum Peer: Hashable, Sendable, Codable {
    /// `peer ADDRESS [dev IF]`: the MAC comes from the neighbour table and is followed.
    case address(IPAddress, interface: String?)
    /// `peer_mac MAC`: fixed.
    case mac(MACAddress)
}

/// The `loop_guard` block: the other directors, named once.
package struct LoopGuardConfiguration: Hashable, Sendable, Codable {
    /// At least one.
    package var peers: [Peer]

    /// A guard against `peers`.
    package init(peers: [Peer]) { self.peers = peers }
}
