import ConfigModel
import ConfigSyntax
import ControlProtocol
import Testing

@testable import Director

/// What `holdfast check --format json` prints against the schema that is published for it.
@Suite struct DiagnosticsSchemaTests {
    private func report(_ text: String, peer: String? = nil) throws -> JSONValue {
        func load(_ text: String) -> LoadResult {
            ConfigurationLoader.load(path: "t", configID: "a") { _ in .success(Array(text.utf8)) }
        }
        let report = CheckReport([load(text)], peer: peer.map(load)).text(.json)
        return try JSONReader.read(Array(report.utf8)[...])
    }

    private let instance = """
        vrrp_instance A {
            interface eth0
            virtual_router_id 51
            priority 150
            virtual_ipaddress {
                192.0.2.100/24
            }
        }

        """

    @Test func `findings of every kind of member are valid`() throws {
        let schema = try JSONSchema("diagnostics.schema.json")
        // A suggestion, a related place, notes and help, and none of them.
        let bad = instance.replacing("priority", with: "prioritty") + instance + "virtual_server {\n}\n}\n"
        let found = try report(bad)
        #expect(schema.violations(in: found) == [])
        #expect(found.elements.first?["diagnostics"]?.elements.isEmpty == false)
        #expect(schema.violations(in: try report(instance)) == [])
    }

    @Test func `what doctor prints is valid against its own`() throws {
        let configuration = try #require(
            ConfigurationLoader.load(path: "t", configID: "a") { _ in .success(Array(instance.utf8)) }
                .configuration)
        let findings = Doctor(configuration, on: HostDescription(), running: LiveHost()).findings
        let text = DoctorFinding.json(of: findings)
        let document = try JSONReader.read(Array(text.utf8)[...])
        #expect(try JSONSchema("doctor.schema.json").violations(in: document) == [])
        #expect(document["findings"]?.elements.count == findings.count)
    }

    @Test func `so are those of a pair, with an object for each file`() throws {
        let schema = try JSONSchema("diagnostics.schema.json")
        let pair = try report(
            instance, peer: instance.replacing("150", with: "100").replacing("51", with: "52"))
        #expect(pair.elements.count == 2)
        #expect(pair.elements.first?["diagnostics"]?.elements.first?["level"] == .string("pair"))
        #expect(schema.violations(in: pair) == [])
    }

    @Test func `what is missing or unknown is a violation`() throws {
        let schema = try JSONSchema("diagnostics.schema.json")
        let text = CheckReport([]).text(.json)
        #expect(schema.violations(in: try JSONReader.read(Array(text.utf8)[...])) == [])
        let wrong = "[{\"version\": 2, \"files\": [1], \"errors\": 0, \"warnings\": 0, \"diagnostics\": []}]"
        #expect(schema.violations(in: try JSONReader.read(Array(wrong.utf8)[...])).count == 3)
    }
}
