import LinuxIO
import Testing
import Timekeeping

/// Holdfast and keepalived with one virtual Ethernet address, seen by a client on the same segment.
@Suite(.serialized) struct VirtualMACInteropTests {
    private static let mac = "00:00:5e:00:01:33"

    private let bench: DirectorBench

    init() throws { bench = try DirectorBench(withClient: true) }

    /// The same file is Holdfast's and keepalived's.
    private func start(ours: Bool, on host: Segment.Host, _ priority: Int) throws -> ChildProcess {
        let text = VirtualInterfaceOwnerTests.text(priority)
        if ours { return try bench.start("ours", on: host, text, flags: ["-P"]) }
        let file = try bench.write("theirs", text)
        let pids = ["-p", "k", "-r", "kv", "-c", "kc"].map {
            $0.hasPrefix("-") ? $0 : "\(bench.directory)/\($0).pid"
        }
        return try host.start(
            "/usr/sbin/keepalived", ["-n", "-l", "-D", "-P", "-f", file] + pids,
            log: "\(bench.directory)/theirs.log")
    }

    private var logs: String { "\(bench.log("ours"))\n\(bench.log("theirs"))" }

    /// What the client believes once it has had an answer. keepalived lets its interface ask by ARP in the
    /// name of the virtual address, from its own Ethernet address, which the client then learns.
    private func clientsBelief() throws -> String {
        let client = try #require(bench.segment.client)
        let script = "timeout 2 bash -c 'echo > /dev/tcp/\(DirectorBench.vip)/9' 2>&1; :"
        #expect(try client.run("/bin/bash", "-c", script).output.text.contains("refused"), "\(logs)")
        return try Tools.ip(["-n", client.name, "neighbour", "show", DirectorBench.vip]).output.text
    }

    @Test(arguments: [true, false])
    func `each hears the other, and the client knows the virtual Ethernet address when ours is master`(
        isOursFirst: Bool
    ) throws {
        let first = try start(ours: isOursFirst, on: bench.a, 150)
        #expect(try bench.waitForAddress(bench.a), "\(logs)")
        let second = try start(ours: !isOursFirst, on: bench.b, 100)
        let taken = try Tools.wait(.seconds(3)) { try bench.b.holds(DirectorBench.vip) }
        #expect(taken == nil, "it hears the master's adverts\n\(logs)")
        #expect(try clientsBelief().contains(Self.mac) || !isOursFirst, "\(logs)")
        // It resigns, and the other one follows.
        first.send(.terminate)
        #expect(try bench.waitForAddress(bench.b, true, .seconds(5)), "\(logs)")
        _ = bench.end(first)
        #expect(try !bench.a.holds(DirectorBench.vip), "\(logs)")
        #expect(try clientsBelief().contains(Self.mac) || isOursFirst, "\(logs)")
        // The better one takes over again.
        let again = try start(ours: isOursFirst, on: bench.a, 150)
        #expect(try bench.waitForAddress(bench.a), "\(logs)")
        #expect(try bench.waitForAddress(bench.b, false, .seconds(5)), "\(logs)")
        #expect(try clientsBelief().contains(Self.mac) || !isOursFirst, "\(logs)")
        for child in [again, second] {
            child.send(.terminate)
            _ = bench.end(child)
        }
    }
}
