/// docs/conformance.md: every rule of VRRP with a test that it is kept and one that a breach is noticed.
enum Conformance {
    /// One row `| R1 | what it says | `Suite/test` | `Suite/test` |`.
    struct Row: Hashable {
        var rule: String
        var line: Int
        /// What stands in the two columns of tests, one list each.
        var positive: [String]
        var negative: [String]
    }

    /// The rules' names, in order.
    static let rules = (1...73).map { "R\($0)" }

    static func rows(of page: TextFile) -> [Row] {
        page.lines.enumerated().compactMap { index, line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            guard cells.count == 6 else { return nil }
            let rule = cells[1].filter { $0 != " " }
            guard rule.first == "R", rule.count > 1, rule.dropFirst().allSatisfy(\.isNumber) else {
                return nil
            }
            return Row(
                rule: rule, line: index + 1, positive: tests(in: cells[3]),
                negative: tests(in: cells[4]))
        }
    }

    /// The words in backquotes.
    private static func tests(in cell: Substring) -> [String] {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }

    /// Everything in backquotes that has the form `Suite/test`.
    static func references(in page: TextFile) -> [String] {
        page.lines.flatMap { tests(in: Substring($0)) }.filter { name in
            name.prefix { $0 != "/" }.hasSuffix("Tests") && name.contains("/") && !name.hasPrefix("Tests")
        }
    }

    /// Rules without a row, rows without tests, and tests that do not exist or stand for both.
    static func violations(in page: TextFile, existing: Set<String>) -> [Violation] {
        let rows = rows(of: page)
        func violation(_ line: Int, _ reason: String) -> Violation {
            Violation(path: page.path, line: line, reason: reason)
        }
        var found: [Violation] = []
        if rows.map(\.rule) != rules {
            let missing = Set(rules).subtracting(rows.map(\.rule)).sorted()
            found.append(violation(1, "the rules are not R1 to R73 in order; missing: \(missing)"))
        }
        for row in rows {
            if row.positive.isEmpty { found.append(violation(row.line, "\(row.rule) has no positive test")) }
            if row.negative.isEmpty { found.append(violation(row.line, "\(row.rule) has no negative test")) }
            for name in Set(row.positive).intersection(row.negative).sorted() {
                found.append(violation(row.line, "\(row.rule): `\(name)` cannot be both tests"))
            }
            for name in row.positive + row.negative where !existing.contains(name) {
                found.append(violation(row.line, "\(row.rule): there is no test `\(name)`"))
            }
        }
        return found
    }

    /// `Suite/test` of every test in `file`: each function whose name is a sentence, under each of the
    /// file's suites.
    static func tests(in file: TextFile) -> [String] {
        let suites = file.lines.compactMap { line -> Substring? in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            guard let index = words.firstIndex(where: { $0 == "struct" || $0 == "class" }),
                index + 1 < words.count, words[index + 1].hasSuffix("Tests")
            else { return nil }
            return words[index + 1]
        }
        let names = file.lines.compactMap { line -> Substring? in
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            guard parts.count >= 3, parts[0].hasSuffix("func ") else { return nil }
            return parts[1]
        }
        return suites.flatMap { suite in names.map { "\(suite)/\($0)" } }
    }
}
