import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@testable import Director

/// A kernel with a mangle table, as far as the sequence can see it.
private struct FakeTables {
    var chains: [AddressFamily: [String]] = [:]

    /// What the programs would answer.
    mutating func answer(_ request: TablesRequest) -> TablesAnswer {
        switch request {
        case .save(let family):
            guard let rules = chains[family] else {
                return .done("*mangle\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n")
            }
            let lines =
                ["*mangle", ":PREROUTING ACCEPT [0:0]", ":HOLDFAST - [0:0]", "-A PREROUTING -j HOLDFAST"]
                + rules
                + ["COMMIT"]
            return .done(lines.joined(separator: "\n"))
        case .restore(let family, let text):
            let lines = text.split(separator: "\n").map(String.init)
            chains[family] =
                lines.contains("-X HOLDFAST") ? nil : lines.filter { $0.hasPrefix("-A HOLDFAST ") }
            return .done("")
        }
    }
}

@Suite struct RuleSequenceTests {
    private let guarded = virtualServer(guardMark: mark(3))
    private let peers = PeerTable(
        LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 0x0200_0000_000B))]))

    private func wanted(_ family: AddressFamily) -> MarkRules {
        MarkRules(family: family, virtualServers: [guarded], peers: peers)
    }

    private func none(_ family: AddressFamily) -> MarkRules { .none(family) }

    /// Looks once and follows the sequence to its end; every step but the requests.
    private func run(
        _ sequence: inout RuleSequence, _ tables: inout FakeTables, rules: (AddressFamily) -> MarkRules,
        claims: inout Set<Claim>
    ) -> [RuleSequence.Step] {
        var told: [RuleSequence.Step] = []
        sequence.look(at: RuleSequence.families(rules, claims: claims), rules: rules)
        var steps = sequence.next().map { [$0] } ?? []
        while !steps.isEmpty {
            switch steps.removeFirst() {
            case .request(let request): steps += sequence.answered(tables.answer(request), rules: rules)
            case .claim(let family, let request):
                claims.insert(.chain(family))
                steps += sequence.answered(tables.answer(request), rules: rules)
            case let step: told.append(step)
            }
            if steps.isEmpty, let next = sequence.next() { steps = [next] }
        }
        return told
    }

    @Test func `rules are written once, and claimed before`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        let first = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(first == [.wrote(.inet, count: 2, isRepair: false)])
        #expect(claims == [.chain(.inet)])
        #expect(tables.chains[.inet]?.count == 2)
        #expect(run(&sequence, &tables, rules: wanted, claims: &claims).isEmpty)
        #expect(sequence.isIdle)
    }

    @Test func `what somebody flushed is repaired, and called so`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        tables.chains[.inet] = []
        let steps = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(steps == [.wrote(.inet, count: 2, isRepair: true)])
        #expect(tables.chains[.inet]?.count == 2)
    }

    @Test func `a change of what is wanted is no repair`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let other = virtualServer("192.0.2.101", guardMark: mark(4))
        let more: (AddressFamily) -> MarkRules = {
            MarkRules(family: $0, virtualServers: [self.guarded, other], peers: self.peers)
        }
        let steps = run(&sequence, &tables, rules: more, claims: &claims)
        #expect(steps == [.wrote(.inet, count: 3, isRepair: false)])
    }

    @Test func `the chain goes when nothing is guarded any more, and then is left in peace`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(.inet, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
        sequence.look(at: RuleSequence.families(none, claims: claims), rules: none)
        #expect(sequence.isIdle, "a chain that is known to be gone needs no more looking")
    }

    @Test func `a predecessor's chain is found by its claim and removed`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set([Claim.chain(.inet)]))
        tables.chains[.inet] = ["-A HOLDFAST -m mac --mac-source 02:00:00:00:00:0c -j RETURN"]
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(.inet, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
    }

    @Test func `without rules and claims no program is run`() {
        var sequence = RuleSequence()
        sequence.look(at: RuleSequence.families(none, claims: []), rules: none)
        #expect(sequence.next() == nil)
    }

    @Test func `a failure is told and tried again at the next look`() {
        var sequence = RuleSequence()
        sequence.look(at: [.inet], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
        #expect(sequence.next() == nil, "one at a time")
        #expect(
            sequence.answered(.failed("iptables-save is not installed"), rules: wanted) == [
                .failed("iptables-save is not installed")
            ])
        #expect(sequence.isIdle)
        sequence.look(at: [.inet], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
    }

    @Test func `an answer that nobody waits for changes nothing`() {
        var sequence = RuleSequence()
        #expect(sequence.answered(.done("*mangle"), rules: wanted).isEmpty)
        sequence.look(at: [.inet, .inet], rules: wanted)
        _ = sequence.next()
        sequence.abandon()
        #expect(sequence.isIdle)
    }

    @Test func `families are those with rules and those with a chain of ours`() {
        #expect(RuleSequence.families(wanted, claims: []) == [.inet])
        #expect(RuleSequence.families(wanted, claims: [.chain(.inet6)]) == [.inet, .inet6])
        #expect(RuleSequence.families(none, claims: []) == [])
    }
}
