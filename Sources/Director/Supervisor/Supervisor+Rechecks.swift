import ConfigModel
import ControlProtocol
import HealthChecks
import LoadBalancing

/// A check of a server, to be made now.
struct Recheck: Hashable {
    /// The server.
    var name: ServerName
    /// The check.
    var check: CheckSpecification
    /// Where the checker has it.
    var place: Int

    /// The line of an answer.
    var line: JSONValue {
        [
            "kind": "recheck", "service": .string("\(name.service)"), "address": .string("\(name.server)"),
            "target": .string(check.target),
        ]
    }
}

extension Supervisor {
    /// The checks that `target` means: those of a server, of a service, or, with nil, all; in configured
    /// order, and only those that are made: not of a suspended service, not of a file, which needs no probe.
    func rechecks(meantBy target: String?) -> [Recheck] {
        let server = target.flatMap { ServerTarget($0) }
        let service = target.flatMap { ServiceIdentity($0) }
        let places = Dictionary(checks.enumerated().map { ($1, $0) }) { first, _ in first }
        return configuration.virtualServers.flatMap { virtual in
            virtual.realServers.flatMap { real -> [Recheck] in
                let name = virtual.name(of: real)
                guard target == nil || service == virtual.identity || server?.means(name) == true else {
                    return []
                }
                return real.checks.compactMap { check in
                    places[check].map { Recheck(name: name, check: check, place: $0) }
                }
            }
        }
    }
}
