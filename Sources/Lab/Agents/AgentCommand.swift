import LinuxIO
import NetTypes
import Timekeeping

/// What an agent is told on its command line; both ends are here.
package enum AgentCommand: Hashable, Sendable {
    /// The client's prober.
    case probe(ProbeSettings)
    /// A real server.
    case serve(name: String, ports: [UInt16])
    /// The watcher.
    case watch(WatchSettings)

    /// The words behind `lab-agent`.
    package var arguments: [String] {
        switch self {
        case .probe(let settings):
            [
                "probe", String(describing: settings.target), String(settings.interval.nanoseconds),
                String(settings.connections), String(settings.timeout.nanoseconds),
            ]
        case .serve(let name, let ports): ["serve", name] + ports.map { String($0) }
        case .watch(let settings):
            ["watch", String(describing: settings.service), settings.countsRevisits ? "1" : "0"]
                + settings.namespaces.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        }
    }

    /// Reads what `arguments` wrote; nil for anything else.
    package init?(_ arguments: [String]) {
        guard let kind = arguments.first else { return nil }
        let rest = Array(arguments.dropFirst())
        switch kind {
        case "probe":
            guard rest.count == 4, let target = Self.endpoint(rest[0]), let interval = Int64(rest[1]),
                interval > 0,
                let connections = Int(rest[2]), (0...1000).contains(connections),
                let timeout = Int64(rest[3]), timeout > 0
            else { return nil }
            self = .probe(
                ProbeSettings(
                    target: target, interval: Interval(nanoseconds: interval), connections: connections,
                    timeout: Interval(nanoseconds: timeout)))
        case "serve":
            let ports = rest.dropFirst().compactMap { UInt16($0) }
            guard let name = rest.first, ports.count == rest.count - 1, !ports.isEmpty else { return nil }
            self = .serve(name: name, ports: ports)
        case "watch":
            guard rest.count >= 2, let service = Self.endpoint(rest[0]) else { return nil }
            var namespaces: [String: String] = [:]
            for word in rest.dropFirst(2) {
                guard let sign = word.firstIndex(of: "=") else { return nil }
                namespaces[String(word[..<sign])] = String(word[word.index(after: sign)...])
            }
            self = .watch(
                WatchSettings(namespaces: namespaces, service: service, countsRevisits: rest[1] == "1"))
        default: return nil
        }
    }

    private static func endpoint(_ text: String) -> Endpoint? {
        guard let colon = text.lastIndex(of: ":"), let address = IPv4Address(text[..<colon]),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        return Endpoint(.v4(address), port: port)
    }

    /// Runs an agent to its end; its exit status.
    package static func run(_ arguments: [String]) -> Int32 {
        Signal.pipe.ignore()
        do {
            switch AgentCommand(arguments) {
            case .probe(let settings): try ProbeClient(settings).run()
            case .serve(let name, let ports): try LittleServer(name: name, ports: ports).run()
            case .watch(let settings): try Watcher(settings).run()
            case nil: throw LabError("lab-agent is started by the lab, not by people")
            }
            return 0
        } catch {
            StandardStream.note("holdfast lab-agent \(arguments.first ?? ""): \(error)")
            return 1
        }
    }
}
