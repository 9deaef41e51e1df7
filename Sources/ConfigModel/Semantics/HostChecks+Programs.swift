import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

// What the configuration needs of the kernel, of the user database and of files.

extension HostCheck {
    mutating func checkKernel() {
        let place = draft.virtualServers.first?.origin.header ?? draft.global.syncDaemon?.span
        if host.modules["ip_vs"] == .absent, let place {
            report(
                .missingModule, "this kernel has no IPVS: there is no module ip_vs", at: place,
                notes: ["nothing would be balanced"], help: ["install the kernel's modules"])
        } else {
            checkSchedulers()
            checkTranslation()
        }
        checkForwarding()
        checkRedirects()
        for service in draft.virtualServers {
            if service.needsFTPModule, host.modules[HostChecks.ftpModule] != .present(.loaded),
                host.modules[HostChecks.ftpModule] != nil
            {
                report(
                    .moduleNotLoaded, "FTP by NAT needs the module \(HostChecks.ftpModule)",
                    at: service.origin.header,
                    notes: ["data connections would fail; it is never loaded by itself"],
                    help: ["modprobe \(HostChecks.ftpModule)"])
            }
        }
    }

    private mutating func checkSchedulers() {
        var told: Set<String> = []
        for service in draft.virtualServers {
            let module = service.schedulerModule
            guard host.modules[module] == .absent, told.insert(module).inserted else { continue }
            report(
                .missingModule, "this kernel has no module \(module)",
                at: service.scheduler?.span ?? service.origin.header,
                notes: ["the service could not be made"],
                help: ["install the kernel's modules, or choose another lb_algo"])
        }
    }

    private mutating func checkTranslation() {
        guard host.modules[HostChecks.matchModule] == .absent,
            let word = draft.virtualServers.lazy.compactMap(\.translatesSource).first
        else { return }
        report(
            .missingModule, "this kernel has no module \(HostChecks.matchModule), which FULLNAT needs",
            at: word.span, notes: ["servers would see clients' addresses, and answer to them"],
            help: ["install the kernel's modules"])
    }

    /// Each setting is told once, with the first service that needs it.
    private mutating func checkForwarding() {
        for (family, setting) in [
            (AddressFamily.inet, "net/ipv4/ip_forward"), (.inet6, "net/ipv6/conf/all/forwarding"),
        ] where host.settings[setting] == "0" {
            let first = draft.virtualServers.first { service in
                service.family == family
                    && service.realServers.contains { service.forwarding(to: $0) == .masquerade }
            }
            guard let first else { continue }
            let name = setting.replacing("/", with: ".")
            report(
                .forwardingOff,
                "lb_kind \(first.translatesSource == nil ? "NAT" : "FULLNAT") needs \(name) = 1, and it is 0",
                at: first.forwarding?.span ?? first.origin.header,
                notes: ["the servers' answers would not be passed on to clients"], help: ["sysctl \(name)=1"])
        }
    }

    /// A server behind NAT on the interface that has the service's address: its answers leave by the
    /// interface they came in on. IPv6's redirects have no setting, and follow forwarding.
    private mutating func checkRedirects() {
        var told: Set<String> = []
        for service in draft.virtualServers where service.family == .inet {
            for index in service.realServers.indices
            where service.forwarding(to: service.realServers[index]) == .masquerade {
                guard let address = service.realServers[index].address?.value,
                    let interface = host.interfaces?.first(where: { interface in
                        !interface.isLoopback && interface.addresses.contains { $0.contains(address) }
                    }), draft.holdsAddress(of: service, on: interface.name),
                    // The kernel sends them where either setting has it do so.
                    ["all", interface.name].contains(where: {
                        host.settings[HostChecks.redirecting(on: $0)] == "1"
                    }), told.insert(interface.name).inserted
                else { continue }
                report(
                    .sendsRedirects,
                    "\(interface.name) sends redirects, and \(address) answers clients through it by NAT",
                    at: service.forwarding?.span ?? service.origin.header,
                    notes: ["the server would send its next answers past this director"],
                    help: [
                        "sysctl "
                            + ["all", interface.name].map {
                                HostChecks.redirecting(on: $0).sysctlName + "=0"
                            }.joined(separator: " ")
                    ])
            }
        }
    }

    mutating func checkUsers() {
        var told: Set<String> = []
        for account in draft.accounts {
            let name = account.value.name
            guard host.users[name] == .absent, told.insert(name).inserted else { continue }
            report(
                .unknownUser, "there is no user \(name)", at: account.span,
                notes: ["its scripts would not be run, and their servers keep their last state"],
                help: ["useradd --system \(name)"])
        }
        told = []
        for (group, effect) in draft.systemGroups {
            guard host.groups[group.value] == .absent, told.insert(group.value).inserted else { continue }
            let near = Suggestion.nearest(to: group.value, among: host.knownGroups)
            report(
                .unknownGroup, "there is no group \(group.value)", at: group.span, notes: [effect],
                help: near == nil ? ["groupadd --system \(group.value)"] : [], suggestion: near)
        }
    }

