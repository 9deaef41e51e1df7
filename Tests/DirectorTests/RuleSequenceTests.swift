import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@testable import Director

/// A kernel with tables, as far as the sequence can see them.
private struct FakeTables {
    var chains: [RulesPlace: [String]] = [:]

    private static func names(_ table: PacketTable) -> (chain: String, hook: String) {
        table == .mangle ? ("HOLDFAST", "PREROUTING") : ("HOLDFAST-FULLNAT", "POSTROUTING")
    }

    /// What the programs would answer.
    mutating func answer(_ request: TablesRequest) -> TablesAnswer {
        switch request {
        case .save(let family, let table):
            let (chain, hook) = Self.names(table)
            let start = ["*\(table.rawValue)", ":\(hook) ACCEPT [0:0]"]
            guard let rules = chains[RulesPlace(table: table, family: family)] else {
                return .done((start + ["COMMIT"]).joined(separator: "\n"))
            }
            let lines = start + [":\(chain) - [0:0]", "-A \(hook) -j \(chain)"] + rules + ["COMMIT"]
            return .done(lines.joined(separator: "\n"))
        case .restore(let family, let text):
            let lines = text.split(separator: "\n").map(String.init)
            guard let table = PacketTable.allCases.first(where: { lines.first == "*\($0.rawValue)" }) else {
                return .failed("no table")
            }
            let (chain, _) = Self.names(table)
            chains[RulesPlace(table: table, family: family)] =
                lines.contains("-X \(chain)") ? nil : lines.filter { $0.hasPrefix("-A \(chain) ") }
            return .done("")
        }
    }
}

@Suite struct RuleSequenceTests {
    private let guarded = virtualServer(guardMark: mark(3))
    private let peers = PeerTable(
        LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 0x0200_0000_000B))]))

    private let mangle = RulesPlace(table: .mangle, family: .inet)
    private let nat = RulesPlace(table: .nat, family: .inet)

    private func rules(_ servers: [VirtualServer]) -> (RulesPlace) -> OwnedRules {
        let known = self.peers
        return { place in
            switch place.table {
            case .mangle: .marks(MarkRules(family: place.family, virtualServers: servers, peers: known))
            case .nat: .sources(SourceRules(family: place.family, servers))
            }
        }
    }

    private func wanted(_ place: RulesPlace) -> OwnedRules { rules([guarded])(place) }

    private func none(_ place: RulesPlace) -> OwnedRules { rules([])(place) }

    /// Looks once and follows the sequence to its end; every step but the requests.
    private func run(
        _ sequence: inout RuleSequence, _ tables: inout FakeTables, rules: (RulesPlace) -> OwnedRules,
        claims: inout Set<Claim>
    ) -> [RuleSequence.Step] {
        var told: [RuleSequence.Step] = []
        sequence.look(at: RuleSequence.places(rules, claims: claims), rules: rules)
        var steps = sequence.next().map { [$0] } ?? []
        while !steps.isEmpty {
            switch steps.removeFirst() {
            case .request(let request): steps += sequence.answered(tables.answer(request), rules: rules)
            case .claim(let claim, let request):
                claims.insert(claim)
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
        #expect(first == [.wrote(mangle, count: 2, isRepair: false)])
        #expect(claims == [.chain(.inet)])
        #expect(tables.chains[mangle]?.count == 2)
        #expect(run(&sequence, &tables, rules: wanted, claims: &claims).isEmpty)
        #expect(sequence.isIdle)
    }

    @Test func `what somebody flushed is repaired, and called so`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        tables.chains[mangle] = []
        let steps = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(steps == [.wrote(mangle, count: 2, isRepair: true)])
        #expect(tables.chains[mangle]?.count == 2)
    }

    @Test func `a change of what is wanted is no repair`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let other = virtualServer("192.0.2.101", guardMark: mark(4))
        let steps = run(&sequence, &tables, rules: rules([guarded, other]), claims: &claims)
        #expect(steps == [.wrote(mangle, count: 3, isRepair: false)])
    }

    @Test func `the chain goes when nothing is guarded any more, and then is left in peace`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(mangle, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
        sequence.look(at: RuleSequence.places(none, claims: claims), rules: none)
        #expect(sequence.isIdle, "a chain that is known to be gone needs no more looking")
    }

    @Test func `a predecessor's chain is found by its claim and removed`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set([Claim.chain(.inet)]))
        tables.chains[mangle] = ["-A HOLDFAST -m mac --mac-source 02:00:00:00:00:0c -j RETURN"]
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(mangle, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
    }

    @Test func `without rules and claims no program is run`() {
        var sequence = RuleSequence()
        sequence.look(at: RuleSequence.places(none, claims: []), rules: none)
        #expect(sequence.next() == nil)
    }

    @Test func `a failure is told and tried again at the next look`() {
        var sequence = RuleSequence()
        sequence.look(at: [mangle], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
        #expect(sequence.next() == nil, "one at a time")
        #expect(
            sequence.answered(.failed("iptables-save is not installed"), rules: wanted) == [
                .failed(mangle, "iptables-save is not installed")
            ])
        #expect(sequence.isIdle)
        sequence.look(at: [mangle], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
    }

    @Test func `an answer that nobody waits for changes nothing`() {
        var sequence = RuleSequence()
        #expect(sequence.answered(.done("*mangle"), rules: wanted).isEmpty)
        sequence.look(at: [mangle, mangle], rules: wanted)
        _ = sequence.next()
        sequence.abandon()
        #expect(sequence.isIdle)
    }

    @Test func `places are those with rules and those with a chain of ours`() {
        let six = RulesPlace(table: .mangle, family: .inet6)
        #expect(RuleSequence.places(wanted, claims: []) == [mangle])
        #expect(RuleSequence.places(wanted, claims: [.chain(.inet6)]) == [mangle, six])
        #expect(RuleSequence.places(wanted, claims: [.sources(.inet)]) == [mangle, nat])
        #expect(RuleSequence.places(none, claims: []) == [])
    }

    @Test func `marks and sources are written one after the other, each in its table`() {
        var full = virtualServer("192.0.2.101", forwarding: .masquerade)
        full.sourceTranslation = .masquerade
        let both = rules([guarded, full])
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        let first = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(
            first == [.wrote(mangle, count: 2, isRepair: false), .wrote(nat, count: 1, isRepair: false)])
        #expect(claims == [.chain(.inet), .sources(.inet)])
        let again = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(again.isEmpty)
        tables.chains[nat] = []
        let repair = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(repair == [.wrote(nat, count: 1, isRepair: true)])
        let last = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(last == [.wrote(nat, count: 0, isRepair: false)])
        #expect(tables.chains[nat] == nil && tables.chains[mangle]?.count == 2)
    }
}
