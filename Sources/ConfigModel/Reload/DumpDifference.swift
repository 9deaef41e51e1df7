/// What becomes of one statement of a block.
struct DumpDifference: Hashable {
    /// nil when it is new.
    var old: DumpStatement?
    /// nil when it goes.
    var new: DumpStatement?

    /// What it is called.
    var name: String { (new ?? old)?.name ?? "" }
    /// Its keyword.
    var keyword: String { String((new ?? old)?.keyword ?? "") }

    /// What differs between two lists of statements: in the order of the new one, then what goes. A keyword
    /// that stands several times is compared line by line.
    static func between(_ old: [DumpStatement], _ new: [DumpStatement]) -> [DumpDifference] {
        let (before, after) = (Dictionary(grouping: old, by: \.name), Dictionary(grouping: new, by: \.name))
        var seen: Set<String> = []
        return (new + old).map(\.name).filter { seen.insert($0).inserted }.flatMap { name in
            between(before[name] ?? [], and: after[name] ?? [])
        }
    }

    private static func between(
        _ old: [DumpStatement], and new: [DumpStatement]
    ) -> [DumpDifference] {
        if old.count <= 1, new.count <= 1 {
            return old == new ? [] : [DumpDifference(old: old.first, new: new.first)]
        }
        let (kept, wanted) = (Set(old), Set(new))
        return new.filter { !kept.contains($0) }.map { DumpDifference(old: nil, new: $0) }
            + old.filter { !wanted.contains($0) }.map { DumpDifference(old: $0, new: nil) }
    }

    /// So many are told of one block.
    private static let listed = 4

    /// For people: `weight 1 -> 3`, `+ sorry_server 192.0.2.9 80`, `TCP_CHECK: retry 1 -> 2, ...`.
    var text: String {
        switch (old, new) {
        case (let old?, let new?) where new.isBlock:
            let inner = Self.between(old.children, new.children).map(\.text)
            let more = inner.count > Self.listed ? ["and \(inner.count - Self.listed) more"] : []
            return "\(new.shown): " + (inner.prefix(Self.listed) + more).joined(separator: ", ")
        case (let old?, let new?):
            return old.shown == new.shown
                ? "\(new.keyword) changed" : "\(new.keyword) \(old.value) -> \(new.value)"
        case (nil, let new?): return "+ \(new.shown)"
        case (let old?, nil): return "- \(old.shown)"
        case (nil, nil): return ""
        }
    }
}
