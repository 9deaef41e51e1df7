import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

/// What a scripted target does when it is probed.
enum Reply {
    case accepts
    case refuses
    case silence
    case noDescriptors

    var event: ProbeEvent? {
        switch self {
        case .accepts: .connected
        case .refuses: .failed("connection refused")
        case .silence: nil
        case .noDescriptors: .unavailable("too many open files")
        }
    }
}

/// A check with a clock of its own, that answers its probes as told.
struct CheckRig {
    var check: Check
    var now = Instant(nanoseconds: 0)
    var actions: [Check.Action] = []

    init(
        retry: Int = 1, startsDown: Bool = false, known: Verdict? = nil, delayLoop: Interval = .seconds(10),
        delayBeforeRetry: Interval = .seconds(2), timeout: Interval = .seconds(5), warmup: Interval = .zero,
        rise: Int = 1, logsAllFailures: Bool = false
    ) {
        var schedule = CheckSchedule(
            delayLoop: delayLoop, retry: retry, delayBeforeRetry: delayBeforeRetry, startsDown: startsDown)
        schedule.rise = rise
        schedule.logsAllFailures = logsAllFailures
        let specification = CheckSpecification(
            kind: .tcp(TCPCheck(target: CheckRig.target, timeout: timeout)), schedule: schedule)
        check = Check(specification, known: known, warmup: warmup, at: now)
    }

    static let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)

    /// Waits for the next probe, answers it after a millisecond (silence: at its deadline) and returns how
    /// long the check had waited before the probe.
    @discardableResult
    mutating func probe(_ reply: Reply) throws -> Interval {
        let start = try #require(check.nextDeadline)
        let waited = start - now
        now = start
        #expect(check.handle(.timer, at: now) == [.perform(.connect(to: Self.target))])
        if let event = reply.event {
            now = now + .milliseconds(1)
            actions = check.handle(.probe(event), at: now)
        } else {
            now = try #require(check.nextDeadline)
            actions = check.handle(.timer, at: now)
        }
        return waited
    }
}

struct CheckTests {
    @Test(arguments: [(0, 1), (3, 4), (10, 11), (99, 11), (-5, 1)] as [(Int64, Int64)])
    func `the first probe comes after a second and a warmup within delay_loop`(warmup: Int64, expected: Int64)
    {
        let rig = CheckRig(warmup: .seconds(warmup))
        #expect(rig.check.nextDeadline == Instant(nanoseconds: 0) + .seconds(expected))
    }

