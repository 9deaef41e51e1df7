import LoadBalancing

/// Changes of the IPVS table as log lines: each by itself while they are few, counts when they are many.
enum ChangeSummary {
    /// More than this are counted instead of listed.
    static let limit = 12

    /// The lines for `changes`.
    static func lines(_ changes: [ServiceChange]) -> [String] {
        guard changes.count > limit else { return changes.map { "IPVS: \($0)" } }
        var counts = [Int](repeating: 0, count: kinds.count)
        for index in changes.indices { counts[place(of: changes[index])] += 1 }
        let said = zip(counts, kinds).filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return ["IPVS: " + said.joined(separator: ", ")]
    }

    private static let kinds = [
        "services added", "services changed", "services removed", "servers added", "servers changed",
        "servers removed",
    ]

    /// Where the kind of a change is in `kinds`.
    private static func place(of change: ServiceChange) -> Int {
        switch change {
        case .addService: 0
        case .editService: 1
        case .deleteService: 2
        case .addDestination: 3
        case .editDestination: 4
        case .deleteDestination: 5
        }
    }
}
