import LinuxIO

/// The log of one process. Each role writes its own lines, so that no role's trouble silences another's.
package final class Log {
    private let sink: LogSink
    /// `-D`: `detail` lines are written too.
    package let writesDetail: Bool

    /// Logs as `program` to standard error with `-l`, otherwise to syslog, but for `-G`; to the file of `-g`,
    /// too. Where standard error is the journal's (`JOURNAL_STREAM` says which it is) lines go to its socket,
    /// with fields.
    package init(
        program: String, options: Options, environment: [String: String],
        journal: String = "/run/systemd/journal/socket"
    ) {
        let isJournal = HostFacts.isStandardError(environment["JOURNAL_STREAM"] ?? "")
        let console = isJournal ? LogSink.Destination.journalSocket(path: journal) : .standardError
        var destinations: [LogSink.Destination] = options.logsToConsole ? [console] : []
        if !options.logsToConsole, options.usesSyslog {
            let facility = LogSink.Destination.facility(options.logFacility) ?? 3
            destinations.append(.syslog(path: "/dev/log", facility: facility))
        }
        if let path = options.logFile { destinations.append(.file(path: path)) }
        sink = LogSink(program: program, destinations: destinations)
        writesDetail = options.logsDetail
    }

    /// Why the file of `-g` cannot be written; nil when it can, or there is none.
    package var refusal: SystemError? { sink.refusal }

    /// A transition or a change: what an operator wants to find afterwards.
    package func notice(_ text: String) { sink.write(.notice, text) }
    /// As that, with what the journal is told beside it.
    func notice(_ line: LogLine) { sink.write(.notice, line.text, line.event?.fields ?? []) }
    /// Something that is not as it should be, and is being coped with.
    package func warning(_ text: String) { sink.write(.warning, text) }
    /// Something that did not work.
    package func error(_ text: String) { sink.write(.error, text) }
    /// As that, with what the journal is told beside it.
    func error(_ line: LogLine) { sink.write(.error, line.text, line.event?.fields ?? []) }
    /// Only with `-D`.
    package func detail(_ text: String) { if writesDetail { sink.write(.info, text) } }
}

/// The environment this process was started with.
package enum Environment {
    /// Names and values, read once from /proc: no C strings in here. Empty when it cannot be read.
    package static func current() -> [String: String] {
        parse((try? Files.read("/proc/self/environ", limit: 1 << 20)) ?? [])
    }

    /// NUL-separated `NAME=value` pairs; whatever is not one is passed over.
    package static func parse(_ octets: [UInt8]) -> [String: String] {
        var result: [String: String] = [:]
        for entry in octets.split(separator: 0) {
            let parts = entry.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { continue }
            result[String(decoding: parts[0], as: UTF8.self)] = String(decoding: parts[1], as: UTF8.self)
        }
        return result
    }
}
