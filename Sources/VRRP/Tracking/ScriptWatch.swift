import Timekeeping

/// When the programs of `vrrp_script` run, and what their ends say. A value: `now` goes in, actions come out;
/// whoever carries them out answers each `run` by `ended`.
///
/// A program is started every `interval`; while it runs no second one is. After `timeout` it has failed and
/// is ended. Of a script that has never ended nothing is known; its first end is enough to know (with
/// `init_fail` it is bad until `rise` successes); then `rise` successes or `fall` failures in a row change
/// what is known (keepalived 2.2.7).
package struct ScriptWatch: Sendable {
    /// What is to be done.
    package enum Action: Hashable, Sendable {
        /// Start the program as this run.
        case run(UInt64, TrackScript)
        /// End the run; no answer is needed.
        case terminate(UInt64)
    }

    /// How a run ended.
    package enum Outcome: Hashable, Sendable {
        /// Exit status 0.
        case succeeded
        /// Anything else that the program did.
        case failed
        /// This host could not run it now: that says nothing about what it watches.
        case notRun
    }

    private struct Entry: Sendable {
        var script: TrackScript
        var isGood: Bool?
        /// Ends in a row that contradict what is known.
        var contradictions = 0
        var startAt: Instant
        var run: UInt64?
        var timeoutAt = Instant(nanoseconds: .max)
    }

    private var entries: [Entry] = []
    private var lastRun: UInt64 = 0

    /// Nothing is watched.
    package init() {}

    /// What is known, by the names of the scripts.
    package var values: [String: Bool] {
        var values: [String: Bool] = [:]
        for entry in entries { values[entry.script.name] = entry.isGood }
        return values
    }

    /// A run of this script is under way.
    package func isRunning(_ name: String) -> Bool {
        entries.contains { $0.script.name == name && $0.run != nil }
    }

    /// When `advance` has something to do.
    package var nextDeadline: Instant? {
        entries.reduce(nil as Instant?) {
            Instant?.earlier($0, $1.run == nil ? $1.startAt : min($1.startAt, $1.timeoutAt))
        }
    }

    /// Watches these and no others. One that stays goes on; one that is another under an old name keeps what
    /// is known, and begins at once.
    package mutating func configure(_ scripts: [TrackScript], at now: Instant) -> [Action] {
        let old = entries
        entries = scripts.map { script in
            guard let former = old.first(where: { $0.script.name == script.name }) else {
                return Entry(script: script, isGood: script.startsFailed ? false : nil, startAt: now)
            }
            if former.script == script { return former }
            return Entry(script: script, isGood: former.isGood, startAt: now)
        }
        let going = Set(entries.compactMap(\.run))
        return old.compactMap(\.run).filter { !going.contains($0) }.map(Action.terminate)
    }

    /// Starts what is due, and ends what runs for too long.
    package mutating func advance(to now: Instant) -> [Action] {
        var actions: [Action] = []
        for index in entries.indices {
            if let run = entries[index].run, entries[index].timeoutAt <= now {
                actions.append(.terminate(run))
                ended(at: index, .failed)
            }
            guard entries[index].startAt <= now else { continue }
            let (script, late) = (entries[index].script, now - entries[index].startAt)
            let missed = late.nanoseconds / max(script.interval.nanoseconds, 1)
            entries[index].startAt =
                entries[index].startAt + Interval(nanoseconds: script.interval.nanoseconds * (missed + 1))
            guard entries[index].run == nil else { continue }
            lastRun += 1
            entries[index].run = lastRun
            entries[index].timeoutAt = now + script.timeout
            actions.append(.run(lastRun, script))
        }
        return actions
    }

    /// A run has ended, or could not begin.
    package mutating func ended(_ run: UInt64, _ outcome: Outcome) {
        guard let index = entries.firstIndex(where: { $0.run == run }) else { return }
        ended(at: index, outcome)
    }

    private mutating func ended(at index: Int, _ outcome: Outcome) {
        entries[index].run = nil
        let script = entries[index].script
        let isSuccess: Bool
        switch outcome {
        case .succeeded: isSuccess = true
        case .failed: isSuccess = false
        case .notRun:
            // Not to know is no reason to be away for ever; what is known stays.
            entries[index].isGood = entries[index].isGood ?? true
            return
        }
        guard let isGood = entries[index].isGood else {
            entries[index].isGood = isSuccess
            return
        }
        guard isSuccess != isGood else {
            entries[index].contradictions = 0
            return
        }
        entries[index].contradictions += 1
        guard entries[index].contradictions >= (isSuccess ? script.rise : script.fall) else { return }
        entries[index].isGood = isSuccess
        entries[index].contradictions = 0
    }
}
