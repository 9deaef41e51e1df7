import LoopGuard
import NetTypes

/// Where the lvs role has rules: one chain of one family.
struct RulesPlace: Hashable {
    /// What they are for.
    enum Kind: Hashable, CaseIterable {
        /// Marks of the loop guard.
        case marks
        /// Sources of FULLNAT.
        case sources
        /// Answers to them that nobody waits for.
        case answers
    }

    var kind: Kind
    var family: AddressFamily

    /// Every place, in the order in which they are looked at.
    static let all = Kind.allCases.flatMap { kind in
        AddressFamily.allCases.map { RulesPlace(kind: kind, family: $0) }
    }

    /// The table that the chain is in.
    var table: PacketTable { kind == .sources ? .nat : .mangle }

    /// What is written down before there are any.
    var claim: Claim {
        switch kind {
        case .marks: .chain(family)
        case .sources: .sources(family)
        case .answers: .answers(family)
        }
    }

    /// What a log line begins with.
    var title: String { kind == .marks ? "loop guard" : "FULLNAT" }

    /// What a log line calls them: `mark rules of inet`.
    var name: String {
        switch kind {
        case .marks: "mark rules of \(family.rawValue)"
        case .sources: "source rules of \(family.rawValue)"
        case .answers: "answer rules of \(family.rawValue)"
        }
    }
}

/// Rules that the lvs role has, or is to have, in one place.
enum OwnedRules: Hashable {
    case marks(MarkRules)
    case sources(SourceRules)
    case answers(AnswerRules)

    /// Where they are.
    var place: RulesPlace {
        switch self {
        case .marks(let rules): RulesPlace(kind: .marks, family: rules.family)
        case .sources(let rules): RulesPlace(kind: .sources, family: rules.family)
        case .answers(let rules): RulesPlace(kind: .answers, family: rules.family)
        }
    }

    /// How many there are; without any there is no chain.
    var count: Int {
        switch self {
        case .marks(let rules): rules.rules.count
        case .sources(let rules): rules.rules.count
        case .answers(let rules): rules.rules.count
        }
    }

    /// The input of one run of iptables-restore that makes these of what iptables-save wrote; nil when there
    /// is nothing to do.
    func repair(from saved: String) -> String? {
        switch self {
        case .marks(let rules):
            rules.repair(from: ObservedMarkRules(parsing: saved, family: rules.family))
        case .sources(let rules): rules.repair(from: saved)
        case .answers(let rules): rules.repair(from: saved)
        }
    }
}
