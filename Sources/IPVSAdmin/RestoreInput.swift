/// The command lines that `-R` carries out: what `-S` prints, here or in ipvsadm(8).
package struct RestoreInput: Hashable, Sendable {
    /// A line and what it asks for.
    package struct Line: Hashable, Sendable {
        /// From 1.
        package let number: Int
        /// What it says.
        package let command: AdminCommand
    }

    /// A line that cannot be carried out.
    package struct Mistake: Hashable, Sendable, CustomStringConvertible {
        /// From 1.
        package let number: Int
        /// What is wrong.
        package let error: CommandError

        /// `line 3: --weight is a number from ...`.
        package var description: String { "line \(number): \(error)" }
    }

    /// In order.
    package private(set) var lines: [Line] = []
    /// In order; with any of them nothing is to be carried out.
    package private(set) var mistakes: [Mistake] = []

    /// Reads `text`. Words stand between blanks, nothing is quoted; empty lines are passed over, and so is a
    /// leading `ipvsadm`.
    package init(_ text: String, names: NameLookup) {
        // A line may end in "\r\n", which is one character.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.first == "ipvsadm" { words.removeFirst() }
            guard !words.isEmpty else { continue }
            do throws(CommandError) {
                let command = try AdminCommand.parse(words, names: names, isRestoring: true)
                self.lines.append(Line(number: index + 1, command: command))
            } catch {
                mistakes.append(Mistake(number: index + 1, error: error))
            }
        }
    }
}
