import ConfigSyntax
import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct StaticsGrammarTests {
    static let text = """
        static_ipaddress {
            198.51.100.9/24 dev eth1 label eth1:s track_group G
            2001:db8::9/64 dev eth1 no_track
        }
        static_routes {
            203.0.113.0/24 via 198.51.100.1 dev eth1 track_group G
            blackhole 203.0.114.0/24
        }
        static_rules {
            from 198.51.100.0/24 table 77 preference 500 track_group G
        }
        track_group G {
            group {
                VI_1
            }
        }

        """

    @Test func `every line arrives with who cares about it`() throws {
        let result = Sample.load(Self.text + Sample.instance())
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.message))")
        let configuration = try #require(result.configuration)
        let statics = configuration.statics
        #expect(statics.addresses.map(\.prefix.description) == ["198.51.100.9/24", "2001:db8::9/64"])
        #expect(statics.addresses.map(\.trackGroup) == ["G", nil])
        #expect(statics.addresses.map(\.isUntracked) == [false, true])
        #expect(statics.addresses.first?.label == "eth1:s")
        #expect(statics.routes.map(\.kind) == [.unicast, .blackhole])
        #expect(statics.routes.map(\.trackGroup) == ["G", nil])
        #expect(statics.rules.map(\.preference) == [500] && statics.rules.map(\.trackGroup) == ["G"])
        #expect(configuration.trackGroups == [TrackGroup(name: "G", members: ["VI_1"])])
        #expect(configuration.instances.first?.tracking.items == [Tracked(.statics, "G")])
    }

    @Test func `blocks add up, and need no instance`() {
        let block = "static_ipaddress {\n198.51.100.9/24 dev eth1\n}\n"
        let other = "static_ipaddress {\n198.51.100.10/24 dev eth1\n}\n"
        #expect(Sample.load(block + other).configuration?.statics.addresses.count == 2)
    }

    @Test(arguments: [
        (
            "static_ipaddress {\n198.51.100.9/24 dev eth1 no_track track_group G\n}",
            DiagnosticCode.keywordWithoutEffect
        ),
        ("static_ipaddress {\n198.51.100.9 dev eth1\n}", .implicitHostPrefix),
        ("static_ipaddress x {\n198.51.100.9/24 dev eth1\n}", .unexpectedWord),
        ("static_ipaddress {\n198.51.100.9/24 dev eth1 {\n}\n}", .unexpectedBlock),
        ("static_ipaddress", .missingBlock), ("static_routes {\n203.0.113.0/24\n}", .missingValue),
        ("static_rules {\nfrom 198.51.100.0/24\n}", .missingValue),
        ("static_rules {\nfrom 198.51.100.0/24 table 5\n}", .ruleWithoutPreference),
        ("track_group H {\n}", .missingKeyword), ("track_group {\ngroup {\nVI_1\n}\n}", .missingValue),
        ("track_group H {\ngroup x {\nVI_1\n}\n}", .unexpectedWord),
    ])
    func `what cannot be carried out is said`(block: String, code: DiagnosticCode) {
        let group =
            "track_group G {\ngroup {\nVI_1\n}\n}\n"
            + "static_routes {\n203.0.114.0/24 dev eth1 track_group G\n}\n"
        #expect(Sample.codes("\(block)\n" + group + Sample.instance()) == [code])
    }

    @Test func `no_track wins over a group`() {
        let line = "static_routes {\n203.0.113.0/24 dev eth1 no_track track_group G\n}\n"
        let group = "track_group G {\ngroup {\nVI_1\n}\n}\n"
        let statics = Sample.load(line + group + Sample.instance()).configuration?.statics
        #expect(statics?.routes.first.map { $0.trackGroup == nil && $0.isUntracked } == true)
    }
}
