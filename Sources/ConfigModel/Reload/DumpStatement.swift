/// A statement of a dump, with what stands in its block: two configurations are compared by these, so that
/// nothing that a dump tells can be forgotten in a comparison.
struct DumpStatement: Hashable {
    /// Keyword and values, passwords included.
    var line: String
    /// The same for people: passwords are stars.
    var shown: String
    /// It has a block, which may be empty.
    var isBlock = false
    /// What stands in the block.
    var children: [DumpStatement] = []

    /// The first word, as it is written.
    var keyword: Substring { line.prefix { $0 != " " } }

    /// What stands behind the keyword, for people.
    var value: Substring { shown.dropFirst(keyword.count).drop { $0 == " " } }

    /// What this statement is called among its neighbours. A block goes by its whole header.
    var name: String { isBlock ? line : String(keyword) }

    /// Every statement outside blocks, in the dump's order.
    static func all(of configuration: Configuration) -> [DumpStatement] {
        func lines(hidingSecrets: Bool) -> [Substring] {
            ConfigurationDump.text(configuration, hidingSecrets: hidingSecrets).split(separator: "\n")
        }
        var open: [[DumpStatement]] = [[]]
        for (line, shown) in zip(lines(hidingSecrets: false), lines(hidingSecrets: true)) {
            let (text, masked) = (line.drop { $0 == " " }, shown.drop { $0 == " " })
            // Braces that belong to a value are quoted.
            if text == "}" {
                guard let children = open.popLast(), let place = open.indices.last,
                    let header = open[place].indices.last
                else { return [] }
                open[place][header].children = children
            } else if text.hasSuffix(" {") {
                let header = DumpStatement(
                    line: String(text.dropLast(2)), shown: String(masked.dropLast(2)), isBlock: true)
                open[open.count - 1].append(header)
                open.append([])
            } else {
                open[open.count - 1].append(DumpStatement(line: String(text), shown: String(masked)))
            }
        }
        return open.first ?? []
    }
}
