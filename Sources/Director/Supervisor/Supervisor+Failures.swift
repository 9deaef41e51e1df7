import HealthChecks
import Timekeeping

// What checks say, and what of it is in force: `checker_failure_guard` may hold it for a while.

extension Supervisor {
    /// Puts in force what is news, and tells who goes by it. `asked` are the weights that came with it.
    mutating func follow(
        _ step: FailureGuard.Step, asking asked: [CheckSpecification: Int32?] = [:], at now: Instant
    ) -> [Action] {
        var told: [CheckVerdict] = []
        for ruling in step.rulings {
            var verdict = ruled(ruling)
            if let weight = asked[ruling.check] { verdict.weight = weight }
            guard verdicts[ruling.check] != verdict.verdict || weights[ruling.check] != verdict.weight else {
                continue
            }
            keep([verdict])
            told.append(verdict)
        }
        let said = announce(step.news, at: now)
        guard !told.isEmpty else { return said }
        return said + send(.lvs(.verdicts(told))) + tellServices(changedBy: told.map(\.check))
    }

    /// The verdict, with the weight that its check asked for last.
    func ruled(_ ruling: FailureGuard.Ruling) -> CheckVerdict {
        CheckVerdict(
            check: ruling.check, verdict: ruling.verdict, report: ruling.report, weight: weights[ruling.check]
        )
    }

    /// Says it where nobody overlooks it.
    func announce(_ news: FailureGuard.News?, at now: Instant) -> [Action] {
        guard let news else { return [] }
        switch news {
        case .held(let failed, let all, let window, let until):
            let line =
                "\(failed) of \(all) checks have failed within \(window): more likely this director's "
                + "network than all of its servers; they stay in service for up to \(until - now) "
                + "(checker_failure_guard)"
            return [.log(line, isError: true)]
        case .released(let failed, let end):
            return [.log("\(failed) verdicts were held and come into force: \(end.sentence)", isError: true)]
        }
    }
}

extension FailureGuard.End {
    /// For people.
    var sentence: String {
        switch self {
        case .timeIsUp: "the time of checker_failure_guard is up"
        case .othersRecovered: "most checks are good again"
        case .noLongerMade: "the checks that failed are made no more"
        case .noLongerWanted: "the configuration has no checker_failure_guard any more"
        }
    }
}
