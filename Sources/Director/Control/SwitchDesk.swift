import ControlProtocol
import Timekeeping
import VRRP

/// Who waits for masters to hand over. A value; `ControlServer` has the clients.
struct SwitchDesk {
    private struct Waiting {
        let client: UInt64
        let deadline: Instant
        /// What is still to be heard of.
        var left: Set<String>
        /// What has become of the others.
        var handed: [String] = []
        var kept: [String] = []
        /// It has the addresses no more, and nobody knows who has.
        var failed: [String] = []
    }

    /// An answer that is due.
    struct Answer: Hashable {
        var client: UInt64
        var end: ControlEnd
    }

    /// Longer than a handover takes.
    static let patience = MasterDown.handoverLimit + .seconds(2)

    private var waiting: [Waiting] = []

    /// When `advance` has something to do.
    var nextDeadline: Instant? { waiting.map(\.deadline).min() }

    /// Somebody waits until all of `names` have handed over.
    mutating func wait(_ client: UInt64, for names: [String], at now: Instant) {
        waiting.append(Waiting(client: client, deadline: now + Self.patience, left: Set(names)))
    }

    /// The vrrp role has said something, perhaps what was waited for.
    mutating func hear(_ report: VRRPReport) -> [Answer] {
        switch report {
        case .state(_, .master, _): return []
        case .state(let instance, let state, let reason):
            let text = "\(instance) is \(state): \(reason ?? "")"
            settle(instance) { waiting in
                if state == .backup { waiting.handed.append(text) } else { waiting.failed.append(text) }
            }
        case .kept(let instance, let reason):
            settle(instance) { $0.kept.append("\(instance): \(reason)") }
        case .ready, .priority, .described, .stopped: return []
        }
        return answers { $0.left.isEmpty }
    }

    /// The vrrp role has ended.
    mutating func lose() -> [Answer] { answers { _ in true } }

    /// Lets nobody wait for ever.
    mutating func advance(to now: Instant) -> [Answer] { answers { $0.deadline <= now } }

    private mutating func settle(_ instance: String, _ note: (inout Waiting) -> Void) {
        for place in waiting.indices where waiting[place].left.remove(instance) != nil {
            note(&waiting[place])
        }
    }

    private mutating func answers(_ isDue: (Waiting) -> Bool) -> [Answer] {
        let due = waiting.filter(isDue)
        waiting.removeAll(where: isDue)
        return due.map { entry in
            let silent = entry.left.sorted().map { "\($0): nothing was heard of it" }
            let open = entry.failed + silent
            let text = (entry.handed + entry.kept + open).joined(separator: "; ")
            let outcome: ControlEnd.Outcome =
                entry.kept.isEmpty && open.isEmpty
                ? .done : entry.handed.isEmpty && open.isEmpty ? .refused : .unfinished
            return Answer(client: entry.client, end: ControlEnd(outcome, text))
        }
    }
}
