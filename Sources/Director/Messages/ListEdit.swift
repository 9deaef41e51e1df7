/// How a list becomes another one: of thousands of services a reload changes a few, and no role is told of
/// the others again.
package enum ListEdit<Element: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
    /// `count` elements of the former list, from this place on.
    case keep(from: Int, count: Int)
    /// Elements that were not in it.
    case add([Element])

    /// What makes `new` of `old`: nothing is said of an element again that `old` has.
    static func edits(from old: [Element], to new: [Element]) -> [ListEdit] {
        var builder = EditBuilder<Element>()
        let (head, tail) = ends(of: old, new)
        builder.keep(from: 0, count: head)
        let rest = old.indices.dropFirst(head).dropLast(tail)
        let places = Dictionary(rest.map { (old[$0], $0) }) { first, _ in first }
        for element in new.dropFirst(head).dropLast(tail) {
            if let place = places[element] {
                builder.keep(from: place, count: 1)
            } else {
                builder.add(element)
            }
        }
        builder.keep(from: old.count - tail, count: tail)
        return builder.edits
    }

    /// Everything between the beginning and the end that the two have in common, of both.
    static func differences(between old: [Element], and new: [Element]) -> [Element] {
        let (head, tail) = ends(of: old, new)
        return Array(old.dropFirst(head).dropLast(tail) + new.dropFirst(head).dropLast(tail))
    }

    /// How many elements at the beginning are the same, and how many of the others at the end.
    private static func ends(of old: [Element], _ new: [Element]) -> (head: Int, tail: Int) {
        let shorter = min(old.count, new.count)
        var head = 0
        while head < shorter, old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
        return (head, tail)
    }

    /// The list that `edits` make of `old`; nil when they are not for it.
    static func list(_ edits: [ListEdit], of old: [Element]) -> [Element]? {
        var new: [Element] = []
        for edit in edits {
            switch edit {
            case .keep(let from, let count):
                guard from >= 0, count >= 0, from <= old.count, count <= old.count - from else { return nil }
                new += old[from..<from + count]
            case .add(let elements): new += elements
            }
        }
        return new
    }
}

/// Edits in order, with neighbours in one.
private struct EditBuilder<Element: Hashable & Codable & Sendable> {
    private(set) var edits: [ListEdit<Element>] = []

    mutating func keep(from: Int, count: Int) {
        guard count > 0 else { return }
        if case .keep(let before, let length) = edits.last, before + length == from {
            edits[edits.count - 1] = .keep(from: before, count: length + count)
        } else {
            edits.append(.keep(from: from, count: count))
        }
    }

    mutating func add(_ element: Element) {
        if case .add(var elements) = edits.last {
            edits.removeLast()
            elements.append(element)
            edits.append(.add(elements))
        } else {
            edits.append(.add([element]))
        }
    }
}
