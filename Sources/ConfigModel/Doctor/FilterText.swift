import NetTypes

/// What `iptables-save -c` says of adverts, which are packets of protocol 112, or of 51 with `auth_type AH`.
struct FilterText: Hashable {
    /// A rule that drops them by name.
    struct Drop: Hashable {
        /// As it was listed, without its counters.
        var rule: String
        /// So many packets so far, whoever sent them.
        var packets: UInt64
    }

    /// In the order of the text.
    private(set) var drops: [Drop] = []
    /// What may come in is listed, and adverts are not among it.
    var refusesRest: Bool { isClosed && !accepts && !mayAccept }
    /// What may come in is listed, and adverts are among it if they meet more conditions than are read here.
    var mayRefuse: Bool { isClosed && !accepts && mayAccept }

    private var isClosed = false
    private var accepts = false
    private var mayAccept = false

    /// `protocols` are the names and numbers that adverts go by, `interfaces` those they come in by.
    init(_ text: String, protocols: Set<String>, interfaces: Set<String>) {
        var isFilter = false
        // Chains whose later rules adverts do not reach.
        var accepting: Set<Substring> = []
        // In the filter table: chains with a rule that lets adverts in, or may, and where packets go on.
        var letting: Set<Substring> = []
        var perhapsLetting: Set<Substring> = []
        var jumps: [Substring: Set<Substring>] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("*") {
                isFilter = line == "*filter"
                accepting = []
            }
            if isFilter, line.hasPrefix(":INPUT DROP") { isClosed = true }
            guard let rule = FilterRule(line), rule.chain != "FORWARD", rule.meets(interfaces) else {
                continue
            }
            let isNamed = rule.network.map { protocols.contains(String($0)) } ?? false
            let takesAll = rule.network == nil && !rule.isConditional
            switch rule.target {
            case "ACCEPT" where isNamed || takesAll:
                accepting.insert(rule.chain)
                if isFilter { letting.insert(rule.chain) }
            // Adverts are new to connection tracking.
            case "ACCEPT" where isFilter && rule.network == nil && !rule.tracksConnections:
                perhapsLetting.insert(rule.chain)
            case "DROP" where accepting.contains(rule.chain), "REJECT" where accepting.contains(rule.chain):
                continue
            case "DROP", "REJECT":
                if isNamed, !rule.isNegated { drops.append(Drop(rule: rule.text, packets: rule.packets)) }
                if takesAll, isFilter, rule.chain == "INPUT" { isClosed = true }
            case .some(let chain) where isFilter && (isNamed || rule.network == nil):
                jumps[rule.chain, default: []].insert(chain)
            default: continue
            }
        }
        let reached = Self.reached(from: "INPUT", by: jumps)
        accepts = !letting.isDisjoint(with: reached)
        mayAccept = !perhapsLetting.isDisjoint(with: reached)
    }

    private static func reached(
        from start: Substring, by jumps: [Substring: Set<Substring>]
    ) -> Set<Substring> {
        var (reached, open): (Set<Substring>, [Substring]) = ([start], [start])
        while let chain = open.popLast() {
            for next in jumps[chain] ?? [] where reached.insert(next).inserted { open.append(next) }
        }
        return reached
    }
}

/// One line of it.
private struct FilterRule {
    var text: String
    var packets: UInt64 = 0
    var chain: Substring
    /// The protocol; nil when it takes any.
    var network: Substring?
    var interface: Substring?
    var target: Substring?
    /// It looks at more than that.
    var isConditional = false
    /// It takes what does not have something.
    var isNegated = false
    /// It asks what connection tracking says.
    var tracksConnections = false

    /// nil for a line that is no rule.
    init?(_ line: Substring) {
        var words = line.split(separator: " ")[...]
        if let counters = words.first, counters.hasPrefix("[") {
            packets = UInt64(counters.dropFirst().prefix { $0 != ":" }) ?? 0
            words = words.dropFirst()
        }
        guard words.count > 2, words.first == "-A" else { return nil }
        text = words.joined(separator: " ")
        words = words.dropFirst()
        chain = words.removeFirst()
        while let word = words.popFirst() {
            switch word {
            case "-p": network = words.popFirst()
            case "-i": interface = words.popFirst()
            case "-j": target = words.popFirst()
            // What is written for people.
            case "-m" where words.first == "comment": break
            case "-m" where words.first == "conntrack" || words.first == "state":
                (isConditional, tracksConnections) = (true, true)
            case "!":
                (isConditional, isNegated) = (true, true)
                words = words.dropFirst(2)
            case "-s", "-d", "-o", "-m": isConditional = true
            default: break
            }
        }
    }

    func meets(_ interfaces: Set<String>) -> Bool {
        guard let interface else { return true }
        return interfaces.contains { name in
            interface.hasSuffix("+") ? name.hasPrefix(interface.dropLast()) : name == interface
        }
    }
}
