import ControlProtocol
import Timekeeping

/// One fault, and when what had to become of it did.
struct SoakRound: Hashable, Sendable, Codable {
    /// Counted from 1.
    var number: Int
    /// What was done.
    var fault: SoakFault
    /// When it began.
    var from: Instant
    /// When it was over: the last thing that was done to the pair was done, and what had to be taken out was
    /// out.
    var over: Instant
    /// While a server was dead and out of the tables: its address, and until when.
    var dead: DeadServer?
    /// When the pair was as before; nil when it never was.
    var settled: Instant?
    /// What was seen while that was done that must not be.
    var complaints: [String] = []

    /// How long the pair took to be as before; nil when it never was.
    var settling: Interval? { settled.map { $0 - (dead?.until ?? over) } }

    /// A real server that no table may have.
    struct DeadServer: Hashable, Sendable, Codable {
        /// `192.0.2.21`.
        var address: String
        /// When it had been taken out everywhere.
        var from: Instant
        /// When it was started again.
        var until: Instant
    }
}

/// What one process of a director takes, seen while the pair was well.
struct SoakSample: Hashable, Sendable, Codable {
    /// When.
    var at: Instant
    /// Whose.
    var director: String
    /// `supervisor`, `vrrp`, `lvs`, `checker`.
    var role: String
    /// Which process.
    var process: Int32
    /// Open descriptors.
    var descriptors: Int
    /// Resident memory, KiB.
    var memory: Int
}

/// A promise that was broken.
struct SoakViolation: Hashable, Sendable, Codable {
    /// The round that showed it; 0 for the end.
    var round: Int
    /// What was seen, and what was promised.
    var text: String
}

/// All that came of a soak.
package struct SoakRecord: Hashable, Sendable, Codable {
    /// The whole future of the faults.
    package var seed: UInt64
    /// When it began.
    var from: Instant
    /// When it was over.
    var to: Instant
    /// How the place is called.
    var place: String
    /// What the daemon says of its version.
    var daemon: String
    /// The faults in order.
    var rounds: [SoakRound] = []
    /// The client's requests, and those that failed.
    var requests = 0
    var failed = 0
    /// Times in which nothing ran here, added up.
    var stalled: Interval = .zero
    /// What the processes took, the first and the last of each.
    var samples: [SoakSample] = []
    /// What must not have happened.
    var violations: [SoakViolation] = []
    /// The last log lines of both directors, when something was violated.
    var logs: [String] = []
    /// What the agents saw around the violations.
    var history: [String] = []
}

extension SoakRecord {
    /// 0 nothing was violated, 1 something was.
    package var exitStatus: Int32 { violations.isEmpty ? 0 : 1 }

    /// How long the pair took to be as before.
    var settling: [Interval] { rounds.compactMap(\.settling) }

    /// For people.
    package var text: String {
        var lines = violations.isEmpty ? [] : report
        let minutes = Decimals.fixed((to - from).seconds / 60, places: 1)
        let median = settling.percentile(50).map(Decimals.people) ?? "-"
        let worst = settling.max().map(Decimals.people) ?? "-"
        lines += [
            "seed \(seed): \(rounds.count) faults in \(minutes) min, \(requests) requests, \(failed) failed "
                + "(as faults may), nothing ran for \(Decimals.people(stalled))",
            "well again after \(median) (median), \(worst) (worst)",
        ]
        lines += growth
        lines.append(
            violations.isEmpty
                ? "no promise was broken"
                : "\(violations.count) broken; again: holdfast lab soak --seed \(seed) --minutes \(minutes)"
        )
        return lines.joined(separator: "\n") + "\n"
    }

    /// What led to the violations.
    private var report: [String] {
        var lines = rounds.map(line)
        if !history.isEmpty { lines += ["", "seen around the last one:"] + history.map { "  \($0)" } }
        if !logs.isEmpty { lines += ["", "logged:"] + logs.map { "  \($0)" } }
        return lines + [""]
            + violations.map {
                "BROKEN in round \($0.round == 0 ? "after the last" : "\($0.round)"): \($0.text)"
            }
    }

    private func line(_ round: SoakRound) -> String {
        let at = Decimals.fixed((round.from - from).seconds, places: 3)
        let well = round.settling.map { "well after \(Decimals.people($0))" } ?? "never well again"
        return "\(at) s  round \(round.number): \(round.fault.sentence); \(well)"
    }

    private var growth: [String] {
        let processes = Set(samples.map { "\($0.director) \($0.role)" }).sorted()
        return processes.compactMap { name in
            let own = samples.filter { "\($0.director) \($0.role)" == name }
            guard let first = own.first, let last = own.last else { return nil }
            return "\(name): \(first.memory) -> \(last.memory) KiB, "
                + "\(first.descriptors) -> \(last.descriptors) descriptors"
        }
    }

    /// For programs. Times are seconds since the beginning.
    package var json: JSONValue {
        func since(_ at: Instant) -> JSONValue { .seconds(at - from) }
        return .object([
            .init("kind", "holdfast-soak"), .init("schema", 1), .init("seed", .string("\(seed)")),
            .init("place", .string(place)), .init("daemon", .string(daemon)),
            .init("seconds", .seconds(to - from)), .init("requests", .integer(requests)),
            .init("failed", .integer(failed)), .init("stalled", .seconds(stalled)),
            .init(
                "rounds",
                .array(
                    rounds.map { round in
                        [
                            "number": .integer(round.number), "fault": .string(round.fault.sentence),
                            "from": since(round.from), "over": since(round.over),
                            "settled": JSONValue(round.settled, since),
                        ]
                    })),
            .init(
                "samples",
                .array(
                    samples.map { sample in
                        [
                            "at": since(sample.at), "director": .string(sample.director),
                            "role": .string(sample.role), "process": .integer(Int(sample.process)),
                            "descriptors": .integer(sample.descriptors),
                            "memory_kib": .integer(sample.memory),
                        ]
                    })),
            .init(
                "violations",
                .array(violations.map { ["round": .integer($0.round), "text": .string($0.text)] })),
            .init("history", .array(history.map { .string($0) })),
            .init("logs", .array(logs.map { .string($0) })),
        ])
    }
}
