/// A use of a definition in a line: `${NAME}`, or `$NAME` before a blank or the end of the line. Built-in
/// names may have words after them: `${_RANDOM 1 6}`.
struct DefinitionReference: Hashable, Sendable {
    /// From `$` to the end of the name or the closing brace.
    let range: Range<Int>
    let name: String
    /// Words after the name, inside the braces.
    let words: [String]
    let isBraced: Bool
    /// True in double quotes.
    let isQuoted: Bool
    /// False for a bare `$NAME` that goes on with something else, which is not replaced.
    let isComplete: Bool

    /// True for a bare `$NAME` that is a whole word after another one on `line`, outside quotes.
    func isWord(of line: [UInt8]) -> Bool {
        guard !isBraced, !isQuoted, isComplete, let before = line[..<range.lowerBound].last else {
            return false
        }
        let words = line[..<range.lowerBound].split { $0 <= 0x20 }
        // A finding names the word, and a password is not to be in a log.
        guard let keyword = words.first,
            !SecretKeywords.names.contains(String(decoding: keyword, as: UTF8.self))
        else { return false }
        return before <= 0x20
    }

    /// The first reference at or after `start`.
    static func first(in octets: [UInt8], from start: Int) -> DefinitionReference? {
        var position = 0
        var isQuoted = false
        while position < octets.count {
            switch octets[position] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "$") where position >= start:
                if let found = read(octets, position, isQuoted) { return found }
            default: break
            }
            position += 1
        }
        return nil
    }

    private static func read(_ octets: [UInt8], _ dollar: Int, _ isQuoted: Bool) -> DefinitionReference? {
        let isBraced = dollar + 1 < octets.count && octets[dollar + 1] == UInt8(ascii: "{")
        let start = dollar + (isBraced ? 2 : 1)
        let end = DefinitionName.end(octets, from: start)
        guard end > start else { return nil }
        let name = String(decoding: octets[start..<end], as: UTF8.self)
        guard isBraced else {
            let isComplete = end == octets.count || octets[end] == 0x20 || octets[end] == 0x09
            return DefinitionReference(
                range: dollar..<end, name: name, words: [], isBraced: false, isQuoted: isQuoted,
                isComplete: isComplete)
        }
        guard let close = octets[end...].firstIndex(of: UInt8(ascii: "}")),
            close == end || octets[end] <= 0x20
        else { return nil }
        let words = octets[end..<close].split(whereSeparator: { $0 <= 0x20 })
        return DefinitionReference(
            range: dollar..<(close + 1), name: name, words: words.map { String(decoding: $0, as: UTF8.self) },
            isBraced: true, isQuoted: isQuoted, isComplete: true)
    }
}

/// Keywords whose words are passwords: no finding repeats them.
package enum SecretKeywords {
    /// `auth_pass` of an instance, `password` of the key of `SSL`.
    package static let names: Set = ["auth_pass", "password"]
}
