import Timekeeping

extension [Interval] {
    /// The smallest value that at least `percent` (0...100) of the values do not exceed: the nearest rank, so
    /// always a value that was measured. Nil without values.
    func percentile(_ percent: Double) -> Interval? {
        guard !isEmpty, percent.isFinite else { return nil }
        let rank = (Swift.min(Swift.max(percent, 0), 100) / 100 * Double(count)).rounded(.up)
        return sorted()[Swift.max(Int(rank), 1) - 1]
    }
}

extension ScenarioRecord {
    /// The lengths of all measured outages, in the order of the runs.
    var outages: [Interval] { runs.compactMap { $0.outage?.length } }
}
