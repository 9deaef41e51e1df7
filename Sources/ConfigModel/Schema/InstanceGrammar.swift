import ConfigSyntax
import NetTypes
import Timekeeping
import VRRP

/// Keywords of `vrrp_instance` and the blocks in it.
enum InstanceGrammar {
    static let table = BlockGrammar<InstanceDraft>(
        .instance,
        election + protocolOptions + addresses + announcements + TrackingGrammar.instance
            + NotificationGrammar.instance)

    private static let election: [Keyword<InstanceDraft>] = [
        .value(
            "state", \.startsAsMaster, .choice("a state", [("MASTER", true), ("BACKUP", false)]),
            default: "BACKUP", "Whether this director expects to be master when it starts.", tier: .core),
        .value(
            "interface", \.interface, .interface, "Where adverts are sent and heard.", tier: .core,
            required: "without an interface there is no election"),
        .value(
            "virtual_router_id", \.virtualRouterID, .integer(1...255),
            "What tells this virtual router from others on the interface.", tier: .core,
            required: "without a VRID there is no election"),
        .value(
            "priority", \.priority, .integer(1...255), default: "100, or 255 with state MASTER",
            "The highest becomes master; 255 means owner of the addresses.", tier: .core),
        .value(
            "advert_int", \.interval, .seconds(microseconds: 10_000...255_000_000), default: "1",
            "How often the master sends adverts: whole seconds in version 2, steps of 0.01 in version 3.",
            tier: .core),
        .value(
            "version", \.version, .protocolVersion, default: "vrrp_version", "The VRRP version.",
            tier: .common),
        .flag("nopreempt", \.nopreempt, "Never takes over from a master of lower priority.", tier: .common),
        .flag(
            "preempt", \.preempt, default: "on", "Takes over from a master of lower priority.",
            tier: .obsolete),
        .value(
            "preempt_delay", \.preemptDelay, .seconds(microseconds: 0...1_000_000_000), default: "0",
            "How long to wait before such a take-over.", tier: .common),
        Keyword(
            "authentication", body: .keywords, default: "none", "Authentication of version 2 adverts.",
            tier: .core
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            reader.noteRepeat(of: statement, earlier: draft.authentication?.origin.header)
            var block = AuthenticationDraft(origin: Origin(statement))
            reader.read(statement.block?.statements ?? [], as: authentication, into: &block)
            draft.authentication = block
            return isGood
        },
    ]

    private static let addresses: [Keyword<InstanceDraft>] = [
        Keyword(
            "virtual_ipaddress", body: .addresses, repeatable: true,
            "The addresses that the master holds and adverts carry: IP[/LENGTH] [dev IF] [label L].",
            tier: .core,
            requirement: Keyword.Requirement(effect: "there would be nothing to take over") {
                !$0.addresses.isEmpty || !$0.excluded.isEmpty || $0.noVirtualAddresses != nil
            }
        ) { draft, statement, reader in
            readAddresses(statement, into: &draft.addresses, &reader)
        },
        Keyword(
            "virtual_ipaddress_excluded", body: .addresses, repeatable: true,
            "Addresses that the master holds, but that adverts do not carry.", tier: .common
        ) { draft, statement, reader in
            readAddresses(statement, into: &draft.excluded, &reader)
        },
    ]

    private static let announcements: [Keyword<InstanceDraft>] = [
        .value(
            "garp_master_delay", \.announcements.delay, .delay, default: "vrrp_garp_master_delay",
            "When the second burst of gratuitous ARP follows the first; 0 for none.", tier: .common),
        .value(
            "garp_master_repeat", \.announcements.repeats, .integer(1...1000),
            default: "vrrp_garp_master_repeat", "Packets an address in one burst.", tier: .common),
        .value(
            "garp_master_refresh", \.announcements.refresh, .delay, default: "vrrp_garp_master_refresh",
            "How far apart a master repeats its announcements; 0 for never.", tier: .common),
        .value(
            "garp_master_refresh_repeat", \.announcements.refreshRepeats, .integer(1...1000),
            default: "vrrp_garp_master_refresh_repeat", "Packets an address in such a repetition.",
            tier: .common),
    ]

