import NetTypes

/// What `nft -t -p list ruleset` says, as far as it tells which chains drop adverts.
struct NftRuleset {
    /// What becomes of a packet.
    enum Fate: Hashable {
        case passes
        /// In this chain, for this reason.
        case dropped(chain: String, reason: String)
        /// This chain may drop it.
        case unknown(chain: String)
    }

    private struct Chain {
        /// `inet`, `filter`.
        let table: [String]
        let name: String
        /// Where the kernel calls it; nil for one that others jump to.
        var hook: String?
        /// Before connection tracking has seen a packet (nf_ip_hook_priorities: -200).
        var isEarly = false
        /// With a hook on devices, these.
        var devices: Set<String> = []
        /// Its policy.
        var dropsRest = false
        var rules: [[String]] = []

        var title: String { (table + [name]).joined(separator: " ") }
    }

    /// What a chain may do with a packet.
    private struct Outcome {
        var accepts = false
        var drops = false
        var goesOn = false
        /// The first rule that may drop it.
        var reason: String?

        static let unknown = Outcome(accepts: true, drops: true, goesOn: true)

        mutating func add(_ other: Outcome) {
            accepts = accepts || other.accepts
            drops = drops || other.drops
            reason = reason ?? other.reason
        }
    }

    private var chains: [String: Chain] = [:]
    /// The kernel's own limit.
    private static let depth = 16

    /// Reads the text; what is no table is passed over.
    init(_ text: String) {
        var words = Self.words(of: text)[...]
        var header: [String] = []
        while let word = words.popFirst() {
            switch word {
            case "{" where header.first == "table" && header.count >= 3:
                readTable(Array(header[1...2]), &words)
                header = []
            case "{":
                Self.skipBlock(&words)
                header = []
            case "\n": header = []
            default: header.append(word)
            }
        }
    }

    private mutating func readTable(_ table: [String], _ words: inout ArraySlice<String>) {
        var (header, isDormant): ([String], Bool) = ([], false)
        while let word = words.popFirst(), word != "}" {
            switch word {
            case "{" where header.first == "chain" && header.count >= 2:
                let chain = Self.readChain(Chain(table: table, name: header[1]), &words)
                chains[chain.title] = chain
                header = []
            case "{":
                Self.skipBlock(&words)
                header = []
            case "\n":
                if header.first == "flags", header.contains("dormant") { isDormant = true }
                header = []
            default: header.append(word)
            }
        }
        if isDormant { chains = chains.filter { $0.value.table != table } }
    }

    private static func readChain(_ empty: Chain, _ words: inout ArraySlice<String>) -> Chain {
        var chain = empty
        var (rule, depth): ([String], Int) = ([], 0)
        while let word = words.popFirst() {
            if word == "\n" {
                // Long lists are broken over lines.
                guard depth == 0 else { continue }
                take(rule, &chain)
                rule = []
                continue
            }
            if word == "}", depth == 0 { break }
            depth += word == "{" ? 1 : word == "}" ? -1 : 0
            rule.append(word)
        }
        take(rule, &chain)
        return chain
    }

    private static func take(_ rule: [String], _ chain: inout Chain) {
        switch rule.first {
        case nil: return
        case "type":
            guard rule.count > 3, rule[2] == "hook" else { return }
            chain.hook = rule[3]
            let places = rule.dropFirst(4).prefix { $0 != "priority" }
            let names = Set(places).subtracting(["device", "devices", "=", "{", "}", ","])
            chain.devices = Set(names.map { $0.hasPrefix("\"") ? String($0.dropFirst()) : $0 })
            let priority = rule[places.endIndex...].dropFirst().first ?? ""
            chain.isEarly =
                ["ingress", "egress"].contains(rule[3]) || priority == "raw" || Int(priority) ?? 0 <= -200
        case "policy": chain.dropsRest = rule.last == "drop"
        default: chain.rules.append(rule)
        }
    }

    private static func skipBlock(_ words: inout ArraySlice<String>) {
        var depth = 1
        while depth > 0, let word = words.popFirst() {
            depth += word == "{" ? 1 : word == "}" ? -1 : 0
        }
    }

