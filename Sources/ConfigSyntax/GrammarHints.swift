/// What the parser must know about keywords to recover from a brace that is missing or too many. It changes
/// nothing in how a well-formed file is read.
package struct GrammarHints: Sendable {
    /// Keywords that open a block and are legal only outside every block.
    package let rootBlocks: Set<String>
    /// The keywords legal in each block, by the block's keyword.
    package let children: [String: Set<String>]
    /// Keywords whose block holds addresses instead of keywords.
    package let addressBlocks: Set<String>
    /// Every keyword legal outside blocks.
    package let rootKeywords: Set<String>
    private let blocks: Set<String>

    /// Hints; all may be empty, which only makes recovery poorer.
    package init(
        rootBlocks: Set<String> = [], rootKeywords: Set<String> = [], children: [String: Set<String>] = [:],
        addressBlocks: Set<String> = []
    ) {
        self.rootBlocks = rootBlocks
        self.rootKeywords = rootKeywords
        self.children = children
        self.addressBlocks = addressBlocks
        blocks = addressBlocks.union(children.keys)
    }

    /// True when `keyword` may stand in the block that `parent` opens; nil is the file itself.
    package func isLegal(_ keyword: String, in parent: String?) -> Bool {
        guard let parent else { return rootKeywords.contains(keyword) }
        return children[parent]?.contains(keyword) ?? false
    }

    /// True for a keyword whose block is known.
    func opensBlock(_ keyword: String) -> Bool { blocks.contains(keyword) }
}
