import LoadBalancing
import NetTypes

/// What `lb_kind FULLNAT` asks of one address family: a chain of the nat table, jumped to from POSTROUTING,
/// that rewrites the source of what IPVS masquerades for its services, and of nothing else (xt_ipvs). The nat
/// table sees the first packet of a connection, netfilter's connection tracking does the rest.
struct SourceRules: Hashable {
    /// The chain; it is Holdfast's alone.
    static let chain = "HOLDFAST-FULLNAT"
    /// The built-in chain that jumps to it, from its first rule.
    static let hook = "POSTROUTING"

    /// The family whose table this is.
    let family: AddressFamily
    /// In chain order, as iptables-save writes them; empty when there is to be no chain at all.
    let rules: [String]

    /// The rules for those of `virtualServers` that have FULLNAT, in the order in which IPVS looks for the
    /// service of a packet. Where it finds one with plain NAT first, a rule leaves its packets as they are.
    init(family: AddressFamily, _ virtualServers: [VirtualServer]) {
        self.family = family
        var rules: [Rank: Set<String>] = [:]
        var translated: Set<ServiceIdentity> = []
        for server in virtualServers {
            guard let translation = server.sourceTranslation else { continue }
            for identity in server.identities where identity.family == family {
                translated.insert(identity)
                rules[Rank(identity), default: []]
                    .insert("-A \(Self.chain) \(Self.match(identity)) \(Self.target(translation))")
            }
        }
        guard !translated.isEmpty else {
            self.rules = []
            return
        }
        let hasAddresses = rules.keys.contains { $0 != .mark }
        for server in virtualServers where server.sourceTranslation == nil && server.masquerades {
            for identity in server.identities where identity.family == family {
                let comesFirst =
                    switch identity {
                    case .mark: hasAddresses
                    case .address(let transport, let endpoint):
                        endpoint.port != 0
                            && translated.contains(.address(transport, Endpoint(endpoint.address, port: 0)))
                    }
                guard comesFirst else { continue }
                rules[Rank(identity), default: []]
                    .insert("-A \(Self.chain) \(Self.match(identity)) -j RETURN")
            }
        }
        self.rules = Rank.allCases.flatMap { rules[$0, default: []].sorted() }
    }

    /// Which service a packet belongs to that more than one would take (ip_vs_service_find of
    /// net/netfilter/ipvs/ip_vs_ctl.c).
    private enum Rank: CaseIterable {
        case mark, port, everyPort

        init(_ identity: ServiceIdentity) {
            switch identity {
            case .mark: self = .mark
            case .address(_, let endpoint): self = endpoint.port == 0 ? .everyPort : .port
            }
        }
    }

    /// The input of one `iptables-restore --noflush` that makes this of what `iptables-save -t nat` wrote;
    /// nil when there is nothing to do.
    func repair(from saved: String) -> String? {
        OwnedChain(table: .nat, name: Self.chain, hook: Self.hook, family: family).repair(rules, from: saved)
    }

    /// Connections know the address that their client used; those of a service by mark carry it.
    private static func match(_ identity: ServiceIdentity) -> String {
        switch identity {
        case .address(let transport, let endpoint):
            let port = endpoint.port == 0 ? "" : " --vport \(endpoint.port)"
            return "-p \(transport) -m ipvs --vaddr \(endpoint.address)\(port) --vmethod MASQ"
        case .mark(_, let mark):
            return "-m mark --mark 0x\(String(mark.rawValue, radix: 16)) -m ipvs --vmethod MASQ"
        }
    }

    private static func target(_ translation: SourceTranslation) -> String {
        switch translation {
        case .masquerade: "-j MASQUERADE"
        case .address(let address): "-j SNAT --to-source \(address)"
        }
    }
}

/// What keeps connections of FULLNAT alive over a failover, of one address family: a chain of the mangle
/// table, jumped to from INPUT, that drops what is sent to a source address in the middle of a TCP connection
/// that netfilter does not know. It is an answer that was on its way to the former master, and would be
/// reset here. So the server repeats it, and the client its question, which makes the connection known.
struct AnswerRules: Hashable {
    /// The chain; it is Holdfast's alone.
    static let chain = SourceRules.chain
    /// The built-in chain that jumps to it, from its first rule.
    static let hook = "INPUT"

    /// The family whose table this is.
    let family: AddressFamily
    /// In chain order, as iptables-save writes them; empty when there is to be no chain at all.
    let rules: [String]

    /// The rules for those source addresses of TCP services among `virtualServers` that move: that are in
    /// `held`. Where clients use the address, too, or might, as with any service by mark, there are none:
    /// their packets look the same.
    init(family: AddressFamily, _ virtualServers: [VirtualServer], held: Set<IPAddress>) {
        self.family = family
        var sources: Set<IPAddress> = []
        for server in virtualServers {
            guard case .address(let source)? = server.sourceTranslation, source.family == family,
                server.transport == .tcp, held.contains(source)
            else { continue }
            sources.insert(source)
        }
        for server in virtualServers where !sources.isEmpty {
            sources.subtract(server.addresses)
            for case .mark(family, _) in server.identities { sources = [] }
        }
        rules = sources.sorted().map { source in
            "-A \(Self.chain) -d \(Prefix(host: source)) -p tcp -m tcp --tcp-flags SYN NONE "
                + "-m conntrack --ctstate INVALID,NEW -j DROP"
        }
    }

    /// The input of one `iptables-restore --noflush` that makes this of what `iptables-save -t mangle` wrote;
    /// nil when there is nothing to do.
    func repair(from saved: String) -> String? {
        OwnedChain(table: .mangle, name: Self.chain, hook: Self.hook, family: family)
            .repair(rules, from: saved)
    }
}
