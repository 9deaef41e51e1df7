import ConfigModel
import ConfigSyntax
import Testing

@Suite struct SchemaTests {
    @Test func `no block has a keyword twice, in any spelling`() {
        for scope in Scope.allCases {
            let names = Schema.keywords.filter { $0.scope == scope }.flatMap { [$0.name] + $0.otherSpellings }
            #expect(!names.isEmpty)
            #expect(Set(names).count == names.count, "\(scope)")
        }
    }

    @Test(arguments: Schema.keywords) func `a row can be printed in a manual`(facts: KeywordFacts) {
        #expect(facts.meaning.hasSuffix("."))
        #expect(facts.meaning.count > 10)
        #expect(!facts.name.isEmpty)
        #expect(facts.defaultText != "")
        #expect(facts.body != .addresses || facts.arguments.isEmpty)
    }

    @Test func `every keyword is one of keepalived's, in its block, or says that it is our own`() {
        let own = Schema.keywords.filter { !Schema.isKnownToKeepalived($0.name, in: $0.scope) }
        #expect(Set(own.filter { $0.tier != .own }.map(\.name)) == ["lb_kind"])
        #expect(
            Schema.keywords.filter { $0.tier == .own }.map(\.name) == [
                "loop_guard", "loop_guard", "loop_guard_mark", "peer", "peer_mac",
            ])
    }

    @Test(arguments: [
        ("vrrp_instance", [Scope.root]), ("weight", [.realServer]), ("lvs_sched", [.virtualServer]),
        ("lb_kind", [.virtualServer, .realServer]), ("loop_guard", [.root, .virtualServer]), ("nonsense", []),
        ("vrrp_script", []),
    ])
    func `a keyword knows its blocks`(name: String, scopes: [Scope]) {
        #expect(Schema.scopes(of: name) == scopes)
    }

    @Test func `keywords of ours and of keepalived are known`() {
        #expect(Schema.isKnown("loop_guard"))
        #expect(Schema.isKnown("vrrp_script"))
        #expect(!Schema.isKnown("nonsense"))
        #expect(!Schema.isKnownToKeepalived("loop_guard"))
        #expect(Schema.isKnownToKeepalived("weight", in: .virtualServer))
        #expect(!Schema.isKnownToKeepalived("weight", in: .globalDefinitions))
        #expect(Schema.knownToKeepalived(in: .authentication) == ["auth_pass", "auth_type"])
        #expect(Schema.knownToKeepalived(in: .loopGuard).isEmpty)
    }

    @Test func `the hints let the parser see the blocks`() {
        let hints = Schema.hints
        #expect(hints.rootBlocks == ["global_defs", "vrrp_instance", "virtual_server"])
        #expect(hints.isLegal("loop_guard", in: nil))
        #expect(hints.isLegal("vrrp_sync_group", in: nil))
        #expect(hints.isLegal("real_server", in: "virtual_server"))
        #expect(hints.isLegal("unicast_peer", in: "vrrp_instance"))
        #expect(hints.isLegal("peer_mac", in: "loop_guard"))
        #expect(!hints.isLegal("real_server", in: nil))
        #expect(!hints.isLegal("priority", in: "virtual_server"))
        #expect(hints.addressBlocks == ["virtual_ipaddress", "virtual_ipaddress_excluded"])
    }
}
