import LoadBalancing

/// Changes of the IPVS table as log lines: each by itself while they are few, counts when they are many.
enum ChangeSummary {
    /// More than this are counted instead of listed.
    static let limit = 12

    /// The lines for `changes`.
    static func lines(_ changes: [ServiceChange]) -> [String] {
        guard changes.count > limit else { return changes.map { "IPVS: \($0)" } }
        var counts: [(String, Int)] = []
        func count(_ kind: String, _ test: (ServiceChange) -> Bool) {
            let number = changes.count(where: test)
            if number > 0 { counts.append((kind, number)) }
        }
        count("services added") { if case .addService = $0 { true } else { false } }
        count("services changed") { if case .editService = $0 { true } else { false } }
        count("services removed") { if case .deleteService = $0 { true } else { false } }
        count("servers added") { if case .addDestination = $0 { true } else { false } }
        count("servers changed") { if case .editDestination = $0 { true } else { false } }
        count("servers removed") { if case .deleteDestination = $0 { true } else { false } }
        return ["IPVS: " + counts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")]
    }
}
