import ConfigModel
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite struct ConfigurationDumpTests {
    @Test func `an empty configuration is an empty text`() {
        #expect(ConfigurationDump.text(Configuration()).isEmpty)
    }

    @Test func `every value is written out`() throws {
        let address = try #require(IPAddress("192.0.2.100"))
        let prefix = try #require(Prefix("192.0.2.100/24"))
        var configuration = Configuration()
        configuration.global.routerID = "a b"
        configuration.loopGuard = LoopGuardConfiguration(peers: [
            .address(address, interface: nil), .mac(MACAddress(rawValue: 0x0200_0000_000B)),
        ])
        configuration.instances = [
            RouterConfiguration(
                name: "VI_1", interface: "eth0", version: .v3, virtualRouterID: 51,
                advertisementInterval: .centiseconds(25),
                virtualAddresses: [VirtualAddress(prefix: prefix, interface: "eth1", label: "eth1:x")],
                preempts: false)
        ]
        #expect(
            ConfigurationDump.text(configuration) == """
                global_defs {
                    router_id "a b"
                }

                loop_guard {
                    peer 192.0.2.100
                    peer_mac 02:00:00:00:00:0b
                }

                vrrp_instance VI_1 {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority 100
                    version 3
                    advert_int 0.25
                    nopreempt
                    garp_master_delay 5
                    garp_master_repeat 5
                    garp_master_refresh 0
                    garp_master_refresh_repeat 1
                    virtual_ipaddress {
                        192.0.2.100/24 dev eth1 label eth1:x
                    }
                }

                """)
    }

    @Test(arguments: [
        ("plain", "plain"), ("two words", "\"two words\""), ("a#b", "\"a#b\""), ("a!b", "\"a!b\""),
        ("a{b}", "\"a{b}\""), ("a\\b", "\"a\\b\""), ("é", "\"é\""),
    ])
    func `words that would not be read as one are quoted`(name: String, written: String) throws {
        var configuration = Configuration()
        configuration.global.routerID = name
        let text = ConfigurationDump.text(configuration)
        #expect(text == "global_defs {\n    router_id \(written)\n}\n")
        #expect(Sample.load(text).configuration?.global.routerID == name)
    }

    @Test(arguments: [["/bin/a"], ["/bin/a", "b c", "", "d'e\"f\\g#h!i{j}", "\u{1}é"]])
    func `commands come back as they were`(command: [String]) throws {
        let check = CheckSpecification(
            kind: .script(ScriptCheck(command: command, timeout: .seconds(3))), schedule: CheckSchedule())
        let endpoint = Endpoint(try #require(IPAddress("192.0.2.21")), port: 80)
        let service = VirtualServer(
            identity: .address(.tcp, Endpoint(try #require(IPAddress("192.0.2.100")), port: 80)),
            forwarding: .directRouting, realServers: [RealServer(endpoint: endpoint, checks: [check])])
        let text = ConfigurationDump.text(Configuration(virtualServers: [service]))
        #expect(Sample.load(text).configuration?.virtualServers == [service])
    }
}
