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
    var refusesRest: Bool { isClosed && !accepts }

    private var isClosed = false
    private var accepts = false

    /// `protocols` are the names and numbers that adverts go by, `interfaces` those they come in by.
    init(_ text: String, protocols: Set<String>, interfaces: Set<String>) {
        var isFilter = false
        // Chains whose later rules adverts do not reach.
        var accepting: Set<Substring> = []
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
                if isFilter, rule.chain != "OUTPUT" { accepts = true }
            case "DROP" where accepting.contains(rule.chain), "REJECT" where accepting.contains(rule.chain):
                continue
            case "DROP", "REJECT":
                if isNamed { drops.append(Drop(rule: rule.text, packets: rule.packets)) }
                if takesAll, isFilter, rule.chain == "INPUT" { isClosed = true }
            default: continue
            }
        }
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
            case "!":
                isConditional = true
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
