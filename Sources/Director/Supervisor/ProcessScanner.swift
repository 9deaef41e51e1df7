import LinuxIO
import Timekeeping
import VRRP

/// Counts the processes that `vrrp_track_process` names. /proc is looked through every `spacing`; the end of
/// a process that was found is known at once, by its pidfd.
///
/// keepalived listens to the kernel's process events instead. They need NET_ADMIN in the first network
/// namespace, come for every process of the machine, and can be lost: then it looks through /proc, too.
final class ProcessScanner<Token> {
    static var spacing: Interval { .seconds(1) }
    /// How soon after an end it looks again: a burst of ends is one look.
    static var settling: Interval { .milliseconds(10) }
    /// The least time from one look to the next, however short the lives of those that are found.
    static var pause: Interval { .milliseconds(100) }
    /// So many ends are waited for; those of others are seen by the next look.
    static var watchLimit: Int { 64 }

    private let loop: EventLoop<Token>
    private let log: Log
    private let token: (Int32) -> Token
    private let directory: String
    private var processes: [TrackProcess] = []
    private var ends: [Int32: (end: ProcessEnd, registration: Registration)] = [:]
    private var scanAt: Instant?
    private var lastScan: Instant?
    private var hasComplained = false

    init(in loop: EventLoop<Token>, log: Log, directory: String = "/proc", token: @escaping (Int32) -> Token)
    {
        self.loop = loop
        self.log = log
        self.directory = directory
        self.token = token
    }

    /// When `advance` has something to do.
    var nextDeadline: Instant? { scanAt }

    /// Counts these and no others.
    func configure(_ processes: [TrackProcess], at now: Instant) {
        self.processes = processes
        for pid in ends.keys { forget(pid) }
        scanAt = processes.isEmpty ? nil : now
    }

    /// The process has ended.
    func noteEnd(of pid: Int32, at now: Instant) {
        forget(pid)
        let soon = lastScan.map { max(now + Self.settling, $0 + Self.pause) } ?? now
        scanAt = scanAt.map { min($0, soon) }
    }

    private func forget(_ pid: Int32) {
        if let watch = ends.removeValue(forKey: pid) { loop.unregister(watch.registration) }
    }

    /// How many of each run, by name, when it is time to look.
    func advance(to now: Instant) -> [String: Int]? {
        guard let due = scanAt, due <= now else { return nil }
        scanAt = now + Self.spacing
        lastScan = now
        var counts: [String: Int] = [:]
        for process in processes { counts[process.name] = 0 }
        do {
            for pid in try Files.names(in: directory).compactMap({ Int32($0) }) { look(at: pid, &counts) }
            return counts
        } catch {
            if !hasComplained { log.error("vrrp_track_process: \(error)") }
            hasComplained = true
            return nil
        }
    }

    private func look(at pid: Int32, _ counts: inout [String: Int]) {
        guard let octets = try? Files.read("\(directory)/\(pid)/stat", limit: 4096),
            let name = Self.name(inStat: octets)
        else { return }
        var line: [[UInt8]]?
        for process in processes {
            let isMatch = process.matches(name: name) {
                let words = line ?? commandLine(of: pid)
                line = words
                return words
            }
            guard isMatch else { continue }
            counts[process.name, default: 0] += 1
            awaitEnd(of: pid)
        }
    }

    private func awaitEnd(of pid: Int32) {
        guard ends[pid] == nil, ends.count < Self.watchLimit, let end = try? ProcessEnd(of: pid),
            let registration = try? loop.register(end.descriptor, .read, token(pid))
        else { return }
        ends[pid] = (end, registration)
    }

    private func commandLine(of pid: Int32) -> [[UInt8]] {
        let octets = (try? Files.read("\(directory)/\(pid)/cmdline", limit: 1 << 20)) ?? []
        let line = octets.last == 0 ? octets.dropLast() : octets[...]
        return octets.isEmpty
            ? [] : line.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    }

    /// The name in /proc/PID/stat; nil for a process that has ended and was not waited for.
    static func name(inStat octets: [UInt8]) -> [UInt8]? {
        guard let open = octets.firstIndex(of: UInt8(ascii: "(")),
            let close = octets.lastIndex(of: UInt8(ascii: ")")), open < close,
            octets.indices.contains(close + 2)
        else { return nil }
        let state = octets[close + 2]
        return state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
            ? nil : Array(octets[(open + 1)..<close])
    }
}
