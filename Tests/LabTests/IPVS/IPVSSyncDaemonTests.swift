import KernelNet
import LinuxIO
import LoadBalancing
import NetTypes
import Testing

/// The kernel's sync threads, as ipvsadm reads them.
@Suite(.serialized, .enabled(if: hasIPVS, "needs root and a kernel with IPVS"))
struct IPVSSyncDaemonKernelTests {
    static let tied = SyncDaemonConfiguration(interface: "eth0", instance: "VI_1", syncID: 51)

    private func bring(_ client: IPVSClient, to desired: SyncDaemonState) throws {
        for change in SyncRole.changes(observed: try client.syncDaemon(), desired: desired) {
            try client.apply(change)
        }
        #expect(SyncRole.changes(observed: try client.syncDaemon(), desired: desired) == [])
    }

    @Test func `the threads follow the role`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            #expect(try client.syncDaemon() == SyncDaemonState())
            try bring(client, to: SyncRole.desired(Self.tied, instanceIsMaster: false))
            #expect(try Judge.ipvsadm("-L --daemon").hasPrefix("backup sync daemon (mcast=eth0, syncid=51,"))
            try bring(client, to: SyncRole.desired(Self.tied, instanceIsMaster: true))
            let daemons = try Judge.ipvsadm("-L --daemon")
            #expect(daemons.hasPrefix("master sync daemon (mcast=eth0, syncid=51,"))
            #expect(!daemons.contains("backup"))
            try bring(client, to: SyncRole.desired(nil, instanceIsMaster: true))
            #expect(try Judge.ipvsadm("-L --daemon") == "")
        }
    }

    @Test func `every setting arrives and the kernel's defaults are told`() throws {
        try TestNetwork.with { _ in
            let client = try IPVSClient.open()
            let full = SyncDaemonConfiguration(
                interface: "eth0", syncID: 7, maximumLength: 1000, group: .v4(IPv4Address(224, 0, 0, 82)),
                port: 8849, ttl: 3)
            try bring(client, to: SyncDaemonState(master: full, backup: Self.tied))
            let state = try client.syncDaemon()
            #expect(state.master == full)
            #expect(state.backup?.group == .v4(IPv4Address(224, 0, 0, 81)))
            #expect(state.backup?.port == 8848)
            let daemons = try Judge.ipvsadm("-L --daemon")
            #expect(
                daemons.contains(
                    "master sync daemon (mcast=eth0, syncid=7, maxlen=1000, "
                        + "group=224.0.0.82, port=8849, ttl=3)"
                ))
            #expect(daemons.contains("backup sync daemon (mcast=eth0, syncid=51,"))
            try bring(client, to: SyncDaemonState())
        }
    }

    @Test func `a missing interface is told`() throws {
        try TestNetwork.with { _ in
            let start = SyncDaemonChange.start(.master, SyncDaemonConfiguration(interface: "nosuch0"))
            let error = IPVSError.failed(
                SystemError("start the master sync thread on nosuch0, id 0", .noDevice))
            #expect(throws: error) { try IPVSClient.open().apply(start) }
            try IPVSClient.open().apply(SyncDaemonChange.stop(.backup))
        }
    }
}
