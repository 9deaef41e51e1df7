import ConfigModel
import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@Suite struct ConfigurationResolutionTests {
    private func governs(_ text: String) -> Bool? {
        Sample.load(text).configuration?.syncInstanceGovernsEveryService
    }

    private let sync = "global_defs {\nlvs_sync_daemon eth0 VI_1\n}\n"

    @Test func `the sync id is the instance's VRID unless written`() {
        func id(_ words: String) -> UInt8? {
            Sample.load("global_defs {\nlvs_sync_daemon \(words)\n}\n" + Sample.instance()).configuration?
                .global
                .syncDaemon?.syncID
        }
        #expect(id("eth0") == 0)
        #expect(id("eth0 VI_1") == 51)
        #expect(id("eth0 inst VI_1") == 51)
        #expect(id("eth0 VI_1 id 7") == 7)
        #expect(id("eth0 id 0") == 0)
    }

    @Test func `every option of the sync daemon is kept`() throws {
        let text = "lvs_sync_daemon eth1 VI_1 id 9 maxlen 1400 port 8849 ttl 2 group ff02::81"
        let daemon = Sample.load("global_defs {\n\(text)\n}\n" + Sample.instance()).configuration?.global
            .syncDaemon
        #expect(
            daemon
                == SyncDaemonConfiguration(
                    interface: "eth1", instance: "VI_1", syncID: 9, maximumLength: 1400,
                    group: IPAddress("ff02::81"), port: 8849, ttl: 2))
    }

    @Test func `global settings are resolved`() throws {
        let text = """
            global_defs {
                router_id a
                script_user b c
                enable_script_security
                lvs_flush
                control_admin_group ops
                control_reader_group adm
            }

            """
        let global = try #require(Sample.load(text + Sample.instance()).configuration).global
        #expect(global.routerID == "a")
        #expect(global.scriptUser == ScriptUser("b", group: "c"))
        #expect(global.checksScriptOwnership)
        #expect(global.flushesAtStart)
        #expect(global.controlAdminGroup == "ops" && global.controlReaderGroup == "adm")
    }

    @Test func `peers are kept in order`() throws {
        let text = "loop_guard {\npeer_mac 02:00:00:00:00:0b\npeer 192.0.2.3 dev eth0\n}\n"
        let peers = Sample.load(text + Sample.instance()).configuration?.loopGuard?.peers
        let address = try #require(IPAddress("192.0.2.3"))
        #expect(
            peers == [.mac(MACAddress(rawValue: 0x0200_0000_000B)), .address(address, interface: "eth0")])
    }

    @Test func `the sync instance governs services whose address it holds`() {
        #expect(governs(sync + Sample.instance() + Sample.service()) == true)
        #expect(governs(sync + Sample.instance()) == true)
        #expect(governs(Sample.instance() + Sample.service()) == false)
        let daemon = "global_defs {\nlvs_sync_daemon eth0\n}\n"
        #expect(governs(daemon + Sample.instance() + Sample.service()) == false)
    }

    @Test func `an active pair is not governed by one instance`() {
        let two = Sample.instance() + Sample.instance("VI_2", id: 52, address: 101)
        #expect(governs(sync + two + Sample.service()) == true)
        #expect(governs(sync + two + Sample.service() + Sample.service("192.0.2.101 80")) == false)
        #expect(governs(sync + Sample.instance() + Sample.service("192.0.2.101 80")) == false)
    }

    @Test func `a service by mark is governed where there is one instance`() {
        let marked = Sample.service("fwmark 3", lines: "")
        #expect(governs(sync + Sample.instance() + marked) == true)
        #expect(
            governs(sync + Sample.instance() + Sample.instance("VI_2", id: 52, address: 101) + marked)
                == false)
    }

    @Test func `the sync daemon of an instance is that of the whole, unless there is one`() {
        let line = "lvs_sync_daemon_interface eth1"
        let old = Sample.load(Sample.instance(lines: line))
        #expect(old.diagnostics.map(\.code) == [.obsoleteKeyword])
        #expect(old.configuration?.global.syncDaemon?.interface == "eth1")
        #expect(old.configuration?.global.syncDaemon?.instance == "VI_1")
        #expect(old.configuration?.global.syncDaemon?.syncID == 51)
        let two = Sample.load(
            Sample.instance(lines: line) + Sample.instance("B", id: 52, address: 101, lines: line))
        #expect(two.diagnostics.map(\.code) == [.obsoleteKeyword, .obsoleteKeyword, .givenTwice])
        let whole = "global_defs {\nlvs_sync_daemon eth2\n}\n"
        let both = Sample.load(whole + Sample.instance(lines: line))
        #expect(both.diagnostics.map(\.code) == [.obsoleteKeyword, .givenTwice])
        #expect(both.configuration?.global.syncDaemon?.interface == "eth2")
    }
}
