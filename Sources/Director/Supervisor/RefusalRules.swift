import NetTypes
import VRRP

/// What `no_accept` asks of one address family: a chain of the mangle table, jumped to from INPUT, that drops
/// what is sent to virtual addresses, neighbour discovery aside (RFC 9568 section 6.1, Accept_Mode). It holds
/// whoever is master: a backup has none of them, and accepts nothing for them either.
struct RefusalRules: Hashable {
    /// The chain; it is Holdfast's alone.
    static let chain = "HOLDFAST-REFUSE"
    /// The ledger that says which families have it.
    static let ledger = "refusal"
    /// The built-in chain that jumps to it, from its first rule.
    static let hook = "INPUT"

    /// The family whose table this is.
    let family: AddressFamily
    /// In chain order, as iptables-save writes them; empty when there is to be no chain at all.
    let rules: [String]

    /// The rules for the addresses of `instances` that are not to be accepted. An owner accepts what is sent
    /// to its own addresses.
    init(family: AddressFamily, _ instances: [RouterConfiguration]) {
        self.family = family
        var drops: Set<String> = []
        for instance in instances where instance.refusesTraffic && instance.priority < 255 {
            for address in instance.heldAddresses where address.prefix.address.family == family {
                let host = Prefix(host: address.prefix.address)
                var place = ""
                if case .v6(let number) = address.prefix.address, number.isLinkLocal {
                    place = "-i \(address.interface ?? instance.addressInterface) "
                }
                drops.insert("-A \(Self.chain) -d \(host) \(place)-j DROP")
            }
        }
        // Neighbour solicitation and advertisement.
        let discovery = family == .inet || drops.isEmpty ? [] : ["135", "136"]
        rules =
            discovery.map { "-A \(Self.chain) -p ipv6-icmp -m icmp6 --icmpv6-type \($0) -j RETURN" }
            + drops.sorted()
    }

    /// The input of one `iptables-restore --noflush` (or `ip6tables-restore`) that makes this of what
    /// `iptables-save -t mangle` wrote, in one transaction; nil when there is nothing to do.
    func repair(from saved: String) -> String? {
        OwnedChain(table: .mangle, name: Self.chain, hook: Self.hook, family: family)
            .repair(rules, from: saved)
    }
}
