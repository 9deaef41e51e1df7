import LoopGuard
import NetTypes

/// Where the lvs role has rules: one chain in one table of one family.
struct RulesPlace: Hashable {
    var table: PacketTable
    var family: AddressFamily

    /// Every place, in the order in which they are looked at.
    static let all = PacketTable.allCases.flatMap { table in
        AddressFamily.allCases.map { RulesPlace(table: table, family: $0) }
    }

    /// What is written down before there are any.
    var claim: Claim {
        switch table {
        case .mangle: .chain(family)
        case .nat: .sources(family)
        }
    }

    /// What a log line begins with.
    var title: String {
        switch table {
        case .mangle: "loop guard"
        case .nat: "FULLNAT"
        }
    }
}

/// Rules that the lvs role has, or is to have, in one place.
enum OwnedRules: Hashable {
    /// Of the loop guard.
    case marks(MarkRules)
    /// Of FULLNAT.
    case sources(SourceRules)

    /// Where they are.
    var place: RulesPlace {
        switch self {
        case .marks(let rules): RulesPlace(table: .mangle, family: rules.family)
        case .sources(let rules): RulesPlace(table: .nat, family: rules.family)
        }
    }

    /// How many there are; without any there is no chain.
    var count: Int {
        switch self {
        case .marks(let rules): rules.rules.count
        case .sources(let rules): rules.rules.count
        }
    }

    /// The input of one run of iptables-restore that makes these of what iptables-save wrote; nil when there
    /// is nothing to do.
    func repair(from saved: String) -> String? {
        switch self {
        case .marks(let rules):
            rules.repair(from: ObservedMarkRules(parsing: saved, family: rules.family))
        case .sources(let rules): rules.repair(from: saved)
        }
    }
}
