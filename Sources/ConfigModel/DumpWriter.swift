/// Writes indented statements; quotes words that would not be read as one.
struct DumpWriter {
    /// Passwords are stars.
    let hidesSecrets: Bool
    /// What is seen of a hidden secret.
    static let stars = "********"
    private(set) var text = ""
    private var depth = 0

    init(hidesSecrets: Bool = false) { self.hidesSecrets = hidesSecrets }

    mutating func line(_ keyword: String, _ words: [String]) {
        text += String(repeating: "    ", count: depth)
        // Where lines begin with names, not with keywords, those may need quotes, too.
        text += ([keyword] + words).map(Self.quoted).joined(separator: " ") + "\n"
    }

    mutating func line(_ words: String...) { line(words[0], Array(words.dropFirst())) }

    /// A line that whoever looks over the reader's shoulder must not see.
    mutating func secret(_ keyword: String, _ value: String) {
        line(keyword, hidesSecrets ? Self.stars : value)
    }

    mutating func block(_ keyword: String, _ words: [String], _ body: (inout DumpWriter) -> Void) {
        if depth == 0, !text.isEmpty { text += "\n" }
        text += String(repeating: "    ", count: depth)
        text += (([keyword] + words).map(Self.quoted) + ["{"]).joined(separator: " ") + "\n"
        depth += 1
        body(&self)
        depth -= 1
        text += String(repeating: "    ", count: depth) + "}\n"
    }

    mutating func block(_ words: String..., body: (inout DumpWriter) -> Void) {
        block(words[0], Array(words.dropFirst()), body)
    }

    /// Signs that people from other languages write between a keyword and its value, and the checker names.
    private static let foreign: Set = ["=", ":", "=>", ":="]

    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { octet in
            octet > 0x20 && octet < 0x80 && !"\"#!{}\\".utf8.contains(octet)
        }
        let isSeparated = word.hasSuffix(";") || word.hasSuffix(",") || foreign.contains(word)
        return isPlain && !isSeparated && !word.isEmpty ? word : "\"\(word)\""
    }
}
