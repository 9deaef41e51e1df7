import LinuxIO

/// The processor time of a process, in clock ticks: what it did itself, and what the kernel did for it.
struct ProcessTimes: Hashable, Sendable {
    var user: Int
    var system: Int

    /// Of the process `pid`; nil when it is gone.
    init?(of pid: Int32) {
        guard let octets = try? Files.read("/proc/\(pid)/stat", limit: 4096) else { return nil }
        self.init(stat: String(decoding: octets, as: UTF8.self))
    }

    /// From the text of /proc/PID/stat (proc(5)); nil when it is not what the kernel writes.
    init?(stat text: String) {
        // The name may have blanks and brackets in it.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let words = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard words.count > 12, let user = Int(words[11]), let system = Int(words[12]) else { return nil }
        (self.user, self.system) = (user, system)
    }

    /// The part that it did itself since `before`, 0...1; nil when there are too few ticks to tell.
    func userShare(since before: ProcessTimes) -> Double? {
        let (own, other) = (user - before.user, system - before.system)
        guard own >= 0, other >= 0, own + other >= 5 else { return nil }
        return Double(own) / Double(own + other)
    }
}
