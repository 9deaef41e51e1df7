import NetTypes

/// The guard's rules of one address family as a table of nftables: it is Holdfast's alone, with one chain
/// that every packet passes when it comes in, beside the mangle table of iptables and before routing. Unlike
/// there, no rule of another table can accept a packet before it is marked.
///
/// `ether saddr` matches no packet from an interface without link-layer addresses, as xt_mac does not: it is
/// marked.
package struct NativeMarkRules: Hashable, Sendable {
    /// The table's name, in the families `ip` and `ip6`.
    package static let table = "holdfast"

    /// What the table has.
    package let marks: MarkRules

    /// The rules `marks` in a table of their own.
    package init(_ marks: MarkRules) { self.marks = marks }

    /// `ip` or `ip6`.
    package static func family(_ family: AddressFamily) -> String { family == .inet ? "ip" : "ip6" }

    private var title: String { "table \(Self.family(marks.family)) \(Self.table)" }

    /// The table as nft 1.0 lists it; empty when there is to be none.
    package var listing: String {
        guard !marks.rules.isEmpty else { return "" }
        let rules = marks.rules.map { "\t\t\(Self.words($0))\n" }.joined()
        return """
            \(title) {
            \tchain marks {
            \t\ttype filter hook prerouting priority mangle; policy accept;
            \(rules)\t}
            }

            """
    }

    /// The input of one `nft -f -` that makes the table what it is to be, whatever it was, in one
    /// transaction.
    package var replacement: String {
        // Without the first line there may be nothing to delete, which would be an error.
        "\(title)\ndelete \(title)\n\(listing)"
    }

    /// True when `listed`, what `nft list table` wrote, is this. Other releases of nft may write a rule in
    /// other words: `reference` is what they listed just after this was written.
    package func isInEffect(in listed: String, reference: String?) -> Bool {
        listed == reference || Self.words(of: listed) == Self.words(of: listing)
    }

    /// Whether `listed` may be this in the words of another release of nft: it has as many lines.
    package func mayBe(_ listed: String) -> Bool { Self.lines(of: listed) == Self.lines(of: listing) }

    private static func lines(of text: String) -> Int {
        text.split(separator: "\n").count { !$0.allSatisfy(\.isWhitespace) }
    }

    private static func words(of text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

    private static func words(_ rule: MarkRule) -> String {
        switch rule {
        case .exempt(let mac): return "ether saddr \(mac) return"
        case .mark(let transport, let endpoint, let mark):
            let destination = "\(family(endpoint.address.family)) daddr \(endpoint.address)"
            let port =
                endpoint.port == 0 ? "meta l4proto \(transport)" : "\(transport) dport \(endpoint.port)"
            let digits = String(mark.rawValue, radix: 16)
            let value = String(repeating: "0", count: 8 - digits.count) + digits
            return "\(destination) \(port) meta mark set 0x\(value)"
        }
    }
}
