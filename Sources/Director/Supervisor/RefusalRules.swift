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
    /// `iptables-save -t mangle` wrote, in one transaction; nil when there is nothing to do. Nothing outside
    /// the chain and the jumps to it is touched.
    func repair(from saved: String) -> String? {
        let lines = saved.split(whereSeparator: \.isNewline).map(String.init)
        let exists = lines.contains { $0.hasPrefix(":\(Self.chain) ") }
        let present = lines.filter { $0.hasPrefix("-A \(Self.chain) ") }
        let references = lines.filter {
            $0.hasPrefix("-A ") && !$0.hasPrefix("-A \(Self.chain) ")
                && ($0.hasSuffix(" -j \(Self.chain)") || $0.contains(" -g \(Self.chain)"))
        }
        let jump = "-A \(Self.hook) -j \(Self.chain)"
        let isFirst = lines.first { $0.hasPrefix("-A \(Self.hook) ") } == jump
        if rules.isEmpty {
            guard exists || !references.isEmpty else { return nil }
        } else if present.map(Self.words) == rules.map(Self.words), references == [jump], isFirst {
            return nil
        }
        // A chain that is named in the input is created, or emptied when it exists.
        var input = ["*mangle", ":\(Self.chain) - [0:0]"] + references.map { "-D" + $0.dropFirst(2) }
        input += rules.isEmpty ? ["-X \(Self.chain)"] : rules + ["-I \(Self.hook) 1 -j \(Self.chain)"]
        return (input + ["COMMIT"]).map { $0 + "\n" }.joined()
    }

    /// The variants of iptables write the parts of a rule in different order.
    private static func words(_ rule: String) -> [Substring] { rule.split(separator: " ").sorted() }
}
