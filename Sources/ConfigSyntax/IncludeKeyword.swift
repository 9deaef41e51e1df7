/// The statements that read other files in place.
package enum IncludeKeyword: String, Hashable, Sendable, CaseIterable {
    /// The plain form: a pattern may match nothing.
    case include
    /// `includer`: what matches must be readable.
    case includer
    /// `includem`: the pattern must match something.
    case includem
    /// `includew`: a pattern with wildcards must match something.
    case includew
    /// `includeb`: each alternative in braces must match something.
    case includeb
    /// `includea`: all of these.
    case includea

    /// The form that `word` is, if it is one. Every statement of a file is asked, so the answer is quick.
    package init?(_ word: Word) { self.init(text: word.text) }

    /// The same of a word of a file of those octets; there is no escape in any form.
    init?(_ word: Token, in octets: [UInt8]) {
        let content = octets[word.content(in: octets)]
        guard content.first == UInt8(ascii: "i") else { return nil }
        self.init(text: String(decoding: content, as: UTF8.self))
    }

    init?(text: String) {
        guard text.utf8.first == UInt8(ascii: "i"), text.utf8.starts(with: "include".utf8) else {
            return nil
        }
        self.init(rawValue: text)
    }

    /// True when the whole pattern must match something; `isWild` says that it has wildcards.
    func needsMatch(isWild: Bool) -> Bool {
        switch self {
        case .include, .includer, .includeb: false
        case .includem, .includea: true
        case .includew: isWild
        }
    }

    /// True when each of the alternatives in braces must match something.
    var needsEachAlternative: Bool { self == .includeb || self == .includea }
}

/// A file that is being read, and the include that named it.
struct IncludeLink {
    let path: String
    /// The file's one name, see `Surroundings.name`.
    let name: String
    /// nil for the first file.
    let from: Span?
}

extension SyntaxLoader {
    /// The files that an include names, seen from the file at `base`; nil when that cannot be told. A name
    /// without wildcards is a path whether or not a file is there, so that the reader can say what is wrong
    /// with it.
    mutating func includedPaths(
        _ statement: Statement, _ written: IncludeKeyword, base: String
    ) -> [String]? {
        let form = surroundings.needsAllFiles ? IncludeKeyword.includea : written
        func refuse(_ code: DiagnosticCode, _ text: String, _ span: Span) -> [String]? {
            diagnostics.report(Diagnostic(code, text, at: Label(span)))
            return nil
        }
        let keyword = statement.keyword
        guard let name = statement.arguments.first, !name.text.isEmpty else {
            return refuse(.missingValue, "\(keyword.text) needs a file name", keyword.span)
        }
        if statement.arguments.count > 1 {
            return refuse(
                .unexpectedWord, "unexpected \"\(statement.arguments[1].text)\" after the file name",
                statement.arguments[1].span)
        }
        guard let alternatives = FilePattern.alternatives(Self.resolve(name.text, relativeTo: base)) else {
            return refuse(.noMatchingFile, "\(name.text) stands for too many names", name.span)
        }
        let isWild = FilePattern.hasWildcard(name.text)
        var paths: [String] = []
        for alternative in alternatives {
            let found =
                FilePattern.hasWildcard(alternative)
                ? FilePattern.files(matching: alternative, list: surroundings.list) : [alternative]
            if found.isEmpty, alternatives.count > 1, form.needsEachAlternative {
                return refuse(.noMatchingFile, "no file matches \(alternative)", name.span)
            }
            paths += found.filter { !paths.contains($0) }
        }
        if paths.isEmpty, form.needsMatch(isWild: isWild) {
            return refuse(.noMatchingFile, "no file matches \(name.text)", name.span)
        }
        if paths.isEmpty {
            let list = surroundings.list(Self.directory(of: alternatives))
            let reason = if case .failure(let problem) = list { ": \(problem.reason)" } else { "" }
            diagnostics.report(
                Diagnostic(
                    .uselessPattern, "\(name.text) matches no file\(reason)", at: Label(name.span),
                    notes: ["nothing is included"]))
        }
        return paths
    }

    /// The directory part of the first pattern, as far as it has no wildcards.
    private static func directory(of patterns: [String]) -> String {
        let path = patterns.first ?? ""
        let plain = path.split(separator: "/", omittingEmptySubsequences: false)
            .prefix { !FilePattern.hasWildcard($0) }.joined(separator: "/")
        return plain.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : plain
    }
}
