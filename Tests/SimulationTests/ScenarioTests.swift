import NetTypes
import SimulationKit
import Testing
import Timekeeping
import VRRP

@Suite struct ScenarioTests {
    private func drawn(_ seed: UInt64, version: ProtocolVersion = .v3) -> Scenario {
        .drawn(seed: seed, directors: 3, version: version, units: 120)
    }

    @Test func `a seed draws one scenario`() {
        #expect(drawn(5).routers == drawn(5).routers)
        #expect(drawn(5).network == drawn(5).network)
        #expect(drawn(5).faults.map(\.fault) == drawn(5).faults.map(\.fault))
        #expect(Set((1...50).map { drawn($0).faults.count }).count > 5)
    }

    @Test func `seeds reach every kind of fault, every ending, both preemption rules and mixed intervals`() {
        var kinds: Set<String> = []
        var endings: Set<FinalBlow> = []
        var preempts: Set<Bool> = []
        var mixed = 0
        for seed in UInt64(1)...200 {
            let scenario = drawn(seed)
            for (_, fault) in scenario.faults { kinds.insert("\(fault)".prefix { $0 != "(" }.description) }
            endings.insert(scenario.finalBlow)
            preempts.formUnion(scenario.routers.map(\.preempts))
            if Set(scenario.routers.map(\.advertisementInterval)).count > 1 { mixed += 1 }
        }
        #expect(
            kinds == [
                "crashProcess", "crashHost", "stop", "freeze", "cut", "unplug", "reprioritise",
            ])
        #expect(endings == Set(FinalBlow.allCases))
        #expect(preempts == [true, false])
        #expect(mixed > 10)
    }

    @Test func `seeds reach both families, both transports and the options, the same on every director`() {
        var seen: Set<String> = []
        for seed in UInt64(1)...200 {
            for version in [ProtocolVersion.v2, .v3] {
                let routers = drawn(seed, version: version).routers
                #expect(Set(routers.map(\.election)).count == 1)
                #expect(Set(routers.map(\.family)).count == 1)
                guard let first = routers.first else { continue }
                seen.insert("\(version) \(first.family)")
                seen.insert("adverts \(first.election.downTimerAdverts)")
                seen.insert("answers \(first.election.answersLowerPriority)")
                seen.insert("owners \(routers.filter { $0.priority == 255 }.count)")
                if case .header = first.authentication { seen.insert("\(version) numbered") }
                guard case .unicast(let unicast) = first.transport else { continue }
                seen.insert("unicast")
                let others = [Scenario.address(of: 1, first.family), Scenario.address(of: 2, first.family)]
                #expect(unicast.peers.map(\.address) == others)
            }
        }
        #expect(
            seen == [
                "v2 inet", "v3 inet", "v3 inet6", "adverts 2", "adverts 3", "adverts 5", "answers true",
                "answers false", "unicast", "owners 0", "owners 1", "owners 2", "v2 numbered",
            ])
    }

    @Test func `faults happen within their time and the configurations agree where version 2 demands it`() {
        for seed in UInt64(1)...50 {
            let scenario = drawn(seed, version: .v2)
            let end = Instant(nanoseconds: 0) + scenario.faultTime
            #expect(scenario.faults.allSatisfy { $0.at >= Instant(nanoseconds: 0) && $0.at <= end })
            #expect(Set(scenario.routers.map(\.advertisementInterval)) == [.seconds(1)])
            #expect(Set(scenario.routers.map(\.authentication)).count == 1)
            #expect(scenario.unit == .seconds(1))
        }
    }

    @Test func `a healing scenario keeps cuts or stalls only and loses nothing`() {
        for seed in UInt64(1)...50 {
            let scenario = drawn(seed).healing()
            #expect(scenario.network == NetworkFaults())
            #expect(seed % 2 == 0 || scenario.faults.count <= 1)
            for (_, fault) in scenario.faults {
                switch fault {
                case .cut(_, _, let bothWays, _): #expect(bothWays && seed % 2 == 1)
                case .freeze: #expect(seed % 2 == 0)
                default: Issue.record("kept \(fault)")
                }
            }
        }
    }

    @Test
    func `a rough scenario has sleeping machines and strangers too, and other lists in version 3 alone`() {
        for version in [ProtocolVersion.v2, .v3] {
            var kinds: Set<String> = []
            for seed in UInt64(1)...50 {
                let (plain, rough) = (drawn(seed, version: version), drawn(seed, version: version).rougher())
                #expect(rough.faults.prefix(plain.faults.count).map(\.fault) == plain.faults.map(\.fault))
                for (at, fault) in rough.faults.dropFirst(plain.faults.count) {
                    kinds.insert("\(fault)".prefix { $0 != "(" }.description)
                    #expect(at <= Instant(nanoseconds: 0) + rough.faultTime)
                }
            }
            #expect(kinds == (version == .v2 ? ["suspend", "stranger"] : ["suspend", "stranger", "relist"]))
        }
    }

    @Test func `directors have addresses in order`() {
        #expect(Scenario.address(of: 0).description == "192.0.2.2")
        #expect(Scenario.address(of: 0) < Scenario.address(of: 1))
        #expect(Scenario.address(of: 0, .inet6).description == "fe80::2")
        #expect(Scenario.address(of: 0, .inet6) < Scenario.address(of: 1, .inet6))
    }
}
