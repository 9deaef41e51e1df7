import ConfigModel
import LoadBalancing
import NetTypes

/// What an operator who writes `virtual_server fwmark N` adds by hand: rules that mark packets to the
/// service which do not come from the other director.
enum HandMadeRules {
    /// The marks of services that are written by mark.
    static func marks(of configuration: Configuration) -> [FirewallMark] {
        configuration.virtualServers.flatMap(\.identities).compactMap { identity in
            if case .mark(_, let mark) = identity { return mark }
            return nil
        }
    }

    /// The arguments of one iptables call for a director whose peer has the card `peer`.
    static func arguments(mark: FirewallMark, service: Endpoint, peer: MACAddress) -> [String] {
        [
            "-t", "mangle", "-I", "PREROUTING", "-d", "\(service.address)", "-p", "tcp", "-m", "tcp",
            "--dport",
            "\(service.port)", "-m", "mac", "!", "--mac-source", "\(peer)", "-j", "MARK", "--set-mark",
            "\(mark)",
        ]
    }
}
