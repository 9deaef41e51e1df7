import ConfigSyntax
import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

@Suite struct ServiceGroupGrammarTests {
    private func members(_ lines: String) -> [String]? {
        let text =
            "virtual_server_group web {\n\(lines)\n}\n"
            + Sample.service("group web", kind: "NAT", servers: Sample.server("192.0.2.21 80"))
        return Sample.virtualServer(text)?.identities.map(\.description)
    }

    @Test(arguments: [
        ("192.0.2.1 80", ["192.0.2.1:80/tcp"]), ("192.0.2.1-2 80", ["192.0.2.1:80/tcp", "192.0.2.2:80/tcp"]),
        ("192.0.2.255-192.0.3.0 80", ["192.0.2.255:80/tcp", "192.0.3.0:80/tcp"]),
        ("192.0.2.1/31 80", ["192.0.2.0:80/tcp", "192.0.2.1:80/tcp"]), ("192.0.2.1", ["192.0.2.1:0/tcp"]),
        ("192.0.2.1 80\nfwmark 3", ["192.0.2.1:80/tcp", "fwmark:3"]),
    ])
    func `a line is one member or more`(line: String, expected: [String]) {
        #expect(members(line) == expected)
    }

    @Test(arguments: [
        ("web 80", DiagnosticCode.invalidAddress), ("192.0.2.1 80 81", .unexpectedWord),
        ("192.0.2.1 0", .outOfRange), ("192.0.2.9-1 80", .invalidAddress), ("fwmark", .missingValue),
        ("fwmark 3 4", .unknownChoice), ("192.0.2.1 80 {\n}", .unexpectedBlock),
        ("0.0.0.0/0 80", .invalidAddress),
        ("239.0.0.1 80", .invalidAddress), ("192.0.2.2l 80", .invalidAddress),
        ("223.0.0.1-224.0.0.1 80", .invalidAddress),
    ])
    func `a line that is none is pointed at`(line: String, code: DiagnosticCode) {
        let group = "virtual_server_group web {\n\(line)\n192.0.2.9 80\n}\n"
        let text = group + Sample.service("group web", kind: "NAT")
        let found = Sample.load(text).diagnostics.filter { $0.severity == .error }
        #expect(found.map(\.code) == [code])
        #expect(found.allSatisfy { Int($0.primary.span.start) >= 27 })
    }

    @Test func `a mistyped address is suggested`() {
        let text = "virtual_server_group web {\n192.0.2.1O 80\n}\n" + Sample.service("group web", kind: "NAT")
        #expect(Sample.load(text).diagnostics.first?.suggestion == "192.0.2.10")
    }
}
