import NetTypes
import Testing

@testable import ConfigModel

@Suite struct NftRulesetTests {
    static func packet(isLeaving: Bool = false, interface: String = "eth0") throws -> AdvertPacket {
        AdvertPacket(
            family: .inet, network: 112, interface: interface, source: nil,
            destination: .v4(IPv4Address(224, 0, 0, 18)), isLeaving: isLeaving)
    }

    private func fate(
        _ text: String, isLeaving: Bool = false, saved: String = ""
    ) throws -> NftRuleset.Fate {
        NftRuleset(text).fate(of: try Self.packet(isLeaving: isLeaving), saved: saved)
    }

    private func chain(_ head: String, _ rules: String..., others: String = "") -> String {
        "table inet filter {\n\tchain input {\n\t\ttype filter hook \(head)\n"
            + rules.map { "\t\t\($0)\n" }.joined() + "\t}\n\(others)}\n"
    }

    @Test func `a policy is for what no rule takes`() throws {
        let closed = "input priority filter; policy drop;"
        let dropped = NftRuleset.Fate.dropped(chain: "inet filter input", reason: "its policy")
        #expect(try fate(chain(closed)) == dropped)
        #expect(try fate(chain(closed, "tcp dport 22 accept", "counter packets 0 bytes 0")) == dropped)
        #expect(try fate(chain(closed, "ip protocol 112 accept")) == .passes)
        #expect(try fate(chain("input priority filter; policy accept;")) == .passes)
        #expect(try fate(chain("forward priority filter; policy drop;")) == .passes)
        #expect(try fate(chain("output priority filter; policy drop;")) == .passes)
        #expect(try fate(chain("output priority filter; policy drop;"), isLeaving: true) == dropped)
        let route =
            "table inet filter {\nchain input {\ntype route hook output priority 0; policy drop;\n}\n}"
        #expect(try fate(route, isLeaving: true) == dropped)
        #expect(try fate(chain(closed, "ip saddr 192.0.2.3 accept")) == .unknown(chain: "inet filter input"))
    }

    @Test func `the first rule that takes a packet decides, wherever it jumped from`() throws {
        let open = "input priority filter; policy accept;"
        let others = """
            \tchain more {
            \t\tip protocol 112 goto end
            \t}
            \tchain end {
            \t\tip daddr 224.0.0.18 return
            \t\tdrop
            \t}
            \tchain strict {
            \t\tiifname "eth0" counter packets 5 bytes 200 drop
            \t}

            """
        let through = chain(open, "jump more", "accept", "drop", others: others)
        #expect(try fate(through) == .passes)
        let dropped = NftRuleset.Fate.dropped(
            chain: "inet filter input", reason: "iifname \"eth0\" counter packets 5 bytes 200 drop")
        #expect(try fate(chain(open, "jump more", "jump strict", "accept", others: others)) == dropped)
        #expect(try fate(chain(open, "goto more", "drop", others: others)) == .passes)
        #expect(try fate(chain(open, "return", "drop")) == .passes)
        #expect(try fate(chain(open, "jump nowhere")) == .unknown(chain: "inet filter input"))
        #expect(try fate(chain(open, "jump input")) == .unknown(chain: "inet filter input"), "endless")
    }

    @Test func `maps, and lists over several lines`() throws {
        let closed = "input priority filter; policy drop;"
        let states = "ct state vmap { invalid : drop, established : accept, related : accept }"
        #expect(try fate(chain(closed, states)) != .passes)
        #expect(try fate(chain(closed, "ct state vmap { new : accept, invalid : drop }")) == .passes)
        #expect(try fate(chain(closed, "meta l4proto { 1, 58,\n\t\t\t 112 } accept")) == .passes)
        let jump = chain(
            closed, "iifname vmap { \"lo\" : accept, \"eth0\" : jump own }",
            others: "\tchain own {\n\t\tip protocol 112 accept\n\t}\n")
        #expect(try fate(jump) == .passes)
    }

    @Test func `sets, comments and tables of others are passed over`() throws {
        let text = """
            # Warning: table ip filter is managed by iptables-nft, do not touch!
            table ip filter {
            \tchain INPUT {
            \t\ttype filter hook input priority filter; policy drop;
            \t}
            }
            table inet own {
            \tcomment "with { and drop;"
            \tset known {
            \t\ttype ipv4_addr
            \t\telements = { 192.0.2.3 }
            \t}
            \tchain in {
            \t\ttype filter hook input priority 0; policy accept;
            \t\tip saddr @known accept comment "drop"
            \t}
            }
            table ip6 six {
            \tchain in {
            \t\ttype filter hook input priority 0; policy drop;
            \t}
            }
            table ip holdfast {
            \tchain marks {
            \t\ttype filter hook prerouting priority mangle; policy drop;
            \t}
            }
            table netdev early {
            \tchain i {
            \t\ttype filter hook ingress devices = { "eth1", "eth2" } priority 0; policy drop;
            \t}
            }

            """
        let saved = "# Generated by iptables-save v1.8.9 (nf_tables)\n*filter\nCOMMIT\n"
        #expect(try fate(text, saved: saved) == .passes)
        #expect(try fate(text, saved: "*filter\nCOMMIT\n") != .passes, "what legacy tables say is not this")
        #expect(try fate(text) == .dropped(chain: "ip filter INPUT", reason: "its policy"))
        let early = NftRuleset(text).fate(of: try Self.packet(interface: "eth2"), saved: saved)
        #expect(early == .dropped(chain: "netdev early i", reason: "its policy"))
    }

    @Test func `connection tracking comes after the first chains, and not to everybody`() throws {
        let early = "table inet raw {\nchain c {\ntype filter hook prerouting priority raw; policy accept;\n"
        #expect(try fate(early + "ct state invalid drop\n}\n}\n") != .passes)
        #expect(try fate(early + "ct state new drop\n}\n}\n") == .passes)
        let late = chain("input priority filter; policy drop;", "ct state new accept")
        #expect(try fate(late) == .passes)
        let spared = early + "ip protocol 112 notrack\n}\n}\n"
        #expect(try fate(late + spared) == .unknown(chain: "inet filter input"))
    }

    @Test func `a table that sleeps drops nothing, and an empty prefix is a word`() throws {
        let closed = chain("input priority filter; policy drop;")
        #expect(try fate(closed.replacing("filter {\n", with: "filter {\n\tflags dormant\n")) == .passes)
        let open = "input priority filter; policy accept;"
        #expect(try fate(chain(open, "log prefix \"\" drop")) != .passes)
    }

    @Test(arguments: [
        "", "table", "table {", "table inet x {", "table inet x {\nchain", "}}}{{{", "chain a {\n", "\"",
        "table inet x {\nchain c {\ntype filter hook input\n{ {\n",
    ])
    func `what is cut off is no filter`(text: String) throws {
        #expect(try fate(text) == .passes)
    }
}
