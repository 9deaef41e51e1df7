/// What the parser must know about keywords to recover from a brace that is missing or too many. It changes
/// nothing in how a well-formed file is read.
package struct GrammarHints: Sendable {
    /// All of it.
    package struct Names: Sendable {
        /// Keywords that open a block and are legal only outside every block.
        package let rootBlocks: Set<String>
        /// Every keyword legal outside blocks.
        package let rootKeywords: Set<String>
        /// The keywords legal in each block, by the block's keyword.
        package let children: [String: Set<String>]
        /// Keywords whose block holds addresses instead of keywords.
        package let addressBlocks: Set<String>
        fileprivate let blocks: Set<String>

        /// Names; all may be empty, which only makes recovery poorer.
        package init(
            rootBlocks: Set<String>, rootKeywords: Set<String>, children: [String: Set<String>],
            addressBlocks: Set<String>
        ) {
            self.rootBlocks = rootBlocks
            self.rootKeywords = rootKeywords
            self.children = children
            self.addressBlocks = addressBlocks
            blocks = addressBlocks.union(children.keys)
        }
    }

    private let names: @Sendable () -> Names
    private let knows: @Sendable (_ keyword: String, _ parent: String?) -> Bool

    /// Hints that are put together when a file raises doubts: the whole language is asked for no sooner.
    /// Until then `knows` answers for keywords that may stand in the block that `parent` opens; what it does
    /// not know may be legal all the same.
    package init(
        knows: @escaping @Sendable (_ keyword: String, _ parent: String?) -> Bool,
        names: @escaping @Sendable () -> Names
    ) {
        self.knows = knows
        self.names = names
    }

    /// Hints that are there already; all may be empty.
    package init(
        rootBlocks: Set<String> = [], rootKeywords: Set<String> = [], children: [String: Set<String>] = [:],
        addressBlocks: Set<String> = []
    ) {
        let names = Names(
            rootBlocks: rootBlocks, rootKeywords: rootKeywords, children: children,
            addressBlocks: addressBlocks)
        self.init(knows: { _, _ in false }, names: { names })
    }

    /// True when `keyword` may stand in the block that `parent` opens; nil is the file itself.
    package func isLegal(_ keyword: String, in parent: String?) -> Bool {
        if knows(keyword, parent) { return true }
        guard let parent else { return names().rootKeywords.contains(keyword) }
        return names().children[parent]?.contains(keyword) ?? false
    }

    /// Keywords that open a block and are legal only outside every block.
    package var rootBlocks: Set<String> { names().rootBlocks }
    /// The keywords legal in each block, by the block's keyword.
    package var children: [String: Set<String>] { names().children }
    /// Keywords whose block holds addresses instead of keywords.
    package var addressBlocks: Set<String> { names().addressBlocks }

    /// True for a keyword whose block is known.
    func opensBlock(_ keyword: String) -> Bool { names().blocks.contains(keyword) }
}
