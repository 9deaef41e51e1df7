/// One word of a statement: blanks, quotes, comments and escapes are gone.
package struct Word: Hashable, Sendable {
    /// What the word says.
    package let text: String
    /// Where it stands, quotes included.
    package let span: Span
    /// True when it stood in double quotes, so that it may be empty or hold blanks.
    package let isQuoted: Bool

    /// A word.
    package init(_ text: String, span: Span, isQuoted: Bool = false) {
        self.text = text
        self.span = span
        self.isQuoted = isQuoted
    }
}

/// The braces of a statement and what is between them.
package struct Block: Sendable {
    /// The opening brace; the end of the statement's last word where the brace is missing.
    package let open: Span
    /// The closing brace, or the point where the block was taken to end.
    package let close: Span
    /// In written order, includes replaced by what they include.
    package let statements: Statements

    /// A block.
    package init(open: Span, close: Span, statements: Statements) {
        self.open = open
        self.close = close
        self.statements = statements
    }
}

/// A keyword line: its words and, where there are braces, its block.
package struct Statement: Sendable {
    /// The keyword.
    package let keyword: Word
    /// The words after it.
    package let arguments: [Word]
    /// nil without braces.
    package let block: Block?

    /// A statement.
    package init(keyword: Word, arguments: [Word], block: Block? = nil) {
        self.keyword = keyword
        self.arguments = arguments
        self.block = block
    }

    /// From the keyword to the last word before the brace.
    package var header: Span { keyword.span.through(arguments.last?.span ?? keyword.span) }

    /// The first three words, as people name a block: `vrrp_instance VI_1`.
    package var title: String {
        ([keyword] + arguments.prefix(2)).map(\.text).joined(separator: " ")
    }
}
