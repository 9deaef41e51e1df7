import ControlProtocol
import LinuxIO
import Timekeeping

/// What the daemon knows of itself.
struct DaemonFacts: Hashable {
    /// What became of the latest reload.
    struct Reload: Hashable {
        /// When it was asked for.
        var at: Instant
        /// `file:line:column: error: text [code]`; empty when it was carried out.
        var findings: [String]
    }

    /// The language's version that it was built with.
    private static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    /// The short host name.
    var host: String
    /// The process id of the supervisor.
    var process: Int32
    /// When it began.
    var startedAt: Instant
    /// The configuration's file.
    var file: String
    /// The first digits of the SHA-256 of the files in force.
    var digest = ""
    /// When they came into force.
    var loadedAt: Instant
    /// nil before the first reload.
    var reload: Reload?

    /// The first line of an answer, without its kind.
    func members(_ times: ReportTimes) -> [JSONValue.Member] {
        [
            .init("schema", .integer(ControlNumbers.version)), .init("host", .string(host)),
            .init("version", .string(Entry.version)), .init("swift", .string(Self.swift)),
            .init("process", .integer(Int(process))),
            .init("started", times.date(startedAt)), .init("uptime_seconds", times.age(startedAt)),
            .init(
                "config",
                [
                    "file": .string(file), "digest": .string(digest), "loaded": times.date(loadedAt),
                    "loaded_seconds": times.age(loadedAt),
                    "last_reload": JSONValue(reload) {
                        [
                            "accepted": .bool($0.findings.isEmpty), "at": times.date($0.at),
                            "since_seconds": times.age($0.at),
                            "findings": .array($0.findings.prefix(20).map { .string($0) }),
                        ]
                    },
                ]),
        ]
    }
}

/// One moment by both clocks: reports tell times as dates and as ages.
struct ReportTimes: Hashable {
    var now: Instant
    var wall: WallTime

    /// The time by the wall clock.
    func wallTime(_ instant: Instant) -> WallTime {
        WallTime(nanoseconds: (Interval(nanoseconds: wall.nanoseconds) - (now - instant)).nanoseconds)
    }

    /// The time as RFC 3339.
    func date(_ instant: Instant) -> JSONValue { .string("\(wallTime(instant))") }

    /// Seconds since then, to the millisecond.
    func age(_ instant: Instant) -> JSONValue {
        .seconds(Interval.milliseconds((now - instant).nanoseconds / 1_000_000))
    }
}
