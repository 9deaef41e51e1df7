/// docs/faults.md promises a test for each fault. A promise whose test is gone, or was renamed, is kept by
/// nobody.
enum FaultPage {
    struct Reference: Hashable {
        var suite: String
        var test: String
        var line: Int
    }

    /// What stands in backquotes in the last column of a table, as `Suite/name of the test`.
    static func references(in page: TextFile) -> [Reference] {
        rows(of: page).flatMap { row in
            parts(row.cells.last ?? "").map { text in
                let slash = text.firstIndex(of: "/") ?? text.endIndex
                return Reference(
                    suite: String(text[..<slash]), test: String(text[slash...].dropFirst()), line: row.line)
            }
        }
    }

    /// What the page must speak of.
    static let faults = [1...52, 59...67].joined().map { "F\($0)" }

    /// The faults in the first column of a table, and those of a list that says why they are in none:
    /// `- **F8**, a reason`.
    static func spoken(in page: TextFile) -> (rows: [String], reasons: [String]) {
        let words = rows(of: page).flatMap { ($0.cells.first ?? "").split { $0 == " " || $0 == "," } }
        let reasons = page.lines.compactMap { line -> String? in
            guard line.hasPrefix("- **F") else { return nil }
            return String(line.dropFirst(4).prefix { $0 != "*" })
        }
        return (words.map(String.init), reasons)
    }

    /// Faults of which the page says nothing, or both that a test shows them and that none does.
    static func unspoken(in page: TextFile) -> [Violation] {
        let (rows, reasons) = spoken(in: page)
        let all = Set(rows + reasons)
        func violations(_ faults: some Sequence<String>, _ reason: String) -> [Violation] {
            faults.sorted().map { Violation(path: page.path, line: 1, reason: "\($0): \(reason)") }
        }
        return violations(faults.filter { !all.contains($0) }, "neither in a row nor excused")
            + violations(Set(rows).intersection(reasons), "in a row and excused")
            + violations(
                all.filter { $0.first != "F" || Int($0.dropFirst()) == nil }, "no number of a fault")
    }

    /// Rows that name no test, and tests that no suite has.
    static func violations(in page: TextFile, tests: [TextFile]) -> [Violation] {
        let known = names(in: tests)
        let empty = rows(of: page).filter { parts($0.cells.last ?? "").isEmpty }.map {
            Violation(path: page.path, line: $0.line, reason: "a fault without a test")
        }
        let gone = references(in: page).filter { !known[$0.suite, default: []].contains($0.test) }.map {
            Violation(
                path: page.path, line: $0.line, reason: "\($0.suite) has no test called \"\($0.test)\"")
        }
        return empty + gone
    }

    /// Names of tests by the name of their file, without `.swift`.
    static func names(in tests: [TextFile]) -> [String: Set<String>] {
        var names: [String: Set<String>] = [:]
        for file in tests {
            let suite = String(file.name.replacing(".swift", with: ""))
            for line in file.lines {
                guard let start = line.firstRange(of: "func `") else { continue }
                names[suite, default: []].insert(String(line[start.upperBound...].prefix { $0 != "`" }))
            }
        }
        return names
    }

    /// The rows of tables below their heads.
    private static func rows(of page: TextFile) -> [(line: Int, cells: [Substring])] {
        var rows: [(line: Int, cells: [Substring])] = []
        var isBody = false
        for (index, line) in page.lines.enumerated() {
            if line.hasPrefix("|-") {
                isBody = true
            } else if !line.hasPrefix("|") {
                isBody = false
            } else if isBody {
                rows.append((index + 1, line.dropFirst().dropLast().split(separator: "|")))
            }
        }
        return rows
    }

    private static func parts(_ cell: Substring) -> [Substring] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
    }
}
