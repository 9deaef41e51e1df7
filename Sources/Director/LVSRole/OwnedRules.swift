import LoopGuard
import NetTypes

/// Where the lvs role has rules: one chain of one family, or one table of our own.
struct RulesPlace: Hashable {
    /// What they are for.
    enum Kind: Hashable, CaseIterable {
        /// Marks of the loop guard.
        case marks
        /// The same in a table of nftables (`loop_guard_backend`).
        case nativeMarks
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

    /// What shows the rules that are there.
    var look: TablesRequest {
        switch kind {
        case .marks, .answers: .save(family, .mangle)
        case .nativeMarks: .list(family)
        case .sources: .save(family, .nat)
        }
    }

    /// What loads `input`.
    func write(_ input: String) -> TablesRequest {
        kind == .nativeMarks ? .load(family, input) : .restore(family, input)
    }

    /// What is written down before there are any.
    var claim: Claim {
        switch kind {
        case .marks: .chain(family)
        case .nativeMarks: .table(family)
        case .sources: .sources(family)
        case .answers: .answers(family)
        }
    }

    /// What a log line begins with.
    var title: String { kind == .marks || kind == .nativeMarks ? "loop guard" : "FULLNAT" }

    /// What a log line calls them: `mark rules of inet`.
    var name: String {
        switch kind {
        case .marks: "mark rules of \(family.rawValue)"
        case .nativeMarks: "mark rules of \(family.rawValue) in nftables"
        case .sources: "source rules of \(family.rawValue)"
        case .answers: "answer rules of \(family.rawValue)"
        }
    }
}

/// Rules that the lvs role has, or is to have, in one place.
enum OwnedRules: Hashable {
    case marks(MarkRules)
    case nativeMarks(NativeMarkRules)
    case sources(SourceRules)
    case answers(AnswerRules)

    /// Where they are.
    var place: RulesPlace {
        switch self {
        case .marks(let rules): RulesPlace(kind: .marks, family: rules.family)
        case .nativeMarks(let rules): RulesPlace(kind: .nativeMarks, family: rules.marks.family)
        case .sources(let rules): RulesPlace(kind: .sources, family: rules.family)
        case .answers(let rules): RulesPlace(kind: .answers, family: rules.family)
        }
    }

    /// How many there are; without any there is no chain.
    var count: Int {
        switch self {
        case .marks(let rules): rules.rules.count
        case .nativeMarks(let rules): rules.marks.rules.count
        case .sources(let rules): rules.rules.count
        case .answers(let rules): rules.rules.count
        }
    }

    /// The input of the program that makes these of what is there, `shown` by `RulesPlace.look`; nil when
    /// there is nothing to do. `reference` is what it showed when these had just been written.
    func repair(from shown: String, reference: String? = nil) -> String? {
        switch self {
        case .marks(let rules):
            rules.repair(from: ObservedMarkRules(parsing: shown, family: rules.family))
        case .nativeMarks(let rules):
            rules.isInEffect(in: shown, reference: reference) ? nil : rules.replacement
        case .sources(let rules): rules.repair(from: shown)
        case .answers(let rules): rules.repair(from: shown)
        }
    }
}
