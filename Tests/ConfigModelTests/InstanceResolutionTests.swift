import ConfigModel
import NetTypes
import Testing
import Timekeeping
import VRRP

@Suite struct InstanceResolutionTests {
    @Test func `what is left out has keepalived's value`() throws {
        let router = try #require(Sample.router(""))
        #expect(router.name == "VI_1")
        #expect(router.interface == "eth0")
        #expect(router.version == .v2)
        #expect(router.virtualRouterID == 51)
        #expect(router.priority == 100)
        #expect(router.advertisementInterval == .seconds(1))
        #expect(router.virtualAddresses.map(\.prefix.description) == ["192.0.2.100/24"])
        #expect(router.excludedAddresses.isEmpty)
        #expect(router.preempts)
        #expect(router.preemptDelay == .zero)
        #expect(!router.startsAsMaster)
        #expect(router.authentication == .none)
        #expect(router.checksum == .pseudoHeader)
        #expect(router.announcements == AnnouncementSchedule())
    }

    @Test(arguments: [
        ("", UInt8(100)), ("state BACKUP", 100), ("state MASTER", 255), ("state MASTER\npriority 7", 7),
        ("priority 1", 1),
    ])
    func `without a priority a master has 255, a backup 100`(lines: String, priority: UInt8) {
        #expect(Sample.router(lines)?.priority == priority)
    }

    @Test func `strict mode sends and announces nothing that the RFCs do not know`() throws {
        let global = "vrrp_strict\nvrrp_higher_prio_send_advert\nvrrp_garp_lower_prio_repeat 4"
        for router in [Sample.router("strict_mode"), Sample.router("", global: global)] {
            let strict = try #require(router)
            #expect(!strict.election.answersLowerPriority && !strict.election.tellsWinner)
            #expect(strict.election.downTimerAdverts == 3)
            #expect(strict.announcements.lowerPriorityRepeats == 0)
            #expect(strict.announcements.lowerPriorityDelay == .zero)
            #expect(strict.announcements.repeats == 5)
        }
        let other = try #require(Sample.router("strict_mode off", global: global))
        #expect(other.election.answersLowerPriority && other.election.tellsWinner)
        #expect(other.announcements.lowerPriorityRepeats == 4)
    }

    @Test(
        arguments: [
            ("", true, 0), ("nopreempt", false, 0), ("preempt", true, 0), ("preempt_delay 7", true, 7),
            ("nopreempt\npreempt_delay 7", false, 0), ("state MASTER\nnopreempt", true, 0),
            ("state MASTER\npreempt_delay 7", true, 0), ("nopreempt\npreempt", false, 0),
        ] as [(String, Bool, Int64)])
    func `preemption is cleared where keepalived clears it`(
        lines: String, preempts: Bool, delay: Int64
    ) throws {
        let router = try #require(Sample.router(lines))
        #expect(router.preempts == preempts)
        #expect(router.preemptDelay == .seconds(delay))
    }

    @Test(
        arguments: [
            ("preempt_after_sync", 23), ("preempt_after_sync off", 0), ("", 0),
            ("preempt_after_sync\nnopreempt", 0), ("preempt_after_sync\nstate MASTER\npriority 150", 23),
        ] as [(String, Int64)])
    func `preemption waits for two refresh periods and the delivery`(lines: String, wait: Int64) throws {
        let global = "lvs_sync_daemon eth0 VI_1\nlvs_sync_threshold 1 0\nlvs_sync_refresh_period 10"
        let router = try #require(Sample.router(lines, global: global))
        #expect(router.syncWait == .seconds(wait))
    }

    @Test func `a password is cut to eight octets and gone in version 3`() {
        let block = "authentication {\nauth_type PASS\nauth_pass 123456789\n}\n"
        #expect(Sample.router(block)?.authentication == .password(Array("12345678".utf8)))
        #expect(Sample.router(block + "version 3")?.authentication == Authentication.none)
        let keyed = block.replacing("PASS", with: "AH")
        #expect(Sample.router(keyed)?.authentication == .header(key: Array("12345678".utf8)))
        #expect(Sample.router(keyed + "version 3")?.authentication == Authentication.none)
        let short = "authentication {\nauth_type PASS\nauth_pass abc\n}\n"
        #expect(Sample.router(short)?.authentication == .password(Array("abc".utf8)))
    }

    @Test func `announcements are the instance's, else the global ones`() throws {
        let global = """
            vrrp_garp_master_delay 10
            vrrp_garp_master_repeat 2
            vrrp_garp_master_refresh 30
            vrrp_garp_master_refresh_repeat 3
            """
        let plain = try #require(Sample.router("", global: global)).announcements
        #expect(
            plain
                == AnnouncementSchedule(
                    repeats: 2, secondBurstDelay: .seconds(10), refresh: .seconds(30), refreshRepeats: 3))
        let own = try #require(
            Sample.router("garp_master_delay 0\ngarp_master_refresh_repeat 9", global: global)
        ).announcements
        #expect(own.secondBurstDelay == .zero)
        #expect(own.refreshRepeats == 9)
        #expect(own.repeats == 2)
    }

    @Test func `the global version holds where the instance has none`() {
        #expect(Sample.router("", global: "vrrp_version 3")?.version == .v3)
        #expect(Sample.router("version 2", global: "vrrp_version 3")?.version == .v2)
    }

    @Test func `addresses keep their order, interface and label`() throws {
        let router = try #require(
            Sample.router(
                """
                virtual_ipaddress {
                    192.0.2.7/24 dev eth1 label eth1:a
                    192.0.2.5/32
                }
                virtual_ipaddress_excluded {
                    192.0.2.6/24 label x dev eth2
                }
                v3_checksum_as_v2 on
                """))
        #expect(
            router.virtualAddresses.map(\.prefix.description) == [
                "192.0.2.100/24", "192.0.2.7/24", "192.0.2.5/32",
            ])
        #expect(router.virtualAddresses[1].interface == "eth1")
        #expect(router.virtualAddresses[1].label == "eth1:a")
        #expect(router.excludedAddresses.first?.interface == "eth2")
        #expect(router.checksum == .messageOnly)
    }
}