    static let authentication = BlockGrammar<AuthenticationDraft>(
        .authentication,
        [
            Keyword(
                "auth_type", arguments: "PASS", "The kind; only a password in clear text.", tier: .core
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                if arguments.peeked?.text == "AH" {
                    reader.report(
                        .unsupportedValue, "auth_type AH is known to keepalived, but not supported yet",
                        at: statement.arguments[0].span)
                    return false
                }
                guard let type = arguments.next(.choice("an auth_type", [("PASS", true)]), &reader),
                    arguments.finish(&reader)
                else { return false }
                reader.noteRepeat(of: statement, earlier: draft.type?.span)
                draft.type = type
                return true
            },
            .value(
                "auth_pass", \.password, .name("PASSWORD"), "At most 8 octets, sent in clear text.",
                tier: .core),
        ])

    // MARK: Address lines

    private static func readAddresses(
        _ statement: Statement, into list: inout [Located<VirtualAddress>], _ reader: inout SchemaReader
    ) -> Bool {
        var isGood = Arguments(statement).finish(&reader)
        for line in statement.block?.statements ?? [] {
            if let block = line.block {
                reader.report(.unexpectedBlock, "an address takes no block", at: block.open)
                isGood = false
            } else if let address = readAddress(line, &reader) {
                list.append(address)
            } else {
                isGood = false
            }
        }
        return isGood
    }

    private static let unsupportedWords: Set<String> = [
        "brd", "broadcast", "scope", "peer", "use_vmac", "home", "-nodad", "mngtmpaddr", "noprefixroute",
        "autojoin", "no_track", "track_group", "preferred_lft",
    ]

    private static func readAddress(
        _ line: Statement, _ reader: inout SchemaReader
    ) -> Located<VirtualAddress>? {
        let word = line.keyword
        guard let prefix = readPrefix(word, &reader) else { return nil }
        var address = VirtualAddress(prefix: prefix)
        var arguments = Arguments(line)
        while let option = arguments.word() {
            switch option.text {
            case "dev":
                guard let interface = arguments.next(.interface, &reader) else { return nil }
                address.interface = interface.value
            case "label":
                guard let label = arguments.next(.label, &reader) else { return nil }
                address.label = label.value
            case let text where unsupportedWords.contains(text):
                reader.report(
                    .unsupportedValue, "\(text) is known to keepalived, but not supported yet",
                    at: option.span)
                return nil
            case let text:
                let near = Suggestion.nearest(to: text, among: ["dev", "label"] + unsupportedWords.sorted())
                reader.report(
                    .unexpectedWord, "unexpected \"\(text)\" after the address",
                    at: option.span, help: ["IP[/LENGTH] [dev INTERFACE] [label LABEL]"], suggestion: near)
                return nil
            }
        }
        return Located(address, at: word.span)
    }

    private static func readPrefix(_ word: Word, _ reader: inout SchemaReader) -> Prefix? {
        guard let slash = word.text.firstIndex(of: "/") else {
            guard let address = ValueType.address.parse(word, &reader) else { return nil }
            let prefix = Prefix(host: address)
            reader.report(
                .implicitHostPrefix, "virtual address without a prefix length becomes /\(prefix.length)",
                at: word.span, help: ["write the length: \(prefix)"])
            return prefix
        }
        let head = word.text[..<slash]
        let isAsWritten = Int(word.span.end - word.span.start) == word.text.utf8.count
        let place = Span(
            file: word.span.file, start: Int(word.span.start),
            end: isAsWritten ? Int(word.span.start) + head.utf8.count : Int(word.span.end))
        let before = Word(String(head), span: place)
        guard let address = ValueType.address.parse(before, &reader) else { return nil }
        if let prefix = Prefix(word.text) { return prefix }
        let length = word.text[word.text.index(after: slash)...]
        reader.report(
            .outOfRange, "\"\(length)\" is not a prefix length from 0 to \(address.family.bits)",
            at: word.span, help: ["write \(address)/\(address.family == .inet ? 24 : 64)"])
        return nil
    }
}

extension ValueType<String> {
    /// An address label: 1...15 octets (IFNAMSIZ), no blank.
    static let label = ValueType(name: "LABEL") { word, reader in
        if (1...15).contains(word.text.utf8.count), word.text.utf8.allSatisfy({ $0 > 0x20 }) {
            return word.text
        }
        reader.report(
            .invalidName, "\"\(word.text)\" cannot be an address label", at: word.span,
            help: ["1 to 15 characters, by custom INTERFACE:SOMETHING"])
        return nil
    }
}
