import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct RoleFactsTests {
    static let probe = ProbeReport(
        result: ProbeResult(.connectionFailed, "connection refused"), duration: .microseconds(300),
        finishedAt: at(9), failures: 3, failuresAllowed: 3)

    static let instance = InstanceFacts(
        name: "VI_1", state: .backup, reason: "started", priority: 100,
        master: InstanceFacts.Master(address: v4("192.0.2.3"), priority: 150, heardAt: at(9)),
        addresses: [
            InstanceFacts.Address(prefix: prefix("192.0.2.100/24"), interface: "eth0", isPresent: false)
        ], counters: ["sent": 3], jitter: histogram,
        transitions: [StateChange(from: .initialize, to: .backup, reason: "started"): 1],
        tracking: [
            TrackingEffect(item: Tracked(.script, "chk", weight: -20), effect: .added(-20)),
            TrackingEffect(item: Tracked(.interface, "eth1"), effect: .fault),
            TrackingEffect(item: Tracked(.file, "load"), effect: .unknown),
        ])

    /// One of 2 ms.
    static var histogram: IntervalHistogram {
        var histogram = IntervalHistogram()
        histogram.add(.milliseconds(2))
        return histogram
    }

    static let health = RoleHealth(lag: histogram, refusals: 4)

    static var service: ServiceReading {
        var service = ServiceReading(identity: virtualServer().identity)
        service.counters.connections = 99
        var destination = DestinationReading(endpoint: endpoint("192.0.2.21", 80), weight: 1)
        (destination.active, destination.inactive) = (5, 6)
        service.destinations = [destination]
        return service
    }

    static let check = CheckFacts(index: 1, verdict: .down, report: probe)

    @Test func `what a role tells arrives as it was sent`() throws {
        let vrrp = VRRPReport.described([Self.instance], health: Self.health)
        let lvs = LVSReport.described([Self.service], isLast: true, health: Self.health)
        let checker = CheckerReport.described(
            generation: 2, [Self.check], isLast: false, health: Self.health)
        #expect(try RoleReport(from: .vrrp, frame: BinaryCoder.encode(vrrp)) == .vrrp(vrrp))
        #expect(try RoleReport(from: .lvs, frame: BinaryCoder.encode(lvs)) == .lvs(lvs))
        #expect(try RoleReport(from: .checker, frame: BinaryCoder.encode(checker)) == .checker(checker))
    }

    @Test(arguments: RoleName.allCases) func `each role is asked in its own words`(role: RoleName) throws {
        let command = RoleCommand.describe(role)
        #expect(command.role == role)
        #expect(try !command.encoded().isEmpty)
    }

    @Test func `a part of the largest size fits the frame that is accepted from the checker`() throws {
        let text = String(repeating: "x", count: 120)
        let report = ProbeReport(
            result: ProbeResult(.badResponse, text), duration: .seconds(1000), finishedAt: at(1 << 32),
            failures: .max, failuresAllowed: .max)
        let facts = (0..<CheckerRole.verdictsPerReport).map {
            CheckFacts(index: 1_000_000 + $0, verdict: .down, report: report)
        }
        let frame = try BinaryCoder.encode(CheckerReport.described(generation: .max, facts, isLast: true))
        #expect(frame.count < RoleReport.frameLimit(of: .checker))
    }

    @Test func `a part of the table fits the frame that is accepted from lvs`() {
        func service(_ number: UInt16, _ servers: Int) -> ServiceReading {
            var service = ServiceReading(identity: .address(.tcp, endpoint("192.0.2.100", number)))
            service.destinations = (0..<servers).map {
                DestinationReading(endpoint: endpoint("192.0.2.1", UInt16($0)), weight: 1)
            }
            return service
        }
        #expect(TableOwner.parts([]).isEmpty)
        let parts = TableOwner.parts(
            [service(1, 3), service(2, 3), service(3, 9), service(4, 0)], servers: 5)
        let ports = parts.map { $0.map { "\($0.identity)" } }
        #expect(
            ports == [
                ["192.0.2.100:1/tcp", "192.0.2.100:2/tcp"], ["192.0.2.100:3/tcp"], ["192.0.2.100:4/tcp"],
            ])
    }

    @Test func `an instance tells its state, its addresses and its counters`() {
        var instance = Instance(router(excluded: ["192.0.2.101/32"]))
        _ = instance.router.handle(.startup(primaryAddress: v4("192.0.2.2")), at: at(0))
        instance.note(.backup, because: .started, at: at(0))
        let facts = instance.facts { $0.prefix == prefix("192.0.2.100/24") }
        #expect(facts.name == "VI_1" && facts.state == .backup && facts.reason == "started")
        #expect(facts.priority == 100 && facts.master == nil)
        #expect(facts.addresses.map(\.isPresent) == [true, false])
        #expect(facts.addresses.map(\.interface) == ["eth0", "eth0"])
        #expect(facts.counters["sent"] == 0 && facts.counters["dropped-ttl"] != 1)
        #expect(facts.transitions == [StateChange(from: .initialize, to: .backup, reason: "started"): 1])
    }

    @Test func `an instance tells how often it changed, and how soon it told the neighbours`() {
        var instance = Instance(router())
        let (own, other) = (
            HeldAddress(interface: "eth0", prefix: prefix("192.0.2.100/24")),
            HeldAddress(interface: "eth0", prefix: prefix("192.0.2.101/24"))
        )
        #expect(!instance.isUntold(of: own))
        for second in [0, 10] as [Int64] {
            instance.note(.master, because: .silence(.seconds(3), last: nil), at: at(second))
            #expect(instance.isUntold(of: own) && !instance.isUntold(of: other))
            instance.noteAnnouncement(at: at(second) + .milliseconds(2))
            #expect(!instance.isUntold(of: own))
            // What is said of it again is no news.
            instance.noteAnnouncement(at: at(second + 5))
            instance.note(.backup, because: .interfaceDown, at: at(second + 6))
        }
        instance.note(.master, because: .fit, at: at(20))
        instance.note(.fault, because: .interfaceDown, at: at(21))
        #expect(!instance.isUntold(of: own), "it never was told, and need not be")
        let facts = instance.facts { _ in false }
        #expect(facts.takeovers.counts == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            facts.transitions == [
                StateChange(from: .initialize, to: .master, reason: "advert_timeout"): 1,
                StateChange(from: .backup, to: .master, reason: "advert_timeout"): 1,
                StateChange(from: .master, to: .backup, reason: "interface_down"): 2,
                StateChange(from: .backup, to: .master, reason: "fit"): 1,
                StateChange(from: .master, to: .fault, reason: "interface_down"): 1,
            ])
    }

    @Test func `a backup tells of the master it follows`() {
        var instance = Instance(router())
        _ = instance.router.handle(.startup(primaryAddress: v4("192.0.2.2")), at: at(0))
        let advert = Advertisement(
            version: .v2, virtualRouterID: 51, priority: 150, interval: .seconds(1),
            addresses: [])
        _ = instance.router.handle(.advertisement(advert, source: v4("192.0.2.3")), at: at(1))
        #expect(
            instance.facts { _ in false }.master
                == InstanceFacts.Master(address: v4("192.0.2.3"), priority: 150, heardAt: at(1)))
    }
}
