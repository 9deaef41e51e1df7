import Testing

@testable import ConfigModel

@Suite struct KnownKeywordsTests {
    @Test func `the list is whole`() {
        #expect(KnownKeywords.all.count == 363)
        #expect(KnownKeywords.byScope[.root]?.count == 25)
    }

    @Test(arguments: [
        ("vrrp_strict", Scope.globalDefinitions), ("smtp_server", .globalDefinitions),
        ("unicast_peer", .instance), ("track_script", .instance), ("hysteresis", .virtualServer),
        ("uthreshold", .realServer), ("SSL_GET", .realServer), ("bindto", .tcpCheck), ("bindto", .httpCheck),
        ("enable_sni", .httpCheck), ("digest", .url), ("misc_dynamic", .scriptCheck), ("vrrp_script", .root),
    ])
    func `a keyword is in its block`(name: String, scope: Scope) {
        #expect(KnownKeywords.byScope[scope]?.contains(name) == true)
    }

    @Test func `words of blocks that this schema has not are known as well`() {
        for name in ["fall", "neighbor_ip", "quorum_max", "helo_name"] {
            #expect(KnownKeywords.all.contains(name))
            #expect(KnownKeywords.byScope.values.allSatisfy { !$0.contains(name) })
        }
    }

    @Test func `names are words`() {
        for name in KnownKeywords.all {
            #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "`") }, "\(name)")
        }
    }
}
