import ConfigSyntax
import Testing

@testable import ConfigModel

@Suite struct VirtualInterfaceChecksTests {
    private let prefix = "global_defs {\nvmac_prefix director-1\n}\n"

    /// So many instances with one VRID, each on an interface of its own.
    private func instances(_ count: Int, id: Int, line: String = "use_vmac") -> String {
        (0..<count).map { number in
            Sample.instance("I\(number)", id: id, address: 1 + number, lines: line)
                .replacing("eth0", with: "eth\(number)")
        }.joined()
    }

    @Test func `a name that grows too long is refused at its use_vmac`() throws {
        // director-1.255, then director-11.255 and so on: the eleventh has sixteen octets.
        #expect(Sample.codes(prefix + instances(10, id: 255)) == [])
        let result = Sample.load(prefix + instances(11, id: 255))
        #expect(result.diagnostics.map(\.code) == [.invalidName] && result.configuration == nil)
        let finding = try #require(result.diagnostics.first)
        #expect(finding.message == "director-110.255 is too long for the name of an interface")
        #expect(finding.related.map(\.text) == ["it begins like this"])
        #expect(Sample.codes(instances(11, id: 255)) == [])
    }

    @Test func `a prefix that no name has is told`() {
        #expect(Sample.codes(prefix + Sample.instance()) == [.keywordWithoutEffect])
        #expect(Sample.codes(prefix + instances(2, id: 5, line: "")) == [.keywordWithoutEffect])
        let named = Sample.instance(lines: "use_vmac own")
        #expect(Sample.codes(prefix + named) == [.keywordWithoutEffect])
        #expect(Sample.codes(prefix + named + instances(1, id: 7)) == [])
    }

    @Test func `what could not be read may have needed it`() {
        #expect(Sample.codes(prefix + Sample.instance(lines: "use_vmac a/b")) == [.invalidName])
        let lost = instances(1, id: 300)
        #expect(Sample.codes(prefix + lost) == [.outOfRange])
    }
}
