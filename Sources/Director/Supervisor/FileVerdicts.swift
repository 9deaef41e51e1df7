import HealthChecks
import LoadBalancing
import Timekeeping

/// What the numbers in files say of servers that have a `FILE_CHECK`. No probe is made for it: whoever reads
/// the files judges at once.
struct FileVerdicts: Sendable {
    private var checks: [CheckSpecification] = []
    /// What was judged last, and when.
    private(set) var reports: [CheckSpecification: ProbeReport] = [:]

    /// The checks of these services, and no others.
    mutating func configure(_ services: [VirtualServer]) {
        var seen: Set<CheckSpecification> = []
        checks = services.lazy.flatMap(\.realServers).flatMap(\.checks)
            .filter { !$0.kind.isProbed && seen.insert($0).inserted }
        reports = reports.filter { seen.contains($0.key) }
    }

    /// The checks whose number says something new; a file that nobody has read yet says nothing.
    mutating func judge(_ numbers: [String: Int32], at now: Instant) -> [CheckVerdict] {
        checks.compactMap { check in
            guard case .file(let file) = check.kind, let number = numbers[file.name] else { return nil }
            let result = file.result(number)
            guard reports[check]?.result != result else { return nil }
            let report = ProbeReport(
                result: result, duration: .zero, finishedAt: now,
                failures: result.outcome.meaning == .bad ? 1 : 0, failuresAllowed: nil)
            reports[check] = report
            let judgement = file.judge(number)
            return CheckVerdict(
                check: check, verdict: judgement.verdict, report: report, weight: judgement.change)
        }
    }
}
