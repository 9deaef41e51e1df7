import SimulationKit
import Timekeeping

/// Which faults follow each other: all of it comes from the seed.
package struct SoakSchedule: Sendable {
    private var generator: SeededGenerator
    /// The kinds that are still to come before any comes again.
    private var bag: [Int] = []
    private static let kinds = 18

    /// The schedule of this seed.
    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// How long the pair is left alone before the next fault, so that it meets any phase of adverts, checks
    /// and audits.
    package mutating func pause() -> Interval { generator.interval(.zero, .milliseconds(2500)) }

    /// The next fault. Every kind comes once before one comes again.
    package mutating func next() -> SoakFault {
        if bag.isEmpty { bag = Array(0..<Self.kinds) }
        return fault(bag.remove(at: generator.below(bag.count)))
    }

    private mutating func fault(_ kind: Int) -> SoakFault {
        // The master is hit twice as often: there is more to lose.
        let director = generator.chance(permille: 667) ? LabPlan.directorA : LabPlan.directorB
        switch kind {
        case 0: return .killRoles(director: director, roles: [generator.pick(SoakFault.roles)])
        case 1: return .killRoles(director: director, roles: someRoles(atLeast: 2))
        case 2: return .hangRole(director: director, role: generator.pick(SoakFault.roles))
        case 3: return .killSupervisor(director: director)
        case 4: return .killAll(director: director)
        case 5: return .restart(director: director)
        case 6: return .freeze(director: director, span(.milliseconds(300), .seconds(8)))
        case 7: return .cable(director: director, span(.milliseconds(100), .seconds(7)))
        case 8: return .flap(director: director, times: 2 + generator.below(8))
        case 9: return .partition(span(.seconds(1), .seconds(8)))
        case 10:
            return .loss(
                director: director, percent: 5 + generator.below(36), span(.seconds(2), .seconds(8)))
        case 11: return .clearTable(director: director)
        case 12: return .changeWeight(director: director)
        case 13: return .removeAddress
        case 14: return .reloadStorm(director: director, times: 5 + generator.below(25))
        case 15: return .reload(director: director, variant: generator.below(SoakFiles.variants))
        case 16: return .badFile(director: director)
        default:
            if kind == 17, generator.chance(permille: 400) { return .switchOver }
            let roles = generator.chance(permille: 500) ? someRoles(atLeast: 1) : []
            return .killServer(span(.seconds(1), .seconds(6)), roles: roles)
        }
    }

    /// Whole milliseconds, for people.
    private mutating func span(_ low: Interval, _ high: Interval) -> Interval {
        .milliseconds(generator.interval(low, high).nanoseconds / 1_000_000)
    }

    private mutating func someRoles(atLeast count: Int) -> [String] {
        var roles = SoakFault.roles
        while roles.count > count, generator.chance(permille: 500) {
            roles.remove(at: generator.below(roles.count))
        }
        return roles
    }
}
