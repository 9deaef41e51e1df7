import HealthChecks
import LoadBalancing
import VRRP

/// Where a program is that is written by its name alone. keepalived looks through the PATH that it was
/// started with, which is another one on a console than at boot; here the places are always the same.
package enum ProgramSearch {
    /// Looked through in this order.
    package static let directories = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// True for a name; a path begins with "/".
    static func isName(_ program: String) -> Bool { !program.hasPrefix("/") }

    /// Every path where `program` may be; itself when it is one.
    static func candidates(_ program: String) -> [String] {
        isName(program) ? directories.map { "\($0)/\(program)" } : [program]
    }
}

extension HostDescription {
    /// The first of a program's places with a file that can be run; nil when there is none.
    func path(of program: String) -> String? {
        guard ProgramSearch.isName(program) else { return program }
        return ProgramSearch.candidates(program).first { path in
            guard case .present(let file) = files[path] else { return false }
            return !file.isDirectory && file.mode & 0o111 != 0
        }
    }
}

extension Configuration {
    /// With every program by its path on `host`. One that is nowhere gets the path of a file that is not
    /// there, so that what runs it finds nothing.
    func located(on host: HostDescription) -> Configuration {
        func path(_ program: String) -> String {
            host.path(of: program) ?? "\(ProgramSearch.directories[0])/\(program)"
        }
        var result = self
        for index in result.tracked.scripts.indices { result.tracked.scripts[index].command.locate(path) }
        result.notifications.locate(path)
        for service in virtualServers.indices {
            for server in virtualServers[service].realServers.indices {
                // Whatever is written to is copied: of a hundred thousand checks few are programs by name.
                for index in virtualServers[service].realServers[server].checks.indices {
                    guard
                        case .script(var script) =
                            virtualServers[service].realServers[server].checks[index].kind,
                        script.command.isByName
                    else { continue }
                    script.command.locate(path)
                    result.virtualServers[service].realServers[server].checks[index].kind = .script(script)
                }
            }
        }
        return result
    }
}

extension [String] {
    /// The program is written by its name alone.
    fileprivate var isByName: Bool { first.map(ProgramSearch.isName) ?? false }

    /// Puts the path of the program in front of its arguments.
    fileprivate mutating func locate(_ path: (String) -> String) {
        if isByName { self[0] = path(self[0]) }
    }
}

extension Notifications {
    fileprivate mutating func locate(_ path: (String) -> String) {
        for name in instances.keys { instances[name]?.locate(path) }
        for name in groups.keys { groups[name]?.locate(path) }
        for name in services.keys { services[name]?.locate(path) }
        for kind in pipes.keys { pipes[kind]?.reader?.command.locate(path) }
    }
}

extension TransitionScripts {
    fileprivate mutating func locate(_ path: (String) -> String) {
        let scripts: [WritableKeyPath<Self, NotifyScript?>] = [
            \.master, \.backup, \.fault, \.stop, \.any, \.deleted,
        ]
        for script in scripts { self[keyPath: script]?.command.locate(path) }
    }
}

extension ServiceNotifications {
    fileprivate mutating func locate(_ path: (String) -> String) {
        quorumUp?.command.locate(path)
        quorumDown?.command.locate(path)
        for server in servers.keys {
            servers[server]?.up?.command.locate(path)
            servers[server]?.down?.command.locate(path)
        }
    }
}
