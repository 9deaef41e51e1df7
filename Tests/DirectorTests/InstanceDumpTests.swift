import ControlProtocol
import LinuxIO
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct InstanceDumpTests {
    private static var configuration: RouterConfiguration {
        var configuration = router(
            priority: 150, addresses: ["192.0.2.100/24", "192.0.2.101/32"], excluded: ["198.51.100.12/32"])
        configuration.virtualAddresses[0].label = "eth0:1"
        configuration.authentication = .password(Array("topsecret".utf8))
        configuration.tracking.items = [Tracked(.script, "chk", weight: 20), Tracked(.interface, "eth1")]
        return configuration
    }

    static var dump: InstanceDump {
        var facts = RoleFactsTests.instance
        facts.priority = 130
        facts.addresses = [
            InstanceFacts.Address(prefix: prefix("192.0.2.100/24"), interface: "eth0", isPresent: true)
        ]
        facts.counters = ["sent": 3, "accepted": 4, "dropped-length": 1, "dropped-malformed": 2]
        return InstanceDump(
            configuration: configuration, state: .master,
            since: WallTime(nanoseconds: 1_795_333_950_032_350_999), facts: facts)
    }

    @Test func `the counters stand where keepalived 2_2_7 has them`() {
        #expect(
            Self.dump.statistics == """
                VRRP Instance: VI_1
                  Advertisements:
                    Received: 4
                    Sent: 3
                  Became master: 0
                  Released master: 0
                  Packet Errors:
                    Length: 3
                    TTL: 0
                    Invalid Type: 0
                    Advertisement Interval: 0
                    Address List: 0
                  Authentication Errors:
                    Invalid Type: 0
                    Type Mismatch: 0
                    Failure: 0
                  Priority Zero:
                    Received: 0
                    Sent: 0

                """)
    }

    @Test func `the state is in the lines that exporters look for`() {
        let lines = Self.dump.data.split(separator: "\n").map(String.init)
        #expect(lines.first == " VRRP Instance = VI_1")
        for line in [
            "   State = MASTER", "   Wantstate = MASTER", "   Interface = eth0", "   Virtual Router ID = 51",
            "   Priority = 150", "   Effective priority = 130", "   Gratuitous ARP delay = 5",
            "   Last transition = 1795333950.032350 (2026-11-22T07:52:30.032Z)", "   Advert interval = 1 sec",
            "   Authentication type = SIMPLE_PASSWORD",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        let place = lines.firstIndex(of: "   Virtual IP (2):") ?? 0
        #expect(
            Array(lines[place...].prefix(5)) == [
                "   Virtual IP (2):", "     192.0.2.100/24 dev eth0 scope global label eth0:1 set",
                "     192.0.2.101 dev eth0 scope global", "   Virtual IP Excluded :",
                "     198.51.100.12 dev eth0 scope global",
            ])
        #expect(
            Array(lines.suffix(4)) == [
                "   Tracked interfaces :", "     eth1 weight 0", "   Tracked scripts :", "     chk weight 20",
            ])
    }

    @Test func `JSON has keepalived's names and numbers`() throws {
        let json = try JSONReader.read(JSONWriter.line(Self.dump.json))
        let data = try #require(json["data"])
        #expect(data["iname"] == "VI_1" && data["state"] == 2 && data["wantstate"] == 2 && data["vrid"] == 51)
        #expect(data["base_priority"] == 150 && data["effective_priority"] == 130)
        #expect(data["adver_int"] == 1 && data["nopreempt"] == false && data["auth_type"] == 1)
        #expect(data["last_transition"]?.double == 1_795_333_950.03235)
        #expect(
            data["vips"]?.elements == [
                "192.0.2.100/24 dev eth0 scope global label eth0:1 set", "192.0.2.101 dev eth0 scope global",
            ])
        #expect(data["track_script"] == ["chk"] && data["vroutes"] == nil)
        #expect(json["stats"]?["advert_sent"] == 3 && json["stats"]?["packet_len_err"] == 3)
        #expect(json["stats"]?.members.count == 14)
    }

    @Test func `no file has a password`() {
        let dump = Self.dump
        for text in [dump.data, dump.statistics, JSONWriter.line(dump.json)] {
            #expect(!text.contains("topsecret"))
        }
    }

    @Test(arguments: zip(Router.StateName.allCases, 0...3))
    func `states are numbered as everywhere`(state: Router.StateName, number: Int) {
        var dump = Self.dump
        dump.state = state
        #expect(dump.json["data"]?["state"] == .integer(number))
    }

    @Test func `what is not known is not made up`() {
        var configuration = router()
        configuration.version = .v3
        configuration.advertisementInterval = .centiseconds(50)
        let dump = InstanceDump(configuration: configuration, state: .initialize)
        #expect(!dump.data.contains("Last transition") && !dump.data.contains("Authentication"))
        #expect(dump.data.contains("   Advert interval = 500 milli-sec\n") && !dump.data.contains(" set"))
        #expect(dump.counters.allSatisfy { $0.value == 0 } && dump.priority == 100)
    }
}
