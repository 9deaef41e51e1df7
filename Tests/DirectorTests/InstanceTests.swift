import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct InstanceTests {
    private let primary = IPAddress.v4(IPv4Address(192, 0, 2, 2))

    @Test func `the first news of a usable interface starts the router`() {
        var instance = Instance(router())
        #expect(
            instance.event(for: .usable(primary: primary), mayAdopt: false)
                == .startup(primaryAddress: primary))
    }

    @Test func `or lets it go on`() {
        var instance = Instance(router())
        #expect(
            instance.event(for: .usable(primary: primary), mayAdopt: true) == .adopt(primaryAddress: primary))
    }

    static let unusable: [InterfaceTable.Usability] = [.missing, .down, .noCarrier, .noAddress, .noPeer]

    @Test(arguments: unusable) func `an interface that is not usable is down`(
        _ usability: InterfaceTable.Usability
    ) {
        var instance = Instance(router())
        #expect(instance.event(for: usability, mayAdopt: true) == .interfaceDown)
        #expect(instance.event(for: usability, mayAdopt: true) == nil)
        let up = instance.event(for: .usable(primary: primary), mayAdopt: true)
        #expect(up == .interfaceUp(primaryAddress: primary), "a lease ends with the interface")
    }

    private func started(_ addresses: [String]) -> Instance {
        var instance = Instance(router(addresses: addresses))
        _ = instance.event(for: .usable(primary: primary), mayAdopt: false)
        return instance
    }

    @Test func `with a delay an IPv6 instance bears for so long that its address is gone`() {
        var instance = started(["fe80::64/64"])
        let usable = InterfaceTable.Usability.usable(primary: primary)
        #expect(instance.bearing(usable, for: .seconds(2), at: at(0)) == usable)
        #expect(instance.bearing(.noAddress, for: .seconds(2), at: at(1)) == usable)
        #expect(instance.addressAwaitedUntil == at(3))
        #expect(instance.bearing(.noAddress, for: .seconds(2), at: at(2)) == usable)
        #expect(instance.bearing(usable, for: .seconds(2), at: at(2)) == usable)
        #expect(instance.addressAwaitedUntil == nil)
        // The next loss begins anew, and counts when it has lasted.
        #expect(instance.bearing(.noAddress, for: .seconds(2), at: at(4)) == usable)
        #expect(instance.bearing(.noAddress, for: .seconds(2), at: at(6)) == .noAddress)
        #expect(instance.addressAwaitedUntil == nil)
        #expect(instance.event(for: .noAddress, mayAdopt: false) == .interfaceDown)
        #expect(instance.bearing(.noAddress, for: .seconds(2), at: at(7)) == .noAddress)
    }

    @Test(arguments: unusable) func `nothing else is borne`(_ usability: InterfaceTable.Usability) {
        var four = started(["192.0.2.100/24"])
        #expect(four.bearing(usability, for: .seconds(2), at: at(1)) == usability)
        var six = started(["fe80::64/64"])
        #expect(six.bearing(usability, for: .zero, at: at(1)) == usability)
        if usability != .noAddress {
            #expect(six.bearing(usability, for: .seconds(2), at: at(1)) == usability)
        }
        var fresh = Instance(router(addresses: ["fe80::64/64"]))
        #expect(fresh.bearing(usability, for: .seconds(2), at: at(1)) == usability)
        #expect([four, six, fresh].allSatisfy { $0.addressAwaitedUntil == nil })
    }

    @Test func `what has ended is told nothing more`() {
        var instance = Instance(router())
        _ = instance.event(for: .usable(primary: primary), mayAdopt: false)
        _ = instance.router.handle(.startup(primaryAddress: primary), at: at(0))
        instance.isLeaving = true
        #expect(!instance.hasEnded)
        _ = instance.router.handle(.shutdown, at: at(1))
        #expect(instance.event(for: .missing, mayAdopt: false) == nil && instance.hasEnded)
    }

    @Test func `only news is told`() {
        var instance = Instance(router())
        _ = instance.event(for: .usable(primary: primary), mayAdopt: false)
        #expect(instance.event(for: .usable(primary: primary), mayAdopt: false) == nil)
        let new = IPAddress.v4(IPv4Address(192, 0, 2, 7))
        #expect(
            instance.event(for: .usable(primary: new), mayAdopt: false) == .interfaceUp(primaryAddress: new))
    }

    static let adoptions: [(last: Instant?, now: Instant, isHeld: Bool, mayAdopt: Bool)] = [
        (nil, at(10), true, false), (at(10), at(10), true, true), (at(10), at(12), true, true),
        (at(10), at(10), false, false), (at(10), at(14), true, false),
        // The lease of a version 2 master with 1 s adverts is 3 s and 1/256 s.
        (at(0), Instant(nanoseconds: 3_003_906_249), true, true),
        (at(0), Instant(nanoseconds: 3_003_906_250), true, false),
    ]

    @Test(arguments: adoptions) func `a successor goes on only while no peer can have taken over`(
        last: Instant?, now: Instant, isHeld: Bool, mayAdopt: Bool
    ) {
        #expect(Instance.mayAdopt(router(), lastAdvert: last, at: now) { _ in isHeld } == mayAdopt)
    }

    @Test(arguments: [("192.0.2.100/24", true), ("192.0.2.101/24", true), ("198.51.100.1/24", false)])
    func `one advertised address that is still there is enough`(present: String, mayAdopt: Bool) {
        let configuration = router(
            addresses: ["192.0.2.100/24", "192.0.2.101/24"], excluded: ["198.51.100.1/24"])
        let adopts = Instance.mayAdopt(configuration, lastAdvert: at(0), at: at(0)) {
            $0.prefix == prefix(present)
        }
        #expect(adopts == mayAdopt)
    }

    @Test func `an instance stays while it describes the same router`() {
        let present = [
            Instance(router()), Instance(router("VI_2", id: 52)), Instance(router("VI_3", id: 53)),
        ]
        let new = [router(priority: 7), router("VI_2", id: 99), router("VI_4", id: 54)]
        #expect(Instance.staying(present, new) == ["VI_1"])
    }

    @Test func `a new instance holds nothing`() {
        let instance = Instance(router())
        #expect(!instance.holds)
        #expect(instance.name == "VI_1")
        #expect(instance.configuration == router())
    }

    private func fitness(_ instance: Instance, _ scripts: [String: Bool]) -> Fitness {
        var values = TrackedValues()
        values.scripts = scripts
        return Fitness(of: instance.configured, in: nil, knowing: values) { _ in true }
    }

    @Test func `the router is told of another priority and of a fault, once`() {
        var configuration = router()
        configuration.tracking.items = [
            Tracked(.script, "a", weight: 10), Tracked(.script, "b", weight: 0),
        ]
        var instance = Instance(configuration)
        #expect(instance.events(for: fitness(instance, ["b": true])) == [])
        var other = configuration
        other.priority = 110
        let lost = fitness(instance, ["a": true, "b": false])
        let events = instance.events(for: lost)
        #expect(events == [.reconfigured(other), .tracked(fault: Tracked(.script, "b"))])
        for event in events { _ = instance.router.handle(event, at: at(0)) }
        #expect(instance.events(for: lost) == [])
        #expect(instance.configuration.priority == 110 && instance.configured.priority == 100)
        #expect(
            instance.events(for: fitness(instance, ["a": true, "b": true])) == [.tracked(fault: nil)])
    }

    @Test func `it waits for what decides whether it may begin at all`() {
        var configuration = router()
        configuration.tracking.items = [Tracked(.script, "a")]
        var instance = Instance(configuration)
        _ = instance.events(for: fitness(instance, [:]))
        #expect(instance.waits)
        _ = instance.events(for: fitness(instance, ["a": true]))
        #expect(!instance.waits)
        _ = instance.event(for: .usable(primary: primary), mayAdopt: false)
        _ = instance.events(for: fitness(instance, [:]))
        #expect(!instance.waits, "what runs goes on")
    }
}
