import ConfigModel
import LinuxIO

/// The files that are to be written, and what their counters begin with.
struct WantedDumps {
    private var files: Set<DumpFile> = []
    private var clears = false
    /// What instances had counted when the counters were cleared last: keepalived begins at 0 then. Only the
    /// files do so here; what others go by counts on.
    private(set) var cleared: [String: [String: UInt64]] = [:]

    /// One is wanted; true for the first one.
    mutating func want(_ signal: Signal) -> Bool {
        guard let file = DumpFile(signal) else { return false }
        clears = clears || signal == .realTimeLast1
        return files.insert(file).inserted && files.count == 1
    }

    /// Those that are wanted, which they are no more.
    mutating func take() -> [DumpFile] {
        defer { files = [] }
        return DumpFile.allCases.filter(files.contains)
    }

    /// They are written: counters begin anew where that is wanted.
    mutating func written(_ facts: [String: InstanceFacts]) {
        if clears { cleared = facts.mapValues(\.counters) }
        clears = false
    }

    /// The vrrp role has been started again, and counts from 0.
    mutating func countersBegan() { cleared = [:] }
}

/// A file that keepalived writes at a signal, and that exporters read.
enum DumpFile: String, Hashable, CaseIterable {
    /// SIGUSR1: what is configured, and the state of instances and of what they track.
    case state = "keepalived.data"
    /// SIGUSR2: what instances have counted; SIGRTMAX-1: that, and the counters begin anew.
    case statistics = "keepalived.stats"
    /// SIGRTMIN+2: both, of instances, as JSON.
    case json = "keepalived.json"

    /// Which one a signal asks for; nil for none.
    init?(_ signal: Signal) {
        switch signal {
        case .user1: self = .state
        case .user2, .realTimeLast1: self = .statistics
        case .realTime2: self = .json
        case .hangup, .interrupt, .quit, .kill, .pipe, .terminate, .child, .continue, .stop: return nil
        }
    }

    /// Where it goes: as configured, or into `directory`, the daemon's own.
    func path(_ places: DumpFiles, in directory: String) -> String {
        let place =
            switch self {
            case .state: places.state
            case .statistics: places.statistics
            case .json: places.json
            }
        guard let place else { return "\(directory)/\(rawValue)" }
        return place.hasSuffix("/") ? place + rawValue : place
    }
}
