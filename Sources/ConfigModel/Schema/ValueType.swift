import ConfigSyntax
import NetTypes
import Timekeeping

/// A kind of argument: how one word becomes a value, and what people call it.
struct ValueType<Value: Sendable>: Sendable {
    /// `SECONDS`, `1...255`, as the schema shows it.
    let name: String
    /// The value; nil when the word is none, which was reported.
    let parse: @Sendable (Word, inout SchemaReader) -> Value?
}

/// The outcome of reading a number.
private enum Number {
    case value(Int64)
    case tooLarge
    case none

    /// Decimal digits with an optional sign. `scale` decimals may follow a point; the value is then in units
    /// of 10^-scale.
    static func parse(_ text: String, scale: Int = 0) -> Number {
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        var (value, decimals, count, isTooLarge) = (0 as Int64, nil as Int?, 0, false)
        for octet in digits {
            if octet == UInt8(ascii: "."), scale > 0, decimals == nil {
                decimals = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet),
                decimals ?? 0 < scale || decimals == nil
            else { return .none }
            isTooLarge = !append(Int64(octet - UInt8(ascii: "0")), to: &value) || isTooLarge
            decimals = decimals.map { $0 + 1 }
            count += 1
        }
        guard count > 0 else { return .none }
        for _ in (decimals ?? 0)..<scale { isTooLarge = !append(0, to: &value) || isTooLarge }
        return isTooLarge ? .tooLarge : .value(isNegative ? -value : value)
    }

    private static func append(_ digit: Int64, to value: inout Int64) -> Bool {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, more) = tens.addingReportingOverflow(digit)
        guard !overflow, !more else { return false }
        value = sum
        return true
    }
}

extension ValueType {
    /// A whole number within `range`.
    static func integer(_ range: ClosedRange<Value>) -> ValueType where Value: FixedWidthInteger {
        let name = "\(range.lowerBound)...\(range.upperBound)"
        let help = ["write a whole number from \(range.lowerBound) to \(range.upperBound)"]
        return ValueType(name: name) { word, reader in
            switch Number.parse(word.text) {
            case .value(let number):
                if let value = Value(exactly: number), range.contains(value) { return value }
                reader.report(.outOfRange, "\(word.text) is outside \(name)", at: word.span, help: help)
            case .tooLarge:
                reader.report(.outOfRange, "\(word.text) is outside \(name)", at: word.span, help: help)
            case .none:
                let meant = Suggestion.digits(in: Suggestion.unpunctuated(word.text))
                var suggested: String?
                if case .value(let number) = Number.parse(meant), Value(exactly: number) != nil {
                    suggested = meant
                }
                reader.report(
                    .invalidNumber, "\"\(word.text)\" is not a number", at: word.span,
                    help: suggested == nil ? help : [], suggestion: suggested)
            }
            return nil
        }
    }
}

extension ValueType<UInt16> {
    /// A port of a service.
    static let port = ValueType(name: "PORT", parse: integer(1...65535).parse)
}

extension ValueType<FirewallMark> {
    /// A netfilter mark, decimal.
    static let mark = ValueType(name: "MARK") { word, reader in
        ValueType<UInt32>.integer(1 ... .max).parse(word, &reader).flatMap { FirewallMark($0) }
    }
}

extension ValueType<Interval> {
    /// Seconds, with up to six decimals, within `range` (in microseconds).
    static func seconds(microseconds range: ClosedRange<Int64>) -> ValueType {
        ValueType(name: "SECONDS") { word, reader in
            switch Number.parse(word.text, scale: 6) {
            case .value(let value) where range.contains(value):
                return .microseconds(value)
            case .value, .tooLarge:
                let (low, high) = (seconds(range.lowerBound), seconds(range.upperBound))
                reader.report(
                    .outOfRange, "\(word.text) is outside \(low)...\(high) seconds", at: word.span)
            case .none:
                let meant = withoutUnit(word.text)
                let help = "write seconds without a unit, with at most six decimals: 2.5"
                reader.report(
                    .invalidNumber, "\"\(word.text)\" is not a number of seconds", at: word.span,
                    help: meant == nil ? [help] : [], suggestion: meant)
            }
            return nil
        }
    }

    /// The seconds of `3s`, `500ms` or `2min`, for people; nil for anything else.
    private static func withoutUnit(_ text: String) -> String? {
        let text = Suggestion.unpunctuated(text.lowercased())
        for (unit, scale) in [("ms", 1_000), ("us", 1), ("min", 60_000_000), ("m", 60_000_000)]
            + ["sec", "secs", "seconds", "s", ""].map({ ($0, 1_000_000) })
        where text.hasSuffix(unit) {
            guard case .value(let number) = Number.parse(String(text.dropLast(unit.count))), number >= 0
            else { continue }
            let (value, isTooLarge) = number.multipliedReportingOverflow(by: Int64(scale))
            return isTooLarge ? nil : seconds(value)
        }
        return nil
    }

    /// Microseconds as decimal seconds, without trailing zeros.
    static func seconds(_ microseconds: Int64) -> String {
        let (whole, rest) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var text = "\(microseconds < 0 ? "-" : "")\(whole)"
        guard rest > 0 else { return text }
        var decimals = String(rest)
        decimals = String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        text += "." + decimals
        return text
    }

    /// A time out: more than nothing, at most a day.
    static let timeout = seconds(microseconds: 1...86_400_000_000)
    /// A wait that may be none, at most a day.
    static let delay = seconds(microseconds: 0...86_400_000_000)
}

