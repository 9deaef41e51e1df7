import HealthChecks
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Director

/// A checker with both ends of its channel in the test.
final class CheckerBench {
    let checker: CheckerRole
    let supervisor: MessageChannel
    let sockets: DescriptorChannel
    var reports: [CheckerReport] = []
    var status: Int32?

    init(descriptors: Int = 256) throws {
        var pair = try MessageChannel.pair()
        supervisor = MessageChannel(adopting: pair.takeFirst())
        var sockets = try DescriptorChannel.pair()
        self.sockets = DescriptorChannel(adopting: sockets.takeFirst())
        checker = try CheckerRole(
            channel: pair.takeSecond(), sockets: sockets.takeSecond(), log: quietLog(),
            descriptors: descriptors)
    }

    func send(_ command: CheckerCommand) throws { try supervisor.send(BinaryCoder.encode(command)) }

    /// Lets the checker work until `condition` holds; false after `limit`.
    func work(_ limit: Interval = .seconds(60), until condition: (CheckerBench) -> Bool) throws -> Bool {
        let deadline = Clock.now() + limit
        while !condition(self) {
            guard Clock.now() < deadline, status == nil else { return condition(self) }
            status = try checker.turn(until: Clock.now() + .milliseconds(50))
            for frame in try supervisor.receive().frames {
                if case .checker(let report) = try RoleReport(from: .checker, frame: frame) {
                    reports.append(report)
                }
            }
        }
        return true
    }

    /// The last report that came with a verdict.
    var report: ProbeReport? {
        reports.reversed().lazy.compactMap { report -> ProbeReport? in
            guard case .verdicts(_, let news) = report else { return nil }
            return news.lazy.compactMap(\.report).last
        }.first
    }

    /// The last verdict of the check at `index`.
    func verdict(_ index: Int) -> Verdict? {
        reports.reversed().lazy.compactMap { report -> Verdict? in
            guard case .verdicts(_, let news) = report else { return nil }
            return news.last { $0.index == index }?.verdict
        }.first
    }
}

@Suite struct CheckerRoleTests {
    private let schedule = CheckSchedule(
        delayLoop: .milliseconds(100), retry: 0, delayBeforeRetry: .milliseconds(50), warmup: .zero,
        startsDown: true)
    private let failing = CheckSchedule(
        delayLoop: .milliseconds(100), retry: 0, delayBeforeRetry: .milliseconds(50), warmup: .zero)

    private func tcp(_ port: UInt16, _ schedule: CheckSchedule) -> CheckSpecification {
        CheckSpecification(
            kind: .tcp(TCPCheck(target: endpoint("127.0.0.1", port), timeout: .seconds(3))),
            schedule: schedule)
    }

