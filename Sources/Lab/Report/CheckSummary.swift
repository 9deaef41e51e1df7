/// One check over all runs of a scenario.
struct CheckSummary: Hashable, Sendable {
    /// Name and what had to be seen, alike in all runs.
    var name: String
    /// What had to be seen.
    var wanted: String
    /// What the first run that failed saw; without one, what the first saw.
    var seen: String
    /// Runs in which it was good.
    var passed: Int
    /// Runs in which it was made.
    var made: Int

    /// Whether it was good each time.
    var isGood: Bool { passed == made }

    /// Checks of the same name and wish as one, in the order of their first.
    static func summaries(of checks: [CheckRecord]) -> [CheckSummary] {
        var places: [[String]: Int] = [:]
        var summaries: [CheckSummary] = []
        for check in checks {
            let key = [check.name, check.wanted]
            guard let place = places[key] else {
                places[key] = summaries.count
                summaries.append(
                    CheckSummary(
                        name: check.name, wanted: check.wanted, seen: check.seen,
                        passed: check.passed ? 1 : 0, made: 1))
                continue
            }
            if summaries[place].isGood, !check.passed { summaries[place].seen = check.seen }
            summaries[place].passed += check.passed ? 1 : 0
            summaries[place].made += 1
        }
        return summaries
    }
}
