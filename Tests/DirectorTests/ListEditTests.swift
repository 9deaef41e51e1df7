import Testing

@testable import Director

@Suite struct ListEditTests {
    static let pairs: [(old: [Int], new: [Int])] = [
        ([], []), ([], [1, 2]), ([1, 2], []), ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [1, 9, 3]),
        ([1, 2, 3], [3, 2, 1]), ([1, 2, 3], [1, 2, 3, 4]), ([1, 2, 3], [0, 1, 2, 3]), ([1, 2, 3], [1, 3]),
        ([1, 1, 1], [1, 1]), ([1, 1], [1, 1, 1]), ([1, 2, 3, 4, 5], [4, 5, 9, 9, 1, 2]),
    ]

    @Test(arguments: pairs) func `edits make the new list of the old one`(old: [Int], new: [Int]) {
        let edits = ListEdit.edits(from: old, to: new)
        #expect(ListEdit.list(edits, of: old) == new)
    }

    @Test func `what stays is not said again`() {
        let old = Array(0..<10_000)
        var new = old
        new[5000] = -1
        #expect(
            ListEdit.edits(from: old, to: new)
                == [.keep(from: 0, count: 5000), .add([-1]), .keep(from: 5001, count: 4999)])
        #expect(ListEdit.edits(from: old, to: old) == [.keep(from: 0, count: 10_000)])
        new.swapAt(1, 9998)
        let added = ListEdit.edits(from: old, to: new).reduce(0) {
            if case .add(let elements) = $1 { $0 + elements.count } else { $0 }
        }
        #expect(added == 1)
    }

    @Test(arguments: pairs) func `what is not among the differences is in the same order in both`(
        old: [Int], new: [Int]
    ) {
        let different = Set(ListEdit.differences(between: old, and: new))
        #expect(old.filter { !different.contains($0) } == new.filter { !different.contains($0) })
        #expect(!different.isEmpty || old == new)
    }

    @Test func `what both have in common at their ends is no difference`() {
        #expect(ListEdit.differences(between: [1, 2, 3, 4], and: [1, 9, 4]) == [2, 3, 9])
        #expect(ListEdit.differences(between: [1, 2], and: [1, 2]) == [])
    }

    @Test(arguments: [(-1, 1), (0, -1), (2, 2), (4, 0), (.max, 1), (1, .max)])
    func `edits of another list are refused`(from: Int, count: Int) {
        #expect(ListEdit.list([.keep(from: from, count: count)], of: [1, 2, 3]) == nil)
    }

    @Test func `they come back as they were`() throws {
        let edits: [ListEdit<String>] = [.keep(from: 1, count: 2), .add(["a", "b"])]
        #expect(try BinaryCoder.decode([ListEdit<String>].self, from: BinaryCoder.encode(edits)) == edits)
    }
}
