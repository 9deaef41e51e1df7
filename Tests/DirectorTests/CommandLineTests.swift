import Testing

@testable import Director

@Suite struct CommandLineTests {
    private static func options(_ change: (inout Options) -> Void) -> Options {
        var options = Options()
        change(&options)
        return options
    }

    static let runs: [(arguments: [String], options: Options)] = [
        ([], Options()),
        (["-n"], options { $0.staysInForeground = true }),
        (["--dont-fork"], options { $0.staysInForeground = true }),
        (["-nlD"], options { ($0.staysInForeground, $0.logsToConsole, $0.logsDetail) = (true, true, true) }),
        (["-f", "/a"], options { $0.file = "/a" }), (["-f/a"], options { $0.file = "/a" }),
        (["--use-file", "/a"], options { $0.file = "/a" }), (["--use-file=/a"], options { $0.file = "/a" }),
        (["--use-file="], options { $0.file = "" }),
        (["-nf/a"], options { ($0.staysInForeground, $0.file) = (true, "/a") }),
        (["-nf", "-x"], options { ($0.staysInForeground, $0.file) = (true, "-x") }),
        (["-i", "one", "-p", "/p"], options { ($0.configID, $0.pidFile) = ("one", "/p") }),
        (["--config-id=two", "--pid", "/q"], options { ($0.configID, $0.pidFile) = ("two", "/q") }),
        (["-P"], options { $0.vrrpOnly = true }), (["--vrrp"], options { $0.vrrpOnly = true }),
        (["-C"], options { $0.checkOnly = true }), (["--check"], options { $0.checkOnly = true }),
        (["-l", "-D"], options { ($0.logsToConsole, $0.logsDetail) = (true, true) }),
        (["--log-console", "--log-detail"], options { ($0.logsToConsole, $0.logsDetail) = (true, true) }),
        (["-n", "--"], options { $0.staysInForeground = true }),
        (["-f", "/a", "-f", "/b"], options { $0.file = "/b" }),
        (["-e"], options { $0.needsAllFiles = true }),
        (["--all-config"], options { $0.needsAllFiles = true }),
        (["-B"], options { $0.idle = ["no_bfd"] }), (["--no_bfd"], options { $0.idle = ["no_bfd"] }),
        (
            ["-b", "/b", "-XRa", "--debug", "-M/cores", "--perf=all"],
            options {
                $0.idle = [
                    "bfd_pid", "release-vips", "dont-respawn", "address-monitoring", "debug",
                    "core-dump-pattern", "perf",
                ]
            }
        ),
        (
            ["-S", "local6", "-Gg/l"],
            options { ($0.logFacility, $0.usesSyslog, $0.logFile) = ("local6", false, "/l") }
        ),
        (["-r", "/r", "-c/c"], options { $0.rolePIDFiles = [.vrrp: "/r", .checker: "/c"] }),
        (
            ["--vrrp_pid=/r", "--checkers_pid", "/c", "--bfd_pid=/b"],
            options { ($0.rolePIDFiles, $0.idle) = ([.vrrp: "/r", .checker: "/c"], ["bfd_pid"]) }
        ),
    ]

    @Test(arguments: runs) func `options are read as getopt reads them`(arguments: [String], options: Options)
    {
        #expect(Invocation(arguments: arguments) == .run(options))
    }

    @Test func `a test of the configuration keeps its options`() {
        #expect(Invocation(arguments: ["-t", "-f", "/a"]) == .test(Self.options { $0.file = "/a" }))
        #expect(Invocation(arguments: ["--config-test"]) == .test(Options()))
    }

    /// What configuration management tools call. A value of -t is in its word, as with keepalived 2.2.7
    /// (measured).
    static let tests: [(arguments: [String], options: Options, log: String?)] = [
        (["--config-test", "-f", "/a"], options { $0.file = "/a" }, nil),
        (["--config-test", "--use-file=/a"], options { $0.file = "/a" }, nil),
        (["-l", "-t", "-f", "/a"], options { ($0.logsToConsole, $0.file) = (true, "/a") }, nil),
        (["-lt", "-f/a"], options { ($0.logsToConsole, $0.file) = (true, "/a") }, nil),
        (
            ["--use-file=/a", "--check", "--all-config", "--config-test"],
            options { ($0.file, $0.checkOnly, $0.needsAllFiles) = ("/a", true, true) }, nil
        ),
        (["--config-test=/log", "-f", "/a"], options { $0.file = "/a" }, "/log"),
        (["-t/log", "-f", "/a"], options { $0.file = "/a" }, "/log"), (["-tn"], Options(), "n"),
        (["--config-test="], Options(), nil), (["--config-test=/log", "-t"], Options(), "/log"),
    ]

    @Test(arguments: tests) func `a test says where it tells what it finds`(
        arguments: [String], options: Options, log: String?
    ) {
        #expect(Invocation(arguments: arguments) == .test(options, log: log))
    }

