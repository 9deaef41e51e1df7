import ConfigModel
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import VRRP

@Suite struct ConfigurationTests {
    @Test func `an empty configuration does nothing`() {
        let empty = Configuration()
        #expect(empty.instances.isEmpty)
        #expect(empty.virtualServers.isEmpty)
        #expect(empty.loopGuard == nil)
        #expect(empty.global == GlobalDefinitions())
        #expect(!empty.global.flushesAtStart)
        #expect(!empty.global.checksScriptOwnership)
        #expect(empty.global.syncDaemon == nil)
    }

    @Test func `configurations are compared by value`() throws {
        let text = Sample.instance() + Sample.service()
        let first = try #require(Sample.load(text).configuration)
        var second = try #require(Sample.load("# other places\n\n" + text).configuration)
        #expect(first == second)
        #expect(first.hashValue == second.hashValue)
        second.instances[0].priority = 1
        #expect(first != second)
    }
}
