import Testing

@testable import ConfigModel

@Suite struct KnownKeywordsTests {
    @Test func `with the schema the list is whole`() {
        // keepalived 2.4 has 363 names, and `dynamic`, which only its manual page has. What stands in every
        // check counts once here. Neither sum changes when
        // a row moves from one table to the other.
        let facts = Schema.keywords.filter { $0.tier != .own }
        let names = facts.flatMap { [$0.name] + $0.otherSpellings }
        #expect(KnownKeywords.all.union(names).count == 364)
        let ours = facts.flatMap { facts in
            ([facts.name] + facts.otherSpellings).map { place(facts.scope.rawValue, $0) }
        }
        #expect(Set(ours + KnownKeywords.rows.map { place($0.block, $0.name) }).count == 415)
    }

    private func place(_ block: String, _ name: String) -> String {
        (["_CHECK", "_GET", "host"].contains { block.hasSuffix($0) } ? "check" : block) + " " + name
    }

    @Test(arguments: KnownKeywords.blocks.map(\.1)) func `every row can be read`(text: String) {
        for row in text.split(separator: "\n") {
            #expect(KnownKeyword(row: row, block: "") != nil, "\(row)")
        }
    }

    @Test(arguments: [
        "", "a|b", "a|||rare|no", "a|||seldom|no|A", "a|||rare|idle|A", "a|||rare|idle nonsense|A",
        "a|||rare|never|A", "a|||rare|old nonsense|A",
    ])
    func `a row that says too little is none`(row: String) {
        #expect(KnownKeyword(row: row[...], block: "") == nil)
    }

    @Test(arguments: [
        ("use_vmac_addr", Scope.instance), ("track_bfd", .instance),
        ("notify_master_rx_lower_pri", .instance),
        ("BFD_CHECK", .realServer), ("nftables_ipvs", .globalDefinitions),
        ("net_namespace", .root), ("startup_script", .globalDefinitions),
        ("bfd_instance", .root),
    ])
    func `what changes traffic or who is master is refused`(name: String, scope: Scope) throws {
        let known = try #require(Schema.known(name, in: scope))
        guard case .refused = known.standing else {
            Issue.record("\(name) is not refused")
            return
        }
    }

    @Test func `what is refused says what to do instead`() {
        let silent = KnownKeywords.rows.filter { $0.standing == .refused(advice: nil) }.map(\.name)
        // Of one block that is to be carried out.
        #expect(silent == ["auth_hmac", "key", "active_key", "anti_replay", "time_window", "mode"])
        for row in KnownKeywords.rows {
            if case .refused(let advice?) = row.standing { #expect(advice.count > 10, "\(row.name)") }
        }
    }

    @Test(arguments: [
        ("process_name", Scope.globalDefinitions), ("enable_snmp_vrrp", .globalDefinitions),
        ("enable_dbus", .globalDefinitions), ("vrrp_rt_priority", .globalDefinitions),
        ("no_checker_emails", .globalDefinitions), ("snmp_name", .realServer),
        ("use_symlink_paths", .globalDefinitions),
        ("set_supplementary_groups", .globalDefinitions), ("garp_group", .root),
        ("linkbeat_interfaces", .root), ("vrrp_garp_extra_if", .globalDefinitions),
        ("random_seed", .globalDefinitions), ("disable_local_igmp", .globalDefinitions),
    ])
    func `what nothing depends on is warned about`(name: String, scope: Scope) throws {
        let known = try #require(Schema.known(name, in: scope))
        guard case .withoutEffect(let reason) = known.standing else {
            Issue.record("\(name) is refused")
            return
        }
        #expect(reason.count > 20)
    }

    @Test func `a program's check has no connection to make`() {
        #expect(Schema.scopes(of: "fwmark").contains(.tcpCheck))
        #expect(!Schema.scopes(of: "fwmark").contains(.scriptCheck))
    }

    @Test func `words of blocks that this schema has not are known as well`() {
        for name in ["neighbor_ip", "gna_interval"] {
            #expect(KnownKeywords.all.contains(name))
            #expect(KnownKeywords.byScope.values.allSatisfy { $0[name] == nil })
        }
        #expect(KnownKeywords.byBlock["bfd_instance"]?.contains("neighbor_ip") == true)
    }

    @Test func `names are words and meanings sentences`() {
        for row in KnownKeywords.rows {
            #expect(row.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "`") })
            #expect(row.meaning.count > 4 && row.meaning.first?.isLowercase == false, "\(row.name)")
            #expect(!row.meaning.contains("|") && !row.arguments.contains("|"))
        }
    }
}
