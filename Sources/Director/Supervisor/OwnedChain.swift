import NetTypes

/// A table of iptables that rules of ours are in.
package enum PacketTable: String, Hashable, Sendable, Codable, CaseIterable {
    case mangle
    case nat
}

/// A chain that is Holdfast's alone, jumped to from the first rule of a built-in one, others of ours aside:
/// another rule there might decide before it.
struct OwnedChain: Hashable {
    /// What the names of all chains of ours begin with.
    static let prefix = "HOLDFAST"

    let table: PacketTable
    let name: String
    /// The built-in chain that jumps to it.
    let hook: String
    /// The family whose table it is.
    let family: AddressFamily

    /// The input of one `iptables-restore --noflush` (or `ip6tables-restore`) that gives the chain `rules`,
    /// as iptables-save writes them, in one transaction, where `saved` is what `iptables-save -t TABLE`
    /// wrote; nil when there is nothing to do. Without rules there is to be no chain at all. Nothing outside
    /// the chain and the jumps to it is touched.
    func repair(_ rules: [String], from saved: String) -> String? {
        let lines = saved.split(whereSeparator: \.isNewline).map(String.init)
        let exists = lines.contains { $0.hasPrefix(":\(name) ") }
        let present = lines.filter { $0.hasPrefix("-A \(name) ") }
        let references = lines.filter {
            $0.hasPrefix("-A ") && !$0.hasPrefix("-A \(name) ")
                && ($0.hasSuffix(" -j \(name)") || $0.contains(" -g \(name)"))
        }
        let jump = "-A \(hook) -j \(name)"
        let others = "-A \(hook) -j \(Self.prefix)"
        let isFirst =
            lines.first { $0.hasPrefix("-A \(hook) ") && ($0 == jump || !$0.hasPrefix(others)) } == jump
        if rules.isEmpty {
            guard exists || !references.isEmpty else { return nil }
        } else if present.map(words) == rules.map(words), references == [jump], isFirst {
            return nil
        }
        // A chain that is named in the input is created, or emptied when it exists.
        var input = ["*\(table.rawValue)", ":\(name) - [0:0]"] + references.map { "-D" + $0.dropFirst(2) }
        input += rules.isEmpty ? ["-X \(name)"] : rules + ["-I \(hook) 1 -j \(name)"]
        return (input + ["COMMIT"]).map { $0 + "\n" }.joined()
    }

    /// The variants of iptables write the parts of a rule in different order, and the length of one address
    /// or not.
    private func words(_ rule: String) -> [Substring] {
        let length = "/\(family.bits)"
        return rule.split(separator: " ").map { $0.hasSuffix(length) ? $0.dropLast(length.count) : $0 }
            .sorted()
    }
}
