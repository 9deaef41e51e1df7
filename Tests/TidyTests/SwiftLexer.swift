/// A piece of Swift source, as far as the rules need to tell pieces apart.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// An identifier, keyword or number.
        case word
        /// An identifier between backticks.
        case quotedWord
        /// One character that is none of the others.
        case sign
        /// The text of a string literal between its quotes and interpolations.
        case string
        /// A comment with its slashes.
        case comment
    }

    var kind: Kind
    var text: String
    /// Counted from 1, where the token begins.
    var line: Int
    /// Nothing stands between this token and the one before it.
    var adjacent: Bool

    /// True for a keyword, identifier or sign that reads `text`.
    func reads(_ text: String) -> Bool { (kind == .word || kind == .sign) && self.text == text }
}

/// Cuts Swift source into tokens. It knows nested comments, every form of string literal with interpolations
/// and raw identifiers, so that a brace in a string is no brace and a word in a comment is no call. It does
/// not know regular expression literals; the project has none.
struct SwiftLexer {
    private let octets: [UInt8]
    private var place = 0
    private var line = 1
    private var lastEnd = -1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = SwiftLexer(octets: Array(text.utf8))
        lexer.code(insideInterpolation: false)
        return lexer.tokens
    }

    private init(octets: [UInt8]) { self.octets = octets }

    private func octet(_ ahead: Int = 0) -> UInt8 { place + ahead < octets.count ? octets[place + ahead] : 0 }

    private func sees(_ text: StaticString, ahead: Int = 0) -> Bool {
        octets.dropFirst(place + ahead).starts(with: "\(text)".utf8)
    }

    private mutating func step(_ count: Int = 1) {
        for _ in 0..<count where place < octets.count {
            if octets[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
    }

    private mutating func emit(_ kind: Token.Kind, from start: Int, to end: Int, line: Int) {
        let text = String(decoding: octets[min(start, end)..<end], as: UTF8.self)
        tokens.append(Token(kind: kind, text: text, line: line, adjacent: start == lastEnd))
        lastEnd = place
    }

    private static func isWord(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// Reads code up to the end, or up to the parenthesis that closes an interpolation.
    private mutating func code(insideInterpolation: Bool) {
        var depth = 0
        while place < octets.count {
            let start = place
            let first = line
            switch octet() {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                step()
            case UInt8(ascii: "/") where octet(1) == UInt8(ascii: "/"):
                while place < octets.count, octet() != UInt8(ascii: "\n") { step() }
                emit(.comment, from: start, to: place, line: first)
            case UInt8(ascii: "/") where octet(1) == UInt8(ascii: "*"):
                blockComment()
                emit(.comment, from: start, to: place, line: first)
            case UInt8(ascii: "`"):
                step()
                while place < octets.count, octet() != UInt8(ascii: "`") { step() }
                step()
                emit(.quotedWord, from: start + 1, to: max(start + 1, place - 1), line: first)
            case UInt8(ascii: "\""):
                string(hashes: 0)
            case UInt8(ascii: "#") where startsRawString:
                var hashes = 0
                while octet(hashes) == UInt8(ascii: "#") { hashes += 1 }
                step(hashes)
                string(hashes: hashes)
            case let octet where Self.isWord(octet):
                while place < octets.count, Self.isWord(self.octet()) { step() }
                emit(.word, from: start, to: place, line: first)
            default:
                if octet() == UInt8(ascii: "(") { depth += 1 }
                if octet() == UInt8(ascii: ")") { depth -= 1 }
                if insideInterpolation, depth < 0 { return }
                step()
                emit(.sign, from: start, to: place, line: first)
            }
        }
    }

    private var startsRawString: Bool {
        var hashes = 0
        while octet(hashes) == UInt8(ascii: "#") { hashes += 1 }
        return octet(hashes) == UInt8(ascii: "\"")
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                step(2)
            } else if sees("*/") {
                depth -= 1
                step(2)
            } else {
                step()
            }
        } while depth > 0 && place < octets.count
    }

    /// At the opening quote of a literal with so many `#` before it.
    private mutating func string(hashes: Int) {
        let isMultiline = sees("\"\"\"")
        let quotes = isMultiline ? 3 : 1
        step(quotes)
        var start = place
        var first = line
        while place < octets.count {
            if octet() == UInt8(ascii: "\""), closes(quotes: quotes, hashes: hashes) {
                let end = place
                step(quotes + hashes)
                emit(.string, from: start, to: end, line: first)
                return
            }
            guard octet() == UInt8(ascii: "\\"), follows(hashes: hashes) else {
                step()
                continue
            }
            let end = place
            step(1 + hashes)
            guard octet() == UInt8(ascii: "(") else {
                step()
                continue
            }
            step()
            emit(.string, from: start, to: end, line: first)
            code(insideInterpolation: true)
            step()
            (start, first) = (place, line)
        }
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        for ahead in 0..<quotes where octet(ahead) != UInt8(ascii: "\"") { return false }
        for ahead in 0..<hashes where octet(quotes + ahead) != UInt8(ascii: "#") { return false }
        return true
    }

    private func follows(hashes: Int) -> Bool {
        for ahead in 0..<hashes where octet(1 + ahead) != UInt8(ascii: "#") { return false }
        return true
    }
}
