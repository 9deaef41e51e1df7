import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakScheduleTests {
    private func faults(_ seed: UInt64, _ count: Int = 200) -> [SoakFault] {
        var schedule = SoakSchedule(seed: seed)
        return (0..<count).map { _ in schedule.next() }
    }

    @Test func `the seed is the whole future`() {
        #expect(faults(7) == faults(7))
        #expect(faults(7) != faults(8))
    }

    @Test func `every kind comes, and the master is hit more often`() {
        let all = faults(3, 400)
        func count(_ isOne: (SoakFault) -> Bool) -> Int { all.count(where: isOne) }
        #expect(count { if case .killRoles(_, let roles) = $0 { roles.count == 1 } else { false } } >= 22)
        #expect(count { if case .killRoles(_, let roles) = $0 { roles.count > 1 } else { false } } >= 22)
        #expect(count { if case .killServer(_, let roles) = $0 { roles.isEmpty } else { false } } > 0)
        #expect(count { if case .killServer(_, let roles) = $0 { !roles.isEmpty } else { false } } > 0)
        for isOne in Self.kinds { #expect(count(isOne) > 0) }
        let (a, b) = (count { $0.director == LabPlan.directorA }, count { $0.director == LabPlan.directorB })
        #expect(a > b && b > 50)
    }

    private static let kinds: [@Sendable (SoakFault) -> Bool] = [
        { if case .hangRole = $0 { true } else { false } },
        { if case .killSupervisor = $0 { true } else { false } },
        { if case .killAll = $0 { true } else { false } }, { if case .restart = $0 { true } else { false } },
        { if case .freeze = $0 { true } else { false } }, { if case .cable = $0 { true } else { false } },
        { if case .flap = $0 { true } else { false } }, { if case .partition = $0 { true } else { false } },
        { if case .loss = $0 { true } else { false } }, { if case .clearTable = $0 { true } else { false } },
        { if case .changeWeight = $0 { true } else { false } }, { $0 == .removeAddress },
        { if case .reloadStorm = $0 { true } else { false } },
        { if case .reload = $0 { true } else { false } }, { if case .badFile = $0 { true } else { false } },
        { $0 == .switchOver },
    ]

    @Test(arguments: 1...20) func `what is drawn is within bounds`(seed: Int) {
        var schedule = SoakSchedule(seed: UInt64(seed))
        for _ in 0..<100 {
            #expect((.zero ... .milliseconds(2500)).contains(schedule.pause()))
            switch schedule.next() {
            case .killRoles(_, let roles), .killServer(_, let roles):
                #expect(Set(roles).isSubset(of: SoakFault.roles) && Set(roles).count == roles.count)
            case .freeze(_, let time), .cable(_, let time), .partition(let time):
                #expect((.milliseconds(100) ... .seconds(8)).contains(time))
                #expect(time.nanoseconds % 1_000_000 == 0)
            case .loss(_, let percent, _): #expect((5...40).contains(percent))
            case .flap(_, let times): #expect((2..<10).contains(times))
            case .reload(_, let variant): #expect((0..<SoakFiles.variants).contains(variant))
            case .reloadStorm(_, let times): #expect((5..<30).contains(times))
            default: break
            }
        }
    }
}
