import ConfigSyntax
import NetTypes
import VRRP

/// The lines of `virtual_ipaddress` and `static_ipaddress`: an address, and what `ip address add` may say
/// about one.
enum AddressGrammar {
    /// Words that a value follows, then those that stand alone.
    private static let words = [
        "dev", "label", "brd", "broadcast", "scope", "peer", "preferred_lft", "home", "-nodad",
        "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "track_group",
    ]
    /// Known to keepalived, and not carried out.
    private static let unsupported = ["use_vmac"]
    private static let form = """
        IP[/LENGTH] [brd IP|+|-] [dev IF] [scope S] [label L] [peer IP[/LENGTH]] [home] [-nodad] \
        [mngtmpaddr] [noprefixroute] [autojoin] [no_track] [preferred_lft N|forever]
        """

    /// Reads the block of `statement`, one address a line.
    static func read(
        _ statement: Statement, into list: inout [Located<VirtualAddress>], isStatic: Bool = false,
        _ reader: inout SchemaReader
    ) -> Bool {
        reader.readLines(of: statement, "an address") { line, reader in
            guard var address = readLine(line, isStatic, &reader),
                LineGrammar.settleGroup(of: &address.value, line, isStatic: isStatic, &reader)
            else { return false }
            list.append(address)
            return true
        }
    }

    private static func readLine(
        _ line: Statement, _ isStatic: Bool, _ reader: inout SchemaReader
    ) -> Located<VirtualAddress>? {
        let word = line.keyword
        let hasPeer = line.arguments.contains { $0.text == "peer" }
        let what = isStatic ? "static" : "virtual"
        guard let prefix = readPrefix(word, &reader, impliesHost: hasPeer ? nil : what) else { return nil }
        var address = VirtualAddress(prefix: prefix)
        var arguments = Arguments(line)
        while let option = arguments.word() {
            guard readOption(option, &arguments, into: &address, &reader) else { return nil }
        }
        return Located(address, at: word.span)
    }

    private static func readOption(
        _ option: Word, _ arguments: inout Arguments, into address: inout VirtualAddress,
        _ reader: inout SchemaReader
    ) -> Bool {
        switch option.text {
        case "dev":
            guard let interface = arguments.next(.interface, &reader) else { return false }
            address.interface = interface.value
        case "label":
            guard let label = arguments.next(.label, &reader) else { return false }
            address.label = label.value
        case "scope":
            guard let scope = arguments.next(.scope, &reader) else { return false }
            address.options.scope = scope.value
        case "preferred_lft":
            guard let lifetime = arguments.next(.lifetime, &reader) else { return false }
            address.options.preferredLifetime = lifetime.value.seconds
        case "brd", "broadcast": return readBroadcast(&arguments, into: &address, &reader)
        case "peer": return readPeer(&arguments, into: &address, &reader)
        case "home": address.options.isHome = true
        case "-nodad": address.options.detectsDuplicates = true
        case "mngtmpaddr": address.options.managesTemporaries = true
        case "noprefixroute": address.options.addsNoRoute = true
        case "autojoin": address.options.joinsGroups = true
        case "no_track": address.options.isUntracked = true
        case "track_group":
            guard let group = arguments.next(.name("GROUP"), &reader) else { return false }
            address.options.trackGroup = group.value
        case let text where unsupported.contains(text): return reader.refuseKnown(option)
        case let text:
            reader.report(
                .unexpectedWord, "unexpected \"\(text)\" after the address", at: option.span, help: [form],
                suggestion: Suggestion.nearest(to: text, among: words + unsupported))
            return false
        }
        return isOfFamily(option, address, &reader)
    }

