import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakCheckerTests {
    private let checker = SoakChecker(spacing: .milliseconds(20), timeout: .milliseconds(2500))
    private static let (a, b) = (LabPlan.directorA, LabPlan.directorB)

    /// Requests every 20 ms for 40 s, all answered but those that began within `failed`.
    private func trace(
        failed: ClosedRange<Double>? = nil, silent: ClosedRange<Double>? = nil,
        holdings: [(Double, String, Bool)] = []
    ) -> Trace {
        var trace = Trace()
        for number in 0..<2000 {
            let start = Double(number) * 0.02
            if silent?.contains(start) == true { continue }
            let outcome = failed?.contains(start) == true ? ProbeOutcome.refused : .answered
            trace.probes.append(
                Trace.Probe(
                    start: Sample.at(start), end: Sample.at(start + 0.004), outcome: outcome, server: "rs1"))
        }
        trace.holdings = [Trace.Happening(at: Sample.at(0), director: Self.a, value: true)]
        for (at, director, value) in holdings {
            trace.holdings.append(Trace.Happening(at: Sample.at(at), director: director, value: value))
        }
        return trace
    }

    private func round(_ fault: SoakFault, over: Double = 11, settled: Double? = 12) -> SoakRound {
        SoakRound(
            number: 4, fault: fault, from: Sample.at(10), over: Sample.at(over),
            settled: settled.map(Sample.at))
    }

    private func texts(_ round: SoakRound, _ trace: Trace) -> [String] {
        checker.violations(of: round, in: trace, until: Sample.at(37)).map(\.text)
    }

    private let kill = SoakFault.killRoles(director: a, roles: ["vrrp"])

    @Test func `a quiet round breaks nothing`() {
        #expect(texts(round(kill), trace()).isEmpty)
    }

    @Test func `a pair that is never well again, and what the hands complain of, is told`() {
        var bad = round(kill, settled: nil)
        bad.complaints = ["director-a has no vrrp"]
        let found = checker.violations(of: bad, in: trace(), until: Sample.at(37))
        #expect(found.map(\.round) == [4, 4])
        #expect(found.first?.text == "director-a: vrrp killed: director-a has no vrrp")
        #expect(found.last?.text.hasSuffix("never became what it was before") == true)
    }

    @Test func `a role that dies costs no request and no move`() {
        let lost = texts(round(kill), trace(failed: 12...12.1))
        #expect(
            lost.count == 1
                && lost.first?.contains("6 requests failed (6 refused), the first 2.000 s") == true)
        let moved = trace(holdings: [
            (13, Self.b, true), (13, Self.a, false), (15, Self.a, true), (15, Self.b, false),
        ])
        #expect(
            texts(round(kill), moved).contains { $0.contains("director-b took the address 3.000 s after") })
    }

    @Test func `a machine that stood still is not blamed on the pair`() {
        let still = trace(
            failed: 16.02...16.05, silent: 11...16, holdings: [(14.7, Self.b, true), (16.1, Self.b, false)])
        #expect(texts(round(kill), still).isEmpty)
        #expect(checker.stall(still, in: TimeSpan(from: Sample.at(10), to: Sample.at(37))) > .seconds(4))
        #expect(checker.stall(trace(), in: TimeSpan(from: Sample.at(10), to: Sample.at(37))) == .zero)
    }

    @Test func `a planned move may cost those that meet both directors, and no more`() {
        let restart = round(.restart(director: Self.a), over: 14)
        #expect(texts(restart, trace(failed: 13...13.09)).isEmpty)
        #expect(texts(restart, trace(failed: 13...13.3)).count == 1)
    }

    @Test func `an outage ends soon after the fault`() {
        let crash = round(.killAll(director: Self.a), over: 14)
        #expect(texts(crash, trace(failed: 10.1...20)).isEmpty)
        #expect(texts(crash, trace(failed: 23...23.01)).count == 1)
    }

    @Test func `nobody has the address for no longer than a failover takes`() {
        let crash = round(.cable(director: Self.a, .seconds(7)), over: 17)
        let short: [(Double, String, Bool)] = [
            (10, Self.a, false), (13.7, Self.b, true), (20, Self.b, false), (20, Self.a, true),
        ]
        #expect(texts(crash, trace(holdings: short)).isEmpty)
        let long: [(Double, String, Bool)] = [
            (10, Self.a, false), (19, Self.b, true), (20, Self.b, false), (20, Self.a, true),
        ]
        #expect(
            texts(crash, trace(holdings: long)).contains { $0.contains("nobody had the address for 9.000 s") }
        )
    }

    @Test func `both have the address while the fault lasts, and not much longer`() {
        let apart = round(.partition(.seconds(8)), over: 18)
        #expect(texts(apart, trace(holdings: [(13.6, Self.b, true), (18.5, Self.b, false)])).isEmpty)
        let long = texts(apart, trace(holdings: [(13.6, Self.b, true), (30, Self.b, false)]))
        #expect(
            long.count == 1 && long.first?.contains("both had the address for 12.000 s") == true, "\(long)")
        let never = texts(round(kill), trace(holdings: [(12, Self.b, true), (19, Self.b, false)]))
        #expect(never.contains { $0.contains("both had the address for 7.000 s") }, "\(never)")
    }

    @Test func `a dead server that comes back into a table is a lost verdict`() {
        var dead = round(.killServer(.seconds(5), roles: ["checker"]), over: 12, settled: 20)
        dead.dead = SoakRound.DeadServer(
            address: "192.0.2.21", from: Sample.at(12), until: Sample.at(17))
        var seen = trace()
        seen.tables = [
            Trace.Happening(at: Sample.at(12.5), director: Self.a, value: ["192.0.2.22:80*1"]),
            Trace.Happening(at: Sample.at(13), director: Self.a, value: ["192.0.2.21:80*0"]),
            Trace.Happening(at: Sample.at(18), director: Self.a, value: ["192.0.2.21:80*1"]),
        ]
        #expect(texts(dead, seen).isEmpty)
        seen.tables.append(
            Trace.Happening(at: Sample.at(14), director: Self.b, value: ["192.0.2.21:80*1", "x"]))
        #expect(
            texts(dead, seen).contains { $0.contains("director-b has 192.0.2.21:80*1 again 4.000 s after") })
    }

    @Test func `what grows is told`() {
        func sample(_ at: Double, _ descriptors: Int, _ memory: Int) -> SoakSample {
            SoakSample(
                at: Sample.at(at), director: Self.a, role: "lvs", process: 7, descriptors: descriptors,
                memory: memory)
        }
        #expect(checker.growth([sample(1, 20, 9000), sample(2, 24, 12_000)]).isEmpty)
        #expect(
            checker.growth([sample(1, 20, 9000), sample(2, 40, 9000)]).map(\.text) == [
                "director-a lvs: 20 descriptors became 40"
            ])
        #expect(
            checker.growth([sample(1, 20, 9000), sample(2, 20, 29_000)]).map(\.text) == [
                "director-a lvs: 9000 KiB became 29000"
            ])
    }

    @Test func `the history tells what was seen around a round`() {
        var seen = trace(failed: 12...12.01, holdings: [(5, Self.b, true), (13, Self.b, false)])
        seen.states = [Trace.Happening(at: Sample.at(11), director: Self.b, value: .backup)]
        seen.tables = [Trace.Happening(at: Sample.at(14), director: Self.b, value: ["x*1"])]
        #expect(
            checker.history(of: round(kill), in: seen) == [
                "1.000 s  director-b says BACKUP", "2.000 s  a request fails: refused after 0.004 s",
                "3.000 s  director-b lost the address", "4.000 s  director-b has the table x*1",
            ])
    }
}
