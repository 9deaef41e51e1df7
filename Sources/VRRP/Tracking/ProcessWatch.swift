import Timekeeping

/// Whether of each `vrrp_track_process` as many run as should, from counts that somebody takes: `now` goes
/// in, and what is known comes out. The first count is believed at once; later ones must last for
/// `fork_delay` or `terminate_delay`.
package struct ProcessWatch: Sendable {
    private struct Entry: Sendable {
        var process: TrackProcess
        var isGood: Bool?
        /// When what is known becomes its opposite; nil while counts agree with it.
        var changeAt: Instant?
    }

    private var entries: [Entry] = []

    /// Nothing is watched.
    package init() {}

    /// What is known, by name.
    package var values: [String: Bool] {
        var values: [String: Bool] = [:]
        for entry in entries { values[entry.process.name] = entry.isGood }
        return values
    }

    /// When `advance` has something to do.
    package var nextDeadline: Instant? {
        entries.reduce(nil as Instant?) { Instant?.earlier($0, $1.changeAt) }
    }

    /// Watches these and no others; of a name that stays what is known stays.
    package mutating func configure(_ processes: [TrackProcess]) {
        let old = entries
        entries = processes.map { process in
            let former = old.first { $0.process.name == process.name }
            return former?.process == process
                ? former ?? Entry(process: process)
                : Entry(process: process, isGood: former?.isGood)
        }
    }

    /// So many of each run now, by name.
    package mutating func count(_ counts: [String: Int], at now: Instant) {
        for index in entries.indices {
            let process = entries[index].process
            guard let count = counts[process.name] else { continue }
            let isEnough = count >= process.quorum && count <= process.quorumMaximum ?? .max
            if entries[index].isGood == nil { entries[index].isGood = isEnough }
            if entries[index].isGood == isEnough {
                entries[index].changeAt = nil
            } else if entries[index].changeAt == nil {
                entries[index].changeAt = now + (isEnough ? process.forkDelay : process.terminateDelay)
            }
        }
        advance(to: now)
    }

    /// Believes what has lasted long enough.
    package mutating func advance(to now: Instant) {
        for index in entries.indices {
            guard let due = entries[index].changeAt, due <= now else { continue }
            entries[index].isGood = entries[index].isGood.map { !$0 }
            entries[index].changeAt = nil
        }
    }
}

extension TrackProcess {
    /// Its command line decides, as whoever started it wrote it, and not its name.
    package var needsCommandLine: Bool { comparesCommandLine || !parameters.isEmpty || match != .exact }

    /// Whether a process is one of these: `name` is its name (/proc/PID/comm, at most 15 octets), `words` its
    /// command line, which is asked for only when it is needed.
    package func matches(name: [UInt8], words: () -> [[UInt8]]) -> Bool {
        guard needsCommandLine else { return process.utf8.prefix(15).elementsEqual(name) }
        let words = words()
        guard let program = words.first, program.elementsEqual(process.utf8) else { return false }
        let (own, wanted) = (Array(words.dropFirst()), parameters.map { Array($0.utf8) })
        switch match {
        case .exact: return wanted.isEmpty || own == wanted
        case .partial, .initial:
            guard let last = wanted.last else { return own.isEmpty }
            let count = wanted.count
            guard own.count >= count, own.prefix(count - 1) == wanted.prefix(count - 1) else { return false }
            return match == .partial ? own[count - 1] == last : own[count - 1].starts(with: last)
        }
    }
}
