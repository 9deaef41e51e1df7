import NetTypes
import VRRP

/// An advert as a packet filter of its host sees it.
struct AdvertPacket: Hashable {
    /// Of its addresses.
    let family: AddressFamily
    /// Its protocol: 112, or 51 in an authentication header.
    let network: Int
    /// The interface it comes in or goes out by.
    let interface: String
    /// nil where it is not known.
    let source: IPAddress?
    /// nil where it is not known: one of this host's.
    let destination: IPAddress?
    /// It is this host's own.
    let isLeaving: Bool

    /// Those that `instance` hears and sends.
    static func all(of instance: RouterConfiguration) -> [AdvertPacket] {
        [false, true].flatMap { isLeaving in
            instance.transport.destinations.map { address in
                let isPeer = !address.isMulticast
                // Heard by the interface below, and sent by the one that has the virtual router's address.
                let sender = instance.sendsFromBase ? nil : instance.virtualInterface?.name
                return AdvertPacket(
                    family: instance.family, network: instance.authentication.isHeader ? 51 : 112,
                    interface: isLeaving ? sender ?? instance.interface : instance.interface,
                    source: isPeer && !isLeaving ? address : nil,
                    destination: isPeer && !isLeaving ? nil : address, isLeaving: isLeaving)
            }
        }
    }

    fileprivate var isMulticast: Bool { destination?.isMulticast ?? false }
}

/// What a rule of nft does with a packet that it takes.
enum NftVerdict: Hashable {
    case accept, drop, goOn, goBack
    case jump(String)
    case goTo(String)
    /// Whatever a program or a map decides.
    case anything

    /// The words of a verdict.
    fileprivate init(_ words: ArraySlice<String>) {
        switch (words.first, words.dropFirst().first) {
        case ("accept", _): self = .accept
        case ("drop", _), ("reject", _): self = .drop
        case ("continue", _): self = .goOn
        case ("return", _): self = .goBack
        case ("jump", let chain?): self = .jump(chain)
        case ("goto", let chain?): self = .goTo(chain)
        default: self = .anything
        }
    }

    fileprivate static let words: Set<String> = [
        "accept", "drop", "reject", "continue", "return", "jump", "goto", "queue",
    ]
}

/// Whether a rule takes a packet, as far as its words tell.
enum NftTruth: Hashable {
    case yes, no, maybe

    fileprivate var negated: Self { self == .yes ? .no : self == .no ? .yes : .maybe }
}

/// Whether connection tracking has seen a packet where a chain sees it.
enum NftTracking: Hashable {
    case seen, unseen
    /// Some rule keeps it from some packets.
    case perhaps
}

/// Reads one rule, word by word, for one packet. What is not known here may be met or not.
struct NftRule {
    private var words: ArraySlice<String>
    private let packet: AdvertPacket
    private let tracking: NftTracking
    private var truth = NftTruth.yes

    /// Of these words: what was quoted begins with a quote and has none at its end; braces and commas are by
    /// themselves.
    init(_ words: [String], for packet: AdvertPacket, _ tracking: NftTracking = .seen) {
        self.words = words[...]
        self.packet = packet
        self.tracking = tracking
    }

    /// In their order, each with whether the packet meets it; nothing when the rule is about others.
    mutating func verdicts() -> [(truth: NftTruth, verdict: NftVerdict)] {
        while let word = words.first {
            if NftVerdict.words.contains(word) { return [(truth, NftVerdict(words))] }
            words.removeFirst()
            switch word {
            case "counter": skip(["packets", "bytes", "name"])
            case "log": skip(["prefix", "level", "flags", "group", "snaplen", "queue-threshold"])
            case "comment": words = words.dropFirst()
            case "notrack": continue
            // It goes elsewhere; what iptables knows alone does what it likes.
            case "fwd": return [(truth, .drop)]
            case "xt" where words.first == "target": return [(truth, .anything)]
            // Peers are on this network, where the way back is the way they came.
            case "fib" where words.prefix { !NftVerdict.words.contains($0) }.contains("missing"): return []
            case "iif", "iifname", "oif", "oifname", "pkttype":
                if let found = condition(word) { return found }
            case "meta", "ip", "ip6", "ct":
                guard let field = words.popFirst() else { return [] }
                // Of some fields nft leaves out the first word.
                if let found = condition(word == "meta" ? field : "\(word) \(field)") { return found }
            // Their headers are in no advert.
            case "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "esp", "comp", "arp":
                return []
            default: giveUp()
            }
        }
        return []
    }

    private mutating func skip(_ names: Set<String>) {
        while let word = words.first, names.contains(word) { words = words.dropFirst(2) }
    }

    /// What comes before the verdict is not understood; of a map it is not known which.
    private mutating func giveUp() {
        truth = .maybe
        while let word = words.first, !NftVerdict.words.contains(word) {
            if word == "vmap" { return words = ["queue"] }
            words.removeFirst()
        }
    }

