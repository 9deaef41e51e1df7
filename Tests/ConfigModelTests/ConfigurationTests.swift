import ConfigModel
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping
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

    @Test(arguments: [(0, 0, 100), (5, 0, 105), (0, 90, 100), (0, 120, 120), (5, 120, 120), (30, 120, 130)])
    func `elections wait for the daemon and for the machine`(startup: Int64, boot: Int64, first: Int64) {
        var global = GlobalDefinitions()
        global.startupDelay = .seconds(startup)
        global.delayAfterBoot = .seconds(boot)
        let now = Instant(nanoseconds: 0) + .seconds(100)
        #expect(global.firstElection(startingAt: now) == Instant(nanoseconds: 0) + .seconds(first))
    }
}
