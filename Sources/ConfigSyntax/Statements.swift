/// Statements in written order, includes replaced by what they include. They are made as they are asked for.
package struct Statements: Sequence, Sendable, ExpressibleByArrayLiteral {
    /// A tree in one place, however many look at it.
    fileprivate final class Shared: Sendable {
        let tree: PackedTree
        init(_ tree: PackedTree) { self.tree = tree }
    }

    private let list: [Statement]
    private let shared: Shared?
    private let range: Range<Int>

    /// These statements.
    package init(arrayLiteral elements: Statement...) { self.init(elements) }

    /// These statements.
    package init(_ statements: [Statement]) { (list, shared, range) = (statements, nil, 0..<0) }

    /// The statements of `tree` that are in no block.
    init(_ tree: PackedTree) { self.init(Shared(tree), 0..<tree.count) }

    private init(_ shared: Shared, _ range: Range<Int>) {
        (list, self.shared, self.range) = ([], shared, range)
    }

    /// Goes through them.
    package func makeIterator() -> Iterator {
        Iterator(list: list.makeIterator(), shared: shared, rest: range)
    }

    /// Goes through statements.
    package struct Iterator: IteratorProtocol {
        fileprivate var list: IndexingIterator<[Statement]>
        fileprivate let shared: Shared?
        fileprivate var rest: Range<Int>

        /// The next one; nil after the last.
        package mutating func next() -> Statement? {
            if let statement = list.next() { return statement }
            while let shared, let index = rest.first {
                rest = shared.tree.end(of: index)..<rest.upperBound
                guard let included = shared.tree.included(at: index) else {
                    return Statements.statement(index, of: shared)
                }
                list = included.makeIterator()
                if let statement = list.next() { return statement }
            }
            return nil
        }
    }

    private static func statement(_ index: Int, of shared: Shared) -> Statement {
        let tree = shared.tree
        return Statement(
            keyword: tree.keyword(of: index), arguments: tree.arguments(of: index),
            block: tree.braces(of: index).map { open, close in
                Block(
                    open: open, close: close,
                    statements: Statements(shared, (index + 1)..<tree.end(of: index)))
            })
    }
}