    @Test func `a report tells what the connection and TLS took, of the latest url`() throws {
        var http = HTTPCheck(target: CheckRig.target, urls: [HTTPURL(path: "/1"), HTTPURL(path: "/2")])
        http.tls = TLSSettings()
        var check = Check(
            CheckSpecification(kind: .http(http), schedule: CheckSchedule()), warmup: .zero,
            at: Instant(nanoseconds: 0))
        var now = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: now)
        func step(_ milliseconds: Int64, _ event: ProbeEvent) {
            now = now + .milliseconds(milliseconds)
            _ = check.handle(.probe(event), at: now)
        }
        let answer = ProbeEvent.received(Array("HTTP/1.0 200 OK\r\n\r\n".utf8))
        for (connect, handshake, page) in [(3, 20, 100), (4, 30, 200)] as [(Int64, Int64, Int64)] {
            step(connect, .connected)
            step(handshake, .secured)
            step(page, answer)
        }
        #expect(check.lastReport?.duration == .milliseconds(357))
        #expect(
            check.lastReport?.timings
                == ProbeTimings(connect: .milliseconds(4), handshake: .milliseconds(30)))

        now = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: now)
        step(3, .connected)
        step(2, .failed("connection reset by peer"))
        #expect(check.lastReport?.timings == ProbeTimings(connect: .milliseconds(3)))
    }

    @Test func `a server whose handshake hangs is known for it until it does otherwise`() throws {
        var http = HTTPCheck(target: CheckRig.target, urls: [HTTPURL()])
        http.tls = TLSSettings()
        var check = Check(
            CheckSpecification(kind: .http(http), schedule: CheckSchedule()), warmup: .zero,
            at: Instant(nanoseconds: 0))
        var now = Instant(nanoseconds: 0)
        func probe(_ events: ProbeEvent...) throws {
            now = try #require(check.nextDeadline)
            _ = check.handle(.timer, at: now)
            for event in events { _ = check.handle(.probe(event), at: now) }
        }
        #expect(!check.handshakeHangs)
        try probe(.connected, .timedOut)
        #expect(check.handshakeHangs)
        // It was not its turn: nothing is known anew.
        try probe(.connected, .unavailable("128 TLS handshakes are under way"))
        #expect(check.handshakeHangs && check.lastReport?.result.outcome == .notProbed)
        try probe(.connected, .secured, .failed("connection reset by peer"))
        #expect(!check.handshakeHangs)
    }

    @Test func `a deadline that this host comes to late is put off once`() throws {
        var rig = CheckRig(retry: 0, timeout: .seconds(4))
        let begun = try #require(rig.check.nextDeadline)
        _ = rig.check.handle(.timer, at: begun)
        #expect(rig.check.handle(.timer, at: begun + .seconds(6)).isEmpty, "late by half of the time")
        #expect(rig.check.nextDeadline == begun + .seconds(10))
        #expect(rig.check.handle(.timer, at: begun + .seconds(99)).count == 2)
        #expect(rig.check.verdict == .down)
        #expect(rig.check.lastReport?.duration == .seconds(99))
    }

    @Test func `a deadline that this host comes to in time, or nearly, stands`() throws {
        var rig = CheckRig(retry: 0, timeout: .seconds(4))
        let begun = try #require(rig.check.nextDeadline)
        _ = rig.check.handle(.timer, at: begun)
        #expect(rig.check.handle(.timer, at: begun + .milliseconds(5_999)).count == 2)
        #expect(rig.check.verdict == .down)
    }

    @Test func `what has come is no less for being looked at late, and the rest gets its time`() throws {
        for (late, whole) in [(1, nil), (6, .seconds(6))] as [(Int64, Interval?)] {
            var schedule = CheckSchedule(retry: 0)
            schedule.probeTimeout = whole
            let pages = HTTPCheck(
                target: CheckRig.target, timeout: .seconds(4),
                urls: [HTTPURL(path: "/1"), HTTPURL(path: "/2")])
            var check = Check(
                CheckSpecification(kind: .http(pages), schedule: schedule), warmup: .zero,
                at: Instant(nanoseconds: 0))
            let begun = try #require(check.nextDeadline)
            let now = begun + .seconds(4 + late)
            _ = check.handle(.timer, at: begun)
            _ = check.handle(.probe(.connected), at: now)
            #expect(check.nextDeadline == now + .seconds(4))
            _ = check.handle(.timer, at: now)
            #expect(check.isProbing)
            _ = check.handle(.probe(.received(Array("HTTP/1.0 200 OK\r\n\r\n".utf8))), at: now)
            #expect(check.nextDeadline == now + .seconds(4), "the next connection has it all")
            _ = check.handle(.probe(.connected), at: now + .seconds(1))
            _ = check.handle(.timer, at: now + .milliseconds(4019))
            #expect(check.verdict == .down)
        }
    }

    @Test func `who says something all the time has no more time for it`() throws {
        var check = Check(
            CheckSpecification(
                kind: .http(HTTPCheck(target: CheckRig.target, timeout: .seconds(4), urls: [HTTPURL()])),
                schedule: CheckSchedule(retry: 0)), warmup: .zero, at: Instant(nanoseconds: 0))
        let begun = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: begun)
        _ = check.handle(.probe(.connected), at: begun)
        _ = check.handle(.probe(.received([UInt8(ascii: "H")])), at: begun + .milliseconds(4010))
        _ = check.handle(.timer, at: begun + .milliseconds(4010))
        #expect(check.verdict == .down)
    }

    @Test func `what this host has slept through is not taken from the time of the whole probe`() throws {
        var schedule = CheckSchedule(retry: 0)
        schedule.probeTimeout = .seconds(6)
        let pages = HTTPCheck(
            target: CheckRig.target, timeout: .seconds(4), urls: [HTTPURL(path: "/1"), HTTPURL(path: "/2")])
        var check = Check(
            CheckSpecification(kind: .http(pages), schedule: schedule), warmup: .zero,
            at: Instant(nanoseconds: 0))
        let begun = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: begun)
        #expect(check.handle(.timer, at: begun + .seconds(10)).isEmpty)
        #expect(check.nextDeadline == begun + .seconds(14))
        _ = check.handle(.probe(.connected), at: begun + .seconds(11))
        _ = check.handle(.probe(.received(Array("HTTP/1.0 200 OK\r\n\r\n".utf8))), at: begun + .seconds(13))
        #expect(check.nextDeadline == begun + .seconds(16), "6 s, and the 10 s that were slept through")
        _ = check.handle(.timer, at: begun + .seconds(16))
        #expect(check.verdict == .down)
    }

    @Test func `a target is up before any probe, and down with alpha`() {
        #expect(CheckRig().check.verdict == .up)
        #expect(CheckRig(startsDown: true).check.verdict == .down)
        #expect(CheckRig(startsDown: true, known: .up).check.verdict == .up)
        #expect(CheckRig(known: .down).check.verdict == .down)
    }

    @Test func `an up target goes down after its retries and comes up with one success`() throws {
        var rig = CheckRig(retry: 2)
        try rig.probe(.accepts)
        #expect(try rig.probe(.refuses) == .milliseconds(9999))
        #expect(rig.check.verdict == .up)
        #expect(try rig.probe(.refuses) == .seconds(2))
        #expect(rig.check.verdict == .up)
        #expect(try rig.probe(.refuses) == .seconds(2))
        #expect(rig.check.verdict == .down)
        #expect(try rig.probe(.refuses) == .milliseconds(7500), "no retries while down")
        #expect(try rig.probe(.accepts) == .milliseconds(8496))
        #expect(rig.check.verdict == .up)
        #expect(rig.check.transitions.map(\.verdict) == [.down, .up])
    }

    @Test func `a target comes up after as many successes in a row as rise says`() throws {
        var rig = CheckRig(retry: 0, rise: 3)
        try rig.probe(.refuses)
        #expect(rig.check.verdict == .down)
        for _ in 0..<3 {
            #expect(try rig.probe(.accepts) >= .milliseconds(7500))
            #expect(try rig.probe(.accepts) == .seconds(2), "in between it is asked faster")
            #expect(rig.check.verdict == .down)
            try rig.probe(.refuses)
        }
        try rig.probe(.accepts)
        try rig.probe(.noDescriptors)
        try rig.probe(.accepts)
        #expect(rig.check.verdict == .down)
        try rig.probe(.accepts)
        #expect(rig.check.verdict == .up)
        try rig.probe(.refuses)
        #expect(rig.check.verdict == .down)
        try rig.probe(.accepts)
        #expect(rig.check.verdict == .down, "the count begins anew")
    }

    @Test func `a probe that is wanted now does not wait, and the schedule goes on from there`() throws {
        var rig = CheckRig(retry: 0)
        rig.check.hasten(at: rig.now)
        #expect(try rig.probe(.refuses) == .zero, "not even for the warmup")
        #expect(rig.check.verdict == .down)
        rig.now = rig.now + .seconds(3)
        rig.check.hasten(at: rig.now)
        #expect(try rig.probe(.accepts) == .zero)
        #expect(rig.check.verdict == .up)
        #expect(try rig.probe(.accepts) >= .milliseconds(7500))
    }

    @Test func `what was late or slow comes back in phase, a quarter of the period at a time`() throws {
        var rig = CheckRig(retry: 0, warmup: .seconds(3))
        let phase = Instant(nanoseconds: 0) + .seconds(4)
        try rig.probe(.accepts)
        for turn in 1...3 {
            try rig.probe(.accepts)
            #expect(rig.now == phase + .seconds(10) * Int64(turn) + .milliseconds(1))
        }
        // Nobody asked the clock for four seconds.
        let late = try #require(rig.check.nextDeadline) + .seconds(4)
        _ = rig.check.handle(.timer, at: late)
        _ = rig.check.handle(.probe(.connected), at: late)
        #expect(rig.check.nextDeadline == late + .milliseconds(7500))
        rig.now = late
        try rig.probe(.accepts)
        try rig.probe(.accepts)
        #expect((rig.now - phase).nanoseconds % 10_000_000_000 == 1_000_000)
        // Never later than a period after the end of a probe, which bounds how long a failure is not seen.
        for reply in [Reply.silence, .refuses, .silence, .accepts, .noDescriptors, .silence] {
            let waited = try rig.probe(reply)
            #expect((.milliseconds(2000)...(.seconds(10))).contains(waited))
        }
    }

    @Test func `those that are wanted at once before their phase go apart again`() throws {
        var rig = CheckRig(retry: 0, delayLoop: .seconds(6), warmup: .seconds(6))
        let phase = Instant(nanoseconds: 0) + .seconds(7)
        rig.check.hasten(at: rig.now)
        try rig.probe(.accepts)
        #expect(try rig.probe(.accepts) == .milliseconds(4500), "at once, not once the phase has come")
        for _ in 0..<4 { try rig.probe(.accepts) }
        #expect((rig.now - phase).nanoseconds % 6_000_000_000 == 1_000_000, "\(rig.now)")
    }

    @Test func `whoever wants it now cannot make it later, sooner than a moment, or twice`() throws {
        var rig = CheckRig(retry: 0)
        try rig.probe(.accepts)
        let end = rig.now
        rig.check.hasten(at: end)
        #expect(rig.check.nextDeadline == end + .milliseconds(1), "no endless turn")
        rig.check.hasten(at: end + .seconds(60))
        #expect(rig.check.nextDeadline == end + .milliseconds(1))
        rig.now = end + .milliseconds(1)
        _ = rig.check.handle(.timer, at: rig.now)
        let deadline = rig.check.nextDeadline
        rig.check.hasten(at: rig.now)
        #expect(rig.check.isProbing && rig.check.nextDeadline == deadline, "it is under way already")
        _ = rig.check.handle(.stop, at: rig.now)
        rig.check.hasten(at: rig.now)
        #expect(rig.check.nextDeadline == nil)
    }

    @Test func `a probe of several urls has one deadline for all, where that is said`() throws {
        let urls = [HTTPURL(path: "/a"), HTTPURL(path: "/b")]
        var schedule = CheckSchedule(retry: 0)
        schedule.probeTimeout = .seconds(5)
        let http = HTTPCheck(target: CheckRig.target, timeout: .seconds(3), urls: urls)
        var check = Check(
            CheckSpecification(kind: .http(http), schedule: schedule), warmup: .zero,
            at: Instant(nanoseconds: 0))
        let start = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: start)
        #expect(check.nextDeadline == start + .seconds(3), "of the first connection")
        let later = start + .milliseconds(2900)
        _ = check.handle(.probe(.connected), at: later)
        _ = check.handle(.probe(.received(Array("HTTP/1.0 200 OK\r\n\r\n".utf8))), at: later)
        #expect(
            check.nextDeadline == start + .seconds(5), "of the whole, though the second could take longer")
        let actions = check.handle(.timer, at: start + .seconds(5))
        #expect(check.verdict == .down)
        #expect(actions.first == .perform(.disconnect))
    }

    @Test func `a weight that is known stands until the first result`() {
        var script = ScriptCheck(command: ["/bin/check"], timeout: .seconds(3))
        script.isDynamic = true
        let check = Check(
            CheckSpecification(kind: .script(script), schedule: CheckSchedule()), known: .up, weight: 3,
            warmup: .zero, at: Instant(nanoseconds: 0))
        #expect(check.weight == 3)
        #expect(check.isSettled)
    }

    @Test func `a weight is told once, when it changes, and with the verdict`() throws {
        var script = ScriptCheck(command: ["/bin/x"], timeout: .seconds(1))
        script.isDynamic = true
        var check = Check(
            CheckSpecification(kind: .script(script), schedule: CheckSchedule(retry: 0)), warmup: .zero,
            at: Instant(nanoseconds: 0))
        func run(_ status: Int32) throws -> [Check.Action] {
            let now = try #require(check.nextDeadline)
            _ = check.handle(.timer, at: now)
            return check.handle(.probe(.exited(.status(status))), at: now)
        }
        func isWeight(_ actions: [Check.Action]) -> Bool {
            if actions.count == 1, case .weightChanged? = actions.first { true } else { false }
        }
        #expect(isWeight(try run(0)), "the first of all, whatever a predecessor said")
        #expect(check.weight == nil)
        #expect(isWeight(try run(7)))
        #expect(check.weight == 5)
        #expect(try run(7) == [])
        #expect(check.weight == 5, "nothing adds up")
        _ = try run(1)
        #expect(check.verdict == .down)
        #expect(check.weight == 5)
        let back = try run(9)
        guard back.count == 1, case .verdictChanged(let transition)? = back.first else {
            Issue.record("\(back)")
            return
        }
        #expect(transition.report.result.weight == 7)
        #expect(check.weight == 7)
    }

    @Test func `a success between failures starts the count again`() throws {
        var rig = CheckRig(retry: 1)
        try rig.probe(.accepts)
        for _ in 0..<5 {
            try rig.probe(.refuses)
            try rig.probe(.accepts)
        }
        #expect(rig.check.verdict == .up)
        #expect(rig.check.transitions.isEmpty)
    }

    @Test func `a target that never succeeded goes down with its first failure`() throws {
        var rig = CheckRig(retry: 5)
        try rig.probe(.refuses)
        #expect(rig.check.verdict == .down)
    }

    @Test func `a target known to be up keeps its retries over a restart`() throws {
        var rig = CheckRig(retry: 1, known: .up)
        try rig.probe(.refuses)
        #expect(rig.check.verdict == .up)
        try rig.probe(.refuses)
        #expect(rig.check.verdict == .down)
    }

    @Test func `failures of this host change neither verdict nor count`() throws {
        var up = CheckRig(retry: 1, known: .up)
        for _ in 0..<20 { #expect(try up.probe(.noDescriptors) >= .seconds(1)) }
        #expect(up.check.verdict == .up)
        try up.probe(.refuses)
        #expect(try up.probe(.noDescriptors) == .seconds(2))
        #expect(try up.probe(.noDescriptors) == .seconds(2), "the retry is still due")
        #expect(up.check.verdict == .up)
        try up.probe(.refuses)
        #expect(up.check.verdict == .down)

        var fresh = CheckRig()
        try fresh.probe(.noDescriptors)
        #expect(fresh.check.verdict == .up)
        #expect(!fresh.check.isSettled)
        #expect(fresh.check.lastReport?.result.outcome == .notProbed)
    }

    @Test func `silence ends exactly at the deadline`() throws {
        var rig = CheckRig(known: .up, timeout: .milliseconds(300))
        try rig.probe(.silence)
        let report = try #require(rig.check.lastReport)
        #expect(report.result == ProbeResult(.connectTimedOut, "no connection"))
        #expect(report.duration == .milliseconds(300))
        #expect(rig.actions.first == .perform(.disconnect))
    }

    @Test func `an early timer and events without a probe change nothing`() throws {
        var rig = CheckRig()
        #expect(rig.check.handle(.timer, at: rig.now).isEmpty)
        #expect(rig.check.handle(.probe(.connected), at: rig.now).isEmpty)
        rig.now = try #require(rig.check.nextDeadline)
        _ = rig.check.handle(.timer, at: rig.now)
        #expect(rig.check.handle(.timer, at: rig.now).isEmpty, "the probe is not over")
        #expect(rig.check.handle(.probe(.closed), at: rig.now).isEmpty)
        #expect(rig.check.isProbing)
    }

    @Test func `stopping gives up the probe under way and leaves no deadline`() throws {
        var idle = CheckRig()
        #expect(idle.check.handle(.stop, at: idle.now).isEmpty)
        #expect(idle.check.nextDeadline == nil)
        var busy = CheckRig()
        busy.now = try #require(busy.check.nextDeadline)
        _ = busy.check.handle(.timer, at: busy.now)
        #expect(busy.check.handle(.stop, at: busy.now) == [.perform(.disconnect)])
        #expect(busy.check.nextDeadline == nil)
        #expect(busy.check.handle(.timer, at: busy.now + .seconds(99)).isEmpty)
        #expect(busy.check.handle(.probe(.connected), at: busy.now).isEmpty)
    }

    @Test func `the line of a transition says what, how long and how often`() throws {
        var rig = CheckRig(retry: 2, known: .up)
        try rig.probe(.refuses)
        guard case .noted(let first) = rig.actions.last else {
            Issue.record("no note: \(rig.actions)")
            return
        }
        #expect(first.description == "connection refused after 1.0 ms, 1 of 3 tries")
        try rig.probe(.refuses)
        try rig.probe(.refuses)
        guard case .verdictChanged(let transition) = rig.actions.last else {
            Issue.record("no transition: \(rig.actions)")
            return
        }
        #expect(transition.verdict == .down)
        #expect(transition.report.description == "connection refused after 1.0 ms, 3 of 3 tries")
        #expect(transition.report.finishedAt == rig.now)
    }

    @Test func `the same result again is noted once while down, and every time while it counts`() throws {
        var rig = CheckRig(retry: 2, known: .up)
        func notes(_ actions: [Check.Action]) -> Int {
            actions.filter { if case .noted = $0 { true } else { false } }.count
        }
        try rig.probe(.refuses)
        #expect(notes(rig.actions) == 1)
        try rig.probe(.refuses)
        #expect(notes(rig.actions) == 1)
        try rig.probe(.refuses)
        #expect(notes(rig.actions) == 0, "the transition says it")
        try rig.probe(.refuses)
        #expect(notes(rig.actions) == 0)
        try rig.probe(.silence)
        #expect(notes(rig.actions) == 1)
        try rig.probe(.silence)
        #expect(notes(rig.actions) == 0)
    }

    @Test func `every failure is noted where that is wanted, and no success more than once`() throws {
        var rig = CheckRig(retry: 0, known: .up, logsAllFailures: true)
        func notes(_ actions: [Check.Action]) -> Int {
            actions.filter { if case .noted = $0 { true } else { false } }.count
        }
        try rig.probe(.refuses)
        #expect(notes(rig.actions) == 0, "the transition says it")
        for _ in 0..<3 {
            try rig.probe(.refuses)
            #expect(notes(rig.actions) == 1)
        }
        for _ in 0..<2 {
            try rig.probe(.accepts)
            #expect(notes(rig.actions) == 0)
        }
    }

    @Test func `only the latest transitions are kept`() throws {
        var rig = CheckRig(retry: 0)
        for _ in 0..<20 {
            try rig.probe(.accepts)
            try rig.probe(.refuses)
        }
        #expect(rig.check.transitions.count == Limits.transitions)
        #expect(rig.check.transitions.last?.verdict == .down)
        #expect(rig.check.transitions.last?.report == rig.check.lastReport)
    }

    @Test func `delays and timeouts of nothing do not spin`() throws {
        var rig = CheckRig(known: .up, delayLoop: .zero, delayBeforeRetry: .zero, timeout: .zero)
        try rig.probe(.accepts)
        for reply in [Reply.accepts, .refuses, .silence, .noDescriptors] {
            #expect(try rig.probe(reply) == .milliseconds(1))
        }
    }

    @Test func `a retry count without end never traps`() throws {
        var rig = CheckRig(retry: .max, known: .up)
        for _ in 0..<100 { try rig.probe(.refuses) }
        #expect(rig.check.verdict == .up)
        #expect(rig.check.failures == 100)
    }

    @Test func `each url of a probe has the whole timeout`() throws {
        let urls = [HTTPURL(path: "/a"), HTTPURL(path: "/b")]
        let http = HTTPCheck(target: CheckRig.target, timeout: .seconds(5), urls: urls)
        var check = Check(
            CheckSpecification(kind: .http(http), schedule: CheckSchedule(warmup: .zero)), warmup: .zero,
            at: Instant(nanoseconds: 0))
        var now = try #require(check.nextDeadline)
        _ = check.handle(.timer, at: now)
        #expect(check.nextDeadline == now + .seconds(5))
        now = now + .seconds(4)
        _ = check.handle(.probe(.connected), at: now)
        #expect(check.nextDeadline == now + .seconds(1), "an answer that trickles in buys no time")
        let actions = check.handle(.probe(.received(Array("HTTP/1.0 200 OK\r\n\r\n".utf8))), at: now)
        #expect(actions == [.perform(.disconnect), .perform(.connect(to: CheckRig.target))])
        #expect(check.nextDeadline == now + .seconds(5))
        _ = check.handle(.timer, at: now + .seconds(5))
        #expect(check.lastReport?.duration == .seconds(9))
        #expect(check.verdict == .down)
    }

    /// Ten thousand checks have to fit: the goal is 1 KB each, texts of results and the set's index included.
    @Test func `a check is small`() {
        #expect(MemoryLayout<Check>.stride <= 400)
        #expect(MemoryLayout<Transition>.stride * Limits.transitions <= 400)
    }
}
