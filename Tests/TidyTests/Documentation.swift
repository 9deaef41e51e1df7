/// What other targets can use says what it is: units, ranges, errors, source. The formatter checks `public`
/// only.
enum Documentation {
    private static let keywords: Set = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "actor", "protocol",
        "typealias",
    ]
    private static let modifiers: Set = [
        "package", "public", "open", "static", "final", "mutating", "nonmutating", "consuming", "borrowing",
        "indirect", "lazy", "weak", "unowned", "override", "convenience", "required", "nonisolated", "unsafe",
        "isolated", "prefix", "postfix", "infix", "private", "fileprivate", "set", "dynamic", "unchecked",
    ]

    /// `package` and `public` declarations, and requirements of such protocols, without a comment above them.
    static func violations(in file: SwiftFile) -> [Violation] {
        let code = file.code
        var found: [Violation] = []
        for index in code.indices where code[index].reads("package") || code[index].reads("public") {
            guard let keyword = keyword(code, after: index) else { continue }
            if !isDocumented(code[index].line, file.file) { found.append(missing(code, keyword, file)) }
            guard code[keyword].reads("protocol") else { continue }
            found += requirements(code, after: keyword).filter { !isDocumented(code[$0].line, file.file) }
                .map { missing(code, $0, file) }
        }
        return found
    }

    private static func missing(_ code: [Token], _ keyword: Int, _ file: SwiftFile) -> Violation {
        let name =
            keyword + 1 < code.count && code[keyword + 1].kind != .sign ? " \(code[keyword + 1].text)" : ""
        return file.violation(code[keyword], "`\(code[keyword].text)\(name)` has no documentation comment")
    }

    /// The keyword of the declaration whose modifier is at `index`; nil for an import, an extension or
    /// another use.
    private static func keyword(_ code: [Token], after index: Int) -> Int? {
        var next = index + 1
        while next < code.count {
            let token = code[next]
            // `class func` and `class var` are modifiers too; the project has no classes to inherit from.
            if token.kind == .word, keywords.contains(token.text) { return next }
            guard modifiers.contains(token.text) || token.reads("(") || token.reads(")") else { return nil }
            next += 1
        }
        return nil
    }

    /// The keywords of a protocol's requirements.
    private static func requirements(_ code: [Token], after keyword: Int) -> [Int] {
        guard let open = code[keyword...].firstIndex(where: { $0.reads("{") }) else { return [] }
        let end = Limits.closing(code, open)
        var depth = 0
        return (open..<end).filter { index in
            if code[index].reads("{") { depth += 1 }
            if code[index].reads("}") { depth -= 1 }
            return depth == 1 && code[index].kind == .word && keywords.contains(code[index].text)
        }
    }

    /// A `///` line stands above the declaration, attributes between them allowed.
    private static func isDocumented(_ line: Int, _ file: TextFile) -> Bool {
        var above = line - 2
        while above >= 0, file.lines[above].trimmed.hasPrefix("@") { above -= 1 }
        guard above >= 0 else { return false }
        let text = file.lines[above].trimmed
        return text.hasPrefix("///") && text.count > 4
    }
}

extension Substring {
    /// Without blanks at the beginning.
    var trimmed: Substring { drop { $0 == " " || $0 == "\t" } }
}
