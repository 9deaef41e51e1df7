import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes

/// What a configuration asks of the host it is to run on: no more is looked up than matters.
package struct HostQuestions: Hashable, Sendable {
    /// Absolute paths of programs, and of every directory on the way to them.
    package private(set) var paths: Set<String> = []
    /// Login names.
    package private(set) var users: Set<String> = []
    /// Names of groups.
    package private(set) var groups: Set<String> = []
    /// Kernel modules.
    package private(set) var modules: Set<String> = []
    /// Files below /proc/sys: `net/ipv4/ip_forward`.
    package private(set) var settings: Set<String> = []
    /// Addresses of which the interface matters by which they are reached: some of them, since each interface
    /// is told of once.
    package private(set) var ways: Set<IPAddress> = []

    /// Each is a question to the kernel.
    private static let wayLimit = 256

    /// No question.
    init() {}

    init(_ draft: ConfigurationDraft) {
        for use in draft.programs {
            for path in ProgramSearch.candidates(use.path) {
                paths.formUnion(ProgramUse.components(of: path))
            }
            users.formUnion(use.userNames)
        }
        if let (_, program) = draft.guardProgram {
            paths.formUnion(ProgramSearch.candidates(program))
        }
        users.formUnion(draft.accounts.map(\.value.name))
        groups.formUnion(draft.systemGroups.map(\.name.value))
        if !draft.virtualServers.isEmpty || draft.global.syncDaemon != nil { modules.insert("ip_vs") }
        for service in draft.virtualServers {
            modules.insert(service.schedulerModule)
            if service.needsFTPModule { modules.insert(HostChecks.ftpModule) }
            if service.translatesSource != nil { modules.insert(HostChecks.matchModule) }
        }
        settings = ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"]
        for interface in draft.instances.compactMap(\.interface?.value) + ["all"] {
            settings.insert(HostChecks.ignoring(on: interface))
        }
        guard !draft.virtualServers.isEmpty else { return }
        let places = draft.instances.flatMap { instance in
            (instance.addresses + instance.excluded).map { instance.base(of: $0.value) }
        }
        for service in draft.virtualServers where service.family == .inet && ways.count < Self.wayLimit {
            for server in service.servers(by: .masquerade) where ways.count < Self.wayLimit {
                if let address = server.address?.value { ways.insert(address) }
            }
        }
        for interface in places + ["all"] {
            settings.formUnion([
                HostChecks.redirecting(on: interface), HostChecks.reverseFilter(on: interface),
            ])
        }
    }
}

extension HostQuestions {
    /// Asks for these files, too.
    mutating func ask(for files: [String]) { paths.formUnion(files) }
}

/// A program that the configuration names, and whom it runs as.
struct ProgramUse: Sendable {
    /// The program, by path or name, and its arguments.
    var command: Located<[String]>
    /// As written, at the program or for all of them; nil for the default.
    var account: Located<ScriptUser>?

    var path: String { command.value.first ?? "" }
    /// Whom it runs as: the first of these who exists. By default keepalived's own user, or else nobody.
    var userNames: [String] { account.map { [$0.value.name] } ?? ["keepalived_script", "nobody"] }

    /// Its path, and every directory above it.
    var components: [String] { Self.components(of: path) }

    /// A path, and every directory above it, from the top: `/`, `/usr`, `/usr/x`.
    static func components(of path: String) -> [String] {
        var result = ["/"]
        var current = ""
        for part in path.split(separator: "/") {
            current += "/" + part
            result.append(current)
        }
        return result
    }
}

extension ConfigurationDraft {
    /// Where passwords are written.
    var secrets: [Span] {
        instances.compactMap { $0.authentication?.password?.span } + [tls?.password?.span].compactMap { $0 }
    }

    /// Every program, in the order of the file's areas.
    var programs: [ProgramUse] {
        let readers = NotifyPipe.Kind.allCases.map { global.notifications.pipes[$0]?.reader }
        let notifications = syncGroups.map(\.notifications) + instances.map(\.notifications)
        let scripts = notifications.flatMap(\.scripts) + readers.compactMap { $0 } + serviceScripts
        let checks = self.checks.compactMap { check in
            check.command.map { ProgramUse(command: $0, account: check.user ?? global.scriptUser) }
        }
        let tracked = self.tracked.scripts.compactMap { script in
            script.command.map { ProgramUse(command: $0, account: script.user ?? global.scriptUser) }
        }
        return tracked + scripts.map(use) + checks
    }

    private func use(_ script: Located<NotifyScript>) -> ProgramUse {
        let account = script.value.account.map { Located($0, at: script.span) }
        return ProgramUse(
            command: Located(script.value.command, at: script.span), account: account ?? global.scriptUser)
    }

    /// Every user that is written: of programs, and of FIFOs.
    var accounts: [Located<ScriptUser>] {
        let owners = NotifyPipe.Kind.allCases.compactMap { kind in
            global.notifications.pipes[kind]?.path.flatMap { path in
                path.value.owner.map { Located($0, at: path.span) }
            }
        }
        return [global.scriptUser].compactMap { $0 } + owners + programs.compactMap(\.account)
    }

    /// Every group that is written, and what comes of it when there is none.
    var systemGroups: [(name: Located<String>, effect: String)] {
        let control = [global.controlAdminGroup, global.controlReaderGroup].compactMap { $0 }
        return control.map { ($0, "only root may use the control socket in its place") }
            + accounts.compactMap { account in
                account.value.group.map { group in
                    (
                        Located(group, at: account.span),
                        "nothing would be run or made as \(account.value.name)"
                    )
                }
            }
    }
}

extension ConfigurationDraft {
    /// What writes the loop guard's rules, and where it is asked for; nil without a guarded service.
    var guardProgram: (place: Span, name: String)? {
        guard let service = virtualServers.first(where: { $0.loopGuard != nil && !$0.isMarked }),
            let loopGuard = service.loopGuard
        else { return nil }
        let backend = global.guardBackend
        return (backend?.span ?? loopGuard.span, (backend?.value ?? .iptables).program(for: service.family))
    }
}

extension VirtualServerDraft {
    /// The kernel module of the scheduler.
    var schedulerModule: String { "ip_vs_" + (scheduler?.value ?? "wlc") }

    /// True for the port of FTP's control connections.
    var isFTP: Bool {
        guard case .address(_, port: 21) = header?.value else { return false }
        return true
    }

    /// True for FTP through address translation: the kernel must read its control connections.
    var needsFTPModule: Bool {
        guard isFTP, translatesSource == nil else { return false }
        return realServers.contains { forwarding(to: $0) == .masquerade }
    }
}

extension TransitionDraft {
    /// All that are written.
    fileprivate var scripts: [Located<NotifyScript>] {
        let last = deleted.flatMap { place in place.value.map { Located($0, at: place.span) } }
        return [master, backup, fault, stop, any, last].compactMap { $0 }
    }
}
