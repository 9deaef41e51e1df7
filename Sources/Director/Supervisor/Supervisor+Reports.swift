import ConfigModel
import HealthChecks
import Timekeeping
import VRRP

// What roles report, and who hears of it.

extension Supervisor {
    mutating func heard(_ report: RoleReport, at now: Instant) -> [Action] {
        switch report {
        case .vrrp(let report): heard(report, at: now)
        case .lvs(let report): heard(report, at: now)
        case .checker(let report): heard(report, at: now)
        }
    }

    mutating func heard(_ report: VRRPReport, at now: Instant) -> [Action] {
        switch report {
        case .ready:
            roles[.vrrp]?.isReady = true
            return announceReadiness()
        case .state(let instance, let state, _):
            guard configuration.instances.contains(where: { $0.name == instance }) else {
                return state == .initialize ? tellDeparture(of: instance) : []
            }
            let told = tell(instance, was: states[instance], is: state)
            states[instance] = state
            if state == .master { yielding.remove(instance) }
            if state != .master { lastAdverts[instance] = nil }
            // At the end lvs has its own order to stop; to follow the state once more would only cost time.
            guard !isStopping else { return told }
            return send(.lvs(.state(instance: instance, state))) + told
        case .priority(let instance, let priority):
            return noted(priority, of: instance)
        case .kept(let instance, _):
            yielding.remove(instance)
            return []
        case .described: return []
        case .stopped:
            roles[.vrrp]?.hasCleanedUp = true
            owing.remove(.vrrp)
            return []
        }
    }

    mutating func heard(_ report: LVSReport, at now: Instant) -> [Action] {
        switch report {
        case .ready:
            roles[.lvs]?.isReady = true
            hasFlushed = true
            if !isNeeded(.lvs), !isStopping { return beginVRRP() + bringDown(.lvs, at: now) }
            return beginVRRP() + announceReadiness() + tellServices()
        case .tables(let request):
            bear(with: .lvs, longer: TablesProgram.timeout, at: now)
            return [.runTables(request)]
        case .peers(let table):
            peers = table
            return []
        case .described: return []
        case .present(let addresses):
            noted(present: addresses, at: now)
            return []
        case .lost(let services):
            lost = services
            return []
        case .failed(let sentence): return failed(sentence, at: now)
        case .stopped:
            roles[.lvs]?.hasCleanedUp = true
            owing.remove(.lvs)
            return []
        }
    }

    /// Without IPVS a director that was never up refuses to start; one that runs goes on with what it has.
    private mutating func failed(_ sentence: String, at now: Instant) -> [Action] {
        roles[.lvs]?.failure = sentence
        roles[.lvs]?.hasCleanedUp = true
        owing.remove(.lvs)
        // Without IPVS nothing of it can be left; who does not need it goes on.
        guard isNeeded(.lvs) else { return [] }
        let log = Action.log(sentence, isError: true)
        // Timeouts of a table that nobody has are no reason to elect no master.
        if !configuration.usesIPVS {
            guard case .starting = phase else { return [log] }
            return [log] + beginVRRP()
        }
        guard case .starting = phase else {
            guard phase == .running, !saidReady else { return [log] }
            exitStatus = 1
            return [log] + stop(at: now)
        }
        exitStatus = 1
        return [log] + stop(at: now)
    }

    mutating func heard(_ report: CheckerReport, at now: Instant) -> [Action] {
        switch report {
        case .verdicts(let generation, let news):
            guard generation == self.generation else { return [] }
            var said: [FailureGuard.Ruling] = []
            var asked: [CheckSpecification: Int32?] = [:]
            for item in news where checks.indices.contains(item.index) {
                let check = checks[item.index]
                // Nobody but a program that may is believed about a weight.
                asked[check] = .some(check.kind.isDynamic ? item.weight.map(Int32.init) : nil)
                said.append(FailureGuard.Ruling(check, item.verdict, because: item.report))
            }
            return follow(failures.hear(said, at: now), asking: asked, at: now)
        case .run(let run, let generation, let index):
            // Only a program that is configured is ever run, whatever the checker may have been made to ask
            // for.
            guard !isStopping, case .script(let script) = check(index, of: generation)?.kind
            else { return send(.checker(.scriptEnded(run: run, .unavailable("no such check any more")))) }
            return [.runScript(run, script)]
        case .terminate(let run): return [.terminateScript(run)]
        case .described: return []
        case .socket(let number, let generation, let index):
            // Only a socket that is configured is ever made.
            guard !isStopping, let order = check(index, of: generation).flatMap({ SocketOrder($0.kind) })
            else {
                return send(
                    .checker(.socketRefused(number, "no such check any more", isTargets: false)))
            }
            return [.makeSocket(number, order)]
        }
    }
}
