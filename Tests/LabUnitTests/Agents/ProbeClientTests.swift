import LinuxIO
import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct ProbeClientTests {
    @Test func `probes time out before so many are under way that none can start`() {
        let settings = ProbeSettings(target: Sample.service, interval: .milliseconds(1), connections: 4)
        let underWay = settings.timeout.nanoseconds / settings.interval.nanoseconds
        #expect(Int(underWay) < settings.inFlightLimit)
    }

    @Test func `no source port comes twice before all have come`() {
        var ports = SourcePorts()
        let round = (0..<31_744).map { _ in ports.next() }
        #expect(Set(round).count == round.count)
        #expect(round.max().map { $0 < 32_768 } == true)
        #expect(ports.next() == round.first)
    }

    @Test func `error numbers are Linux's`() {
        #expect(Errno.addressInUse.name == "EADDRINUSE")
        #expect(Errno.connectionReset.name == "ECONNRESET")
        #expect(Errno.hostUnreachable.name == "EHOSTUNREACH")
        #expect(Errno.networkUnreachable.name == "ENETUNREACH")
    }

    /// A client that waits longer for an answer than a busy machine takes to give one.
    private func prober(
        _ target: Endpoint, every interval: Interval = .milliseconds(20), connections: Int = 0,
        timeout: Interval = .seconds(20)
    ) throws -> AgentProcess {
        let settings = ProbeSettings(
            target: target, interval: interval, connections: connections, timeout: timeout)
        return try AgentProcess(.probe(settings))
    }

    @Test func `client and server understand each other until their inputs end`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7")
        let client = try prober(endpoint, connections: 2)
        let probes = try client.probes(5)
        #expect(client.sightings.first == .ready("client"))
        for probe in probes.prefix(5) {
            #expect(probe.outcome == .answered)
            #expect(probe.server == "rs7")
            #expect(probe.start < probe.end)
        }
        #expect(probes[4].start - probes[0].start >= .milliseconds(60))
        let spoken = try client.wait(for: "a line on each connection") { seen -> [Int: Interval]? in
            var times: [Int: Interval] = [:]
            for case .exchange(let connection, let sent, let received, "rs7") in seen {
                times[connection] = received - sent
            }
            return times.count == 2 ? times : nil
        }
        #expect(spoken.keys.sorted() == [0, 1])
        #expect(spoken.values.allSatisfy { $0 > .zero })
        #expect(try client.end() == .exited(0))
        #expect(try server.end() == .exited(0))
    }

    @Test func `source ports that somebody else has are passed over`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7")
        var ports = SourcePorts()
        // Of these each is ours or somebody else's, never the client's.
        let taken = (0..<20).map { _ in
            try? Listener(on: Endpoint(AgentProcess.loopback.address, port: ports.next()))
        }
        let probe = try #require(try prober(endpoint).probes().first)
        #expect(probe.outcome == .answered, "\(taken.count { $0 != nil }) were taken here")
        #expect(try server.end() == .exited(0))
    }

    @Test func `a closed port refuses`() throws {
        let client = try prober(try Listener(on: AgentProcess.loopback).endpoint)
        let probe = try #require(try client.probes().first)
        #expect(probe.outcome == .refused)
        #expect(probe.server == "-")
    }

    @Test func `an answer that never comes is a timeout, and others are tried meanwhile`() throws {
        let listener = try Listener(on: AgentProcess.loopback)
        let probes = try prober(listener.endpoint, timeout: .seconds(3)).probes(2)
        #expect(probes.allSatisfy { $0.outcome == .timedOut && $0.end - $0.start >= .seconds(3) })
        #expect(probes[1].start < probes[0].end)
    }

    @Test func `a connection that is cut before its answer is a reset, and no loss`() throws {
        let listener = try Listener(on: AgentProcess.loopback)
        let client = try prober(listener.endpoint, connections: 1)
        let outcomes = try client.wait(for: "two resets") { seen -> [ProbeOutcome]? in
            while let accepted = try listener.accept() { accepted.socket.resetOnClose() }
            let ended = seen.compactMap { sighting -> ProbeOutcome? in
                if case .probe(_, _, let outcome, _) = sighting { outcome } else { nil }
            }
            return ended.count < 2 ? nil : ended
        }
        #expect(outcomes.allSatisfy { $0 == .reset })
        #expect(!client.sightings.contains { if case .lost = $0 { true } else { false } })
    }

    @Test func `a long-lived connection that ends is lost once and stays lost`() throws {
        let (server, endpoint) = try AgentProcess.server("rs7")
        let client = try prober(endpoint, connections: 1)
        try client.wait(for: "a line") { seen in
            seen.contains { if case .exchange = $0 { true } else { false } } ? () : nil
        }
        server.kill()
        try client.wait(for: "refusals") { seen in
            let refused = seen.count { if case .probe(_, _, .refused, _) = $0 { true } else { false } }
            return refused >= 15 ? () : nil
        }
        let losses = client.sightings.compactMap { sighting -> ProbeOutcome? in
            if case .lost(0, _, let outcome) = sighting { outcome } else { nil }
        }
        #expect(losses == [.reset])
    }

    @Test(arguments: [
        ("rs1 ?\n", "rs1"), ("rs1", "rs1"), ("rs1\nv 1 a b", "rs1"), (" x", "?"), ("\u{1B}[2J", "?"),
        ("caf\u{E9} ?", "caf"),
    ])
    func `no answer breaks the line that tells of it`(answer: String, name: String) {
        #expect(ProbeClient.serverName(in: Array(answer.utf8)) == name)
    }
}
