import LoopGuard
import NetTypes

/// The rules of the loop guard and of FULLNAT on their way into the kernel: read a table, compare, write in
/// one transaction, one place after the other, through the supervisor who runs iptables and nft.
struct RuleSequence {
    /// What to do now.
    enum Step: Hashable {
        /// Ask the supervisor.
        case request(TablesRequest)
        /// Write this down, then ask.
        case claim(Claim, then: TablesRequest)
        /// The rules of a place are in the kernel. `isRepair` tells that somebody had changed them.
        case wrote(RulesPlace, count: Int, isRepair: Bool)
        /// It did not work; says why.
        case failed(RulesPlace, String)
    }

    private enum State: Hashable {
        case idle
        case saving(RulesPlace)
        case restoring(OwnedRules, isRepair: Bool)
        /// How nft writes what it has just been told.
        case listing(OwnedRules, isRepair: Bool)
    }

    private var state = State.idle
    private var due: [RulesPlace] = []
    /// What was last known to be in the kernel.
    private var inEffect: [RulesPlace: OwnedRules] = [:]
    /// How nft listed that.
    private var references: [RulesPlace: String] = [:]
    /// Where it did not work the last time.
    private(set) var failed: Set<RulesPlace> = []

    /// Nothing is under way or waits.
    var isIdle: Bool { state == .idle && due.isEmpty }

    /// The places to look at: with rules, or with a chain or table of ours that may be there. What is to be
    /// added comes first: with another backend a service is not without its marks in between.
    static func places(_ rules: (RulesPlace) -> OwnedRules, claims: Set<Claim>) -> [RulesPlace] {
        let filled = RulesPlace.all.filter { rules($0).count > 0 }
        return filled + RulesPlace.all.filter { !filled.contains($0) && claims.contains($0.claim) }
    }

    /// These places are to be looked at; those known to be free of rules, as wanted, are not.
    mutating func look(at places: [RulesPlace], rules: (RulesPlace) -> OwnedRules) {
        for place in places where !due.contains(place) {
            let wanted = rules(place)
            guard wanted.count > 0 || inEffect[place] != wanted else { continue }
            due.append(place)
        }
    }

    /// The next request when none is under way.
    mutating func next() -> Step? {
        guard state == .idle, !due.isEmpty else { return nil }
        let place = due.removeFirst()
        state = .saving(place)
        return .request(place.look)
    }

    /// The supervisor has answered; what follows, in order.
    mutating func answered(_ answer: TablesAnswer, rules: (RulesPlace) -> OwnedRules) -> [Step] {
        switch (state, answer) {
        case (.idle, _): return []
        case (.saving(let place), .failed(let sentence)): return fail(place, sentence)
        case (.restoring(let written, _), .failed(let sentence)),
            (.listing(let written, _), .failed(let sentence)):
            return fail(written.place, sentence)
        case (.saving(let place), .done(let text)):
            let wanted = rules(place)
            let reference = inEffect[place] == wanted ? references[place] : nil
            guard let input = wanted.repair(from: text, reference: reference) else {
                state = .idle
                inEffect[place] = wanted
                failed.remove(place)
                return []
            }
            return write(input, wanted)
        case (.restoring(let written, let isRepair), .done):
            guard written.place.kind == .nativeMarks, written.count > 0 else {
                return reached(written, isRepair: isRepair)
            }
            state = .listing(written, isRepair: isRepair)
            return [.request(written.place.look)]
        case (.listing(let written, let isRepair), .done(let text)):
            // Somebody may have been at it in between, and that would be taken for ours from now on.
            guard case .nativeMarks(let native) = written, native.mayBe(text) else {
                return fail(written.place, "nft lists other rules than it was given")
            }
            references[written.place] = text
            return reached(written, isRepair: isRepair)
        }
    }

    private mutating func fail(_ place: RulesPlace, _ sentence: String) -> [Step] {
        state = .idle
        failed.insert(place)
        return [.failed(place, sentence)]
    }

    private mutating func write(_ input: String, _ wanted: OwnedRules) -> [Step] {
        let place = wanted.place
        state = .restoring(wanted, isRepair: inEffect[place] == wanted)
        return [.claim(place.claim, then: place.write(input))]
    }

    private mutating func reached(_ written: OwnedRules, isRepair: Bool) -> [Step] {
        state = .idle
        inEffect[written.place] = written
        failed.remove(written.place)
        return [.wrote(written.place, count: written.count, isRepair: isRepair)]
    }

    /// What was asked for was not asked after all.
    mutating func abandon() { state = .idle }
}
