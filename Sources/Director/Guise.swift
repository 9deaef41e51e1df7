/// What the program is called as. Under keepalived's name it takes its place: its files where nothing else is
/// said, version and help where its callers look for them.
package enum Guise: String, Hashable, Sendable {
    case holdfastd
    case keepalived

    /// By the name or path that the program was started with.
    package init(program: String) {
        let name = program.split(separator: "/").last.map(String.init) ?? ""
        self = Guise(rawValue: name) ?? .holdfastd
    }

    /// What `-v` prints; the first line under keepalived's name is what its callers take the version out of:
    /// that of the release whose dump files and options these are.
    package var version: String {
        switch self {
        case .holdfastd: Entry.version + "\n"
        case .keepalived: "Keepalived v2.2.7 (\(Entry.version) in its place)\n"
        }
    }

    /// What log lines of a process are marked with; nil is the supervisor. keepalived knows no lvs: its
    /// process for checkers programs the table.
    package func ident(of role: RoleName?) -> String {
        switch (self, role) {
        case (.holdfastd, nil): "holdfastd"
        case (.holdfastd, let role?): "holdfastd-\(role)"
        case (.keepalived, nil): "Keepalived"
        case (.keepalived, .vrrp): "Keepalived_vrrp"
        case (.keepalived, .lvs), (.keepalived, .checker): "Keepalived_healthcheckers"
        }
    }

    /// Version and help go to standard error, as keepalived's do.
    package var speaksOnStandardError: Bool { self == .keepalived }

    /// The options with keepalived's files where they name none.
    package func completed(_ options: Options) -> Options {
        guard self == .keepalived else { return options }
        var options = options
        options.guise = self
        options.file = options.file ?? "/etc/keepalived/keepalived.conf"
        options.pidFile = options.pidFile ?? "/run/keepalived.pid"
        return options
    }
}