    /// Without the rules no packet is marked, and this host's own server takes all that comes to a service.
    private mutating func checkGuardProgram() {
        guard let (place, name) = draft.guardProgram,
            ProgramSearch.candidates(name).allSatisfy({ host.files[$0] == .absent })
        else { return }
        report(
            .missingProgram, "there is no program \(name), which writes the loop guard's rules", at: place,
            notes: ["without them a guarded service is not balanced"],
            help: ["install the package \(name == "nft" ? "nftables" : "iptables")"])
    }

    mutating func checkPrograms() {
        checkGuardProgram()
        var told: Set<String> = []
        let programs = draft.programs
        for written in programs where told.insert(written.key).inserted {
            guard let use = located(written), !isMissing(use) else { continue }
            checkPermission(use)
            checkSecurity(use)
        }
        if let first = programs.first, draft.global.scriptSecurity?.value != true,
            draft.global.origin.isAbsent("enable_script_security")
        {
            report(
                .scriptSecurityOff, "scripts run without enable_script_security", at: first.command.span,
                notes: ["whoever can change \(first.path) decides what is run"],
                help: ["add to global_defs: enable_script_security"])
        }
    }

    /// With the path of a program that is written by name; nil when it is nowhere, or nobody looked.
    private mutating func located(_ use: ProgramUse) -> ProgramUse? {
        guard let path = host.path(of: use.path) else {
            if ProgramSearch.candidates(use.path).allSatisfy({ host.files[$0] != nil }) {
                report(
                    .missingProgram, "there is no program \(use.path)", at: use.command.span,
                    notes: [
                        "it would not be run; keepalived goes on without it, and says so in its log alone",
                        "looked for in \(ProgramSearch.directories.joined(separator: ":"))",
                    ], help: ["write the path of a program"])
            }
            return nil
        }
        var located = use
        located.command.value[0] = path
        return located
    }

    private mutating func isMissing(_ use: ProgramUse) -> Bool {
        var problem: String?
        switch host.files[use.path] {
        case .absent: problem = "there is no file \(use.path)"
        case .present(let file) where file.isDirectory: problem = "\(use.path) is a directory"
        case .present(let file) where file.mode & 0o111 == 0: problem = "\(use.path) is not executable"
        case .present, nil: break
        }
        guard let problem else { return false }
        report(
            .missingProgram, problem, at: use.command.span,
            notes: ["it would not be run; keepalived goes on without it, and says so in its log alone"],
            help: ["write the path of a program, chmod a+x if need be"])
        return true
    }

    private mutating func checkPermission(_ use: ProgramUse) {
        guard let (name, account) = host.account(of: use), account.user != 0 else { return }
        for component in use.components {
            guard case .present(let file) = host.files[component], !file.mayExecute(account) else { continue }
            report(
                .missingProgram, "\(name) may not \(file.isDirectory ? "enter" : "run") \(component)",
                at: use.command.span,
                related: use.account.map { [Label($0.span, "it runs as this user")] } ?? [],
                notes: ["it would not be run"], help: ["put it where \(name) can run it"])
            return
        }
    }

    private mutating func checkSecurity(_ use: ProgramUse) {
        guard let security = draft.global.scriptSecurity, security.value else { return }
        for component in use.components {
            guard case .present(let file) = host.files[component], file.isChangeableByOthers else {
                continue
            }
            report(
                .insecureScript, "somebody other than root can change \(component)", at: use.command.span,
                related: [Label(security.span, "which is not to be")],
                notes: ["whoever changes it decides what is run"],
                help: ["chown root:root \(component), chmod go-w \(component)"])
            return
        }
    }
}

extension String {
    /// A path below /proc/sys as sysctl(8) writes it: with dots, or where an interface's name has one, with
    /// the slashes.
    var sysctlName: String { contains(".") ? self : replacing("/", with: ".") }
}

extension ConfigurationDraft {
    /// An instance has an address of `service` on this interface; any of its addresses where the service has
    /// none of its own, as one by mark.
    fileprivate func holdsAddress(of service: VirtualServerDraft, on interface: String) -> Bool {
        instances.contains { instance in
            (instance.addresses + instance.excluded).contains { held in
                guard instance.base(of: held.value) == interface else { return false }
                let address = held.value.prefix.address
                if case .address(let own, _) = service.header?.value { return own == address }
                guard let members = service.members, !members.endpoints.isEmpty else { return true }
                return members.endpoints.contains { $0.address == address }
            }
        }
    }
}

extension HostDescription {
    /// Whom the program runs as, with the group that is written instead of all of the user's; nil when that
    /// is not known.
    fileprivate func account(of use: ProgramUse) -> (name: String, account: Account)? {
        for name in use.userNames {
            switch users[name] {
            case .absent: continue
            case .present(let account):
                guard let group = use.account?.value.group else { return (name, account) }
                guard case .present(let number) = groups[group] else { return nil }
                return ("\(name) with group \(group)", Account(user: account.user, groups: [number]))
            case nil: return nil
            }
        }
        return nil
    }
}

extension ProgramUse {
    /// The program, and whom it runs as.
    fileprivate var key: String { "\(path) \(userNames[0]) \(account?.value.group ?? "")" }
}

extension HostDescription.File {
    /// Whether `account` may run the file, or pass through the directory.
    fileprivate func mayExecute(_ account: HostDescription.Account) -> Bool {
        if account.user == owner { return mode & 0o100 != 0 }
        return mode & (account.groups.contains(group) ? 0o010 : 0o001) != 0
    }
}
