import HealthChecks
import LinuxIO
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct RoleMessagesTests {
    private static let report = ProbeReport(
        result: ProbeResult(.wrongStatus, "status 503"), duration: .milliseconds(12), finishedAt: at(3),
        failures: 1,
        failuresAllowed: 2)

    static let commands: [RoleCommand] = [
        .vrrp(
            .configure(
                VRRPAssignment(
                    routers: [router()], claims: [.chain(.inet)], masters: ["VI_1": at(4)],
                    sequences: ["VI_1": 7]))
        ),
        .vrrp(.stop), .lvs(.configure(LVSAssignment())),
        .lvs(
            .configure(
                LVSAssignment(
                    virtualServers: [virtualServer(guardMark: mark(9))],
                    settings: [.syncThreshold: "1 0", .conntrack: "1"],
                    loopGuard: LoopGuardConfiguration(peers: [.address(v4("192.0.2.3"), interface: "eth0")]),
                    mayUseBackupOnly: true, flushes: true, claims: [.syncThread(.backup)],
                    states: ["VI_1": .fault],
                    verdicts: [CheckVerdict(check: scriptCheck(), verdict: .up, report: nil)],
                    peers: PeerTable(LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 5))]))))),
        .lvs(.state(instance: "VI_1", .master)), .lvs(.tables(.done("x"))), .lvs(.tables(.failed("y"))),
        .lvs(.stop),
        .lvs(.reconfigure(LVSAssignment(), services: [.keep(from: 1, count: 2)], verdicts: [.add([])])),
        .lvs(.verdicts([CheckVerdict(check: tcpCheck("192.0.2.1"), verdict: .down, report: report)])),
        .checker(.configure(CheckerAssignment(generation: 3, checks: [scriptCheck()], known: [0: .down]))),
        .checker(
            .reconfigure(CheckerAssignment(generation: 4, checks: []), checks: [.add([scriptCheck()])])),
        .checker(.scriptEnded(run: 4, .signal(9))), .checker(.scriptEnded(run: 4, .status(0))),
        .checker(.scriptEnded(run: 4, .unavailable("no"))),
        .checker(.scriptEnded(run: 4, .unfit("program missing"))), .checker(.stop),
    ]

    @Test(arguments: commands) func `a command arrives as it was sent`(_ command: RoleCommand) throws {
        let frame = try command.encoded()
        switch command {
        case .vrrp(let sent): #expect(try BinaryCoder.decode(VRRPCommand.self, from: frame) == sent)
        case .lvs(let sent): #expect(try BinaryCoder.decode(LVSCommand.self, from: frame) == sent)
        case .checker(let sent): #expect(try BinaryCoder.decode(CheckerCommand.self, from: frame) == sent)
        }
    }

    @Test func `the checker says nothing but ASCII, which costs no more to compare than it is long`() {
        // A million marks in the wrong order: sorting them would take hours.
        let key =
            Array(String(repeating: "\u{301}", count: 500_000).utf8)
            + Array(String(repeating: "\u{316}", count: 500_000).utf8)
        var length: [UInt8] = []
        var rest = key.count
        while rest >= 0x80 {
            length.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        length.append(UInt8(rest))
        let frame = [8, 1] + length + key + [0, 0]
        let begin = Clock.now()
        #expect(throws: MalformedMessage.text) { try RoleReport(from: .checker, frame: frame) }
        #expect(Clock.now() - begin < .seconds(60))
    }

    static let reports: [RoleReport] = [
        .vrrp(.ready), .vrrp(.state(instance: "VI_1", .backup)),
        .vrrp(.stopped),
        .lvs(.ready), .lvs(.tables(.save(.inet6))), .lvs(.tables(.save(.inet, .nat))),
        .lvs(.tables(.restore(.inet, "*mangle\n"))),
        .lvs(.peers(PeerTable(LoopGuardConfiguration(peers: [.address(v4("192.0.2.3"), interface: nil)])))),
        .lvs(.failed("no IPVS")), .lvs(.stopped), .checker(.run(1, generation: 2, index: 3)),
        .checker(.terminate(1)),
        .checker(.verdicts(generation: 2, [IndexedVerdict(index: 0, verdict: .down, report: report)])),
    ]

    private func frame(of report: RoleReport) throws -> (RoleName, [UInt8]) {
        switch report {
        case .vrrp(let report): (.vrrp, try BinaryCoder.encode(report))
        case .lvs(let report): (.lvs, try BinaryCoder.encode(report))
        case .checker(let report): (.checker, try BinaryCoder.encode(report))
        }
    }

    @Test(arguments: reports) func `a report arrives as it was sent`(_ report: RoleReport) throws {
        let (role, frame) = try frame(of: report)
        #expect(try RoleReport(from: role, frame: frame) == report)
    }

    @Test func `a role cannot speak for another`() throws {
        let frame = try BinaryCoder.encode(VRRPReport.state(instance: "VI_1", .master))
        #expect(throws: (any Error).self) { try RoleReport(from: .checker, frame: frame) }
        #expect(throws: (any Error).self) { try RoleReport(from: .lvs, frame: frame) }
    }

    @Test func `the checker gets less room than the others`() {
        #expect(RoleReport.frameLimit(of: .checker) < RoleReport.frameLimit(of: .lvs))
        let frame = [UInt8](repeating: 0, count: RoleReport.frameLimit(of: .checker) + 1)
        #expect(throws: MalformedMessage.tooLong) { try RoleReport(from: .checker, frame: frame) }
    }

    @Test(arguments: 0..<200) func `whatever a role sends, it is a report or an error`(_ seed: Int) throws {
        var random = SmallRandom(seed: UInt64(seed))
        let (role, octets) = try frame(of: Self.reports[seed % Self.reports.count])
        var damaged = octets
        for _ in 0...(seed % 4) {
            damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        _ = try? RoleReport(from: role, frame: damaged)
        _ = try? RoleReport(from: role, frame: Array(damaged.prefix(Int(random.next() % 20))))
    }

    @Test func `only the checker has no ledger`() {
        #expect(RoleName.allCases.filter(\.hasLedger) == [.vrrp, .lvs])
    }

    @Test func `a request for tables knows its family`() {
        #expect(TablesRequest.save(.inet6).family == .inet6)
        #expect(TablesRequest.restore(.inet, "").family == .inet)
        #expect(TablesRequest.list(.inet6).family == .inet6)
        #expect(TablesRequest.load(.inet, "").family == .inet)
    }
}
