import LoadBalancing
import NetTypes

/// Another director whose forwarded packets MUST stay unmarked.
package enum Peer: Hashable, Sendable, Codable {
    /// `peer ADDRESS [dev IF]`: the MAC comes from the neighbour table and is followed.
    case address(IPAddress, interface: String?)
    /// `peer_mac MAC`: fixed.
    case mac(MACAddress)
}

/// What keeps the guard's rules in the kernel (`loop_guard_backend`).
package enum LoopGuardBackend: String, Hashable, Sendable, Codable, CaseIterable {
    /// A chain in the mangle table, written by iptables-restore, whichever variant that is.
    case iptables
    /// A table of our own, written by nft.
    case nftables

    /// The program that must be installed for `family`, by name.
    package func program(for family: AddressFamily) -> String {
        switch (self, family) {
        case (.iptables, .inet): "iptables-restore"
        case (.iptables, .inet6): "ip6tables-restore"
        case (.nftables, _): "nft"
        }
    }
}

/// The `loop_guard` block: the other directors, named once.
package struct LoopGuardConfiguration: Hashable, Sendable, Codable {
    /// At least one.
    package var peers: [Peer]

    /// A guard against `peers`.
    package init(peers: [Peer]) { self.peers = peers }
}
