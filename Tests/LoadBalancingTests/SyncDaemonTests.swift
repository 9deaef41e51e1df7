import LoadBalancing
import NetTypes
import Testing

@Suite struct SyncDaemonTests {
    @Test func `what is not configured is left to the kernel`() {
        let configuration = SyncDaemonConfiguration(interface: "eth0")
        #expect(configuration.instance == nil && configuration.syncID == 0)
        #expect(configuration.maximumLength == nil && configuration.group == nil)
        #expect(configuration.port == nil && configuration.ttl == nil)
        #expect(configuration.isSatisfied(by: configuration))
    }

    @Test func `the instance is no setting of the kernel`() {
        let tied = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1")
        #expect(tied.isSatisfied(by: SyncDaemonConfiguration(interface: "eth0")))
    }

    @Test func `a setting is only met by itself`() {
        let wanted = SyncDaemonConfiguration(interface: "eth0", syncID: 1, port: 8848)
        #expect(
            wanted.isSatisfied(by: SyncDaemonConfiguration(interface: "eth0", syncID: 1, port: 8848, ttl: 9)))
        #expect(!wanted.isSatisfied(by: SyncDaemonConfiguration(interface: "eth0", syncID: 1)))
        #expect(!wanted.isSatisfied(by: SyncDaemonConfiguration(interface: "eth0", syncID: 0, port: 8848)))
    }
}
