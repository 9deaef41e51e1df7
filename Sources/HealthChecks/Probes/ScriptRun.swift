/// The probe of `MISC_CHECK`: good when the program exits with 0; with `misc_dynamic` also with 2...255,
/// which say the weight.
struct ScriptRun: Sendable {
    private let check: ScriptCheck

    init(_ check: ScriptCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.run(check)) }

    func handle(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .exited(.status(0)): .finish(.programSucceeded, "exit status 0")
        case .exited(.status(let status)) where check.isDynamic && (2...255).contains(status):
            ProbeStep(
                actions: [],
                result: ProbeResult(
                    .programSucceeded, "exit status \(status): weight \(status - 2)",
                    weight: UInt8(status - 2)))
        case .exited(.status(let status)): .finish(.programFailed, "exit status \(status)")
        case .exited(.signal(let number)): .finish(.programFailed, "ended by signal \(number)")
        // A program that is gone must not keep its server in service.
        case .exited(.unfit(let text)): .finish(.programFailed, text)
        case .timedOut: .finish(.programTimedOut, "still running", .terminate)
        case .unavailable(let text): .finish(.notProbed, text)
        case .connected, .failed, .received, .closed, .opened, .secured, .digested, .matched: .none
        }
    }
}
