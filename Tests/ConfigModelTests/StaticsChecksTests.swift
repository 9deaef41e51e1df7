import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct StaticsChecksTests {
    private let group = "track_group G1 {\ngroup {\nVI_1\n}\n}\n"

    private func diagnostics(_ text: String) -> [Diagnostic] {
        Sample.load(text + Sample.instance()).diagnostics
    }

    @Test(arguments: [
        "static_ipaddress {\n198.51.100.9/24 dev eth1 track_group G2\n}\n",
        "static_routes {\n203.0.113.0/24 dev eth1 track_group G2\n}\n",
        "static_rules {\nfrom 198.51.100.0/24 table 5 preference 5 track_group G2\n}\n",
    ])
    func `a group that is not there is named`(block: String) {
        let found = diagnostics(group + block)
        #expect(found.map(\.code) == [.unknownTracked])
        #expect(found.first?.message == "there is no track_group G2")
        #expect(found.first?.suggestion == "G1")
    }

    @Test func `a member that is not there is named`() {
        let found = diagnostics("track_group G {\ngroup {\nVI_1\nVI_9\n}\n}\n")
            .filter { $0.code != .neverTracked }
        #expect(found.map(\.code) == [.unknownMember] && found.first?.suggestion == "VI_1")
    }

    @Test func `two groups of one name are refused`() {
        #expect(Sample.errors(group + group + Sample.instance()) == [.duplicateTracked])
    }

    @Test func `a group that no line names, and an interface that none needs, are told`() {
        let line = "static_ipaddress {\n198.51.100.9/24 dev eth1\n}\n"
        #expect(diagnostics(group).map(\.code) == [.neverTracked])
        #expect(diagnostics(group + line).map(\.message) == ["no static line names track_group G1"])
        #expect(diagnostics(group + line.replacing("eth1", with: "eth1 track_group G1")).isEmpty)
        let standard = "global_defs {\ndefault_interface eth1\n}\n"
        #expect(diagnostics(standard).map(\.code) == [.keywordWithoutEffect])
        #expect(diagnostics(standard + line).map(\.code) == [.keywordWithoutEffect])
        #expect(diagnostics(standard + line.replacing(" dev eth1", with: "")).isEmpty)
        // What could not be read may have named either.
        let bad = line.replacing("198.51.100.9", with: "198.51.100.900")
        #expect(diagnostics(standard + group + bad).map(\.code) == [.invalidAddress])
    }

    @Test func `what could not be read may be what is meant`() {
        let lost = "track_group {\ngroup {\nVI_1\n}\n}\n"
        let line = "static_ipaddress {\n198.51.100.9/24 dev eth1 track_group G2\n}\n"
        #expect(diagnostics(lost + line).map(\.code) == [.missingValue])
        let group = "track_group G {\ngroup {\nVI_2\n}\n}\n"
        #expect(diagnostics("vrrp_instance {\n}\n" + group).allSatisfy { $0.code != .unknownMember })
    }

    @Test func `an address that is static twice, or moves as well, is found`() {
        let line = "static_ipaddress {\n198.51.100.9/24 dev eth1\n}\n"
        #expect(diagnostics(line + line).map(\.code) == [.repeatedAddress])
        let moving = "static_ipaddress {\n192.0.2.100/24\n}\n"
        let found = diagnostics(moving)
        #expect(found.map(\.code) == [.duplicateVirtualAddress])
        #expect(found.first?.related.map(\.text) == ["virtual here"])
        #expect(diagnostics("static_ipaddress {\n192.0.2.100/24 dev eth1\n}\n").isEmpty)
    }

    @Test func `a service on a static address is reached`() {
        let block = "static_ipaddress {\n198.51.100.9/24\n}\n"
        let service = Sample.service("198.51.100.9 80", kind: "NAT")
        #expect(diagnostics(block + service).isEmpty)
        #expect(diagnostics(service).map(\.code) == [.addressWithoutInstance])
    }
}
