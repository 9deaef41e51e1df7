import ConfigModel
import Testing

@Suite struct ScheduleGrammarTests {
    private let names = ["delay_loop", "retry", "delay_before_retry", "warmup", "alpha", "connect_timeout"]

    @Test(arguments: [Scope.virtualServer, .realServer, .tcpCheck, .httpCheck])
    func `every network block has all options`(scope: Scope) {
        let there = Set(Schema.keywords.filter { $0.scope == scope }.map(\.name))
        #expect(there.isSuperset(of: names))
    }

    @Test func `a program has no connection to time out`() {
        let there = Set(Schema.keywords.filter { $0.scope == .scriptCheck }.map(\.name))
        #expect(there.isSuperset(of: names.dropLast()))
        #expect(!there.contains("connect_timeout"))
    }

    @Test func `only the outermost block has defaults of its own`() {
        for facts in Schema.keywords where names.contains(facts.name) {
            #expect((facts.defaultText == "of the block around it") == (facts.scope != .virtualServer))
        }
    }
}
