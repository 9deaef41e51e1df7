import ArgumentParser
import Lab

/// `holdfast bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure beside keepalived how fast configurations are read.",
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
