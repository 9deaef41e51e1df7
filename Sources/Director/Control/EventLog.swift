import ControlProtocol
import Timekeeping

/// Something that has happened, for people.
struct DaemonEvent: Hashable, Sendable {
    /// What it is about.
    enum Subject: String, Sendable {
        case vrrp
        case server
        case quorum
        case config
        case role
        case checks
        case override
    }

    /// Counts from the daemon's start, without gaps.
    var sequence: UInt64
    var at: Instant
    var subject: Subject
    /// The instance, the server, the service, the file or the role.
    var name: String
    /// Of a server, its service.
    var service: String?
    /// What it was before; nil when there was nothing.
    var from: String?
    var to: String
    var reason: String?

    /// The line of an answer.
    func line(_ times: ReportTimes) -> JSONValue {
        [
            "kind": "event", "sequence": JSONValue(count: sequence), "time": times.date(at),
            "subject": .string(subject.rawValue), "name": .string(name),
            "service": JSONValue(service) { .string($0) }, "from": JSONValue(from) { .string($0) },
            "to": .string(to), "reason": JSONValue(reason) { .string($0) },
        ]
    }
}

/// The latest events, oldest first.
struct EventLog: Hashable, Sendable {
    /// So many are kept.
    static let limit = 1000

    private var kept: [DaemonEvent] = []
    private var last: UInt64 = 0

    /// The latest, at most `limit`, whose sequence is above `sequence`; all, when that is a former daemon's.
    func after(_ sequence: UInt64) -> [DaemonEvent] {
        let known = sequence > last ? 0 : sequence
        return kept.suffix(Self.limit).filter { $0.sequence > known }
    }

    /// Adds one; its sequence follows the last.
    mutating func add(
        _ subject: DaemonEvent.Subject, _ name: String, of service: String? = nil, from: String? = nil,
        to: String, because reason: String? = nil, at now: Instant
    ) {
        last += 1
        // The oldest go many at a time, so that adding one costs nothing.
        if kept.count >= 2 * Self.limit { kept.removeFirst(kept.count - Self.limit) }
        kept.append(
            DaemonEvent(
                sequence: last, at: now, subject: subject, name: name, service: service, from: from, to: to,
                reason: reason))
    }
}
