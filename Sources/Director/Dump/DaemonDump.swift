import ConfigModel
import ControlProtocol
import LinuxIO
import Timekeeping
import VRRP

/// What the dump files tell, in the layout of keepalived 2.2.7. Of services keepalived tells no exporter
/// anything there; `holdfast status` and `metrics` do.
struct DaemonDump {
    var supervisor: Supervisor
    var chronicle: Chronicle
    /// What the vrrp role has told.
    var facts: [String: InstanceFacts]
    /// What instances had counted when their counters were cleared.
    var cleared: [String: [String: UInt64]] = [:]
    var times: ReportTimes
    /// The name of this director where none is configured.
    var host: String

    /// What is in the file.
    func text(of file: DumpFile) -> String {
        switch file {
        case .state: data
        case .statistics: instances.map(\.statistics).joined()
        case .json: JSONWriter.line(.array(instances.map(\.json))) + "\n"
        }
    }

    private var instances: [InstanceDump] {
        supervisor.configuration.instances.map { instance in
            let standing = chronicle.instances[instance.name]
            return InstanceDump(
                configuration: instance, state: standing?.value ?? .initialize,
                since: standing.map { times.wallTime($0.since) }, facts: facts[instance.name],
                cleared: cleared[instance.name] ?? [:])
        }
    }

    private var data: String {
        let configuration = supervisor.configuration
        let parts = [
            Self.title("Global definitions"), " Router ID = \(configuration.global.routerID ?? host)\n",
            section("VRRP Topology", instances.map(\.data)),
            section("VRRP Sync groups", configuration.syncGroups.map(group)),
            section("VRRP Scripts", configuration.tracked.scripts.map(script)),
            section("VRRP Track files", configuration.tracked.files.map(file)),
            section("VRRP Track processes", configuration.tracked.processes.map(process)),
        ]
        return parts.joined()
    }

    private static func title(_ text: String) -> String { "------< \(text) >------\n" }

    private func section(_ title: String, _ parts: [String]) -> String {
        parts.isEmpty ? "" : Self.title(title) + parts.joined()
    }

    private func group(_ group: SyncGroup) -> String {
        let states = group.members.compactMap { chronicle.instances[$0]?.value }
        let state: Router.StateName = states.contains(.fault) ? .fault : states.first ?? .initialize
        return " VRRP Sync Group = \(group.name), \(state.rawValue)\n   VRRP member instances :\n"
            + group.members.map { "     \($0)\n" }.joined()
    }

    /// The instances that track an object of this kind and name, with their weights for it.
    private func tracking(_ kind: Tracked.Kind, _ name: String) -> String {
        "   Tracking instances :\n"
            + supervisor.configuration.instances.flatMap { instance in
                instance.tracking.items.filter { $0.kind == kind && $0.name == name }
                    .map { "     \(instance.name), weight \($0.weight)\n" }
            }.joined()
    }

    /// A line each, three blanks in.
    private static func lines(_ rows: [(String, String)]) -> String {
        rows.map { "   \($0) = \($1)\n" }.joined()
    }

    private func script(_ script: TrackScript) -> String {
        let status = supervisor.scripts.values[script.name].map { $0 ? "GOOD" : "BAD" } ?? "INIT"
        let state = supervisor.scripts.isRunning(script.name) ? "running" : "idle"
        let rows = [
            ("Command", script.command.map { "'\($0)'" }.joined(separator: " ")),
            ("Interval", "\(script.interval.nanoseconds / 1_000_000_000) sec"),
            ("Timeout", "\(script.timeout.nanoseconds / 1_000_000_000) sec"), ("Weight", "\(script.weight)"),
            ("Rise", "\(script.rise)"), ("Fall", "\(script.fall)"), ("Status", status),
        ]
        return [
            " VRRP Script = \(script.name)\n", Self.lines(rows), tracking(.script, script.name),
            Self.lines([("State", state)]),
        ].joined()
    }

    private func file(_ file: TrackFile) -> String {
        let status = supervisor.files[file.name].map { [("Status", "\($0)")] } ?? []
        let rows = [("File", file.path)] + status + [("Weight", "\(file.weight)")]
        return " Track file = \(file.name)\n" + Self.lines(rows) + tracking(.file, file.name)
    }

    private func process(_ process: TrackProcess) -> String {
        let quorum = supervisor.processes.values[process.name].map { "\($0)" } ?? "unknown"
        let rows = [
            ("Process", process.process), ("Min processes", "\(process.quorum)"), ("Have quorum", quorum),
            ("Weight", "\(process.weight)"),
        ]
        return " VRRP Track process = \(process.name)\n" + Self.lines(rows) + tracking(.process, process.name)
    }
}
