/// "Did you mean": the nearest of a list of words.
package enum Suggestion {
    /// Words longer than this are not compared: nothing that long is a keyword.
    package static let longestWord = 64
    /// No more candidates than these, the first ones, are compared.
    package static let mostCandidates = 1000

    /// The candidate with the least edit distance from `word`, case aside, when it is near enough to be a
    /// typing error: one edit for short words, a third of the length for long ones. The earlier of equals
    /// wins.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().utf8)
        guard !wanted.isEmpty, wanted.count <= longestWord else { return nil }
        var best: (name: String, distance: Int)?
        // Nobody has more names in mind, and comparing takes time.
        for candidate in candidates.prefix(mostCandidates) where candidate != word {
            let other = Array(candidate.lowercased().utf8)
            let allowed = max(1, min(wanted.count, other.count) / 3)
            guard other.count <= longestWord, abs(other.count - wanted.count) <= allowed else { continue }
            let found = distance(wanted, other)
            guard found <= allowed, found < best?.distance ?? .max else { continue }
            best = (candidate, found)
        }
        return best?.name
    }

    /// `text` with digits for the letters that look like them, and a point for a comma between.
    package static func digits(in text: String) -> String {
        let alike: [Character: Character] = ["l": "1", "I": "1", "O": "0", "o": "0", ",": "."]
        return String(text.map { alike[$0] ?? $0 })
    }

    /// `text` without the ";" or "," that ends a value in other languages.
    package static func unpunctuated(_ text: String) -> String {
        var result = text[...]
        while result.count > 1, let last = result.last, last == ";" || last == "," { result.removeLast() }
        return String(result)
    }

    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