    /// Reads what `selector` is compared with. The verdicts of a map; nothing when the packet does not meet
    /// it; nil to read on.
    private mutating func condition(_ selector: String) -> [(truth: NftTruth, verdict: NftVerdict)]? {
        // A header that a packet does not have ends the rule, whatever is asked of it.
        guard has(selector) else { return [] }
        var isNegated = false
        switch words.first {
        case "vmap":
            words.removeFirst()
            return items(isMap: true).map { item in
                let verdict = item.firstIndex(of: ":").map { item[($0 + 1)...] }
                let met = matches(selector, item.prefix { $0 != ":" })
                return (met == .yes ? truth : met, verdict.map { NftVerdict($0) } ?? .anything)
            }
        case "set":
            words = words.dropFirst(2)
            return nil
        case "!=":
            isNegated = true
            words.removeFirst()
        case "==": words.removeFirst()
        case ".", "<", ">", "<=", ">=", "&", "|", "^", nil:
            giveUp()
            return nil
        default: break
        }
        let found = items(isMap: false).map { matches(selector, $0) }
        let any: NftTruth = found.contains(.yes) ? .yes : found.contains(.maybe) ? .maybe : .no
        let met = isNegated ? any.negated : any
        if met == .no { return [] }
        if met == .maybe { truth = .maybe }
        return nil
    }

    /// The next value, or those of a list; of a map with its end, `@name` alone.
    private mutating func items(isMap: Bool) -> [ArraySlice<String>] {
        guard words.first == "{" else {
            var found: [ArraySlice<String>] = [words.prefix(1)]
            words = words.dropFirst()
            while words.first == "," {
                found.append(words.dropFirst().prefix(1))
                words = words.dropFirst(2)
            }
            return found
        }
        let inside = words.dropFirst().prefix { $0 != "}" }
        words = words[inside.endIndex...].dropFirst()
        return inside.split(separator: ",")
    }

    private func has(_ selector: String) -> Bool {
        switch selector {
        case _ where selector.hasPrefix("ip "): packet.family == .inet
        case _ where selector.hasPrefix("ip6 "): packet.family == .inet6
        default: true
        }
    }

    private func matches(_ selector: String, _ item: ArraySlice<String>) -> NftTruth {
        guard let word = item.first, item.count == 1, !word.hasPrefix("@") else { return .maybe }
        let value = word.hasPrefix("\"") ? String(word.dropFirst()) : word
        if value == "*" { return .yes }
        switch selector {
        case "l4proto", "ip protocol", "ip6 nexthdr":
            let names = ["vrrp": 112, "ah": 51]
            return truth(Self.range(value) { Int($0) ?? names[$0] ?? -1 }.contains(packet.network))
        case "nfproto": return truth(value == (packet.family == .inet ? "ipv4" : "ipv6"))
        case "protocol": return truth(value == (packet.family == .inet ? "ip" : "ip6"))
        case "iif", "iifname", "oif", "oifname":
            guard selector.hasPrefix("oif") == packet.isLeaving else { return .no }
            return truth(
                value.hasSuffix("*")
                    ? packet.interface.hasPrefix(value.dropLast()) : packet.interface == value)
        case "pkttype":
            let kinds: Set<String> = packet.isMulticast ? ["multicast"] : ["host", "unicast"]
            return packet.isLeaving ? .maybe : truth(kinds.contains(value))
        case "ip saddr", "ip6 saddr": return has(packet.source, in: value)
        case "ip daddr", "ip6 daddr": return has(packet.destination, in: value)
        case "ct state": return state(value)
        case "ct status": return ["dnat", "snat"].contains(value) ? .no : .maybe
        default: return .maybe
        }
    }

    private func truth(_ isMet: Bool) -> NftTruth { isMet ? .yes : .no }

    /// Nobody answers what goes to a group, so that it is new for ever.
    private func state(_ value: String) -> NftTruth {
        switch value {
        case _ where tracking == .unseen: truth(value == "invalid")
        case "new" where tracking == .perhaps, "untracked" where tracking == .perhaps: .maybe
        case "new": packet.isMulticast ? .yes : .maybe
        case "established": packet.isMulticast ? .no : .maybe
        case "related", "invalid", "untracked": .no
        default: .maybe
        }
    }

    private func has(_ address: IPAddress?, in value: String) -> NftTruth {
        guard let address else { return .maybe }
        if let prefix = Prefix(value) { return truth(prefix.contains(address)) }
        let ends = value.split(separator: "-").compactMap { IPAddress($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return .maybe }
        return truth((ends[0]...ends[1]).contains(address))
    }

    private static func range(_ value: String, _ number: (String) -> Int) -> ClosedRange<Int> {
        let ends = value.split(separator: "-").map { number(String($0)) }
        guard ends.count == 2, ends[0] <= ends[1] else { return number(value)...number(value) }
        return ends[0]...ends[1]
    }
}
