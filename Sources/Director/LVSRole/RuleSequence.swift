import LoopGuard
import NetTypes

/// The guard's rules on their way into the kernel: read the mangle table, compare, write in one transaction,
/// one family at a time, through the supervisor who runs the iptables programs.
struct RuleSequence {
    /// What to do now.
    enum Step: Hashable {
        /// Ask the supervisor.
        case request(TablesRequest)
        /// Write this down, then ask.
        case claim(AddressFamily, then: TablesRequest)
        /// The rules of a family are in the kernel. `isRepair` tells that somebody had changed them.
        case wrote(AddressFamily, count: Int, isRepair: Bool)
        /// It did not work; says why.
        case failed(String)
    }

    private enum State: Hashable {
        case idle
        case saving(AddressFamily)
        case restoring(MarkRules, isRepair: Bool)
    }

    private var state = State.idle
    private var due: [AddressFamily] = []
    /// What was last known to be in the kernel.
    private var inEffect: [AddressFamily: MarkRules] = [:]

    /// Nothing is under way or waits.
    var isIdle: Bool { state == .idle && due.isEmpty }

    /// The families to look at: with rules, or with a chain of ours that may be there.
    static func families(_ rules: (AddressFamily) -> MarkRules, claims: Set<Claim>) -> [AddressFamily] {
        AddressFamily.allCases.filter { !rules($0).rules.isEmpty || claims.contains(.chain($0)) }
    }

    /// These families are to be looked at; those known to be free of rules, as wanted, are not.
    mutating func look(at families: [AddressFamily], rules: (AddressFamily) -> MarkRules) {
        for family in families where !due.contains(family) {
            let wanted = rules(family)
            guard !wanted.rules.isEmpty || inEffect[family] != wanted else { continue }
            due.append(family)
        }
    }

    /// The next request when none is under way.
    mutating func next() -> Step? {
        guard state == .idle, !due.isEmpty else { return nil }
        let family = due.removeFirst()
        state = .saving(family)
        return .request(.save(family))
    }

    /// The supervisor has answered; what follows, in order.
    mutating func answered(_ answer: TablesAnswer, rules: (AddressFamily) -> MarkRules) -> [Step] {
        switch (state, answer) {
        case (.idle, _): return []
        case (_, .failed(let sentence)):
            state = .idle
            return [.failed(sentence)]
        case (.saving(let family), .done(let text)):
            let wanted = rules(family)
            let observed = ObservedMarkRules(parsing: text, family: family)
            guard let input = wanted.repair(from: observed) else {
                state = .idle
                inEffect[family] = wanted
                return []
            }
            state = .restoring(wanted, isRepair: inEffect[family] == wanted)
            return [.claim(family, then: .restore(family, input))]
        case (.restoring(let written, let isRepair), .done):
            state = .idle
            inEffect[written.family] = written
            return [.wrote(written.family, count: written.rules.count, isRepair: isRepair)]
        }
    }

    /// What was asked for was not asked after all.
    mutating func abandon() { state = .idle }
}
