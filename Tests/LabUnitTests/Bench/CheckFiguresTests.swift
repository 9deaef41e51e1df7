import Testing
import Timekeeping

@testable import Lab

@Suite struct CheckFiguresTests {
    private static let snmp = """
        Ip: Forwarding DefaultTTL
        Ip: 1 64
        Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens
        Tcp: 1 200 120000 -1 4711 12
        Udp: InDatagrams

        """

    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    @Test func `the kernel's count is understood`() {
        let count = StartCount(snmp: Self.snmp, at: Self.at(3))
        #expect(count == StartCount(at: Self.at(3), begun: 4711))
    }

    @Test(arguments: [
        "", "Tcp: ActiveOpens\n", "Tcp: A\nTcp: 1\n", "Tcp: A ActiveOpens\nTcp: 1\n",
        "Tcp: ActiveOpens\nTcp: x\n",
    ])
    func `another text is no count`(text: String) { #expect(StartCount(snmp: text, at: Self.at(0)) == nil) }

    /// Counts every ten milliseconds of so many starts each.
    private func counts(_ starts: (Int64) -> Int, seconds: Int64 = 2) -> [StartCount] {
        var begun = 5
        return (0...seconds * 100).map { step in
            defer { begun += starts(step) }
            return StartCount(at: Self.at(step * 10), begun: begun)
        }
    }

    @Test func `even starts are those whose busiest tenth is like the others`() throws {
        let even = try #require(StartSpread(counts { _ in 10 }))
        #expect(even.busiest == 1 && even.idlest == 1)
        let herd = try #require(StartSpread(counts { $0 % 100 == 50 ? 1000 : 0 }))
        #expect(herd.busiest == 10 && herd.idlest == 0)
        let slope = try #require(StartSpread(counts { Int($0 % 100) }))
        #expect((1.8..<2).contains(slope.busiest) && (0..<0.2).contains(slope.idlest))
    }

    @Test func `less than a second, or nothing at all, has no spread`() {
        #expect(StartSpread([]) == nil)
        #expect(StartSpread(counts { _ in 0 }) == nil)
        #expect(StartSpread(Array(counts { _ in 10 }.prefix(99))) == nil)
    }

    @Test func `strace's table is added up`() {
        let text = """
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             40.55    0.011284           3      3000      1000 connect
             20.00    0.005000           1      4000           epoll_ctl
              0.00    0.000000           0         1           getpid
            ------ ----------- ----------- --------- --------- ----------------
            100.00    0.027827           2      7001      1000 total
            """
        #expect(SystemCallCount.total(text) == 7001)
        #expect(SystemCallCount.total("") == nil)
        #expect(
            SystemCallCount.total("strace: attach: ptrace(PTRACE_SEIZE, 7): Operation not permitted") == nil)
    }

    @Test func `processor time is told a probe`() {
        func usage(_ seconds: Int64, _ probes: Int, _ own: Int64, _ all: Int64) -> CheckUsage {
            CheckUsage(
                at: Self.at(seconds * 1000), probes: probes, processor: .milliseconds(own),
                processorInAll: .milliseconds(all))
        }
        var figures = CheckFigures()
        figures.add(from: usage(0, 100, 5, 50), to: usage(2, 2100, 65, 150))
        figures.add(from: usage(2, 2100, 65, 150), to: usage(4, 2100, 65, 150))
        #expect(figures.perProbe == [30] && figures.perProbeInAll == [50])
    }
}
