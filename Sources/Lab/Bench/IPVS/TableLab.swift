// One daemon, started with a table of services, then told to read its file again.

import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Timekeeping

/// A namespace with nothing but the table and its daemon. Whoever makes one MUST call `close`.
final class TableLab {
    private let host: BenchHost
    private let setup: TableSetup
    private let program: DaemonProgram
    /// The servers that checks find; nil where nothing is checked.
    private let servers: ChildProcess?
    /// Every netlink message of the namespace; nil in the runs that are timed.
    private let tap: PacketSocket?
    /// From one look at the table to the next.
    private static let look = Interval.milliseconds(1)
    private static let limit = Interval.seconds(180)
    /// Far more than a daemon asks for at a time.
    private static let longest = 1 << 20

    /// Builds it; `tool` is the program whose agents are the servers. With `counting`, what the daemon asks
    /// the kernel for is counted, which slows it down.
    init(
        _ setup: TableSetup, _ program: DaemonProgram, folder: String, tool: String, counting: Bool
    ) throws {
        (self.setup, self.program) = (setup, program)
        host = try BenchHost(folder: folder, for: "tables")
        do {
            servers = setup.isChecked ? try Self.serve(host.ip, tool) : nil
            tap = counting ? try Self.listen(host.ip) : nil
            try host.write(setup.configuration())
        } catch {
            host.close()
            throw error
        }
    }

    func close() {
        try? host.stop()
        if let servers, servers.exitStatus == nil { BenchHost.end(servers) }
        host.close()
    }

    private static func serve(_ ip: String, _ tool: String) throws -> ChildProcess {
        try HostPrograms.run(ip, ["route", "add", "local", TableSetup.addresses, "dev", "lo"])
        let serve = AgentCommand.serve(name: "server", ports: [TableSetup.port])
        return try ChildProcess(
            Program(tool, ["lab-agent"] + serve.arguments),
            ChildStreams(input: .pipe, output: .null, error: .inherit))
    }

    private static func listen(_ ip: String) throws -> PacketSocket {
        try HostPrograms.run(ip, ["link", "add", "nlmon0", "type", "nlmon"])
        try HostPrograms.run(ip, ["link", "set", "nlmon0", "up"])
        let links = try RouteSocket().links()
        guard let index = links.first(where: { $0.name == "nlmon0" })?.index else {
            throw LabError("nlmon0 is not there")
        }
        return try PacketSocket(capturing: .everything, on: index, receiveBuffer: 256 << 20)
    }

    /// Starts it and reloads it twice; what that took goes to `figures`.
    func run(into figures: inout TableFigures) throws {
        let start = try host.quoting { try measureStart() }
        let idle = try host.quoting { try work { host.reload() } }
        let idleRequests = try requests()
        try host.write(setup.configuration(weight: 7))
        var took = Interval.zero
        let change = try host.quoting { try work { took = try measureChange() } }
        let changeRequests = try requests()
        try host.stop()
        guard tap == nil else {
            (figures.startRequests, figures.idleReloadRequests) = (start.requests, idleRequests)
            figures.changeRequests = changeRequests
            return
        }
        figures.starts.append(start.took)
        figures.changes.append(took)
        figures.startWork.append(start.work)
        figures.idleReloadWork.append(idle)
        figures.changeWork.append(change)
    }

    private func measureStart() throws -> (took: Interval, work: Interval, requests: RequestCount?) {
        let begin = Clock.now()
        try host.start(program)
        var took = Interval.zero
        var waiting = setup.services.last
        // Whole services one after the other, for to read all of a large table takes long, and holds up
        // whoever writes it: all of it is read only when the one that was waited for is there.
        while let service = waiting {
            try wait(begin) { try self.weights(of: service).count == TableSetup.serversEach }
            took = Clock.now() - begin
            guard try host.tableSize() != setup.count else { break }
            waiting = try setup.services.first { try weights(of: $0).count != TableSetup.serversEach }
        }
        try settle(setup.patience)
        return (took, host.processor, try requests())
    }

    private func measureChange() throws -> Interval {
        let begin = Clock.now()
        host.reload()
        try wait(begin) { try self.weights(of: self.setup.changedService).contains(7) }
        return Clock.now() - begin
    }

    /// What all processes use of processors for what `order` makes them do, less what they use anyway.
    private func work(_ order: () throws -> Void) throws -> Interval {
        let first = host.processor
        try settle(setup.patience)
        let quiet = host.processor - first
        let (before, begin) = (host.processor, Clock.now())
        try order()
        try settle(setup.patience - (Clock.now() - begin))
        return max(.zero, host.processor - before - quiet)
    }

    private func settle(_ interval: Interval) throws {
        Scheduling.sleep(max(.zero, interval))
        try host.requireDaemon()
    }

    /// Nothing of a service that is not there yet.
    private func weights(of service: Endpoint) throws(IPVSError) -> [UInt32] {
        do throws(IPVSError) {
            return try host.ipvs.destinations(of: .address(.tcp, service)).map(\.weight)
        } catch .failed(let error) where error.errno == .noProcess {
            return []
        }
    }

    private func wait(_ begin: Instant, until condition: () throws -> Bool) throws {
        while try !condition() {
            guard Clock.now() - begin < Self.limit else {
                throw LabError(
                    "\(setup.title): \(try host.tableSize()) servers in the table after \(Self.limit)")
            }
            try host.requireDaemon()
            Scheduling.sleep(Self.look)
        }
    }

    /// What was asked for since the last time.
    private func requests() throws -> RequestCount? {
        guard let tap else { return nil }
        var count = RequestCount()
        while let frame = try tap.receive(limit: Self.longest) {
            guard frame.length <= Self.longest else {
                throw LabError("a netlink message of \(frame.length) octets")
            }
            count.add(datagram: frame.octets, family: host.ipvs.family)
        }
        return count
    }
}
