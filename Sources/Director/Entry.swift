import ConfigModel
import LinuxIO
import Timekeeping

/// Where holdfastd begins, in every role.
package enum Entry {
    /// The version, as `-v` tells it.
    package static let version = "holdfastd 0.1.0"

    /// Exit statuses, keepalived's where it has one.
    package enum Status {
        /// Something that the log names.
        package static let fatal: Int32 = 1
        /// The configuration has errors.
        package static let configuration: Int32 = 2
        /// The kernel or the C library is older than what is supported.
        package static let unsupportedHost: Int32 = 3
        /// Not root.
        package static let permission: Int32 = 4
        /// There is no configuration file.
        package static let noConfiguration: Int32 = 6
    }

    /// Does what `arguments` (without the name that the program was started with) ask for, and ends the
    /// process.
    package static func main(_ arguments: [String], as program: String) -> Never {
        ProcessExit.now(run(arguments, as: Guise(program: program)))
    }

    /// Does what `arguments` ask for; the exit status.
    package static func run(_ arguments: [String], as guise: Guise = .holdfastd) -> Int32 {
        StandardDescriptors.ensure()
        // A reader that has gone away is an error of the write, not the end of the process.
        Signal.pipe.ignore()
        let stream = guise.speaksOnStandardError ? Descriptor.standardError : .standardOutput
        switch Invocation(arguments: arguments) {
        case .help:
            StandardStream.write(Invocation.usage, to: stream)
            return 0
        case .version:
            StandardStream.write(guise.version, to: stream)
            return 0
        case .signalNumber(let name): return tellSignal(name)
        case .invalid(let sentence):
            StandardStream.write("holdfastd: \(sentence)\n\(Invocation.usage)", to: .standardError)
            return Status.fatal
        case .test(let options, let log): return test(guise.completed(options), log: log)
        case .run(let options): return supervise(guise.completed(options), arguments, as: guise)
        case .role(let role, let options): return play(role, options, as: guise)
        case .cleanUp(let options): return cleanUp(guise.completed(options))
        case .exec(let identity, let command):
            ProcessExit.now(bySignal: ExecRole.run(identity, command: command).rawValue)
        }
    }

    /// `--signum`: scripts send what it prints.
    private static func tellSignal(_ name: String) -> Int32 {
        let signals: [String: Signal] = [
            "STOP": .terminate, "RELOAD": .hangup, "DATA": .user1, "STATS": .user2,
            "STATS_CLEAR": .realTimeLast1, "JSON": .realTime2,
        ]
        guard let signal = signals[name] else {
            StandardStream.write("holdfastd: no signal does \(name)\n", to: .standardError)
            return Status.fatal
        }
        StandardStream.write("\(signal.rawValue)\n", to: .standardOutput)
        return 0
    }

    /// `-t`: everything that is wrong, with the files and on this host, on standard error or in `log`.
    private static func test(_ options: Options, log: String?) -> Int32 {
        let loaded = ConfigurationSource(options).load().seenOnThisHost()
        let text = loaded.lines.map { $0 + "\n" }.joined()
        guard let log else {
            StandardStream.write(text, to: .standardError)
            return loaded.exitCode
        }
        do {
            try Files.append(Array(text.utf8), to: log, mode: 0o600)
            return loaded.exitCode
        } catch {
            StandardStream.write("holdfastd: \(error)\n", to: .standardError)
            return Status.fatal
        }
    }

    private static func supervise(_ options: Options, _ arguments: [String], as guise: Guise) -> Int32 {
        // Those who look for keepalived among the processes find it.
        if guise == .keepalived { Scheduling.setProcessName(guise.rawValue) }
        let environment = Environment.current()
        let log = Log(program: guise.ident(of: nil), options: options, environment: environment)
        let source = ConfigurationSource(options)
        // Before anything takes time: a SIGHUP that comes now is for later, and not the end.
        let signals = takeSignals()
        let loaded = source.load()
        guard let configuration = loaded.configuration else {
            StandardStream.write(loaded.lines.map { $0 + "\n" }.joined(), to: .standardError)
            if !options.logsToConsole { for line in loaded.lines { log.error(line) } }
            removeLeftovers(options, log)
            return Files.exists(source.path) ? Status.configuration : Status.noConfiguration
        }
        if let refusal = refusal() {
            StandardStream.write("holdfastd: \(refusal.reason)\n", to: .standardError)
            if !options.logsToConsole { log.error(refusal.reason) }
            return refusal.status
        }
        if !options.staysInForeground {
            guard environment["NOTIFY_SOCKET"] != nil else {
                return reporting(to: log, options) {
                    try Background.run(
                        Background.program(arguments, as: guise, environment: environment),
                        showsErrors: options.logsToConsole, signals: signals.get())
                }
            }
            log.warning("staying in the foreground, as with -n: the service manager waits for this process")
        }
        tell(options, log)
        return reporting(to: log, options) {
            let process = try SupervisorProcess(
                options, environment: environment, log: log, source: source, signals: signals.get())
            return try process.run(loaded, configuration)
        }
    }

    /// Why nothing that a file says can make a daemon run, and the exit status; nil when it can.
    static func refusal(
        user: UInt32 = Privileges.effectiveUser, objections: [String] = SupportedHost.objections()
    ) -> (reason: String, status: Int32)? {
        guard user == 0 else { return ("it must be started as root", Status.permission) }
        return objections.first.map { ($0, Status.unsupportedHost) }
    }

    /// What is asked for on the command line and is not to be had, which is no reason not to start.
    private static func tell(_ options: Options, _ log: Log) {
        for flag in options.idle { log.notice("the option --\(flag) is accepted, and not carried out") }
        if let refusal = log.refusal { log.error("\(refusal)") }
    }

    /// A daemon that was killed may have left addresses, which its peer has taken over by now. Its successor
    /// removes them even when it cannot start.
    private static func removeLeftovers(_ options: Options, _ log: Log) {
        guard Privileges.effectiveUser == 0, RunDirectory.hasLedgers() else { return }
        log.warning("not starting; removing what a former daemon has left")
        _ = cleanUp(options)
    }

    /// `--cleanup`: needs no configuration. While a daemon runs here there is nothing to clean up.
    private static func cleanUp(_ options: Options) -> Int32 {
        let environment = Environment.current()
        let log = Log(program: options.guise.ident(of: nil), options: options, environment: environment)
        guard Privileges.effectiveUser == 0 else {
            StandardStream.write("holdfastd: it must be started as root\n", to: .standardError)
            return Status.permission
        }
        return reporting(to: log, options) {
            do {
                let signals = try takeSignals().get()
                return try SupervisorProcess(
                    options, environment: environment, log: log, source: ConfigurationSource(options),
                    signals: signals
                ).cleanUp()
            } catch let refusal as RunDirectory.Refusal {
                log.notice("nothing to clean up: \(refusal)")
                return 0
            }
        }
    }

    /// Those at which a file is written.
    private static let dumping = [Signal.user1, .user2, .realTime2, .realTimeLast1]

    private static func takeSignals() -> Result<SignalSource, SystemError> {
        Result { () throws(SystemError) in
            try SignalSource([.hangup, .terminate, .interrupt] + dumping)
        }
    }

    private static func reporting(to log: Log, _ options: Options, _ body: () throws -> Int32) -> Int32 {
        do {
            return try body()
        } catch {
            // Before standard error, whose reader may keep us waiting.
            if !options.logsToConsole { log.error("\(error)") }
            StandardStream.write("holdfastd: \(error)\n", to: .standardError)
            return Status.fatal
        }
    }

    // MARK: Roles

    private static func play(_ role: RoleName, _ options: Options, as guise: Guise) -> Int32 {
        let log = Log(program: guise.ident(of: role), options: options, environment: Environment.current())
        // The terminal and the service manager speak to the supervisor; a role hears of it from there. They
        // may speak to all processes (`systemctl kill`), or to the one whose id `-r` or `-c` wrote down.
        for signal in [Signal.terminate, .interrupt, .hangup] + dumping { signal.ignore() }
        // One without an assignment may wait for long: see `SpareRole`.
        Scheduling.setProcessName(role == .vrrp ? "holdfastd-spare" : "holdfastd-\(role)")
        let channel = OwnedFD(adopting: Inheritance.channel)
        // Held until the reason of a failure is written: the supervisor takes the end of the channel for
        // ours.
        let held = (try? channel.duplicate())?.release()
        defer { if let held { OwnedFD(adopting: held).close() } }
        do {
            switch role {
            case .vrrp:
                beOnTime(log)
                try drop(role, keeping: [.networkAdmin, .networkRaw])
                return try VRRPRole(channel: channel, log: log).run()
            case .lvs:
                try drop(role, keeping: [.networkAdmin])
                return try LVSRole(
                    channel: channel, ledger: OwnedFD(adopting: Inheritance.ledger), log: log
                ).run()
            case .checker:
                let descriptors = (try? Scheduling.allowDescriptors(65_536)) ?? 1024
                try drop(role, keeping: [])
                return try CheckerRole(
                    channel: channel, sockets: OwnedFD(adopting: Inheritance.sockets), log: log,
                    descriptors: descriptors
                ).run()
            }
        } catch {
            log.error("\(error)")
            return Status.fatal
        }
    }

    /// Real-time scheduling and locked memory where the host allows them: an election must not wait for a
    /// busy machine.
    private static func beOnTime(_ log: Log) {
        let steps: [(without: String, step: () throws -> Void)] = [
            ("unlocked, which matters little", { try Scheduling.lockMemory(onFault: true) }),
            ("unlimited", { try Scheduling.limitRealTime(soft: .seconds(5), hard: .seconds(6)) }),
            ("as an ordinary process", { try Scheduling.becomeRealTime(priority: 10) }),
        ]
        for (without, step) in steps {
            do { try step() } catch { log.detail("\(error); going on \(without)") }
        }
    }

    private static func drop(_ role: RoleName, keeping: CapabilitySet) throws {
        try Privileges.drop(to: RoleAccount.of(role), keeping: keeping)
    }
}
