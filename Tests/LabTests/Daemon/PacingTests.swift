import LinuxIO
import Testing
import Timekeeping

/// When elections begin, and how far apart announcements are. Needs root and namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct PacingTests {
    private func text(_ global: String, priority: Int = 250) -> String {
        "global_defs {\n\(global)\n}\n"
            + DirectorBench.instance(priority).replacing(
                "192.0.2.100/24", with: "192.0.2.100/24\n192.0.2.101/24")
    }

    /// How long after its start the director on `a` becomes master.
    private func wait(_ bench: DirectorBench, _ global: String) throws -> Interval {
        let start = Clock.now()
        _ = try bench.start("a", on: bench.a, text(global), flags: ["-P"])
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        return Clock.now() - start
    }

    @Test func `elections begin so long after the daemon has started`() throws {
        let bench = try DirectorBench()
        // Master_Down_Interval of priority 250 is 3.02 s.
        let waited = try wait(bench, "vrrp_startup_delay 2")
        #expect(waited >= .milliseconds(5020) && waited < .seconds(9))
    }

    /// A wait has a day at most: this machine's start must be more recent.
    private static let hasStartedToday = Clock.now().nanoseconds < 86_000_000_000_000

    @Test(.enabled(if: hasStartedToday, "the machine has run for a day"))
    func `or so long after the machine has`() throws {
        let bench = try DirectorBench()
        let due = (Clock.now() + .seconds(3)).nanoseconds / 1_000_000_000
        let waited = try wait(bench, "vrrp_delay_after_boot \(due)")
        #expect(waited >= .milliseconds(5020) && waited < .seconds(10))
    }

    @Test func `a role that is killed meanwhile does not begin earlier, nor wait anew`() throws {
        let bench = try DirectorBench()
        let start = Clock.now()
        let director = try bench.start("a", on: bench.a, text("vrrp_startup_delay 4"), flags: ["-P"])
        _ = Tools.wait(.seconds(3)) { false }
        try Signal.kill.send(to: try #require(bench.roles(of: director)["vrrp"]))
        #expect(bench.waitForLog("a", "Entering MASTER STATE"), "\(bench.log("a"))")
        #expect(Clock.now() - start >= .milliseconds(7020))
        #expect(Clock.now() - start < .milliseconds(9500))
    }

    @Test func `gratuitous ARP packets are as far apart as they are to be`() throws {
        let bench = try DirectorBench()
        let trace = try PacketTrace(on: bench.b)
        _ = try wait(bench, "vrrp_garp_interval 0.1")
        _ = Tools.wait(.seconds(2)) { false }
        try trace.collect()
        let packets = trace.frames.filter {
            $0.octets.count > 41 && $0.octets[12...13] == [8, 6] && $0.octets[28..<31] == [192, 0, 2]
                && $0.octets[31] >= 100
        }
        #expect(packets.map { $0.octets[31] } == (0..<5).flatMap { _ -> [UInt8] in [100, 101] })
        // A packet that left late is followed the sooner; together they take their time.
        let (first, last) = (try #require(packets.first), try #require(packets.last))
        #expect(last.time.nanoseconds - first.time.nanoseconds >= 800_000_000)
    }
}
