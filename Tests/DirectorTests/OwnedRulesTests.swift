import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@testable import Director

@Suite struct OwnedRulesTests {
    @Test func `each place has a claim of its own, which is read back`() {
        #expect(RulesPlace.all.count == 8)
        #expect(Set(RulesPlace.all.map(\.claim)).count == 8)
        #expect(Set(RulesPlace.all.map(\.name)).count == 8)
        for place in RulesPlace.all { #expect(Claim(line: place.claim.description) == place.claim) }
        #expect(RulesPlace(kind: .sources, family: .inet6).claim == .sources(.inet6))
        #expect(RulesPlace(kind: .marks, family: .inet).claim == .chain(.inet))
        #expect(Set(RulesPlace.all.map(\.title)) == ["loop guard", "FULLNAT"])
    }

    @Test func `rules know their place and how many they are`() {
        let peers = PeerTable(LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 0x0200_0000_000B))]))
        let marks = OwnedRules.marks(
            MarkRules(family: .inet, virtualServers: [virtualServer(guardMark: mark(3))], peers: peers))
        #expect(marks.place == RulesPlace(kind: .marks, family: .inet) && marks.count == 2)
        var full = virtualServer(forwarding: .masquerade)
        full.sourceTranslation = .address(v4("10.2.0.250"))
        let sources = OwnedRules.sources(SourceRules(family: .inet, [full]))
        #expect(sources.place == RulesPlace(kind: .sources, family: .inet) && sources.count == 1)
        let answers = OwnedRules.answers(AnswerRules(family: .inet, [full], held: [v4("10.2.0.250")]))
        #expect(answers.place == RulesPlace(kind: .answers, family: .inet) && answers.count == 1)
        #expect(answers.place.look == .save(.inet, .mangle) && sources.place.look == .save(.inet, .nat))
        #expect(answers.repair(from: "")?.hasPrefix("*mangle\n:HOLDFAST-FULLNAT ") == true)
        #expect(OwnedRules.sources(SourceRules(family: .inet6, [full])).count == 0)
        #expect(marks.repair(from: "")?.hasPrefix("*mangle\n") == true)
        #expect(sources.repair(from: "")?.hasPrefix("*nat\n") == true)
        #expect(OwnedRules.marks(.none(.inet)).repair(from: "*mangle\nCOMMIT\n") == nil)
    }

    @Test func `a table of our own is looked at and written by nft`() throws {
        let peers = PeerTable(LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 0x0200_0000_000B))]))
        let native = NativeMarkRules(
            MarkRules(family: .inet, virtualServers: [virtualServer(guardMark: mark(3))], peers: peers))
        let rules = OwnedRules.nativeMarks(native)
        #expect(rules.place == RulesPlace(kind: .nativeMarks, family: .inet) && rules.count == 2)
        #expect(rules.place.claim == .table(.inet) && rules.place.look == .list(.inet))
        #expect(rules.place.write("x") == .load(.inet, "x"))
        #expect(RulesPlace(kind: .marks, family: .inet6).write("x") == .restore(.inet6, "x"))
        #expect(rules.repair(from: "") == native.replacement)
        #expect(rules.repair(from: native.listing) == nil)
        #expect(rules.repair(from: "as it writes", reference: "as it writes") == nil)
        #expect(OwnedRules.nativeMarks(NativeMarkRules(.none(.inet))).repair(from: "") == nil)
    }
}
