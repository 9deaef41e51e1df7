import Testing

@testable import ConfigModel

@Suite struct DumpStatementTests {
    private func statements(_ text: String) throws -> [DumpStatement] {
        DumpStatement.all(of: try #require(Sample.load(text).configuration))
    }

    @Test func `a dump is a tree of statements`() throws {
        let all = try statements(
            Sample.instance(lines: "authentication {\nauth_type PASS\nauth_pass \"a{b\"\n}"))
        let instance = try #require(all.first)
        #expect(all.count == 1 && instance.line == "vrrp_instance VI_1" && instance.isBlock)
        #expect(instance.children.first == DumpStatement(line: "state BACKUP", shown: "state BACKUP"))
        let authentication = try #require(instance.children.first { $0.keyword == "authentication" })
        #expect(authentication.children.map(\.shown) == ["auth_type PASS", "auth_pass ********"])
        #expect(authentication.children.last?.line == "auth_pass \"a{b\"")
        #expect(instance.children.last?.children.map(\.line) == ["192.0.2.100/24"])
    }

    @Test func `a statement goes by its keyword, a block by its header`() {
        let line = DumpStatement(line: "priority 100", shown: "priority 100")
        #expect(line.name == "priority" && line.keyword == "priority" && line.value == "100")
        let block = DumpStatement(line: "real_server 192.0.2.1 80", shown: "x", isBlock: true)
        #expect(block.name == "real_server 192.0.2.1 80" && block.keyword == "real_server")
        #expect(DumpStatement(line: "nopreempt", shown: "nopreempt").value.isEmpty)
    }

    @Test func `nothing is lost: the tree is as deep and as long as the text`() throws {
        let text = Sample.instance() + Sample.service()
        let configuration = try #require(Sample.load(text).configuration)
        func count(_ statements: [DumpStatement]) -> Int {
            statements.reduce(0) { $0 + ($1.isBlock ? 2 : 1) + count($1.children) }
        }
        let lines = ConfigurationDump.text(configuration).split(separator: "\n").count
        #expect(count(DumpStatement.all(of: configuration)) == lines)
        #expect(DumpStatement.all(of: Configuration()).isEmpty)
    }
}