    /// Words, what is quoted as one that begins with a quote, so that it is no verdict; braces, commas and
    /// ends of lines by themselves, and semicolons as ends of lines.
    private static func words(of text: String) -> [String] {
        var (found, word): ([String], String) = ([], "")
        var (isQuoted, isComment) = (false, false)
        func end() {
            if !word.isEmpty { found.append(word) }
            word = ""
        }
        for character in text {
            switch character {
            case "\n" where !isQuoted:
                isComment = false
                end()
                found.append("\n")
            case _ where isComment: continue
            case "\"":
                if !isQuoted { word = "\"" }
                isQuoted.toggle()
            case _ where isQuoted: word.append(character)
            case "#": isComment = true
            case " ", "\t": end()
            case ";":
                end()
                found.append("\n")
            case "{", "}", ",":
                end()
                found.append(String(character))
            default: word.append(character)
            }
        }
        end()
        return found
    }

    // MARK: What becomes of a packet

    /// In the chains that it passes, but for the one whose rules `saved`, what iptables lists of its family,
    /// shows.
    func fate(of packet: AdvertPacket, saved: String) -> Fate {
        let hooks: Set<String> =
            packet.isLeaving ? ["output", "postrouting", "egress"] : ["ingress", "prerouting", "input"]
        let own = packet.family == .inet ? "ip" : "ip6"
        // Where iptables is nft's own it has listed what comes in, and that is judged by its list.
        let isListed = saved.contains("(nf_tables)") && saved.contains("\n*filter\n")
        var doubtful: Fate?
        let isSpared = chains.values.contains { $0.rules.contains { $0.contains("notrack") } }
        for (_, chain) in chains.sorted(by: { $0.key < $1.key }) {
            guard let hook = chain.hook, hooks.contains(hook),
                [own, "inet", "netdev"].contains(chain.table[0]),
                chain.devices.isEmpty || chain.devices.contains(packet.interface),
                chain.table != [own, "filter"] || hook != "input" || !isListed,
                chain.table[1] != "holdfast"
            else { continue }
            var known: [String: Outcome] = [:]
            var outcome = outcome(
                of: chain.title, for: packet, chain.isEarly ? .unseen : isSpared ? .perhaps : .seen, &known)
            if outcome.goesOn {
                if chain.dropsRest { outcome.reason = outcome.reason ?? "its policy" }
                outcome.drops = outcome.drops || chain.dropsRest
                outcome.accepts = outcome.accepts || !chain.dropsRest
            }
            if outcome.drops, !outcome.accepts {
                return .dropped(chain: chain.title, reason: outcome.reason ?? "its rules")
            }
            if outcome.drops { doubtful = doubtful ?? .unknown(chain: chain.title) }
        }
        return doubtful ?? .passes
    }

    private func outcome(
        of title: String, for packet: AdvertPacket, _ tracking: NftTracking,
        _ known: inout [String: Outcome], depth: Int = 0
    ) -> Outcome {
        if let outcome = known[title] { return outcome }
        guard let chain = chains[title], depth < Self.depth else { return .unknown }
        var sum = Outcome()
        for words in chain.rules {
            var rule = NftRule(words, for: packet, tracking)
            for (truth, verdict) in rule.verdicts() where truth != .no {
                var next = Outcome()
                switch verdict {
                case .accept: next.accepts = true
                case .drop:
                    next.drops = true
                    next.reason = words.map { $0.hasPrefix("\"") ? "\($0)\"" : $0 }.joined(separator: " ")
                case .goOn, .goBack: next.goesOn = true
                case .anything: next = .unknown
                case .jump(let name), .goTo(let name):
                    let target = (chain.table + [name]).joined(separator: " ")
                    next = outcome(of: target, for: packet, tracking, &known, depth: depth + 1)
                }
                sum.add(next)
                let isLeft = if case .goTo = verdict { true } else { verdict == .goBack }
                if isLeft, next.goesOn { sum.goesOn = true }
                guard truth == .yes else { continue }
                if isLeft || !next.goesOn {
                    known[title] = sum
                    return sum
                }
                break
            }
        }
        sum.goesOn = true
        known[title] = sum
        return sum
    }
}