    @Test func `a server that listens is up, one that does not is down`() throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let port = listener.endpoint.port
        try bench.send(
            .configure(CheckerAssignment(generation: 4, checks: [tcp(port, schedule), tcp(1, failing)])))
        #expect(try bench.work { $0.verdict(0) == .up && $0.verdict(1) == .down })
        for case .verdicts(let generation, let news) in bench.reports {
            #expect(generation == 4)
            #expect(news.allSatisfy { $0.report != nil })
        }
    }

    @Test func `a check that somebody wants now does not wait for its turn`() throws {
        let bench = try CheckerBench()
        let seldom = CheckSchedule(
            delayLoop: .seconds(3600), retry: 0, delayBeforeRetry: .seconds(3600), warmup: .zero)
        try bench.send(
            .configure(CheckerAssignment(generation: 3, checks: [tcp(1, seldom)], known: [0: .up])))
        try bench.send(.recheck(generation: 2, [0]))
        #expect(try !bench.work(.milliseconds(300)) { $0.verdict(0) == .down }, "another assignment is meant")
        try bench.send(.recheck(generation: 3, [7, -1, 0]))
        #expect(try bench.work(.milliseconds(600)) { $0.verdict(0) == .down })
    }

    @Test func `a probe comes from the address and port it is told`() throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let free = try Listener(on: endpoint("127.0.0.3", 0)).endpoint.port
        let source = ProbeSource(address: v4("127.0.0.3"), port: free)
        let check = CheckSpecification(
            kind: .tcp(TCPCheck(target: listener.endpoint, timeout: .seconds(3), source: source)),
            schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [check])))
        #expect(try bench.work { $0.verdict(0) == .up })
        #expect(try listener.accept()?.peer == Endpoint(v4("127.0.0.3"), port: free))
    }

    @Test func `what is known is said again after an assignment`() throws {
        let bench = try CheckerBench()
        try bench.send(
            .configure(CheckerAssignment(generation: 1, checks: [tcp(1, failing)], known: [0: .down])))
        #expect(try bench.work { $0.verdict(0) == .down })
        #expect(bench.reports.first == .verdicts(generation: 1, [IndexedVerdict(index: 0, verdict: .down)]))
    }

    @Test func `a program is asked for by its place and its end is a verdict`() throws {
        let bench = try CheckerBench()
        let script = CheckSpecification(
            kind: .script(ScriptCheck(command: ["/bin/check"], timeout: .seconds(60))), schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 2, checks: [tcp(1, failing), script])))
        #expect(try bench.work { $0.reports.contains(.run(1, generation: 2, index: 1)) })
        try bench.send(.scriptEnded(run: 1, .status(0)))
        #expect(try bench.work { $0.verdict(1) == .up })
        #expect(try bench.work { $0.reports.contains(.run(2, generation: 2, index: 1)) })
        try bench.send(.scriptEnded(run: 2, .unavailable("no processes left")))
        #expect(try bench.work { $0.reports.contains(.run(3, generation: 2, index: 1)) })
        #expect(bench.verdict(1) == .up, "what this host could not do is no verdict")
        try bench.send(.scriptEnded(run: 3, .signal(11)))
        #expect(try bench.work { $0.verdict(1) == .down })
        #expect(try bench.work { $0.reports.contains(.run(4, generation: 2, index: 1)) })
        try bench.send(.scriptEnded(run: 4, .status(0)))
        #expect(try bench.work { $0.verdict(1) == .up })
        #expect(try bench.work { $0.reports.contains(.run(5, generation: 2, index: 1)) })
        try bench.send(.scriptEnded(run: 5, .unfit("program missing")))
        #expect(try bench.work { $0.verdict(1) == .down })
    }

    @Test func `a program that takes too long is ended`() throws {
        let bench = try CheckerBench()
        let script = CheckSpecification(
            kind: .script(ScriptCheck(command: ["/bin/slow"], timeout: .milliseconds(200))),
            schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 2, checks: [script])))
        #expect(try bench.work { $0.reports.contains(.terminate(1)) })
    }

    @Test func `a check that is gone gives its probe up`() throws {
        let bench = try CheckerBench()
        let script = CheckSpecification(
            kind: .script(ScriptCheck(command: ["/bin/check"], timeout: .seconds(60))), schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [script])))
        #expect(try bench.work { $0.reports.contains(.run(1, generation: 1, index: 0)) })
        try bench.send(.configure(CheckerAssignment(generation: 2, checks: [])))
        #expect(try bench.work { $0.reports.contains(.terminate(1)) })
    }

    @Test func `a probe with a mark waits for a socket of the supervisor's, and uses it`() throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let target = listener.endpoint
        let check = CheckSpecification(
            kind: .tcp(TCPCheck(target: target, timeout: .seconds(60), source: ProbeSource(mark: mark(7)))),
            schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 3, checks: [tcp(1, failing), check])))
        #expect(try bench.work { $0.reports.contains(.socket(1, generation: 3, index: 1)) })
        #expect(bench.verdict(1) == nil)
        let socket = try StreamSocket.prepare(
            .inet, StreamSocket.Options(source: endpoint("127.0.0.4", 0)))
        try bench.sockets.send(1, socket.descriptor)
        #expect(try bench.work { $0.verdict(1) == .up })
        #expect(try listener.accept()?.peer.address == v4("127.0.0.4"))
        #expect(try bench.work { $0.reports.contains(.socket(2, generation: 3, index: 1)) })
        try bench.send(.socketRefused(2, "no rights", isTargets: false))
        #expect(try bench.work { $0.reports.contains(.socket(3, generation: 3, index: 1)) })
        #expect(bench.verdict(1) == .up, "what this host could not do is no verdict")
        try bench.send(.socketRefused(3, "no route", isTargets: true))
        #expect(try bench.work { $0.verdict(1) == .down })
    }

    @Test func `a socket that comes too late is closed`() throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let check = CheckSpecification(
            kind: .tcp(
                TCPCheck(
                    target: listener.endpoint, timeout: .milliseconds(100), source: ProbeSource(mark: mark(7))
                )),
            schedule: failing)
        try bench.send(.configure(CheckerAssignment(generation: 3, checks: [check])))
        #expect(try bench.work { $0.reports.contains(.socket(2, generation: 3, index: 0)) })
        #expect(bench.verdict(0) == nil, "the supervisor's slowness says nothing of the server")
        var pipe = try OwnedFD.pipe()
        let watched = pipe.takeFirst()
        do {
            let given = pipe.takeSecond()
            try bench.sockets.send(1, given.descriptor)
        }
        _ = try bench.work(.milliseconds(300)) { _ in false }
        guard case .ended = try watched.read(limit: 1) else {
            Issue.record("somebody still has it")
            return
        }
    }

    @Test func `a weight comes with its verdict, and again when it changes`() throws {
        let bench = try CheckerBench()
        var script = ScriptCheck(command: ["/bin/check"], timeout: .seconds(60))
        script.isDynamic = true
        let check = CheckSpecification(kind: .script(script), schedule: schedule)
        try bench.send(.configure(CheckerAssignment(generation: 2, checks: [check])))
        func weight() -> UInt8?? {
            bench.reports.reversed().lazy.compactMap { report -> UInt8?? in
                if case .verdicts(_, let news) = report { .some(news.last?.weight) } else { nil }
            }.first
        }
        for (run, status) in [(1 as UInt64, 12 as Int32), (2, 12), (3, 2)] {
            #expect(try bench.work { $0.reports.contains(.run(run, generation: 2, index: 0)) })
            try bench.send(.scriptEnded(run: run, .status(status)))
        }
        #expect(try bench.work { _ in weight() == .some(0) })
        let told = bench.reports.filter { if case .verdicts = $0 { true } else { false } }
        #expect(told.count == 2, "10 once, and 0")
        try bench.send(.configure(CheckerAssignment(generation: 3, checks: [check])))
        #expect(
            try bench.work {
                $0.reports.contains(
                    .verdicts(generation: 3, [IndexedVerdict(index: 0, verdict: .up, weight: 0)]))
            })
    }

    @Test func `it ends when told, and when the supervisor is gone`() throws {
        let told = try CheckerBench()
        try told.send(.stop)
        #expect(try told.work { $0.status == 0 })
        var pair = try MessageChannel.pair()
        var sockets = try DescriptorChannel.pair()
        let orphan = try CheckerRole(
            channel: pair.takeFirst(), sockets: sockets.takeFirst(), log: quietLog(), descriptors: 256)
        pair.takeSecond().close()
        #expect(try orphan.run() == 0)
    }
}

