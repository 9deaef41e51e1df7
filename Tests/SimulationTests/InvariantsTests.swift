import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import SimulationKit

/// The watchers by themselves; `SabotageTests` shows them at work.
@Suite struct InvariantsTests {
    private let configuration = RouterConfiguration.make(priority: 100)

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    private func director() -> SimulatedDirector { SimulatedDirector(node: 0, configuration: configuration) }

    private func advert(_ priority: UInt8) -> [UInt8] {
        Advertisement(
            version: .v2, virtualRouterID: 51, priority: priority, interval: .seconds(1),
            addresses: [.v4(IPv4Address(192, 0, 2, 100))]
        ).encoded(
            source: .v4(IPv4Address(192, 0, 2, 9)), destination: VRRPNumbers.group, checksum: .messageOnly)
    }

    /// The rules broken when a backup that heard `priority` at 10 s becomes master at `then`.
    private func takeover(after priority: UInt8, at then: Int64) -> [Rule] {
        var invariants = Invariants(routers: [configuration])
        var holder = director()
        holder.kernelAddresses = [.v4(IPv4Address(192, 0, 2, 100))]
        invariants.stateChanged(0, to: .backup, because: .started, director(), at: at(0))
        invariants.heard(
            0, advert(priority), before: .backup, after: .backup, configuration: configuration,
            at: at(10_000))
        invariants.stateChanged(
            0, to: .master, because: .silence(.seconds(1), last: nil), holder, at: at(then))
        return invariants.violations.map(\.rule)
    }

    @Test func `a takeover is early until the master-down interval is over`() {
        #expect(takeover(after: 150, at: 13_609) == [.noHurry])
        #expect(takeover(after: 150, at: 13_610) == [])
    }

    @Test func `after a resignation it is early until the skew is over`() {
        #expect(takeover(after: 0, at: 10_609) == [.noHurry])
        #expect(takeover(after: 0, at: 10_610) == [])
    }

    @Test func `a lesser master does not make it early`() {
        #expect(takeover(after: 50, at: 10_001) == [])
    }

    @Test func `the dead may hold addresses for 200 ms`() {
        var invariants = Invariants(routers: [configuration])
        let network = SimulatedNetwork(count: 1, faults: NetworkFaults())
        var dead = director()
        dead.kernelAddresses = [.v4(IPv4Address(192, 0, 2, 100))]
        dead.die(at: at(1000))
        invariants.check([dead], network, thawedAt: [at(0)], slack: .zero, at: at(1200))
        #expect(invariants.violations.isEmpty)
        invariants.check([dead], network, thawedAt: [at(0)], slack: .zero, at: at(1201))
        #expect(invariants.violations.map(\.rule) == [.deadHoldNothing])
    }

    @Test func `who resigns lets go in time`() {
        var invariants = Invariants(routers: [configuration])
        let network = SimulatedNetwork(count: 1, faults: NetworkFaults())
        var leaving = director()
        leaving.router = Router(configuration: configuration)
        func check(_ milliseconds: Int64) {
            invariants.check([leaving], network, thawedAt: [at(0)], slack: .zero, at: at(milliseconds))
        }
        invariants.sent(0, priority: 0, by: leaving, before: .master, at: at(1000))
        // 255/256 s, 100 ms, and 50 ms beside a successor.
        check(2146)
        #expect(invariants.violations.isEmpty)
        check(2147)
        #expect(invariants.violations.map(\.rule) == [.lettingGo])
    }

    @Test func `announcing what is not held is out of order`() {
        var invariants = Invariants(routers: [configuration])
        invariants.announced(0, director(), at: at(1))
        #expect(invariants.violations.map(\.rule) == [.order])
        #expect(invariants.violations.first?.description.contains("order broken") == true)
    }

    @Test func `numbers grow, and are not behind one's own`() {
        var invariants = Invariants(routers: [configuration], isNumbered: true)
        var repeated = [nil, nil, 7, 7, 6].map { invariants.isRepetition(0, $0) }
        #expect(repeated == [false, false, false, true, true])
        invariants.sent(0, priority: 100, number: 9, by: director(), before: .master, at: at(1))
        // Two that took over at once count alike.
        repeated = [8, 9, 9].map { invariants.isRepetition(0, $0) }
        #expect(repeated == [true, false, true])
        invariants.died(0)
        repeated = [1].map { invariants.isRepetition(0, $0) }
        #expect(repeated == [false])
    }

    @Test func `only an owner is master at once, and it is always`() {
        func transitions(_ priority: UInt8, _ state: Router.StateName, _ reason: Reason) -> [Rule] {
            let owner = RouterConfiguration.make(priority: priority)
            var invariants = Invariants(routers: [owner])
            var holder = SimulatedDirector(node: 0, configuration: owner)
            if state == .master { holder.kernelAddresses = [.v4(IPv4Address(192, 0, 2, 100))] }
            invariants.stateChanged(0, to: state, because: reason, holder, at: at(1))
            return invariants.violations.map(\.rule)
        }
        #expect(transitions(255, .master, .ownsAddresses) == [])
        #expect(transitions(254, .master, .ownsAddresses) == [.transitions])
        #expect(transitions(254, .backup, .started) == [])
        #expect(transitions(255, .backup, .started) == [.transitions])
    }

    @Test func `violations are bounded`() {
        var invariants = Invariants(routers: [configuration])
        for step in 0..<1000 { invariants.report(.stability, at: at(Int64(step)), "again") }
        #expect(invariants.violations.count == 20)
    }
}