    @Test func `the number of a signal is asked for by what it does`() {
        #expect(Invocation(arguments: ["--signum=JSON"]) == .signalNumber("JSON"))
        #expect(Invocation(arguments: ["--signum", "DATA"]) == .signalNumber("DATA"))
        #expect(
            Entry.run(["--signum=STATS"]) == 0 && Entry.run(["--signum=STATS_CLEAR"]) == 0
                && Entry.run(["--signum=TDATA"]) == 1)
    }

    @Test(arguments: ["-v", "--version", "-nv"]) func `the version is asked for`(_ argument: String) {
        #expect(Invocation(arguments: [argument]) == .version)
    }

    @Test(arguments: ["-h", "--help", "-vh"]) func `help wins over everything`(_ argument: String) {
        #expect(Invocation(arguments: [argument]) == .help)
    }

    static let refused: [(arguments: [String], sentence: String)] = [
        (["-q"], "unknown option -q"), (["--quick"], "unknown option --quick"),
        (["-nq"], "unknown option -q"), (["-V"], "keepalived's option -V is not implemented"),
        (
            ["--snmp"],
            "keepalived's option --snmp is not implemented: `holdfast metrics` and `holdfast status --json` "
                + "tell what SNMP told"
        ),
        (["-S8"], "--log-facility 8: it is 0 to 7, local0 to local7, user or daemon"),
        (["-g", "holdfast.log"], "--log-file holdfast.log: it needs an absolute path"),
        (["-S", "mail"], "--log-facility mail: it is 0 to 7, local0 to local7, user or daemon"),
        (["-f"], "option -f needs a value"), (["--use-file"], "option --use-file needs a value"),
        (["--dont-fork=yes"], "option --dont-fork takes no value"), (["file"], "unexpected argument file"),
        (["--", "-n"], "unexpected argument -n"), (["-"], "unexpected argument -"),
        (["--user", "1"], "options --user, --groups, --parent and --roots-own belong to --role exec"),
        (["--groups", "1"], "options --user, --groups, --parent and --roots-own belong to --role exec"),
        (["--roots-own"], "options --user, --groups, --parent and --roots-own belong to --role exec"),
        (["--role", "king"], "unknown role king"),
    ]

    private static let whole = [
        "--role", "exec", "--user", "7", "--groups", "8,9", "--parent", "3", "--", "/bin/true",
    ]
    static let halves: [[String]] = [
        Array(whole.dropLast(2)), whole.dropLast() + ["true"], whole.map { $0 == "7" ? "nobody" : $0 },
        whole.map { $0 == "8,9" ? "8,," : $0 }, whole.map { $0 == "3" ? "x" : $0 },
        ["--role", "exec", "--", "/bin/true"],
    ]

    @Test(arguments: halves) func `a script without all its numbers is not run`(_ arguments: [String]) {
        let sentence = "--role exec needs --user, --groups, --parent and an absolute program"
        #expect(Invocation(arguments: arguments) == .invalid(sentence))
    }

    @Test func `a cleanup keeps its options`() {
        #expect(
            Invocation(arguments: ["--cleanup", "-l"]) == .cleanUp(Self.options { $0.logsToConsole = true }))
    }

    @Test(arguments: refused) func `what cannot be done is refused by name`(
        arguments: [String], sentence: String
    ) {
        #expect(Invocation(arguments: arguments) == .invalid(sentence))
    }

    @Test(arguments: RoleName.allCases) func `a role is started with what the supervisor passes on`(
        _ role: RoleName
    ) {
        let options = Self.options {
            ($0.logsToConsole, $0.logsDetail) = (true, true)
            ($0.logFacility, $0.usesSyslog, $0.logFile) = ("user", false, "/var/log/a b.log")
        }
        #expect(
            Invocation(arguments: ["--role", role.rawValue] + options.roleArguments) == .role(role, options))
        #expect(Options().roleArguments.isEmpty)
    }

    @Test func `a script's own options are not ours`() {
        let arguments = Self.whole + ["-n", "--role"]
        let identity = ScriptIdentity(user: "7", groups: "8,9", parent: "3")
        guard case .exec(let read, let command) = Invocation(arguments: arguments) else {
            Issue.record("no script")
            return
        }
        #expect(read == identity)
        #expect(command == ["/bin/true", "-n", "--role"])
    }

    static let wishes: [(vrrp: Bool, check: Bool, wantsVRRP: Bool, wantsChecks: Bool)] = [
        (false, false, true, true), (true, false, true, false), (false, true, false, true),
        (true, true, true, true),
    ]

    @Test(arguments: wishes)
    func `each half can be left out`(vrrp: Bool, check: Bool, wantsVRRP: Bool, wantsChecks: Bool) {
        let options = Self.options { ($0.vrrpOnly, $0.checkOnly) = (vrrp, check) }
        #expect(options.wantsVRRP == wantsVRRP)
        #expect(options.wantsChecks == wantsChecks)
    }

    @Test(arguments: [
        "--use-file", "--dont-fork", "--log-console", "--log-detail", "--vrrp", "--check", "--config-test",
        "--pid", "--config-id", "--version", "--help", "-f", "-n", "-l", "-D", "-P", "-C", "-t", "-p", "-i",
        "-v", "-h", "--cleanup", "-e", "--all-config", "--config-test[=LOG]", "-B", "--no_bfd",
        "--signum", "-S", "--log-facility", "-G", "--no-syslog", "-g", "--log-file", "-X", "-R",
        "--dont-respawn", "--all", "-M", "--core-dump-pattern", "-r", "--vrrp_pid", "-c", "--checkers_pid",
        "-b", "--bfd_pid",
    ])
    func `help names every option`(_ option: String) {
        #expect(Invocation.usage.contains("\(option)"))
    }

    @Test func `help says what each exit status of the test is for`() throws {
        let text = Invocation.usage.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
            .joined(separator: " ")
        let test = try #require(text.firstRange(of: "--config-test"))
        let next = try #require(text.firstRange(of: "--dont-fork"))
        let said = text[test.upperBound..<next.lowerBound]
        for part in ["with 4 when", "is missing", "else with 5 when", "else with 6 when", "else with 0"] {
            #expect(said.contains(part))
        }
    }
}