@Suite struct HTTPProbeTests {
    /// Answers every connection with `response`, in the same thread, between the checker's turns.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", Verdict.up), ("HTTP/1.1 503 No\r\n\r\n", .down), ("rubbish\r\n", .down),
    ])
    func `a status decides`(response: String, verdict: Verdict) throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let port = listener.endpoint.port
        let check = CheckSpecification(
            kind: .http(
                HTTPCheck(target: endpoint("127.0.0.1", port), timeout: .seconds(3), urls: [HTTPURL()])),
            schedule: CheckSchedule(
                delayLoop: .milliseconds(200), retry: 0, warmup: .zero, startsDown: verdict == .up))
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [check])))
        var accepted: [StreamSocket] = []
        let done = try bench.work { bench in
            if let socket = try? listener.accept()?.socket { accepted.append(socket) }
            for socket in accepted {
                guard case .octets(let request)? = try? socket.read() else { continue }
                #expect(String(decoding: request, as: UTF8.self).hasPrefix("GET / HTTP/1."))
                _ = try? socket.write(Array(response.utf8)[...])
            }
            return bench.verdict(0) == verdict
        }
        #expect(done)
    }
}

@Suite struct FarewellTests {
    /// A server that goes on sending after the status must not be met with RST: its log would fill with
    /// errors.
    @Test func `a server may finish its answer after the probe has learnt enough`() throws {
        let bench = try CheckerBench()
        let listener = try Listener(on: endpoint("127.0.0.1", 0))
        let check = CheckSpecification(
            kind: .http(
                HTTPCheck(target: listener.endpoint, timeout: .seconds(3), urls: [HTTPURL()])),
            schedule: CheckSchedule(delayLoop: .seconds(60), retry: 0, warmup: .zero, startsDown: true))
        try bench.send(.configure(CheckerAssignment(generation: 1, checks: [check])))
        var server: StreamSocket?
        let isUp = try bench.work { bench in
            if server == nil { server = try? listener.accept()?.socket }
            if let server, case .octets? = try? server.read() {
                _ = try? server.write(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)[...])
            }
            return bench.verdict(0) == .up
        }
        #expect(isUp)
        let socket = try #require(server)
        var sent = 0
        var failure: Errno?
        _ = try bench.work(.seconds(20)) { _ in
            do throws(Errno) {
                sent += try socket.write([UInt8](repeating: 0x61, count: 1000)[...]) ?? 0
            } catch {
                failure = error
            }
            return failure != nil || sent >= 5000
        }
        #expect(failure == nil && sent >= 5000)
        #expect(try socket.read() == .wouldBlock, "the server closes first")
    }
}
