import ArgumentParser
import Lab
import LinuxIO

/// `holdfast bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure beside keepalived.",
        subcommands: [
            BenchFilesCommand.self, BenchElectionCommand.self, BenchChecksCommand.self,
            BenchTablesCommand.self,
        ],
        defaultSubcommand: BenchFilesCommand.self)
}

/// `holdfast bench files`.
struct BenchFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "Measure beside keepalived how fast configurations are read.",
        discussion: """
            Writes configurations with many services and lets holdfastd, holdfast and keepalived \
            (where it is installed) read them in turn. Figures are medians; nothing here passes or fails.
            """)

    @Option(help: "How many virtual servers.") var services = 10_000
    @Option(help: "How many real servers each of them has.") var servers = 10
    @Option(help: "How often each program reads each file.") var runs = 5
    @Flag(help: "Also one service with 10000 servers, and one with ten times as many.") var scaling = false

    func validate() throws {
        guard (1...65_536).contains(services), (1...1_000_000).contains(servers) else {
            throw ValidationError("--services is 1 to 65536, --servers 1 to 1000000")
        }
        guard (1...1000).contains(runs) else { throw ValidationError("--runs is 1 to 1000") }
    }

    func run() throws {
        let bench = try ConfigurationBench(runs: runs, withKeepalived: true)
        StandardStream.show(try bench.table(ServiceFile(services: services, servers: servers)))
        guard scaling else { return }
        // keepalived compares every server with every other: it would need minutes.
        let alone = try ConfigurationBench(runs: runs, withKeepalived: false)
        for count in [10_000, 100_000] {
            StandardStream.show("\n" + (try alone.table(ServiceFile(services: 1, servers: count))))
        }
    }
}

/// `holdfast bench vrrp`.
struct BenchElectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrrp", abstract: "Measure failovers, adverts and processor time beside keepalived.",
        discussion: """
            Two directors, a client and a bridge are made in network namespaces, for holdfastd and then \
            for keepalived (where it is installed). Needs root, no IPVS, and a calm machine. Figures are \
            medians with the least and the greatest; nothing here passes or fails.
            """)

    @Option(help: "How many failovers of each kind.") var runs = 10
    @Option(help: "How many where adverts go out every second; 0 leaves these out.") var slowRuns = 3
    @Flag(help: "Everything, at least ten times; takes most of an hour.") var full = false
    @Option(help: "Seconds that adverts and processor time are watched for.") var seconds: Int64 = 10
    @Option(help: "The daemon to measure; by default the holdfastd beside this program.")
    var daemon: String?
    @Option(help: "Only what has this in its title: v2, v3 10 ms, jitter, load.") var only = ""
    @Option(help: "Write every reading as JSON to this file.") var json: String?

    func validate() throws {
        guard (1...1000).contains(runs), (0...1000).contains(slowRuns) else {
            throw ValidationError("--runs is 1 to 1000, --slow-runs 0 to 1000")
        }
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is 1 to 3600") }
    }

    func run() throws {
        var options = ElectionBenchOptions()
        (options.runs, options.slowRuns, options.full) = (runs, slowRuns, full)
        (options.seconds, options.daemon, options.only) = (seconds, daemon, only)
        let record = try ElectionBench(options, progress: StandardStream.note).run()
        StandardStream.show(record.text)
        if let json { try Files.replace(json, with: Array(record.json.utf8)) }
    }
}

/// `holdfast bench checks`.
struct BenchChecksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checks", abstract: "Measure health checks beside keepalived.",
        discussion: """
            100 and 1000 TCP and 1000 HTTP checks a second of addresses of this host, by holdfastd and then \
            by keepalived (where it is installed): processor time, memory, system calls, how evenly probes \
            begin, and how soon a server that dies has left the kernel's table. Needs root and IPVS; make \
            bench-checks runs it in a guest. Figures are medians with the least and the greatest; nothing \
            here passes or fails.
            """)

    @Flag(help: "10000 TCP checks a second, too.") var full = false
    @Option(help: "Seconds that each load is watched for.") var seconds: Int64 = 10
    @Option(help: "How many servers die of each death.") var deaths = 5
    @Option(help: "The daemon to measure; by default the holdfastd beside this program.")
    var daemon: String?
    @Option(help: "Only what has this in its title: 1000, TCP, HTTP.") var only = ""
    @Option(help: "Write every reading as JSON to this file.") var json: String?

    func validate() throws {
        guard (5...3600).contains(seconds) else { throw ValidationError("--seconds is 5 to 3600") }
        guard (0...250).contains(deaths) else { throw ValidationError("--deaths is 0 to 250") }
    }

    func run() throws {
        var options = CheckBenchOptions()
        (options.full, options.seconds, options.deaths) = (full, seconds, deaths)
        (options.daemon, options.only) = (daemon, only)
        let record = try CheckBench(options, progress: StandardStream.note).run()
        StandardStream.show(record.text)
        if let json { try Files.replace(json, with: Array(record.json.utf8)) }
        if !record.failures.isEmpty { throw ExitCode.failure }
    }
}

/// `holdfast bench ipvs`.
struct BenchTablesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ipvs", abstract: "Measure beside keepalived how IPVS is programmed.",
        discussion: """
            Tables of 100, 1000 and 10000 real servers, by holdfastd and keepalived (where it is installed) \
            in turn: from the start until the table is whole, a reload that changes nothing, a reload that \
            changes one weight, and what the kernel is asked for. Needs root and IPVS; make bench-ipvs runs \
            it in a guest. Figures are medians with the least and the greatest; nothing here passes or fails.
            """)

    @Flag(help: "10000 servers by the schedulers wrr and mh, and with a check each, too.") var full = false
    @Option(help: "How many timed runs of each.") var runs = 3
    @Option(help: "The daemon to measure; by default the holdfastd beside this program.")
    var daemon: String?
    @Option(help: "Only what has this in its title: 100 rr, 10000.") var only = ""
    @Option(help: "Write every reading as JSON to this file.") var json: String?

    func validate() throws {
        guard (0...100).contains(runs) else { throw ValidationError("--runs is 0 to 100") }
    }

    func run() throws {
        var options = TableBenchOptions()
        (options.full, options.runs, options.daemon, options.only) = (full, runs, daemon, only)
        let record = try TableBench(options, progress: StandardStream.note).run()
        StandardStream.show(record.text)
        if let json { try Files.replace(json, with: Array(record.json.utf8)) }
        if !record.failures.isEmpty { throw ExitCode.failure }
    }
}
