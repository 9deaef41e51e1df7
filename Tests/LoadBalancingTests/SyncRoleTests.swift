import LoadBalancing
import NetTypes
import Testing

@Suite struct SyncRoleTests {
    static let tied = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)
    static let free = SyncDaemonConfiguration(interface: "eth0", syncID: 51)

    /// As the kernel reports a running thread: no instance, every default filled in.
    static let running = SyncDaemonConfiguration(
        interface: "eth0", syncID: 51, maximumLength: 1472, group: .v4(IPv4Address(224, 0, 0, 81)),
        port: 8848,
        ttl: 1)

    @Test func `the role follows the instance`() {
        #expect(SyncRole.desired(Self.tied, instanceIsMaster: true) == SyncDaemonState(master: Self.tied))
        #expect(SyncRole.desired(Self.tied, instanceIsMaster: false) == SyncDaemonState(backup: Self.tied))
    }

    @Test(arguments: [true, false]) func `without an instance both threads run`(isMaster: Bool) {
        #expect(
            SyncRole.desired(Self.free, instanceIsMaster: isMaster)
                == SyncDaemonState(master: Self.free, backup: Self.free))
        #expect(SyncRole.desired(nil, instanceIsMaster: isMaster) == SyncDaemonState())
    }

    @Test func `a new master stops the backup thread before it starts the other`() {
        let changes = SyncRole.changes(
            observed: SyncDaemonState(backup: Self.running), desired: SyncDaemonState(master: Self.tied))
        #expect(changes == [.stop(.backup), .start(.master, Self.tied)])
        #expect(
            changes.map(\.description) == [
                "stop the backup sync thread", "start the master sync thread on eth0, id 51",
            ])
    }

    @Test func `what runs as asked is left alone`() {
        #expect(
            SyncRole.changes(
                observed: SyncDaemonState(master: Self.running), desired: SyncDaemonState(master: Self.tied))
                == [])
        #expect(SyncRole.changes(observed: SyncDaemonState(), desired: SyncDaemonState()) == [])
    }

    @Test(arguments: [
        SyncDaemonConfiguration(interface: "eth1", syncID: 51),
        SyncDaemonConfiguration(interface: "eth0", syncID: 1),
        SyncDaemonConfiguration(interface: "eth0", syncID: 51, maximumLength: 1000),
        SyncDaemonConfiguration(interface: "eth0", syncID: 51, group: .v4(IPv4Address(224, 0, 0, 82))),
        SyncDaemonConfiguration(interface: "eth0", syncID: 51, port: 8849),
        SyncDaemonConfiguration(interface: "eth0", syncID: 51, ttl: 2),
    ])
    func `other settings restart the thread`(wanted: SyncDaemonConfiguration) {
        #expect(
            SyncRole.changes(
                observed: SyncDaemonState(master: Self.running, backup: Self.running),
                desired: SyncDaemonState(master: wanted))
                == [.stop(.master), .stop(.backup), .start(.master, wanted)])
    }

    @Test func `what the kernel reads at the start of a thread starts all of them again`() {
        #expect(
            SyncRole.changes(
                observed: SyncDaemonState(master: Self.running, backup: Self.running),
                desired: SyncDaemonState(master: Self.free, backup: Self.free), anew: true)
                == [.stop(.master), .stop(.backup), .start(.master, Self.free), .start(.backup, Self.free)])
        #expect(SyncRole.changes(observed: SyncDaemonState(), desired: SyncDaemonState(), anew: true) == [])
    }

    @Test func `the threads are settings by name`() {
        var state = SyncDaemonState()
        state[.backup] = Self.free
        #expect(state.backup == Self.free && state[.master] == nil)
        state[.master] = Self.tied
        state[.backup] = nil
        #expect(state == SyncDaemonState(master: Self.tied))
    }
}
