import ConfigModel
import ConfigSyntax
import LoopGuard
import Testing

@Suite struct RootGrammarTests {
    @Test func `blocks may come in any order and several times`() throws {
        let text =
            Sample.service() + "global_defs {\nlvs_flush\n}\n" + "loop_guard {\npeer 192.0.2.3\n}\n"
            + Sample.instance() + "global_defs {\nrouter_id x\n}\n" + "loop_guard {\npeer 192.0.2.4\n}\n"
            + Sample.instance("VI_2", id: 52, address: 101) + Sample.service("192.0.2.101 80")
        let configuration = try #require(Sample.load(text).configuration)
        #expect(configuration.global.flushesAtStart)
        #expect(configuration.global.routerID == "x")
        #expect(configuration.instances.count == 2)
        #expect(configuration.virtualServers.count == 2)
        #expect(configuration.loopGuard?.peers.count == 2)
    }

    @Test(arguments: [
        ("global_defs x {\n}\n", DiagnosticCode.unexpectedWord),
        ("loop_guard x {\npeer 192.0.2.3\n}\n", .unexpectedWord),
        ("vrrp_instance {\n}\n", .missingValue), ("vrrp_instance a b {\n}\n", .unexpectedWord),
        ("vrrp_instance \"\" {\n}\n", .invalidName), ("global_defs\n", .missingBlock),
        ("virtual_server {\n}\n", .missingValue),
    ])
    func `a header that is wrong is reported`(text: String, code: DiagnosticCode) {
        #expect(Sample.errors(text).contains(code))
        #expect(Sample.load(text).configuration == nil)
    }
}
