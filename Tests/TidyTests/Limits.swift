/// The sizes beyond which a file or a function is split.
enum Limits {
    static let lineWidth = 110
    static let softFile = 400
    static let hardFile = 700
    static let testFile = 900
    static let function = 70

    /// Lines wider than the formatter's width. It cannot break comments and strings: people can.
    static func wideLines(in file: TextFile) -> [Violation] {
        file.lines.enumerated().compactMap { index, line in
            guard line.utf8.count > lineWidth, line.unicodeScalars.count > lineWidth else { return nil }
            return Violation(
                path: file.path, line: index + 1,
                reason: "\(line.unicodeScalars.count) columns; the limit is \(lineWidth)")
        }
    }

    /// A file beyond its limit: a hub that knows too much.
    static func longFile(_ file: TextFile) -> Violation? {
        let limit = file.path.hasPrefix("Tests/") ? testFile : hardFile
        guard file.lineCount > limit else { return nil }
        return Violation(
            path: file.path, line: limit, reason: "\(file.lineCount) lines; the limit is \(limit): split it")
    }

    /// Functions, initialisers, subscripts and computed properties beyond the limit.
    static func longFunctions(in file: SwiftFile) -> [Violation] {
        bodies(in: file).compactMap { body in
            guard body.lines > function else { return nil }
            return Violation(
                path: file.path, line: body.line,
                reason: "`\(body.name)` has \(body.lines) lines; the limit is \(function)")
        }
    }

    struct Body: Equatable {
        var name: String
        var line: Int
        /// From the keyword to the closing brace, both counted.
        var lines: Int
    }

    /// Every body of code that has a name.
    static func bodies(in file: SwiftFile) -> [Body] {
        let code = file.code
        return code.indices.compactMap { index in
            let token = code[index]
            guard token.kind == .word, !(index > 0 && code[index - 1].reads(".")) else { return nil }
            let name: String
            switch token.text {
            case "func", "var": name = index + 1 < code.count ? code[index + 1].text : ""
            case "init", "deinit", "subscript": name = token.text
            default: return nil
            }
            guard let open = opening(code, after: index, isProperty: token.text == "var") else { return nil }
            let end = closing(code, open)
            return Body(name: name, line: token.line, lines: code[end].line - token.line + 1)
        }
    }

    /// Words that begin another declaration: the one before had no body.
    private static let declarations: Set = [
        "func", "var", "let", "init", "deinit", "subscript", "case", "struct", "class", "enum", "protocol",
        "extension", "typealias", "import", "static", "mutating", "package", "private", "fileprivate",
        "internal",
        "public", "override", "indirect", "associatedtype", "return", "if", "guard", "for", "while", "switch",
        "else", "defer", "do", "repeat",
    ]

    /// The brace that begins the body of the declaration at `start`; nil when it has none.
    private static func opening(_ code: [Token], after start: Int, isProperty: Bool) -> Int? {
        var depth = 0
        for index in (start + 1)..<max(code.count, start + 1) {
            let token = code[index]
            if token.kind == .word, depth == 0, declarations.contains(token.text),
                token.line != code[index - 1].line || code[index - 1].reads(";")
            {
                return nil
            }
            guard token.kind == .sign else { continue }
            switch token.text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return index
            case "}" where depth == 0: return nil
            case "=" where depth == 0 && isProperty: return nil
            case "@" where depth == 0 && token.line != code[index - 1].line: return nil
            default: continue
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    /// The brace that closes the one at `open`, or the end of the file.
    static func closing(_ code: [Token], _ open: Int) -> Int {
        var depth = 0
        for index in open..<code.count where code[index].kind == .sign {
            if code[index].text == "{" { depth += 1 }
            if code[index].text == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return code.count - 1
    }
}
