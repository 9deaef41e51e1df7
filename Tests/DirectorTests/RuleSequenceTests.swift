import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@testable import Director

/// A kernel with tables, as far as the sequence can see them.
private struct FakeTables {
    var chains: [RulesPlace: [String]] = [:]
    /// What nft has, by family; and whether it writes it in its own way.
    var native: [AddressFamily: String] = [:]
    var listsOtherwise = false

    private static func names(_ kind: RulesPlace.Kind) -> (chain: String, hook: String) {
        switch kind {
        case .marks, .nativeMarks: ("HOLDFAST", "PREROUTING")
        case .sources: ("HOLDFAST-FULLNAT", "POSTROUTING")
        case .answers: ("HOLDFAST-FULLNAT", "INPUT")
        }
    }

    /// What the programs would answer.
    mutating func answer(_ request: TablesRequest) -> TablesAnswer {
        switch request {
        case .save(let family, let table):
            var lines = ["*\(table.rawValue)"]
            for kind in RulesPlace.Kind.allCases {
                let place = RulesPlace(kind: kind, family: family)
                guard place.look == request, let rules = chains[place] else { continue }
                let (chain, hook) = Self.names(kind)
                lines += [":\(chain) - [0:0]", "-A \(hook) -j \(chain)"] + rules
            }
            return .done((lines + ["COMMIT"]).joined(separator: "\n"))
        case .restore(let family, let text):
            let lines = text.split(separator: "\n").map(String.init)
            let place = RulesPlace.all.first { place in
                place.family == family && place.look == .save(family, table(in: lines))
                    && lines.contains(":\(Self.names(place.kind).chain) - [0:0]")
            }
            guard let place else { return .failed("no chain of ours") }
            let chain = Self.names(place.kind).chain
            chains[place] =
                lines.contains("-X \(chain)") ? nil : lines.filter { $0.hasPrefix("-A \(chain) ") }
            return .done("")
        case .list(let family):
            let text = native[family] ?? ""
            return .done(listsOtherwise ? text.replacing("mangle", with: "-150") : text)
        case .load(let family, let text):
            let title = "table \(family == .inet ? "ip" : "ip6") holdfast"
            guard text.hasPrefix("\(title)\ndelete \(title)\n") else { return .failed("nft: no table") }
            let rest = text.dropFirst(2 * title.count + 9)
            native[family] = rest.isEmpty ? nil : String(rest)
            return .done("")
        }
    }

    private func table(in lines: [String]) -> PacketTable { lines.first == "*nat" ? .nat : .mangle }
}

