import Timekeeping

/// The rows that virtual_server, real_server and the checkers share.
enum ScheduleGrammar {
    static func rows<D: ScheduledDraft>(
        _ blank: D.Type, retry: String, wait: String, inherited: Bool
    ) -> [Keyword<D>] {
        let outer = inherited ? "of the block around it" : nil
        return [
            .value(
                "delay_loop", .timeout, default: outer ?? "60",
                "From one probe to the next, unless that is a further attempt.", tier: .core
            ) { swap(&$1, &$0.schedule.delayLoop) },
            .value(
                "retry", .integer(0...100_000), default: outer ?? retry,
                "Further attempts after a failure before the server is down.", tier: .core
            ) { swap(&$1, &$0.schedule.retry) },
            .value(
                "delay_before_retry", .delay, default: outer ?? wait,
                "How long to wait between those attempts.", tier: .core
            ) { swap(&$1, &$0.schedule.delayBeforeRetry) },
            .value(
                "warmup", .delay, default: outer ?? "delay_loop",
                "The first probe comes within this time; those of many checks are spread over it.",
                tier: .rare
            ) { swap(&$1, &$0.schedule.warmup) },
            .flag(
                "alpha", \.schedule.alpha, takesValue: true, default: outer ?? "off",
                "The server starts as down, and is used after its first good probe.", tier: .common),
            .value(
                "rise", .integer(1...100_000), default: outer ?? "1",
                "So many good probes in a row bring a server up that is down.", tier: .own
            ) { swap(&$1, &$0.schedule.rise) },
            .value(
                "fall", .integer(1...100_000), default: outer ?? "retry and one more",
                "So many failures in a row bring down a server that has been up: one more than retry.",
                tier: .own
            ) { swap(&$1, &$0.schedule.fall) },
        ]
    }

    static func timeouts<D: ScheduledDraft>(_ blank: D.Type, inherited: Bool) -> [Keyword<D>] {
        [
            .value(
                "connect_timeout", .timeout,
                default: inherited ? "of the block around it" : "5",
                "How long one connection of a probe may take, from its start to its result.", tier: .core
            ) { swap(&$1, &$0.schedule.connectTimeout) },
            .value(
                "probe_timeout", .timeout,
                default: inherited ? "of the block around it" : "connect_timeout for each url",
                "How long one probe may take in all.", tier: .own
            ) { swap(&$1, &$0.schedule.probeTimeout) },
        ]
    }
}
