import Timekeeping

/// What a drill does to the pair.
package enum Scenario: String, Hashable, Sendable, Codable, CaseIterable {
    /// The master's machine is gone: every process killed, every cable pulled.
    case crash
    /// The master's daemon is asked to stop.
    case stop
    /// A real server dies and comes back.
    case server
    /// The master crashes, and connections that stood before must go on.
    case connection
    /// Both directors serve too, and nothing guards them: the loop must show.
    case loopGuardOff = "loop-guard-off"
    /// The same with the guard: no loop.
    case loopGuardOn = "loop-guard-on"
    /// The guard's rules are flushed by somebody while it works: they must come back.
    case guardRepair = "guard-repair"

    /// The heading of its part of the report.
    var title: String {
        switch self {
        case .crash: "Crash of the master"
        case .stop: "Clean stop of the master"
        case .server: "Real server dies and comes back"
        case .connection: "Connections through a crash"
        case .loopGuardOff: "Both directors serve, no guard"
        case .loopGuardOn: "Both directors serve, guarded"
        case .guardRepair: "The guard's rules flushed"
        }
    }

    /// What is done to the pair, in one sentence.
    package var sentence: String {
        switch self {
        case .crash: "Every process of the master is killed at one moment and its cables are pulled."
        case .stop: "The master's daemon gets SIGTERM."
        case .server:
            "The server process of a real server is killed, and started again once it has been removed."
        case .connection: "The master crashes under TCP connections that exchange a line every 20 ms."
        case .loopGuardOff:
            "Both directors are real servers too, and the guard's lines are taken out of the configuration: "
                + "the loop must show."
        case .loopGuardOn: "Both directors are real servers too, with the loop guard of the configuration."
        case .guardRepair: "Somebody flushes the mangle table of the master while the guard works."
        }
    }

    /// Needs a pair whose directors are real servers.
    package var needsGuard: Bool {
        switch self {
        case .loopGuardOff, .loopGuardOn, .guardRepair: true
        case .crash, .stop, .server, .connection: false
        }
    }

    /// When a request has failed. A failover counts requests that hang, so they end soon. Elsewhere every
    /// failure counts against the pair, so a packet that a busy machine drops gets time to be sent again
    /// (after 1 s).
    var requestTimeout: Interval { isFailover ? .milliseconds(500) : .milliseconds(2500) }

    /// Ends with the service on the other director.
    package var isFailover: Bool { self == .crash || self == .stop || self == .connection }
}