@Suite struct RuleSequenceTests {
    private let guarded = virtualServer(guardMark: mark(3))
    private let peers = PeerTable(
        LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 0x0200_0000_000B))]))

    private let marks = RulesPlace(kind: .marks, family: .inet)
    private let sources = RulesPlace(kind: .sources, family: .inet)

    private let native = RulesPlace(kind: .nativeMarks, family: .inet)

    private func rules(
        _ servers: [VirtualServer], by backend: LoopGuardBackend = .iptables
    ) -> (RulesPlace) -> OwnedRules {
        let known = self.peers
        func marks(_ family: AddressFamily, _ wanted: LoopGuardBackend) -> MarkRules {
            wanted != backend
                ? .none(family) : MarkRules(family: family, virtualServers: servers, peers: known)
        }
        return { place in
            switch place.kind {
            case .marks: .marks(marks(place.family, .iptables))
            case .nativeMarks: .nativeMarks(NativeMarkRules(marks(place.family, .nftables)))
            case .sources: .sources(SourceRules(family: place.family, servers))
            case .answers: .answers(AnswerRules(family: place.family, servers, held: []))
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
        #expect(first == [.wrote(marks, count: 2, isRepair: false)])
        #expect(claims == [.chain(.inet)])
        #expect(tables.chains[marks]?.count == 2)
        #expect(run(&sequence, &tables, rules: wanted, claims: &claims).isEmpty)
        #expect(sequence.isIdle)
    }

    @Test func `what somebody flushed is repaired, and called so`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        tables.chains[marks] = []
        let steps = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(steps == [.wrote(marks, count: 2, isRepair: true)])
        #expect(tables.chains[marks]?.count == 2)
    }

    @Test func `a change of what is wanted is no repair`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let other = virtualServer("192.0.2.101", guardMark: mark(4))
        let steps = run(&sequence, &tables, rules: rules([guarded, other]), claims: &claims)
        #expect(steps == [.wrote(marks, count: 3, isRepair: false)])
    }

    @Test func `the chain goes when nothing is guarded any more, and then is left in peace`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(marks, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
        sequence.look(at: RuleSequence.places(none, claims: claims), rules: none)
        #expect(sequence.isIdle, "a chain that is known to be gone needs no more looking")
    }

    @Test func `a predecessor's chain is found by its claim and removed`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set([Claim.chain(.inet)]))
        tables.chains[marks] = ["-A HOLDFAST -m mac --mac-source 02:00:00:00:00:0c -j RETURN"]
        let steps = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(steps == [.wrote(marks, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty)
    }

    @Test func `without rules and claims no program is run`() {
        var sequence = RuleSequence()
        sequence.look(at: RuleSequence.places(none, claims: []), rules: none)
        #expect(sequence.next() == nil)
    }

    @Test func `a failure is told and tried again at the next look`() {
        var sequence = RuleSequence()
        sequence.look(at: [marks], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
        #expect(sequence.next() == nil, "one at a time")
        #expect(
            sequence.answered(.failed("iptables-save is not installed"), rules: wanted) == [
                .failed(marks, "iptables-save is not installed")
            ])
        #expect(sequence.isIdle)
        sequence.look(at: [marks], rules: wanted)
        #expect(sequence.next() == .request(.save(.inet)))
    }

    @Test func `an answer that nobody waits for changes nothing`() {
        var sequence = RuleSequence()
        #expect(sequence.answered(.done("*mangle"), rules: wanted).isEmpty)
        sequence.look(at: [marks, marks], rules: wanted)
        _ = sequence.next()
        sequence.abandon()
        #expect(sequence.isIdle)
    }

    @Test func `places are those with rules and those with a chain of ours`() {
        let six = RulesPlace(kind: .marks, family: .inet6)
        #expect(RuleSequence.places(wanted, claims: []) == [marks])
        #expect(RuleSequence.places(wanted, claims: [.chain(.inet6)]) == [marks, six])
        #expect(RuleSequence.places(wanted, claims: [.sources(.inet)]) == [marks, sources])
        #expect(RuleSequence.places(none, claims: []) == [])
    }

    @Test func `marks and sources are written one after the other, each in its table`() {
        var full = virtualServer("192.0.2.101", forwarding: .masquerade)
        full.sourceTranslation = .masquerade
        let both = rules([guarded, full])
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        let first = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(
            first == [.wrote(marks, count: 2, isRepair: false), .wrote(sources, count: 1, isRepair: false)])
        #expect(claims == [.chain(.inet), .sources(.inet)])
        let again = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(again.isEmpty)
        tables.chains[sources] = []
        let repair = run(&sequence, &tables, rules: both, claims: &claims)
        #expect(repair == [.wrote(sources, count: 1, isRepair: true)])
        let last = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(last == [.wrote(sources, count: 0, isRepair: false)])
        #expect(tables.chains[sources] == nil && tables.chains[marks]?.count == 2)
    }

    @Test(arguments: [false, true]) func `a table of nft is written once, and repaired`(otherwise: Bool) {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        tables.listsOtherwise = otherwise
        let wanted = rules([guarded], by: .nftables)
        let first = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(first == [.wrote(native, count: 2, isRepair: false)])
        #expect(claims == [.table(.inet)] && tables.chains.isEmpty)
        #expect(run(&sequence, &tables, rules: wanted, claims: &claims).isEmpty)
        for damage in [nil, tables.native[.inet]?.replacing("return", with: "drop")] {
            tables.native[.inet] = damage
            let repair = run(&sequence, &tables, rules: wanted, claims: &claims)
            #expect(repair == [.wrote(native, count: 2, isRepair: true)])
            #expect(run(&sequence, &tables, rules: wanted, claims: &claims).isEmpty)
        }
        let last = run(&sequence, &tables, rules: none, claims: &claims)
        #expect(last == [.wrote(native, count: 0, isRepair: false)] && tables.native.isEmpty)
        sequence.look(at: RuleSequence.places(none, claims: claims), rules: none)
        #expect(sequence.isIdle)
    }

    @Test func `with another backend the new rules come before the old ones go`() {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        _ = run(&sequence, &tables, rules: wanted, claims: &claims)
        let there = run(&sequence, &tables, rules: rules([guarded], by: .nftables), claims: &claims)
        #expect(
            there == [.wrote(native, count: 2, isRepair: false), .wrote(marks, count: 0, isRepair: false)])
        #expect(tables.chains.isEmpty && tables.native.count == 1)
        let back = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(
            back == [.wrote(marks, count: 2, isRepair: false), .wrote(native, count: 0, isRepair: false)])
        #expect(tables.chains.count == 1 && tables.native.isEmpty)
    }

    @Test func `a table that cannot be listed is not written, nor claimed`() {
        var sequence = RuleSequence()
        let wanted = rules([guarded], by: .nftables)
        sequence.look(at: [native], rules: wanted)
        #expect(sequence.next() == .request(.list(.inet)))
        let steps = sequence.answered(.failed("nft is not installed"), rules: wanted)
        #expect(steps == [.failed(native, "nft is not installed")])
        #expect(sequence.isIdle && sequence.failed == [native])
    }

    @Test(arguments: ["", "table ip holdfast {\n\tchain marks {\n\t}\n}\n"])
    func `what is flushed before nft has listed it is no reference, and is written again`(shown: String) {
        var (sequence, tables, claims) = (RuleSequence(), FakeTables(), Set<Claim>())
        let wanted = rules([guarded], by: .nftables)
        sequence.look(at: [native], rules: wanted)
        #expect(sequence.next() == .request(.list(.inet)))
        #expect(sequence.answered(.done(""), rules: wanted).count == 1)
        #expect(sequence.answered(.done(""), rules: wanted) == [.request(.list(.inet))])
        guard case .failed(native, _)? = sequence.answered(.done(shown), rules: wanted).first else {
            Issue.record("taken for ours")
            return
        }
        #expect(sequence.failed == [native])
        tables.native[.inet] = shown.isEmpty ? nil : shown
        let steps = run(&sequence, &tables, rules: wanted, claims: &claims)
        #expect(steps == [.wrote(native, count: 2, isRepair: false)])
        #expect(sequence.failed.isEmpty)
    }

    @Test func `a place that failed is told of until it has worked, whatever the others do`() {
        var sequence = RuleSequence()
        sequence.look(at: [marks, sources], rules: wanted)
        _ = sequence.next()
        _ = sequence.answered(.failed("incompatible"), rules: wanted)
        _ = sequence.next()
        _ = sequence.answered(.done("*nat\nCOMMIT"), rules: wanted)
        #expect(sequence.failed == [marks])
    }
}
