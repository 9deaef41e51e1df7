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
        /// Not root.
        package static let permission: Int32 = 4
        /// There is no configuration file.
        package static let noConfiguration: Int32 = 6
    }

    /// Does what `arguments` (without the program's name) ask for, and ends the process.
    package static func main(_ arguments: [String]) -> Never { ProcessExit.now(run(arguments)) }

    /// Does what `arguments` ask for; the exit status.
    package static func run(_ arguments: [String]) -> Int32 {
        // A reader that has gone away is an error of the write, not the end of the process.
        Signal.pipe.ignore()
        switch Invocation(arguments: arguments) {
        case .help:
            StandardStream.write(Invocation.usage, to: .standardOutput)
            return 0
        case .version:
            StandardStream.write(version + "\n", to: .standardOutput)
            return 0
        case .invalid(let sentence):
            StandardStream.write("holdfastd: \(sentence)\n\(Invocation.usage)", to: .standardError)
            return Status.fatal
        case .test(let options): return test(options)
        case .run(let options): return supervise(options)
        case .role(let role, let options): return play(role, options)
        case .exec(let user, let command): return ExecRole.run(user: user, command: command)
        }
    }

    /// `-t`: everything that is wrong, on standard error.
    private static func test(_ options: Options) -> Int32 {
        let loaded = ConfigurationSource(options).load()
        StandardStream.write(loaded.lines.map { $0 + "\n" }.joined(), to: .standardError)
        return loaded.exitCode
    }

    private static func supervise(_ options: Options) -> Int32 {
        let environment = Environment.current()
        let log = Log(program: "holdfastd", options: options, environment: environment)
        let source = ConfigurationSource(options)
        let loaded = source.load()
        guard let configuration = loaded.configuration else {
            StandardStream.write(loaded.lines.map { $0 + "\n" }.joined(), to: .standardError)
            if !options.logsToConsole { for line in loaded.lines { log.error(line) } }
            return Files.exists(source.path) ? Status.configuration : Status.noConfiguration
        }
        guard Privileges.effectiveUser == 0 else {
            StandardStream.write("holdfastd: it must be started as root\n", to: .standardError)
            return Status.permission
        }
        if !options.staysInForeground {
            // A process that has become what its configuration says cannot be forked; service managers need
            // no fork.
            log.warning("staying in the foreground, as with -n: holdfastd does not fork")
        }
        do {
            let process = try SupervisorProcess(options, environment: environment, log: log, source: source)
            return try process.run(loaded, configuration)
        } catch {
            StandardStream.write("holdfastd: \(error)\n", to: .standardError)
            if !options.logsToConsole { log.error("\(error)") }
            return Status.fatal
        }
    }

    // MARK: Roles

    private static func play(_ role: RoleName, _ options: Options) -> Int32 {
        let log = Log(program: "holdfastd-\(role)", options: options, environment: Environment.current())
        // The terminal and the service manager speak to the supervisor; a role hears of it from there.
        for signal in [Signal.terminate, .interrupt, .hangup] { signal.ignore() }
        Scheduling.setProcessName("holdfastd-\(role)")
        do {
            let channel = OwnedFD(adopting: Inheritance.channel)
            switch role {
            case .vrrp:
                beOnTime(log)
                try drop(keeping: [.networkAdmin, .networkRaw])
                return try VRRPRole(
                    channel: channel, ledger: OwnedFD(adopting: Inheritance.ledger), log: log
                ).run()
            case .lvs:
                try drop(keeping: [.networkAdmin])
                return try LVSRole(
                    channel: channel, ledger: OwnedFD(adopting: Inheritance.ledger), log: log
                ).run()
            case .checker:
                let descriptors = (try? Scheduling.allowDescriptors(65_536)) ?? 1024
                try drop(keeping: [])
                return try CheckerRole(channel: channel, log: log, descriptors: descriptors).run()
            }
        } catch {
            log.error("\(error)")
            return Status.fatal
        }
    }

    /// Real-time scheduling and locked memory where the host allows them: an election must not wait for a
    /// busy machine.
    private static func beOnTime(_ log: Log) {
        let steps: [() throws -> Void] = [
            { try Scheduling.lockMemory(onFault: true) },
            { try Scheduling.limitRealTime(soft: .seconds(5), hard: .seconds(6)) },
            { try Scheduling.becomeRealTime(priority: 10) },
        ]
        for step in steps {
            do { try step() } catch { log.detail("\(error); going on without") }
        }
    }

    /// Roles run as `holdfast` where that user exists, else as nobody.
    private static func drop(keeping: CapabilitySet) throws {
        let account = try UserAccount.find("holdfast") ?? UserAccount.find("nobody")
        try Privileges.drop(
            to: account ?? UserAccount(name: "nobody", user: 65_534, group: 65_534), keeping: keeping)
    }
}

/// Text for people on the standard streams.
enum StandardStream {
    static func write(_ text: String, to stream: Descriptor) {
        let fd = OwnedFD(adopting: stream.rawValue)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty, let count = try? fd.write(rest), count > 0 { rest = rest.dropFirst(count) }
        _ = fd.release()
    }
}
