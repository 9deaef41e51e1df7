import LoadBalancing
import NetTypes

/// One rule of the guard's chain.
package enum MarkRule: Hashable, Sendable {
    /// Frames from this address leave the chain unmarked: another director forwarded them.
    case exempt(MACAddress)
    /// Packets for the service get the mark. Port 0 stands for every port.
    case mark(TransportProtocol, Endpoint, FirewallMark)

    /// The family the rule can only be in; nil for either.
    package var family: AddressFamily? {
        switch self {
        case .exempt: nil
        case .mark(_, let endpoint, _): endpoint.address.family
        }
    }
}

/// The guard's rules for one address family: a chain of the mangle table, jumped to from PREROUTING.
///
/// Peers leave the chain first, and everything else that is for a service is marked. The other form in use,
/// `-m mac ! --mac-source PEER -j MARK`, holds one peer only, and never matches a packet that came in by an
/// interface without link-layer addresses (tunnel, PPP): xt_mac does not match those even when inverted. Here
/// they match no exemption and are marked.
package struct MarkRules: Hashable, Sendable {
    /// The chain, in the mangle table; it is Holdfast's alone.
    package static let chain = "HOLDFAST"
    /// The built-in chain that jumps to it, from its first rule: a rule before it could accept the packet
    /// unmarked.
    package static let hook = "PREROUTING"

    /// The family whose table this is: `iptables` or `ip6tables`.
    package let family: AddressFamily
    /// In chain order: exemptions, then marks, each sorted. Empty when the family has nothing to mark; then
    /// there is to be no chain at all.
    package let rules: [MarkRule]

    /// The rules for the guarded ones of `virtualServers`, those with a mark; none at all while `peers`
    /// forbids marks.
    package init(family: AddressFamily, virtualServers: [VirtualServer], peers: PeerTable) {
        self.init(
            family: family, marks: peers.permitsMarks ? Self.marks(of: virtualServers) : [:],
            exemptions: peers.exemptions)
    }

    /// Rules that mark `marks` except from `exemptions`; services of another family or by mark are left out.
    package init(
        family: AddressFamily, marks: [ServiceIdentity: FirewallMark], exemptions: Set<MACAddress>
    ) {
        self.family = family
        let marking = marks.sorted { $0.key < $1.key }.compactMap { service, mark -> MarkRule? in
            guard service.family == family, case .address(let transport, let endpoint) = service else {
                return nil
            }
            return .mark(transport, endpoint, mark)
        }
        rules = marking.isEmpty ? [] : exemptions.sorted().map { .exempt($0) } + marking
    }

    private static func marks(of virtualServers: [VirtualServer]) -> [ServiceIdentity: FirewallMark] {
        var marks: [ServiceIdentity: FirewallMark] = [:]
        for server in virtualServers where server.guardMark != nil {
            for identity in server.identities { marks[identity] = server.guardMark }
        }
        return marks
    }

    /// No rules: what is wanted at stop.
    package static func none(_ family: AddressFamily) -> MarkRules {
        MarkRules(family: family, marks: [:], exemptions: [])
    }

    /// True when `observed` is exactly this: the rules in order, and one unconditional jump, first in
    /// PREROUTING.
    package func areInEffect(in observed: ObservedMarkRules) -> Bool {
        guard !rules.isEmpty else { return !observed.chainExists && observed.references.isEmpty }
        return observed.chainExists && observed.rules == rules.map { $0 }
            && observed.references == ["-A \(Self.hook) -j \(Self.chain)"] && observed.jumpIsFirst
    }

    /// The input of one `iptables-restore --noflush` (or `ip6tables-restore`) that turns `observed` into
    /// this, in one transaction; nil when there is nothing to do. Nothing outside the chain and the jumps to
    /// it is touched.
    package func repair(from observed: ObservedMarkRules) -> String? {
        guard !areInEffect(in: observed) else { return nil }
        var lines = ["*mangle"]
        // A chain that is named in the input is created, or emptied when it exists.
        if observed.chainExists || !rules.isEmpty { lines.append(":\(Self.chain) - [0:0]") }
        lines += observed.references.map { "-D" + $0.dropFirst(2) }
        if rules.isEmpty {
            lines.append("-X \(Self.chain)")
        } else {
            lines += rules.map { "-A \(Self.chain) \($0.arguments)" }
            lines.append("-I \(Self.hook) 1 -j \(Self.chain)")
        }
        lines.append("COMMIT")
        return lines.map { $0 + "\n" }.joined()
    }
}

extension MarkRule: CustomStringConvertible {
    /// What follows `-A CHAIN` for iptables-restore.
    package var arguments: String {
        switch self {
        case .exempt(let mac):
            return "-m mac --mac-source \(mac) -j RETURN"
        case .mark(let transport, let endpoint, let mark):
            let destination = Prefix(host: endpoint.address)
            let port = endpoint.port == 0 ? "" : " -m \(transport) --dport \(endpoint.port)"
            let value = "0x\(String(mark.rawValue, radix: 16))"
            return "-d \(destination) -p \(transport)\(port) -j MARK --set-mark \(value)"
        }
    }

    /// The rule as iptables is told it.
    package var description: String { arguments }
}
