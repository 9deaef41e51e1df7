import LinuxIO

// keepalived's command line, as far as it is implemented: getopt(3) with long options. What keepalived knows
// and Holdfast does not is refused by name, so that nobody believes it is in effect; options whose lack hurts
// nobody are accepted, and the log names them.

/// What holdfastd was asked to do.
package enum Invocation: Hashable, Sendable {
    /// Run as the supervisor.
    case run(Options)
    /// `-t`: check the configuration and say so, at the end of the file `log` when there is one.
    case test(Options, log: String? = nil)
    /// `--signum=NAME`: print the number of the signal that does this.
    case signalNumber(String)
    /// `-v`.
    case version
    /// `-h`.
    case help
    /// Started by the supervisor to be this role.
    case role(RoleName, Options)
    /// `--cleanup`: remove what a daemon that was killed has left.
    case cleanUp(Options)
    /// Started by the supervisor to become a script:
    /// `--role exec --user UID --groups GID,... --parent PID [--roots-own] -- PROGRAM ARGUMENTS...`.
    case exec(ScriptIdentity, command: [String])
    /// Nothing that can be done; the sentence says why.
    case invalid(String)
}

/// Whom a script runs as, by number.
package struct ScriptIdentity: Hashable, Sendable {
    /// The user id.
    package var user: UInt32
    /// The group ids, the primary one first.
    package var groups: [UInt32]
    /// The process id of the supervisor: a script does not outlive it.
    package var parent: Int32
    /// The program is run only if nobody but root can change it.
    package var rootsOwn: Bool

    /// Numbers in the form of the command line; nil when they are none.
    init?(user: String?, groups: String?, parent: String?, rootsOwn: Bool = false) {
        guard let user = user.flatMap({ UInt32($0) }), let parent = parent.flatMap({ Int32($0) }) else {
            return nil
        }
        let words = (groups ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let numbers = words.compactMap { UInt32($0) }
        guard numbers.count == words.count else { return nil }
        (self.user, self.groups, self.parent) = (user, numbers, parent)
        self.rootsOwn = rootsOwn
    }
}

/// The options of the supervisor and its roles.
package struct Options: Hashable, Sendable {
    /// What the program was called as.
    package var guise = Guise.holdfastd
    /// `-f FILE`; nil for the default places.
    package var file: String?
    /// `-i ID`: the value of `@ID` conditions.
    package var configID: String?
    /// `-p FILE`; nil for `holdfastd.pid` in the run directory.
    package var pidFile: String?
    /// `-n`: stay in the foreground.
    package var staysInForeground = false
    /// `--tell-starter`: the process that started this one waits for a word on `Inheritance.starter`.
    package var tellsStarter = false
    /// `-l`: log to standard error instead of syslog.
    package var logsToConsole = false
    /// `-D`: more is logged.
    package var logsDetail = false
    /// `-S`: the facility of what goes to syslog, by keepalived's word for it.
    package var logFacility = "daemon"
    /// `-G`: nothing goes there.
    package var usesSyslog = true
    /// `-g`: the file that is logged to, too.
    package var logFile: String?
    /// What was given and is accepted, and not carried out: long names.
    package var idle: [String] = []
    /// `-P`: VRRP only.
    package var vrrpOnly = false
    /// `-C`: checks and virtual servers only.
    package var checkOnly = false
    /// `-r` and `-c`: where the process ids of these roles go.
    package var rolePIDFiles: [RoleName: String] = [:]
    /// `-e`: an include that finds no file is an error, as if each were `includea`.
    package var needsAllFiles = false

    /// keepalived's defaults.
    package init() {}

    /// VRRP is wanted: not with `-C` alone.
    package var wantsVRRP: Bool { vrrpOnly || !checkOnly }
    /// Virtual servers are wanted: not with `-P` alone.
    package var wantsChecks: Bool { checkOnly || !vrrpOnly }

    /// What a role of ours is started with.
    package var roleArguments: [String] {
        (logsToConsole ? ["--log-console"] : []) + (logsDetail ? ["--log-detail"] : [])
            + (logFacility == "daemon" ? [] : ["--log-facility=\(logFacility)"])
            + (usesSyslog ? [] : ["--no-syslog"]) + (logFile.map { ["--log-file=\($0)"] } ?? [])
    }
}

extension Options {
    /// Takes a flag by its long name; what is wrong with its value, nil when nothing is.
    fileprivate mutating func take(_ flag: String, _ value: String) -> String? {
        switch flag {
        case "use-file": file = value
        case "config-id": configID = value
        case "pid": pidFile = value
        case "vrrp_pid": rolePIDFiles[.vrrp] = value
        case "checkers_pid": rolePIDFiles[.checker] = value
        case "dont-fork": staysInForeground = true
        case "tell-starter": tellsStarter = true
        case "log-console": logsToConsole = true
        case "log-detail": logsDetail = true
        case "no-syslog": usesSyslog = false
        case "log-file":
            guard value.hasPrefix("/") else { return "--log-file \(value): it needs an absolute path" }
            logFile = value
        case "log-facility":
            guard LogSink.Destination.facility(value) != nil else {
                return "--log-facility \(value): it is 0 to 7, local0 to local7, user or daemon"
            }
            logFacility = value
        case "vrrp": vrrpOnly = true
        case "check": checkOnly = true
        case "all-config": needsAllFiles = true
        default: idle.append(flag)
        }
        return nil
    }
}

extension Invocation {
    private struct Flag {
        let short: Character?
        let long: String
        let takesValue: Bool
        /// The value may be missing, and must be in the same word.
        var isOptional = false
    }

    private static let flags: [Flag] = [
        Flag(short: "f", long: "use-file", takesValue: true),
        Flag(short: "i", long: "config-id", takesValue: true),
        Flag(short: "p", long: "pid", takesValue: true),
        Flag(short: "r", long: "vrrp_pid", takesValue: true),
        Flag(short: "c", long: "checkers_pid", takesValue: true),
        Flag(short: "n", long: "dont-fork", takesValue: false),
        Flag(short: "l", long: "log-console", takesValue: false),
        Flag(short: "D", long: "log-detail", takesValue: false),
        Flag(short: "P", long: "vrrp", takesValue: false),
        Flag(short: "C", long: "check", takesValue: false),
        Flag(short: "t", long: "config-test", takesValue: true, isOptional: true),
        Flag(short: "e", long: "all-config", takesValue: false),
        // There is no BFD to be left out.
        Flag(short: "B", long: "no_bfd", takesValue: false),
        Flag(short: "b", long: "bfd_pid", takesValue: true),
        Flag(short: "S", long: "log-facility", takesValue: true),
        Flag(short: "G", long: "no-syslog", takesValue: false),
        Flag(short: "g", long: "log-file", takesValue: true),
        // Accepted, so that a unit of keepalived's starts: what they ask for is always so here, has nothing
        // to act on, or is for keepalived's developers.
        Flag(short: nil, long: "all", takesValue: false),
        Flag(short: "X", long: "release-vips", takesValue: false),
        Flag(short: "R", long: "dont-respawn", takesValue: false),
        Flag(short: "a", long: "address-monitoring", takesValue: false),
        Flag(short: "m", long: "core-dump", takesValue: false),
        Flag(short: "M", long: "core-dump-pattern", takesValue: true, isOptional: true),
        Flag(short: nil, long: "perf", takesValue: true, isOptional: true),
        Flag(short: nil, long: "debug", takesValue: true, isOptional: true),
        Flag(short: nil, long: "no-mem-check", takesValue: false),
        Flag(short: nil, long: "flush-log-file", takesValue: false),
        Flag(short: "v", long: "version", takesValue: false),
        Flag(short: "h", long: "help", takesValue: false),
        Flag(short: nil, long: "signum", takesValue: true),
        Flag(short: nil, long: "role", takesValue: true),
        Flag(short: nil, long: "user", takesValue: true),
        Flag(short: nil, long: "groups", takesValue: true),
        Flag(short: nil, long: "parent", takesValue: true),
        Flag(short: nil, long: "cleanup", takesValue: false),
        Flag(short: nil, long: "tell-starter", takesValue: false),
        Flag(short: nil, long: "roots-own", takesValue: false),
    ]

    /// Flags of keepalived that change what a daemon does, and that Holdfast does not have yet.
    private static let unimplemented: Set<String> = [
        "-u", "--umask", "-V", "--dont-release-vrrp", "-I", "--dont-release-ipvs", "-d", "--dump-conf", "-T",
        "--genhash", "-x", "--snmp", "-A", "--snmp-agent-socket", "-s", "--namespace", "--config-fd",
        "--ignore-sigint", "--mem-check-log", "--openssl-mem-check",
    ]

    /// Reads the arguments after the program's name.
    package init(arguments: [String]) {
        var given: [(flag: String, value: String)] = []
        var rest = arguments[...]
        while let argument = rest.first {
            if argument == "--" {
                rest = rest.dropFirst()
                break
            }
            guard argument.hasPrefix("-"), argument.count > 1 else { break }
            rest = rest.dropFirst()
            let step = argument.hasPrefix("--") ? Self.long(argument, &rest) : Self.short(argument, &rest)
            switch step {
            case .success(let flags): given += flags
            case .failure(let refusal):
                self = .invalid(refusal.sentence)
                return
            }
        }
        self = Self.invocation(given, operands: Array(rest))
    }

    private struct Refusal: Error { let sentence: String }
    private typealias Given = Result<[(flag: String, value: String)], Refusal>

    private static func refusal(_ argument: String) -> Refusal {
        guard unimplemented.contains(argument) else {
            return Refusal(sentence: "unknown option \(argument)")
        }
        let advice = ["-x", "--snmp", "-A", "--snmp-agent-socket"].contains(argument)
        return Refusal(
            sentence: "keepalived's option \(argument) is not implemented"
                + (advice ? ": `holdfast metrics` and `holdfast status --json` tell what SNMP told" : ""))
    }

    private static func long(_ argument: String, _ rest: inout ArraySlice<String>) -> Given {
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard let flag = flags.first(where: { $0.long == name }) else {
            return .failure(refusal("--\(name)"))
        }
        guard flag.takesValue else {
            guard parts.count == 1 else {
                return .failure(Refusal(sentence: "option --\(name) takes no value"))
            }
            return .success([(name, "")])
        }
        if flag.isOptional, parts.count == 1 { return .success([(name, "")]) }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            return .failure(Refusal(sentence: "option --\(name) needs a value"))
        }
        return .success([(name, value)])
    }

    private static func short(_ argument: String, _ rest: inout ArraySlice<String>) -> Given {
        var given: [(flag: String, value: String)] = []
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let flag = flags.first(where: { $0.short == letter }) else {
                return .failure(refusal("-\(letter)"))
            }
            guard flag.takesValue else {
                given.append((flag.long, ""))
                continue
            }
            if flag.isOptional, letters.isEmpty { return .success(given + [(flag.long, "")]) }
            guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
                return .failure(Refusal(sentence: "option -\(letter) needs a value"))
            }
            given.append((flag.long, value))
            break
        }
        return .success(given)
    }

    private static func invocation(
        _ given: [(flag: String, value: String)], operands: [String]
    ) -> Invocation {
        var options = Options()
        var (role, user, groups, parent): (String?, String?, String?, String?)
        var (testLog, signal): (String?, String?)
        var (version, help, test, cleanUp, rootsOwn) = (false, false, false, false, false)
        for (flag, value) in given {
            switch flag {
            case "config-test": (test, testLog) = (true, value.isEmpty ? testLog : value)
            case "signum": signal = value
            case "version": version = true
            case "help": help = true
            case "role": role = value
            case "user": user = value
            case "groups": groups = value
            case "parent": parent = value
            case "cleanup": cleanUp = true
            case "roots-own": rootsOwn = true
            default: if let sentence = options.take(flag, value) { return .invalid(sentence) }
            }
        }
        if role == "exec" {
            guard
                let identity = ScriptIdentity(
                    user: user, groups: groups, parent: parent, rootsOwn: rootsOwn),
                let program = operands.first, program.hasPrefix("/")
            else {
                return .invalid("--role exec needs --user, --groups, --parent and an absolute program")
            }
            return .exec(identity, command: operands)
        }
        if let operand = operands.first { return .invalid("unexpected argument \(operand)") }
        if let role {
            guard let name = RoleName(rawValue: role) else { return .invalid("unknown role \(role)") }
            return .role(name, options)
        }
        if (user ?? groups ?? parent) != nil || rootsOwn {
            return .invalid("options --user, --groups, --parent and --roots-own belong to --role exec")
        }
        if help { return .help }
        if version { return .version }
        if let signal { return .signalNumber(signal) }
        if cleanUp { return .cleanUp(options) }
        return test ? .test(options, log: testLog) : .run(options)
    }

    /// What `-h` prints.
    package static let usage = """
        Usage: holdfastd [OPTION...]
          -f, --use-file FILE     configuration (default /etc/holdfast/holdfast.conf,
                                  else /etc/keepalived/keepalived.conf)
          -i, --config-id ID      for lines that begin with @ID
          -e, --all-config        an include that finds no file is an error
          -t, --config-test[=LOG] check the configuration and this host, then exit: with 4 when
                                  the file has errors or is missing, and the daemon would not
                                  start; else with 5 when something that it names is missing
                                  here; else with 6 when others than root may change what runs
                                  as a script; else with 0, warnings or not; what there is to
                                  say is added to the file LOG, or told on standard error
          -n, --dont-fork         stay in the foreground
          -l, --log-console       log to standard error instead of syslog
          -D, --log-detail        log more
          -S, --log-facility NAME the facility of what goes to syslog: 0 to 7 or local0 to local7,
                                  user, or daemon, which it is by default
          -G, --no-syslog         nothing goes to syslog
          -g, --log-file FILE     log to this file, too; all processes do, each line whole
          -P, --vrrp              VRRP only: needs no IPVS in the kernel
          -C, --check             checks and virtual servers only
          -B, --no_bfd, -b, --bfd_pid FILE, --all, -X, --release-vips, -R, --dont-respawn, -a,
          --address-monitoring, -m, --core-dump, -M, --core-dump-pattern, --perf, --debug,
          --no-mem-check, --flush-log-file
                                  accepted, so that keepalived's units start; not carried out
          -p, --pid FILE          process id file
          -r, --vrrp_pid FILE     that of the process that elects the master
          -c, --checkers_pid FILE that of the process that makes checks
              --cleanup           remove what a killed daemon left; nothing while one runs
              --signum NAME       print the number of the signal for STOP, RELOAD, DATA, STATS,
                                  STATS_CLEAR or JSON
          -v, --version           print the version
          -h, --help              print this
        Signals: HUP reads the configuration again, TERM and INT stop and clean up; USR1, USR2 and
        RTMIN+2 have keepalived.data, .stats and .json written, RTMAX-1 .stats, counting anew.

        """
}
