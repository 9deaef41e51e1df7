import LinuxIO
import Timekeeping

/// What a process has used so far, from /proc.
struct ProcessLoad: Hashable, Sendable {
    /// On processors, all its life (the first field of /proc/PID/schedstat).
    var processor: Interval
    /// Resident, in KiB (VmRSS).
    var resident: Int

    /// Of the process `pid`; nil when it is gone.
    init?(of pid: Int32) {
        self.init(schedstat: Self.text("/proc/\(pid)/schedstat"), status: Self.text("/proc/\(pid)/status"))
    }

    /// From the texts of the two files; nil when they are not what the kernel writes.
    init?(schedstat: String, status: String) {
        guard let used = schedstat.split(separator: " ").first.flatMap({ Int64($0) }),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let resident = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
                .flatMap({ Int($0) })
        else { return nil }
        processor = Interval(nanoseconds: used)
        self.resident = resident
    }

    /// The name that the process `pid` gives itself (/proc/PID/comm); empty when it is gone.
    static func name(of pid: Int32) -> String { text("/proc/\(pid)/comm").filter { $0 != "\n" } }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Files.read(path, limit: 1 << 16)) ?? [], as: UTF8.self)
    }
}
