import NetTypes

/// What `iptables-save -t mangle` (or `ip6tables-save`) says about the guard's chain. Both variants of
/// iptables are understood, with and without counters; rules of others are only looked at for jumps into the
/// chain.
package struct ObservedMarkRules: Hashable, Sendable {
    /// True when the chain exists.
    package var chainExists = false
    /// The chain's rules in order; nil for one that the guard would not write.
    package var rules: [MarkRule?] = []
    /// Every rule of another chain that goes to ours, as written, starting with `-A`.
    package var references: [String] = []
    /// True when the first rule of PREROUTING is a plain jump to the chain.
    package var jumpIsFirst = false

    /// An empty table.
    package init() {}

    /// Reads the output of `iptables-save`. Tables other than mangle are passed over, as are lines that make
    /// no sense. `family` is that of the table.
    package init(parsing text: some StringProtocol, family: AddressFamily) {
        var inMangle = false
        var hookIsEmpty = true
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("*") { inMangle = line == "*mangle" }
            guard inMangle else { continue }
            if line.hasPrefix(":\(MarkRules.chain) ") { chainExists = true }
            // `iptables-save -c` puts `[packets:octets] ` before the rule.
            let rule = line.hasPrefix("[") ? line.drop { $0 != " " }.dropFirst() : line[...]
            let words = Self.words(rule)
            guard words.count > 2, words[0] == "-A" else { continue }
            let arguments = Array(words.dropFirst(2))
            if words[1] == MarkRules.chain {
                rules.append(MarkRule(parsing: arguments, family: family))
                continue
            }
            if Self.target(of: arguments) == MarkRules.chain { references.append(String(rule)) }
            if words[1] == MarkRules.hook {
                if hookIsEmpty { jumpIsFirst = arguments == ["-j", MarkRules.chain] }
                hookIsEmpty = false
            }
        }
    }

    /// Splits at blanks outside of double quotes; a backslash takes the next character as it is.
    private static func words(_ line: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: String?
        var (quoted, escaped) = (false, false)
        for character in line {
            if escaped {
                word = (word ?? "") + String(character)
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else if character == "\"" {
                quoted.toggle()
                word = word ?? ""
            } else if character == " ", !quoted {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }

    private static func target(of arguments: [String]) -> String? {
        guard let index = arguments.firstIndex(where: { $0 == "-j" || $0 == "-g" }) else { return nil }
        return arguments.dropFirst(index + 1).first
    }
}

extension MarkRule {
    /// The rule that `iptables-save` wrote as `arguments`, whatever their order and spelling; nil when it has
    /// a match, target or value that the guard's rules do not have.
    package init?(parsing arguments: [String], family: AddressFamily) {
        var options: [String: String] = [:]
        var matches: Set<String> = []
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard option.hasPrefix("-"), let value = rest.popFirst() else { return nil }
            if option == "-m" {
                matches.insert(value)
            } else if options.updateValue(value, forKey: option) != nil {
                return nil
            }
        }
        switch options.removeValue(forKey: "-j") {
        case "RETURN":
            guard matches == ["mac"], options.count == 1, let text = options["--mac-source"],
                let mac = MACAddress(text)
            else { return nil }
            self = .exempt(mac)
        case "MARK":
            self.init(marking: options, matches: matches, family: family)
        default:
            return nil
        }
    }

    private init?(marking options: [String: String], matches: Set<String>, family: AddressFamily) {
        var options = options
        guard let destination = options.removeValue(forKey: "-d").flatMap({ Prefix($0) }),
            destination.length == family.bits, destination.address.family == family,
            let name = options.removeValue(forKey: "-p"),
            let transport = TransportProtocol.allCases.first(where: { "\($0)" == name }),
            let mark =
                (options.removeValue(forKey: "--set-xmark")
                ?? options.removeValue(forKey: "--set-mark")).flatMap(Self.mark)
        else { return nil }
        var port: UInt16 = 0
        if let text = options.removeValue(forKey: "--dport") {
            guard let number = UInt16(text), number != 0, matches == [name] else { return nil }
            port = number
        } else if !matches.isSubset(of: [name]) {
            return nil
        }
        guard options.isEmpty else { return nil }
        self = .mark(transport, Endpoint(destination.address, port: port), mark)
    }

    /// `0x3/0xffffffff`, `0x3` or `3`; nil when the mask is not whole, since IPVS compares all bits.
    private static func mark(_ text: String) -> FirewallMark? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let value = number(parts[0]) else { return nil }
        guard parts.count == 1 || number(parts[1]) == .max else { return nil }
        return FirewallMark(value)
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }
}
