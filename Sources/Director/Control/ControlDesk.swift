import ControlProtocol
import HealthChecks
import Timekeeping

/// Who waits for which answer: requests that need the roles' word are answered together when a survey of them
/// is complete. A value; `ControlServer` has the clients, the supervisor's process the roles.
struct ControlDesk {
    /// What is to be done.
    enum Step: Hashable {
        /// Ask these roles what they know.
        case ask(Set<RoleName>)
        /// Answer with everything that is known.
        case tell(client: UInt64)
        /// Answer with one line.
        case end(client: UInt64, ControlEnd)
    }

    private enum Want {
        case status
        /// Something was changed; this is the answer once it is carried out.
        case change(ControlEnd)
    }

    private struct Waiting {
        let client: UInt64
        let want: Want
        /// The survey that answers it.
        let survey: UInt64
        let deadline: Instant
    }

    /// A survey this young is good enough: a storm of questions costs the roles five answers a second.
    static let freshness = Interval.milliseconds(200)
    /// How long somebody who wants to see waits for a role that is slow; then what is known is told.
    static let patience = Interval.seconds(2)
    /// How long a change may take to be carried out.
    static let changePatience = Interval.seconds(30)

    private(set) var survey = Survey()
    private var waiting: [Waiting] = []

    /// When `advance` has something to do.
    var nextDeadline: Instant? { waiting.map(\.deadline).min() }

    /// Somebody wants to see everything. `roles` are those that can answer.
    mutating func show(_ client: UInt64, asking roles: Set<RoleName>, at now: Instant) -> [Step] {
        if !survey.isRunning, let last = survey.completedAt, now - last < Self.freshness {
            return [.tell(client: client)]
        }
        let number = survey.isRunning ? survey.number : survey.number + 1
        waiting.append(
            Waiting(client: client, want: .status, survey: number, deadline: now + Self.patience))
        return survey.isRunning ? [] : begin(roles, at: now)
    }

    /// Somebody waits until the roles have carried out what they were just told, and is then told `end`. They
    /// answer in order, so a survey that begins now is answered after that; one that is under way is not good
    /// enough.
    mutating func hold(
        _ client: UInt64, telling end: ControlEnd = ControlEnd(.done), asking roles: Set<RoleName>,
        at now: Instant
    ) -> [Step] {
        waiting.append(
            Waiting(
                client: client, want: .change(end), survey: survey.number + 1,
                deadline: now + Self.changePatience))
        return survey.isRunning ? [] : begin(roles, at: now)
    }

    private mutating func begin(_ roles: Set<RoleName>, at now: Instant) -> [Step] {
        survey.begin(roles, at: now)
        return roles.isEmpty ? completed(roles, at: now) : [.ask(roles)]
    }

    /// A role has reported something, which may be an answer.
    mutating func hear(
        _ report: RoleReport, checks: [CheckSpecification], generation: UInt64, asking roles: Set<RoleName>,
        at now: Instant
    ) -> [Step] {
        let isComplete = survey.hear(report, checks: checks, generation: generation, at: now)
        return isComplete ? completed(roles, at: now) : []
    }

    /// A role has ended. `roles` are those that are still there.
    mutating func lose(_ role: RoleName, asking roles: Set<RoleName>, at now: Instant) -> [Step] {
        survey.lose(role, at: now) ? completed(roles, at: now) : []
    }

    private mutating func completed(_ roles: Set<RoleName>, at now: Instant) -> [Step] {
        let served = waiting.filter { $0.survey <= survey.number }
        waiting.removeAll { $0.survey <= survey.number }
        let steps = served.map { entry -> Step in
            switch entry.want {
            case .status: .tell(client: entry.client)
            case .change(let end): .end(client: entry.client, end)
            }
        }
        return waiting.isEmpty ? steps : steps + begin(roles, at: now)
    }

    /// Lets nobody wait for ever.
    mutating func advance(to now: Instant) -> [Step] {
        let late = waiting.filter { $0.deadline <= now }
        waiting.removeAll { $0.deadline <= now }
        return late.map { entry in
            switch entry.want {
            case .status: .tell(client: entry.client)
            case .change:
                .end(
                    client: entry.client,
                    ControlEnd(.unfinished, "it is in force, but a role is still busy with it"))
            }
        }
    }
}