extension ValueType<Bool> {
    /// keepalived's BOOL.
    static let boolean = ValueType<Bool>.choice(
        "on or off",
        [("on", true), ("off", false), ("true", true), ("false", false), ("yes", true), ("no", false)])
}

extension ValueType {
    /// One of the listed words, case aside.
    static func choice(_ name: String, _ choices: [(word: String, value: Value)]) -> ValueType {
        ValueType(name: choices.map(\.word).joined(separator: "|")) { word, reader in
            let wanted = word.text.lowercased()
            if let choice = choices.first(where: { $0.word.lowercased() == wanted }) { return choice.value }
            let words = choices.map(\.word)
            let near = Suggestion.nearest(to: word.text, among: words)
            reader.report(
                .unknownChoice, "\"\(word.text)\" is not \(name)",
                at: word.span, help: ["one of \(words.joined(separator: ", "))"], suggestion: near)
            return nil
        }
    }
}

extension ValueType<IPAddress> {
    /// What is wrong with four parts between points; empty for anything else.
    private static func wrongPart(of text: String) -> [String] {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let wrong = parts.first(where: { UInt8($0) == nil }) else { return [] }
        return ["\"\(wrong)\" is not a number from 0 to 255"]
    }

    /// What people write instead of an address: letters for digits, an address with a port behind a colon, a
    /// network.
    private static func meant(by text: String) -> String? {
        let digits = Suggestion.digits(in: Suggestion.unpunctuated(text))
        if IPAddress(digits) != nil { return digits }
        if let slash = text.firstIndex(of: "/"), IPAddress(text[..<slash]) != nil {
            return String(text[..<slash])
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            port > 0
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return IPAddress(host) == nil ? nil : "\(host) \(port)"
    }

    /// An address of either family that one host can have.
    static let address = ValueType(name: "ADDRESS") { word, reader in
        guard let address = IPAddress(word.text) else {
            let meant = meant(by: word.text)
            reader.report(
                .invalidAddress, "\"\(word.text)\" is not an IP address", at: word.span,
                help: meant == nil ? wrongPart(of: word.text) : [], suggestion: meant)
            return nil
        }
        guard !address.isMulticast, !address.isUnspecified else {
            reader.report(.invalidAddress, "\(word.text) is not the address of a host", at: word.span)
            return nil
        }
        return address
    }

    /// A multicast group of either family.
    static let group = ValueType(name: "GROUP") { word, reader in
        if let address = IPAddress(word.text), address.isMulticast { return address }
        reader.report(.invalidAddress, "\"\(word.text)\" is not a multicast group", at: word.span)
        return nil
    }
}

extension ValueType<MACAddress> {
    /// The Ethernet address of one interface.
    static let mac = ValueType(name: "MAC") { word, reader in
        guard let address = MACAddress(word.text) else {
            reader.report(
                .invalidMAC, "\"\(word.text)\" is not an Ethernet address", at: word.span,
                help: ["write six pairs of hexadecimal digits: 02:00:00:00:00:0b"])
            return nil
        }
        guard !address.isMulticast, address.rawValue != 0 else {
            reader.report(.invalidMAC, "\(word.text) is not the address of one interface", at: word.span)
            return nil
        }
        return address
    }
}

extension ValueType<String> {
    /// A network interface's name: 1...15 octets (IFNAMSIZ of linux/if.h), no blank, no "/".
    static let interface = ValueType(name: "INTERFACE") { word, reader in
        let text = word.text
        guard (1...15).contains(text.utf8.count), text != ".", text != "..",
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") })
        else {
            reader.report(.invalidName, "\"\(text)\" cannot be an interface name", at: word.span)
            return nil
        }
        // The kernel would allow it; who writes it comes from another language.
        let plain = Suggestion.unpunctuated(text)
        guard plain == text || word.isQuoted else {
            reader.report(
                .invalidName, "\"\(text)\" ends with a character that no interface's name ends with",
                at: word.span, help: ["put it into quotes if it does"], suggestion: plain)
            return nil
        }
        return text
    }

    /// Any word but an empty one.
    static func name(_ name: String) -> ValueType {
        ValueType(name: name) { word, reader in
            if !word.text.isEmpty { return word.text }
            reader.report(.invalidName, "\(name) cannot be empty", at: word.span)
            return nil
        }
    }

    /// A password; not the stars that a dump has in its place.
    static let password = ValueType(name: "PASSWORD") { word, reader in
        guard word.text == DumpWriter.stars else { return name("PASSWORD").parse(word, &reader) }
        reader.report(
            .invalidName, "these stars stand for a password that a dump does not show", at: word.span,
            help: ["write the password itself: holdfast dump --secrets prints it"])
        return nil
    }

    /// A word that goes into an HTTP request line or header: printable ASCII without blanks.
    static func httpText(_ name: String, prefix: String = "") -> ValueType {
        ValueType(name: name) { word, reader in
            let text = word.text
            if !text.isEmpty, text.hasPrefix(prefix), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
                return text
            }
            let start = prefix.isEmpty ? "" : " that begins with \"\(prefix)\""
            var meant: String?
            if !prefix.isEmpty, !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
                // Of a URL, what comes after the host.
                let rest = text.firstRange(of: "://").map { text[$0.upperBound...].drop { $0 != "/" } }
                meant = rest.map { $0.isEmpty ? prefix : String($0) } ?? prefix + text
            }
            reader.report(
                .invalidName, "\"\(text)\" is not \(name)\(start)", at: word.span,
                help: meant == nil
                    ? ["printable ASCII characters without blanks; write others as %XX"] : [],
                suggestion: meant)
            return nil
        }
    }
}
