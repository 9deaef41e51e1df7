import ConfigSyntax

/// Splits the value of a command keyword into a program and its arguments, as keepalived does: blanks
/// separate, single and double quotes keep blanks, and a backslash introduces `\a \b \E \f \n \r \t \v \NNN
/// \xXX \cC`, or stands for the character after it. No shell is involved.
enum CommandWords {
    /// At most this many words.
    static let maximumCount = 256

    static func split(_ text: String) -> Result<[String], FileProblem> {
        var splitter = Splitter(octets: Array(text.utf8))
        return splitter.run()
    }

    /// `text` with its escapes replaced and nothing else changed: the value of `regex`.
    static func unescaped(_ text: String) -> Result<String, FileProblem> {
        var splitter = Splitter(octets: Array(text.utf8))
        return splitter.unescape()
    }

    /// `text` so that `unescaped` gives it back and that it can stand in double quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += hex(UInt8(ascii: "\""))
            case "\u{0}"..."\u{1F}", "\u{7F}": result += hex(UInt8(truncatingIfNeeded: character.value))
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// The words as one text that `split` takes apart again and that can stand in double quotes.
    static func joined(_ words: [String]) -> String {
        words.map { word in
            var quoted = ""
            for octet in word.utf8 {
                switch octet {
                case UInt8(ascii: "\\"): quoted += "\\\\"
                case UInt8(ascii: "\""), UInt8(ascii: "'"), 0...0x1F, 0x7F, 0x80...: quoted += hex(octet)
                default: quoted += String(UnicodeScalar(octet))
                }
            }
            return quoted.isEmpty || quoted.contains(" ") ? "'\(quoted)'" : quoted
        }.joined(separator: " ")
    }

    private static func hex(_ octet: UInt8) -> String {
        "\\x" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }

    private struct Splitter {
        let octets: [UInt8]
        var position = 0
        var words: [String] = []
        var current: [UInt8]?
        var quote: UInt8?
        var isText = true

        mutating func run() -> Result<[String], FileProblem> {
            while position < octets.count {
                let octet = octets[position]
                position += 1
                switch octet {
                case UInt8(ascii: "\\"):
                    guard let value = escape() else { return .failure(FileProblem("unknown escape")) }
                    current = (current ?? []) + [value]
                case UInt8(ascii: "'"), UInt8(ascii: "\""):
                    if quote == nil {
                        quote = octet
                        current = current ?? []
                    } else if quote == octet {
                        quote = nil
                    } else {
                        current = (current ?? []) + [octet]
                    }
                case UInt8(ascii: " ") where quote == nil, UInt8(ascii: "\t") where quote == nil:
                    finish()
                default:
                    current = (current ?? []) + [octet]
                }
            }
            guard quote == nil else { return .failure(FileProblem("a quote in the command is not closed")) }
            finish()
            guard !words.isEmpty else { return .failure(FileProblem("the command is empty")) }
            guard isText else { return .failure(FileProblem("the command is not UTF-8")) }
            guard words.count <= CommandWords.maximumCount, !words.contains(where: { $0.utf8.contains(0) })
            else { return .failure(FileProblem("the command cannot be passed to a program")) }
            return .success(words)
        }

        mutating func unescape() -> Result<String, FileProblem> {
            var result: [UInt8] = []
            while position < octets.count {
                let octet = octets[position]
                position += 1
                guard octet == UInt8(ascii: "\\") else {
                    result.append(octet)
                    continue
                }
                guard let value = escape() else { return .failure(FileProblem("unknown escape")) }
                result.append(value)
            }
            let text = String(decoding: result, as: UTF8.self)
            guard text.utf8.elementsEqual(result) else { return .failure(FileProblem("not UTF-8")) }
            return .success(text)
        }

        private mutating func finish() {
            if let current {
                let word = String(decoding: current, as: UTF8.self)
                isText = isText && word.utf8.elementsEqual(current)
                words.append(word)
            }
            current = nil
        }

        private mutating func escape() -> UInt8? {
            guard position < octets.count else { return nil }
            let letter = octets[position]
            position += 1
            switch letter {
            case UInt8(ascii: "a"): return 0x07
            case UInt8(ascii: "b"): return 0x08
            case UInt8(ascii: "E"): return 0x1B
            case UInt8(ascii: "f"): return 0x0C
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            case UInt8(ascii: "v"): return 0x0B
            case UInt8(ascii: "x"): return number(radix: 16, digits: 2)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                position -= 1
                return number(radix: 8, digits: 3)
            case UInt8(ascii: "c"):
                guard position < octets.count else { return nil }
                position += 1
                return octets[position - 1] & 0x1F
            default: return letter
            }
        }

        private mutating func number(radix: Int, digits: Int) -> UInt8? {
            var value: Int?
            var count = 0
            while count < digits, position < octets.count,
                let digit = Int(String(UnicodeScalar(octets[position])), radix: radix)
            {
                value = (value ?? 0) * radix + digit
                position += 1
                count += 1
            }
            return value.flatMap { UInt8(exactly: $0) }
        }
    }
}
