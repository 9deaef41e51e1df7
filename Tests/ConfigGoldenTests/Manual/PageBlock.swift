import Foundation
import Testing

/// A fenced block of a page. What stands behind the first fence says what becomes of it:
///
/// - `conf NAME`: a complete configuration, the file NAME of the blocks that follow.
/// - `sh`: commands that need no kernel, network or daemon. They are run as they stand.
/// - `sh on-a`, `sh on-b`: commands on a director of the tutorial's pair. `TutorialTests` runs them.
/// - `sh by-hand`: commands that change a machine, do not end, or take long; in a list with the reasons.
/// - Nothing, or another language: no commands.
struct PageBlock: Hashable, CustomTestStringConvertible {
    enum Kind: Hashable {
        case configuration(String)
        case anywhere
        case onDirector
        case byHand
        case other
        /// A word that none of these knows.
        case unknown
    }

    var page: String
    /// Of the first fence.
    var line: Int
    var info: String
    var text: String

    var testDescription: String { "\(page):\(line)" }

    var kind: Kind {
        let words = info.split(separator: " ").map(String.init)
        switch words.joined(separator: " ") {
        case "", "text", "mermaid": return .other
        case "sh": return .anywhere
        case "sh on-a", "sh on-b": return .onDirector
        case "sh by-hand": return .byHand
        default: return words.count == 2 && words[0] == "conf" ? .configuration(words[1]) : .unknown
        }
    }

    /// Commands of a block of commands: a line each, without comments and what goes on from the line before.
    var commands: [String] {
        var isContinued = false
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { line in
            defer { isContinued = line.hasSuffix("\\") }
            return !isContinued && !line.hasPrefix("#") && !line.isEmpty
        }
    }

    /// Every fenced block of a text; one without an end goes to the end of the page.
    static func blocks(of text: String, page: String) -> [PageBlock] {
        var blocks: [PageBlock] = []
        var open: (line: Int, info: String, lines: [Substring])?
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let bare = line.drop { $0 == " " }
            guard bare.hasPrefix("```") else {
                open?.lines.append(line)
                continue
            }
            if let block = open {
                blocks.append(
                    PageBlock(
                        page: page, line: block.line, info: block.info,
                        text: block.lines.joined(separator: "\n") + "\n"))
                open = nil
            } else {
                open = (index + 1, bare.dropFirst(3).trimmingCharacters(in: .whitespaces), [])
            }
        }
        if let block = open {
            blocks.append(
                PageBlock(
                    page: page, line: block.line, info: block.info,
                    text: block.lines.joined(separator: "\n")))
        }
        return blocks
    }
}
