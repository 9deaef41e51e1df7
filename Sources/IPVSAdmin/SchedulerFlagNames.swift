import LoadBalancing

/// The names of a scheduler's flags (`-b`): some schedulers have names of their own for the kernel's bits.
enum SchedulerFlagNames {
    private static let general: [(name: String, flag: ServiceFlags)] = [
        ("flag-1", .scheduler1), ("flag-2", .scheduler2), ("flag-3", .scheduler3),
    ]
    private static let own: [String: [(name: String, flag: ServiceFlags)]] = [
        "sh": [("sh-fallback", .scheduler1), ("sh-port", .scheduler2)],
        "mh": [("mh-fallback", .scheduler1), ("mh-port", .scheduler2)],
    ]

    /// What a listing shows of `flags`. Where a scheduler has its own names, a bit without one is not shown.
    static func names(of flags: ServiceFlags, scheduler: String) -> [String] {
        (own[scheduler] ?? general).filter { flags.contains($0.flag) }.map(\.name)
    }

    /// The flags of `text`, names with commas between them.
    static func flags(_ text: String, scheduler: String) throws(CommandError) -> ServiceFlags {
        var flags: ServiceFlags = []
        for name in text.split(separator: ",") {
            if let found = (general + (own[scheduler] ?? [])).first(where: { $0.name == name }) {
                flags.insert(found.flag)
            } else if own.values.joined().contains(where: { $0.name == name }) {
                throw .refused("scheduler \(scheduler) has no flag \(name)")
            } else {
                throw .refused("no scheduler has a flag \(name)")
            }
        }
        return flags
    }
}
