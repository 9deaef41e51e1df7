import Glibc
import Timekeeping

/// What a process uses, by /proc/PID/stat (proc_pid_stat(5)).
package struct ProcessUsage: Hashable, Sendable {
    /// Octets of memory that are not swapped out.
    package let residentOctets: UInt64
    /// Processor time since it began, in user and in kernel mode.
    package let processorTime: Interval

    /// The kernel's unit of processor time for programs: USER_HZ, 100 a second on all machines that Linux
    /// runs on today but Alpha.
    private static let tick = Interval.milliseconds(10)

    /// Of this process; nil when there is none.
    package init?(of process: Int32) {
        guard let octets = try? Files.read("/proc/\(process)/stat", limit: 4096) else { return nil }
        self.init(stat: String(decoding: octets, as: UTF8.self))
    }

    /// Of the one line of that file. The name in it may have any characters, parentheses included.
    init?(stat: String) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ").dropFirst().map { Int64($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12], let pages = fields[21],
            pages >= 0
        else { return nil }
        residentOctets = UInt64(pages) * Self.pageSize
        processorTime = Self.tick * (user + system)
    }

    private static var pageSize: UInt64 { UInt64(getpagesize()) }
}
