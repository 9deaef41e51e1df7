import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct QuorumShiftTests {
    private static let sorry = "sorry_server 192.0.2.9 80"

    private static func service(_ lines: String, _ servers: (Int, String)...) -> String {
        let list = servers.map { Sample.server("192.0.2.\($0.0) 80", $0.1) }.joined()
        return Sample.service(lines: "protocol TCP\n\(lines)", servers: list)
    }

    /// `up` are the connections to each server by its last octet.
    private func shift(
        _ old: String, _ new: String, open: [Int: Int] = [:], _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> QuorumShift {
        let (before, after) = (Sample.virtualServer(old), Sample.virtualServer(new))
        let was = try #require(before)
        var facts = LiveFacts()
        facts.connections = [:]
        for server in was.realServers + (was.sorryServer.map { [$0] } ?? []) {
            let octet = "\(server.endpoint.address)".split(separator: ".").last.flatMap { Int($0) }
            facts.connections?[was.name(of: server)] = octet.flatMap { open[$0] }
        }
        change(&facts)
        return QuorumShift(from: was, to: try #require(after), knowing: facts)
    }

    @Test func `a changed weight can lose the quorum, and the sorry server takes over`() throws {
        let old = Self.service("quorum 3\n\(Self.sorry)", (21, "weight 2"), (22, "weight 2"))
        let new = Self.service("quorum 3\n\(Self.sorry)", (21, "weight 2"), (22, "weight 1"))
        let name = try #require(Sample.virtualServer(old).map { $0.name(of: $0.realServers[0]) })
        let kept = try shift(old, new)
        #expect(!kept.isOne && kept.effect.text.hasPrefix("judged anew") && kept.leaving.isEmpty)
        let lost = try shift(old, new, open: [21: 3, 22: 4]) { $0.orders = [name: .weight(1)] }
        #expect(lost.isOne && lost.effect.interrupts)
        #expect(
            lost.effect.text
                == "lost at once: the weight that is up is 2, and 3 is needed; the sorry server takes over, "
                + "and 7 connections are cut")
    }

    @Test func `those that go, drain or stay with weight 0 are not among those that are cut`() throws {
        let old = Self.service(
            "quorum 9\n\(Self.sorry)", (21, "weight 4"), (22, "weight 4"),
            (23, "weight 1\ninhibit_on_failure"), (24, "weight 4"))
        let new = Self.service(
            "quorum 6\n\(Self.sorry)", (22, "weight 4"), (23, "weight 1\ninhibit_on_failure"),
            (24, "weight 4"))
        let draining = try #require(Sample.virtualServer(old).map { $0.name(of: $0.realServers[3]) })
        let lost = try shift(old, new, open: [21: 5, 22: 1, 23: 6, 24: 7]) {
            $0.orders = [draining: .drain]
        }
        #expect(lost.isOne && lost.leaving.map { "\($0.endpoint)" } == ["192.0.2.22:80"])
        #expect(lost.loss.text == "1 connection is cut" && lost.loss.interrupts)
    }

    @Test func `without a sorry server the servers go on, and that is said`() throws {
        let old = Self.service("quorum 2", (21, "weight 1"), (22, "weight 1"))
        let new = Self.service("quorum 2", (21, "weight 1"), (22, "weight 2"))
        let down = try shift(new, old) { facts in
            let service = Sample.virtualServer(new)
            facts.orders = service.map { [$0.name(of: $0.realServers[0]): .maintenance] } ?? [:]
        }
        #expect(down.isOne && !down.effect.interrupts && down.effect.text.hasPrefix("lost at once"))
        let up = try shift(old, new) { facts in
            let service = Sample.virtualServer(old)
            facts.orders = service.map { [$0.name(of: $0.realServers[0]): .maintenance] } ?? [:]
            facts.lost = Set(service.map { [$0.identity] } ?? [])
        }
        #expect(up.isOne && up.effect.text == "regained at once: the weight that is up is 2, and 2 is needed")
    }

    @Test func `a regained quorum takes the connections of the sorry server`() throws {
        let old = Self.service("quorum 2\n\(Self.sorry)", (21, "weight 1"), (22, "weight 1"))
        let new = Self.service("quorum 2\n\(Self.sorry)", (21, "weight 2"), (22, "weight 1"))
        let back = try shift(old, new, open: [9: 4]) { facts in
            let service = Sample.virtualServer(old)
            facts.orders = service.map { [$0.name(of: $0.realServers[1]): .maintenance] } ?? [:]
            facts.lost = Set(service.map { [$0.identity] } ?? [])
        }
        #expect(
            back.effect.interrupts && back.effect.text.hasSuffix("of the sorry server 4 connections are cut"))
        let same = try shift(old, new)
        #expect(!same.isOne && same.before.hasQuorum)
    }
}