    /// What only IPv6 has is refused of an IPv4 address: the kernel would ignore it.
    private static func isOfFamily(
        _ option: Word, _ address: VirtualAddress, _ reader: inout SchemaReader
    ) -> Bool {
        let isIPv6 = address.prefix.address.family == .inet6
        let wanted = ["home", "-nodad", "mngtmpaddr", "preferred_lft"].contains(option.text)
        guard isIPv6 ? option.text == "label" : wanted else { return true }
        reader.report(
            .unexpectedWord, "\(option.text) is for IPv\(isIPv6 ? 4 : 6) addresses", at: option.span)
        return false
    }

    private static func readBroadcast(
        _ arguments: inout Arguments, into address: inout VirtualAddress, _ reader: inout SchemaReader
    ) -> Bool {
        guard let word = arguments.next(.name("IP, + or -"), &reader) else { return false }
        guard case .v4(let own) = address.prefix.address else {
            reader.report(.unexpectedWord, "an IPv6 address has no broadcast", at: word.span)
            return false
        }
        let hosts = address.prefix.length == 32 ? 0 : UInt32.max >> UInt32(address.prefix.length)
        switch word.value {
        case "+": address.options.broadcast = IPv4Address(rawValue: own.rawValue | hosts)
        case "-": address.options.broadcast = IPv4Address(rawValue: own.rawValue & ~hosts)
        default:
            guard let broadcast = IPv4Address(word.value) else {
                reader.report(
                    .invalidAddress, "\"\(word.value)\" is not a broadcast address", at: word.span)
                return false
            }
            address.options.broadcast = broadcast
        }
        return true
    }

    /// The prefix length of a line with a peer is the peer's, as in `ip address`.
    private static func readPeer(
        _ arguments: inout Arguments, into address: inout VirtualAddress, _ reader: inout SchemaReader
    ) -> Bool {
        guard let word = arguments.word() else {
            reader.report(.missingValue, "peer needs ADDRESS", at: arguments.end)
            return false
        }
        guard let peer = readPrefix(word, &reader, impliesHost: nil) else { return false }
        guard let prefix = Prefix(address.prefix.address, length: peer.length),
            peer.address.family == prefix.address.family
        else {
            reader.report(.mixedAddressFamilies, "\(peer.address) is of the other family", at: word.span)
            return false
        }
        address.prefix = prefix
        address.options.peer = peer.address
        return true
    }

    /// `IP[/LENGTH]`; a length that is left out is warned about when it matters.
    private static func readPrefix(
        _ word: Word, _ reader: inout SchemaReader, impliesHost what: String?
    ) -> Prefix? {
        guard let slash = word.text.firstIndex(of: "/") else {
            guard let address = ValueType.address.parse(word, &reader) else { return nil }
            let prefix = Prefix(host: address)
            if let what {
                reader.report(
                    .implicitHostPrefix, "\(what) address without a prefix length becomes /\(prefix.length)",
                    at: word.span, help: ["write the length: \(prefix)"])
            }
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

/// How long an address may be used for new connections.
struct AddressLifetime: Hashable, Sendable {
    /// nil for ever.
    var seconds: UInt32?
}

extension ValueType<AddressLifetime> {
    /// Seconds, or `forever`.
    static let lifetime = ValueType(name: "SECONDS or forever") { word, reader in
        if word.text == "forever" { return AddressLifetime(seconds: nil) }
        let seconds = ValueType<UInt32>.integer(0...4_294_967_294).parse(word, &reader)
        return seconds.map { AddressLifetime(seconds: $0) }
    }
}

extension ValueType<UInt8> {
    /// The names of /etc/iproute2/rt_scopes that everybody has, and their numbers.
    static let scopes: [(word: String, value: UInt8)] = [
        ("global", 0), ("site", 200), ("link", 253), ("host", 254), ("nowhere", 255),
    ]

    /// How far an address reaches: a name, or its number.
    static let scope = ValueType(name: scopes.map(\.word).joined(separator: "|")) { word, reader in
        if let number = UInt8(word.text) { return number }
        return ValueType.choice("a scope", scopes).parse(word, &reader)
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
