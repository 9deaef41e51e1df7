import ConfigSyntax
import NetTypes
import VRRP

/// The lines of `virtual_rules`: what `ip rule add` may say.
enum RuleGrammar {
    /// Known to keepalived, and not carried out.
    static let unsupported = ["realms", "tunnel-id", "l3mdev", "suppress_ifgroup", "not"]
    private static let words = [
        "from", "to", "table", "lookup", "fwmark", "tos", "dsfield", "iif", "dev", "oif", "preference",
        "priority", "order", "pref", "goto", "nop", "type", "blackhole", "unreachable", "prohibit",
        "uidrange", "ipproto", "sport", "dport", "suppress_prefixlength", "inet", "inet6", "no_track",
        "track_group", "proto", "protocol",
    ]

    /// A line while it is read.
    private struct Draft {
        var rule = VirtualRule(family: .inet, preference: 0, action: .nothing)
        var family: AddressFamily?
        var action: VirtualRule.Action?
        var preference: UInt32?
    }

    /// Reads the line whose words `arguments` are; `line` is all of it. A rule without a preference has 0,
    /// and is given one when all are known.
    static func read(
        _ arguments: Arguments, at line: Span, _ reader: inout SchemaReader
    ) -> VirtualRule? {
        var (draft, arguments) = (Draft(), arguments)
        while let word = arguments.word() {
            guard readWord(word, &arguments, into: &draft, &reader) else { return nil }
        }
        guard let action = draft.action else {
            reader.report(.missingValue, "a rule needs table, goto, nop or blackhole", at: line)
            return nil
        }
        var rule = draft.rule
        let families = [draft.family, rule.source?.address.family, rule.destination?.address.family]
            .compactMap { $0 }
        guard Set(families).count <= 1 else {
            reader.report(.mixedAddressFamilies, "a rule's addresses are of one family", at: line)
            return nil
        }
        rule.family = families.first ?? .inet
        rule.action = action
        rule.preference = draft.preference ?? 0
        if draft.preference == nil {
            reader.report(
                .ruleWithoutPreference, "a rule without preference is asked after all that have one",
                at: line)
        }
        return rule
    }

    private static func readWord(
        _ word: Word, _ arguments: inout Arguments, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        switch word.text {
        case "inet": draft.family = .inet
        case "inet6": draft.family = .inet6
        case "no_track": draft.rule.isUntracked = true
        case "nop": draft.action = .nothing
        case "type": break
        case "blackhole": draft.action = .refuse(.blackhole)
        case "unreachable": draft.action = .refuse(.unreachable)
        case "prohibit": draft.action = .refuse(.prohibit)
        case "from", "to":
            guard let next = arguments.word() else {
                reader.report(.missingValue, "\(word.text) needs a network", at: word.span)
                return false
            }
            if ["all", "any", "default"].contains(next.text) { return true }
            guard let prefix = ValueType.network.parse(next, &reader) else { return false }
            // The kernel keeps no network of all addresses: it only says which family is meant.
            if prefix.length == 0 {
                draft.family = draft.family ?? prefix.address.family
                return true
            }
            if word.text == "from" { draft.rule.source = prefix } else { draft.rule.destination = prefix }
        case let text where unsupported.contains(text): return reader.refuseKnown(word)
        case let text where words.contains(text):
            return readValue(of: text, &arguments, into: &draft, &reader)
        case let text:
            reader.report(
                .unexpectedWord, "unexpected \"\(text)\" in a rule", at: word.span,
                suggestion: Suggestion.nearest(to: text, among: words + unsupported))
            return false
        }
        return true
    }

    private static func readValue(
        of name: String, _ arguments: inout Arguments, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        switch name {
        case "table", "lookup":
            draft.action = arguments.next(.table, &reader).map { .table($0.value) }
            return draft.action != nil
        case "goto":
            draft.action = arguments.next(.integer(1...UInt32.max), &reader).map { .goTo($0.value) }
            return draft.action != nil
        case "preference", "priority", "order", "pref":
            draft.preference = arguments.next(.integer(1...UInt32.max), &reader)?.value
            return draft.preference != nil
        case "iif", "dev":
            draft.rule.incoming = arguments.next(.interface, &reader)?.value
            return draft.rule.incoming != nil
        case "oif":
            draft.rule.outgoing = arguments.next(.interface, &reader)?.value
            return draft.rule.outgoing != nil
        case "tos", "dsfield":
            guard let value = arguments.next(.typeOfService, &reader) else { return false }
            draft.rule.typeOfService = value.value
        case "fwmark": return readMark(&arguments, into: &draft, &reader)
        case "uidrange":
            draft.rule.users = readSpan(&arguments, 0...(.max - 1), &reader)
            return draft.rule.users != nil
        case "sport":
            draft.rule.sourcePorts = readSpan(&arguments, 1...65534, &reader)
            return draft.rule.sourcePorts != nil
        case "dport":
            draft.rule.destinationPorts = readSpan(&arguments, 1...65534, &reader)
            return draft.rule.destinationPorts != nil
        case "ipproto":
            draft.rule.transport = arguments.next(.transportNumber, &reader)?.value
            return draft.rule.transport != nil
        case "suppress_prefixlength":
            draft.rule.suppressedLength = arguments.next(.integer(0...128), &reader)?.value
            return draft.rule.suppressedLength != nil
        case "track_group":
            draft.rule.trackGroup = arguments.next(.name("GROUP"), &reader)?.value
            return draft.rule.trackGroup != nil
        default: return reader.skipProtocol(name, &arguments)
        }
        return true
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }

    private static func readMark(
        _ arguments: inout Arguments, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        guard let word = arguments.next(.name("MARK[/MASK]"), &reader) else { return false }
        let parts = word.value.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count, (1...2).contains(parts.count) else {
            reader.report(.invalidNumber, "\"\(word.value)\" is not MARK[/MASK]", at: word.span)
            return false
        }
        // No bit is looked at: every packet has it, and the kernel keeps nothing of it.
        if numbers.count == 2, numbers[1] == 0 { return true }
        draft.rule.mark = numbers[0]
        if numbers.count == 2 { draft.rule.markMask = numbers[1] }
        return true
    }

    private static func readSpan(
        _ arguments: inout Arguments, _ range: ClosedRange<UInt32>, _ reader: inout SchemaReader
    ) -> VirtualRule.Span? {
        guard let word = arguments.next(.name("FIRST[-LAST]"), &reader) else { return nil }
        let parts = word.value.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt32($0) }
        guard let first = numbers.first, let last = numbers.last, numbers.count == parts.count,
            parts.count <= 2, first <= last, range.contains(first), range.contains(last)
        else {
            reader.report(
                .outOfRange, "\"\(word.value)\" is not FIRST[-LAST]", at: word.span,
                help: ["the kernel takes \(range.lowerBound) to \(range.upperBound)"])
            return nil
        }
        return VirtualRule.Span(first, last)
    }
}

extension ValueType<UInt8> {
    /// A transport protocol by number, or one of the usual names.
    static let transportNumber = ValueType(name: "PROTOCOL") { word, reader in
        let names: [String: UInt8] = ["icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "sctp": 132]
        if let number = names[word.text] { return number }
        return ValueType.integer(1...255).parse(word, &reader)
    }
}
