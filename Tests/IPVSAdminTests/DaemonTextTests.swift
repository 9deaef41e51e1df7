import LoadBalancing
import NetTypes
import Testing

@testable import IPVSAdmin

@Suite struct DaemonTextTests {
    @Test func `sync threads are listed to the byte as ipvsadm lists them`() {
        var master = SyncDaemonConfiguration(interface: "d0", maximumLength: 1472)
        master.group = .v4(IPv4Address(224, 0, 0, 81))
        master.port = 8848
        master.ttl = 1
        var backup = SyncDaemonConfiguration(interface: "d0", syncID: 3, maximumLength: 1452)
        backup.group = IPAddress("ff05::3")
        backup.port = 9999
        backup.ttl = 4
        #expect(
            DaemonText.text(SyncDaemonState(master: master, backup: backup)) == """
                master sync daemon (mcast=d0, syncid=0, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)
                backup sync daemon (mcast=d0, syncid=3, maxlen=1452, group=ff05::3, port=9999, ttl=4)

                """)
    }

    @Test func `what does not run is not listed, what is not told is left out`() {
        #expect(DaemonText.text(SyncDaemonState()) == "")
        let old = SyncDaemonState(backup: SyncDaemonConfiguration(interface: "eth0", syncID: 9))
        #expect(DaemonText.text(old) == "backup sync daemon (mcast=eth0, syncid=9)\n")
    }

    @Test func `timeouts are one line`() {
        let timeouts: [IPVSTimeout: UInt32] = [.tcp: 900, .tcpFin: 120, .udp: 300]
        #expect(DaemonText.text(timeouts) == "Timeout (tcp tcpfin udp): 900 120 300\n")
        #expect(DaemonText.text([:] as [IPVSTimeout: UInt32]) == "Timeout (tcp tcpfin udp): 0 0 0\n")
    }
}
