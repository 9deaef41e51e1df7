import Foundation

/// A broken rule, in a form that editors and people can follow.
struct Violation: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var reason: String

    var description: String { "\(path):\(line): \(reason)" }
}

extension [Violation] {
    /// One violation a line, for the message of a failing test.
    var report: String { map(\.description).joined(separator: "\n") }
}

/// A text file of the project.
struct TextFile: Sendable {
    /// From the top of the repository: `Sources/VRRP/Router.swift`.
    let path: String
    let text: String
    /// Without their ends.
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// As `wc -l` counts.
    var lineCount: Int { lines.count - (lines.last?.isEmpty == true ? 1 : 0) }
    /// `Router.swift`.
    var name: Substring { path.split(separator: "/").last ?? "" }
    /// `VRRP` in `Sources/VRRP/Router.swift`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}

/// A Swift file with its tokens.
struct SwiftFile: Sendable {
    let file: TextFile
    /// Comments included.
    let tokens: [Token]
    /// Without comments.
    let code: [Token]

    init(_ file: TextFile) {
        self.file = file
        tokens = SwiftLexer.tokens(of: file.text)
        code = tokens.filter { $0.kind != .comment }
    }

    /// A snippet, for tests of the rules themselves.
    init(_ text: String, at path: String = "Sources/VRRP/Snippet.swift") {
        self.init(TextFile(path: path, text: text))
    }

    var path: String { file.path }
    var target: String { file.target }

    func violation(_ token: Token, _ reason: String) -> Violation {
        Violation(path: path, line: token.line, reason: reason)
    }
}

/// The working copy that the tests were built from.
enum Repository {
    /// The directory of Package.swift, three levels above this file.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every text file of the project; build products and version control are not of it.
    static let files: [TextFile] = read()

    static let sources = swiftFiles(under: "Sources/")
    static let tests = swiftFiles(under: "Tests/")
    static let manifest = SwiftFile(
        files.first { $0.path == "Package.swift" } ?? TextFile(path: "", text: ""))

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func swiftFiles(under prefix: String) -> [SwiftFile] {
        files.filter { $0.path.hasPrefix(prefix) && $0.path.hasSuffix(".swift") }.map(SwiftFile.init)
    }

    private static func read() -> [TextFile] {
        // Not tracked: these, and everything under hidden directories but `.ci`.
        let skipped: Set = ["Package.resolved", "out"]
        let tops = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        var found: [String] = []
        for top in tops where !skipped.contains(top) && (!top.hasPrefix(".") || top == ".ci") {
            let path = root.appending(path: top).path
            // A file has nothing below it, and a directory does not read as text.
            let below = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
            found += [top] + below.filter { !$0.contains("/.") && !$0.hasPrefix(".") }.map { "\(top)/\($0)" }
        }
        return found.sorted().compactMap { path in
            guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
                return nil
            }
            return TextFile(path: path, text: text)
        }
    }
}
