/// The names in a directory, in any order, or why they cannot be listed; `.` and `..` may be among them.
package typealias DirectoryLister = (_ path: String) -> Result<[String], FileProblem>

/// Patterns of file names as the shell has them: `*`, `?`, `[a-z]`, `[!a]` and `{a,b}`.
package enum FilePattern {
    /// A pattern that gives more names than this gives none.
    package static let mostNames = 1000

    /// True for a pattern with `*`, `?` or `[`.
    package static func hasWildcard(_ pattern: some StringProtocol) -> Bool {
        pattern.utf8.contains {
            $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
        }
    }

    /// What `{a,b}` stands for, left to right, nested ones too; nil when there would be more than
    /// `mostNames`. Braces without a partner stand for themselves.
    package static func alternatives(_ pattern: String) -> [String]? {
        var pending = [Array(pattern.utf8)]
        var result: [String] = []
        while let next = pending.popLast() {
            guard let (open, commas, close) = firstGroup(next) else {
                result.append(String(decoding: next, as: UTF8.self))
                guard result.count + pending.count <= mostNames else { return nil }
                continue
            }
            let bounds = [open] + commas + [close]
            let choices = zip(bounds, bounds.dropFirst()).map { low, high in
                Array(next[..<open]) + next[(low + 1)..<high] + next[(close + 1)...]
            }
            pending += choices.reversed()
            guard result.count + pending.count <= mostNames else { return nil }
        }
        return result
    }

    /// The first `{` that has a `}` of its own, and the commas between them that belong to it.
    private static func firstGroup(_ text: [UInt8]) -> (open: Int, commas: [Int], close: Int)? {
        for open in text.indices where text[open] == UInt8(ascii: "{") {
            var (depth, commas) = (0, [Int]())
            for position in text[open...].indices {
                switch text[position] {
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"): depth -= 1
                case UInt8(ascii: ",") where depth == 1: commas.append(position)
                default: break
                }
                if depth == 0 { return (open, commas, position) }
            }
        }
        return nil
    }

    /// The files that `path`, a pattern without braces, stands for, sorted; none beyond `mostNames`.
    package static func files(matching path: String, list: DirectoryLister) -> [String] {
        var found = [path.hasPrefix("/") ? "/" : ""]
        var isSearched = false
        for part in path.split(separator: "/") {
            var next: [String] = []
            isSearched = isSearched || hasWildcard(part)
            for directory in found {
                guard isSearched else {
                    next.append(join(directory, String(part)))
                    continue
                }
                guard case .success(let names) = list(directory.isEmpty ? "." : directory) else { continue }
                next += names.filter { matches($0, pattern: String(part)) }.sorted()
                    .map { join(directory, $0) }
                guard next.count <= mostNames else { return [] }
            }
            found = next
        }
        return found
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory == "/" ? directory + name : directory + "/" + name
    }

    /// True when the whole `name` is what `pattern` says; a leading dot must be said.
    package static func matches(_ name: String, pattern: String) -> Bool {
        let (text, wanted) = (Array(name.unicodeScalars), Array(pattern.unicodeScalars))
        if text.first == ".", wanted.first != "." { return false }
        var (at, want) = (0, 0)
        var retry: (at: Int, want: Int)?
        while at < text.count {
            if want < wanted.count, wanted[want] == "*" {
                retry = (at, want)
                want += 1
            } else if want < wanted.count, let next = step(text[at], wanted, want) {
                at += 1
                want = next
            } else if let last = retry {
                retry = (last.at + 1, last.want)
                (at, want) = (last.at + 1, last.want + 1)
            } else {
                return false
            }
        }
        return wanted[want...].allSatisfy { $0 == "*" }
    }

    /// Where the pattern goes on after it took `scalar`; nil when it does not.
    private static func step(_ scalar: Unicode.Scalar, _ wanted: [Unicode.Scalar], _ position: Int) -> Int? {
        switch wanted[position] {
        case "?": return position + 1
        case "\\" where position + 1 < wanted.count:
            return wanted[position + 1] == scalar ? position + 2 : nil
        case "[":
            guard let end = wanted[(position + 1)...].dropFirst().firstIndex(of: "]") else { break }
            var members = wanted[(position + 1)..<end]
            let isNegated = members.first == "!" || members.first == "^"
            if isNegated { members = members.dropFirst() }
            return contains(members, scalar) != isNegated ? end + 1 : nil
        default: break
        }
        return wanted[position] == scalar ? position + 1 : nil
    }

    private static func contains(_ members: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar) -> Bool {
        var position = members.startIndex
        while position < members.endIndex {
            let last = position + 2
            if last < members.endIndex, members[position + 1] == "-" {
                if members[position] <= scalar, scalar <= members[last] { return true }
                position = last + 1
            } else {
                if members[position] == scalar { return true }
                position += 1
            }
        }
        return false
    }
}
