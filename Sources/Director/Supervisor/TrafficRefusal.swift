import LinuxIO
import NetTypes
import Timekeeping
import VRRP

/// The one writer of what `no_accept` needs in the kernel: it looks at the mangle tables, compares, and
/// writes in one transaction, one family at a time, again and again. What it makes is written down before.
final class TrafficRefusal<Token> {
    private enum State: Hashable {
        case idle
        case saving(RefusalRules)
        case restoring(RefusalRules)
    }

    /// From one look to the next, as long as there is anything to hold or to remove.
    private let spacing = Interval.seconds(5)
    private let tables: TablesRunner<Token>
    private let directory: RunDirectory
    private let log: Log
    private var state = State.idle
    private var due: [RefusalRules] = []
    private var instances: [RouterConfiguration] = []
    /// Families that have, or may have, a chain of ours.
    private var owing: Set<AddressFamily>
    /// What is in the kernel for all that is known.
    private var inEffect: [AddressFamily: RefusalRules] = [:]
    private var lookAt: Instant?
    /// Why a family could not be looked at or written, until it could.
    private var said: [AddressFamily: String] = [:]

    init(
        in loop: EventLoop<Token>, _ directory: RunDirectory, log: Log,
        token: @escaping (TablesEvent) -> Token
    ) throws {
        tables = TablesRunner(in: loop, token: token)
        self.directory = directory
        self.log = log
        owing = []
        for case .refusal(let family) in try directory.claims(RefusalRules.ledger) { owing.insert(family) }
    }

    /// Nothing is under way or waits.
    var isIdle: Bool { state == .idle && due.isEmpty }

    /// When `advance` has something to do.
    var nextDeadline: Instant? { Instant?.earlier(tables.nextDeadline, lookAt) }

    /// From now on these are the instances; none at the end.
    func configure(_ instances: [RouterConfiguration], at now: Instant) {
        self.instances = instances
        look(at: now)
    }

    /// Ends what takes too long, and looks again when it is time.
    func advance(to now: Instant) {
        tables.advance(to: now)
        if let lookAt, lookAt <= now { look(at: now) }
    }

    /// Serves the program that runs.
    func handle(_ event: TablesEvent, at now: Instant) {
        if let answer = tables.handle(event) { heard(answer, at: now) }
    }

    private func look(at now: Instant) {
        let wanted = AddressFamily.allCases.map { RefusalRules(family: $0, instances) }
        due = wanted.filter { !$0.rules.isEmpty || owing.contains($0.family) }
        lookAt = due.isEmpty ? nil : now + spacing
        next(at: now)
    }

    private func next(at now: Instant) {
        guard state == .idle, !due.isEmpty else { return }
        let wanted = due.removeFirst()
        state = .saving(wanted)
        run(.save(wanted.family), at: now)
    }

    private func run(_ request: TablesRequest, at now: Instant) {
        if let answer = tables.run(request, at: now) { heard(answer, at: now) }
    }

    private func heard(_ answer: TablesAnswer, at now: Instant) {
        switch (state, answer) {
        case (.idle, _): return
        case (.saving(let wanted), .failed(let sentence)), (.restoring(let wanted), .failed(let sentence)):
            fail(wanted.family, sentence)
        case (.saving(let wanted), .done(let text)):
            do {
                if !wanted.rules.isEmpty { try claim(wanted.family) }
                guard let input = wanted.repair(from: text) else {
                    reached(wanted)
                    break
                }
                state = .restoring(wanted)
                return run(.restore(wanted.family, input), at: now)
            } catch {
                fail(wanted.family, "\(error)")
            }
        case (.restoring(let wanted), .done):
            let name = "chain \(RefusalRules.chain) of \(wanted.family.rawValue)"
            if wanted.rules.isEmpty {
                log.notice("no_accept: \(name) removed")
            } else if inEffect[wanted.family] == wanted {
                log.warning("repaired: no_accept: \(name)")
            } else {
                log.notice("no_accept: \(name) in place, rules: \(wanted.rules.count)")
            }
            reached(wanted)
        }
        next(at: now)
    }

    private func fail(_ family: AddressFamily, _ sentence: String) {
        state = .idle
        guard said.updateValue(sentence, forKey: family) != sentence else { return }
        log.error("no_accept: \(sentence)")
    }

    private func reached(_ wanted: RefusalRules) {
        state = .idle
        said[wanted.family] = nil
        inEffect[wanted.family] = wanted
        guard wanted.rules.isEmpty, owing.remove(wanted.family) != nil else { return }
        do { try writeDown() } catch { log.error("no_accept: \(error)") }
    }

    /// Written down before the kernel is told.
    private func claim(_ family: AddressFamily) throws {
        guard owing.insert(family).inserted else { return }
        do { try writeDown() } catch {
            owing.remove(family)
            throw error
        }
    }

    private func writeDown() throws {
        guard !owing.isEmpty else { return try directory.removeLedger(RefusalRules.ledger) }
        try directory.rewrite(
            RefusalRules.ledger, AddressFamily.allCases.filter(owing.contains).map { .refusal($0) })
    }
}
