import ConfigModel
import Testing

@Suite struct ScopeTests {
    @Test(arguments: Scope.allCases) func `a scope is named by the keyword that opens it`(scope: Scope) {
        guard scope != .root else {
            #expect(scope.phrase == "outside every block")
            return
        }
        #expect(scope.phrase == "in \(scope.rawValue)")
        #expect(Schema.keywords.contains { $0.name == scope.rawValue && $0.body == .keywords })
    }
}
