import ConfigModel
import LinuxIO

/// A file that keepalived writes at a signal, and that exporters read.
enum DumpFile: String, Hashable, CaseIterable {
    /// SIGUSR1: what is configured, and the state of instances and of what they track.
    case state = "keepalived.data"
    /// SIGUSR2: what instances have counted.
    case statistics = "keepalived.stats"
    /// SIGRTMIN+2: both, of instances, as JSON.
    case json = "keepalived.json"

    /// Which one a signal asks for; nil for none.
    init?(_ signal: Signal) {
        switch signal {
        case .user1: self = .state
        case .user2: self = .statistics
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
