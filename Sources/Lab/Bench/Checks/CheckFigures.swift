// From what the kernel counts to the figures of one daemon under one load. Pure.

import Timekeeping

/// Connections that were begun so far, at a moment: probes, where nobody else makes any.
struct StartCount: Hashable, Sendable {
    var at: Instant
    var begun: Int

    /// From the text of /proc/net/snmp; nil when it is not what the kernel writes.
    init?(snmp text: String, at now: Instant) {
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map {
            $0.split(separator: " ")
        }
        guard rows.count == 2, let place = rows[0].firstIndex(of: "ActiveOpens"), rows[1].count > place,
            let begun = Int(rows[1][place])
        else { return nil }
        (at, self.begun) = (now, begun)
    }

    /// A count.
    init(at: Instant, begun: Int) { (self.at, self.begun) = (at, begun) }
}

/// How evenly probes begin: the busiest and the idlest tenth of a second, as parts of the mean.
struct StartSpread: Hashable, Sendable {
    var busiest: Double
    var idlest: Double

    /// Of counts in the order they were made, about ten milliseconds apart; nil of less than a second.
    init?(_ counts: [StartCount]) {
        guard let first = counts.first, let last = counts.last, last.at - first.at >= .seconds(1),
            last.begun > first.begun
        else { return nil }
        let mean = Double(last.begun - first.begun) / (last.at - first.at).seconds
        var rates: [Double] = []
        var begin = first
        for count in counts where count.at - begin.at >= .milliseconds(100) {
            rates.append(Double(count.begun - begin.begun) / (count.at - begin.at).seconds / mean)
            begin = count
        }
        guard let most = rates.max(), let least = rates.min() else { return nil }
        (busiest, idlest) = (most, least)
    }
}

/// What `strace -c` counted.
enum SystemCallCount {
    /// All calls of its table; nil when it is none.
    static func total(_ text: String) -> Int? {
        var sum: Int?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            // % time, seconds, usecs/call, calls, perhaps errors, syscall.
            guard words.count == 5 || words.count == 6, Double(words[0]) != nil, words.last != "total",
                let calls = Int(words[3])
            else { continue }
            sum = (sum ?? 0) + calls
        }
        return sum
    }
}

/// The figures of one daemon under one load.
struct CheckFigures: Hashable, Sendable {
    /// Probes a second.
    var rate = 0.0
    /// Processor time a probe, in microseconds, of the process that makes them: one value a window.
    var perProbe: [Double] = []
    /// The same of all processes of the daemon.
    var perProbeInAll: [Double] = []
    /// The part of it in the program itself and not in the kernel, 0...1; nil when there was too little.
    var userShare: Double?
    /// System calls a probe of the process that makes them; nil without strace.
    var calls: Double?
    /// Resident KiB of that process, and of all.
    var resident = 0
    var residentInAll = 0
    /// Resident octets a check of that process beyond those of a few; nil where that was not measured.
    var perCheck: Double?
    var spread: StartSpread?
    /// Servers that were out of the table though all of them answer: too much for this machine.
    var out = 0
    /// From each death to the removal.
    var removals: [CheckSetup.Death: [Interval]] = [:]
    /// Deaths that were not noticed in twice the time.
    var unnoticed = 0
}

/// What the processes of a daemon have used so far.
struct CheckUsage: Hashable, Sendable {
    var at: Instant
    var probes: Int
    /// Of the process that makes the probes, then of all.
    var processor: Interval
    var processorInAll: Interval
}

extension CheckFigures {
    /// Takes what was used from one moment to the next; nothing when no probe was made.
    mutating func add(from first: CheckUsage, to last: CheckUsage) {
        let probes = last.probes - first.probes
        guard probes > 0 else { return }
        perProbe.append(Double((last.processor - first.processor).nanoseconds) / 1e3 / Double(probes))
        perProbeInAll.append(
            Double((last.processorInAll - first.processorInAll).nanoseconds) / 1e3 / Double(probes))
    }
}
