import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct ProvenanceTests {
    /// The rows for a dump that came of a written text, by the line of the dump.
    private func rows(_ dumped: String, written text: String) -> [Int: String] {
        var loader = SyntaxLoader(
            Surroundings(configID: "me") { _ in .success(Array(text.utf8)) }, hints: Schema.hints)
        let written = loader.load(path: "f")
        let file = SourceFile(name: "dump", octets: Array(dumped.utf8))
        var ignored = Diagnostics()
        let statements = Parser.parse(file, number: 0, configID: "", hints: Schema.hints, &ignored)
        #expect(ignored.all.isEmpty && loader.diagnostics.all.isEmpty)
        return ProvenanceTable(of: statements, in: file, written: written, in: loader.sources)
            .rows.mapValues(\.text)
    }

    @Test func `a keyword is found by any spelling, and what is not there is a default`() {
        let found = rows(
            "virtual_server 192.0.2.1 80 {\n lb_algo rr\n quorum 1\n}",
            written: "virtual_server 192.0.2.1 80 {\n  lvs_sched rr\n}")
        #expect(found == [1: "f:1:1", 2: "f:2:3", 3: "default"])
    }

    @Test func `of a keyword that is there twice the last one counts`() {
        let found = rows(
            "vrrp_instance A {\n priority 7\n}", written: "vrrp_instance A {\n priority 6\n priority 7\n}")
        #expect(found[2] == "f:3:2")
    }

    @Test func `a name is found on any line of its block, or in the block around it`() {
        let dump = "vrrp_sync_group G {\n group {\n  A\n  B\n }\n track_script {\n  s weight 1\n }\n}"
        let tracking = "\n track_script {\n  s\n }\n}"
        let inside = rows(dump, written: "vrrp_sync_group G {\n group {\n  A B\n }" + tracking)
        #expect(inside[2] == "f:2:2" && inside[3] == "f:3:3" && inside[4] == "f:3:5")
        #expect(inside[6] == "f:5:2" && inside[7] == "f:6:3")
        let outside = rows(dump, written: "vrrp_sync_group G {\n A B" + tracking)
        #expect(outside[2] == "default" && outside[3] == "f:2:2" && outside[4] == "f:2:4")
    }

    @Test func `other words than in the dump are told`() {
        let found = rows(
            "vrrp_instance A {\n advert_int 1.5\n}", written: "vrrp_instance A {\n advert_int 1.50\n}")
        #expect(found[2] == "f:2:2, written \"1.50\"")
    }

    @Test func `a block takes from the nearest block around it that has the keyword`() {
        let dumped = """
            virtual_server 192.0.2.1 80 {
            real_server 192.0.2.2 80 {
            TCP_CHECK {
            delay_loop 3
            retry 2
            weight 1
            }
            }
            }
            """
        let written = """
            virtual_server 192.0.2.1 80 {
            delay_loop 3
            retry 1
            real_server 192.0.2.2 80 {
            retry 2
            weight 1
            TCP_CHECK {
            }
            }
            }
            """
        let found = rows(dumped, written: written)
        #expect(found[4] == "virtual_server 192.0.2.1 80 at f:2:1")
        #expect(found[5] == "real_server 192.0.2.2 80 at f:5:1")
    }

    @Test func `what holds for all is in the global block`() {
        let found = rows(
            "vrrp_instance A {\n version 3\n garp_master_delay 1\n}\nglobal_defs {\n lvs_flush\n}",
            written: "vrrp_instance A {\n}\nglobal_defs {\n vrrp_version 3\n}\nglobal_defs {\n lvs_flush\n}")
        #expect(found[2] == "global_defs at f:4:2")
        #expect(found[3] == "default")
        #expect(found[5] == "f:6:1")
        #expect(found[6] == "f:7:2")
    }

    @Test func `blocks of one name belong together in their order, addresses too`() {
        let text = """
            vrrp_instance A {
            virtual_ipaddress {
            192.0.2.1/24
            192.0.2.2/24
            }
            }
            vrrp_instance B {
            virtual_ipaddress {
            192.0.2.3/24
            }
            }
            """
        let found = rows(text, written: "\n" + text)
        #expect(found == [1: 1, 2: 2, 3: 3, 4: 4, 7: 7, 8: 8, 9: 9].mapValues { "f:\($0 + 1):1" })
    }

    @Test func `where the numbers differ the words tell which belongs to which`() {
        let found = rows(
            "loop_guard {\n peer 192.0.2.2\n peer 192.0.2.3\n}",
            written: "loop_guard {\n peer 192.0.2.1\n peer 192.0.2.2\n peer 192.0.2.3\n}")
        #expect(found == [1: "f:1:1", 2: "f:3:2", 3: "f:4:2"])
    }

    @Test func `definitions are named with the place of their use`() {
        let found = rows(
            "vrrp_instance A {\n priority 7\n}", written: "$P=7\nvrrp_instance A {\n priority $P\n}")
        #expect(found[2] == "f:3:2, ${P} at f:3:11")
    }

    @Test func `each source has its words`() {
        let place = SourceLocation(file: "a", line: 1, column: 2)
        func text(_ source: Provenance.Source) -> String {
            Provenance(source: source, uses: ["u"], words: "w").text
        }
        #expect(text(.written(place)) == "a:1:2, u, written \"w\"")
        #expect(text(.inherited(place, from: "b c")) == "b c at a:1:2, u, written \"w\"")
        #expect(Provenance(source: .standard, uses: [], words: nil).text == "default")
    }
}
