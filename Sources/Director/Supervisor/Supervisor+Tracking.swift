import ConfigModel
import Timekeeping
import VRRP

// What instances track beside interfaces is watched here, where programs are run and files are read; the vrrp
// role, which waits for nothing, is told what is known.

extension Supervisor {
    /// Watches what the configuration in force tracks, and nothing else.
    mutating func configureTracking(at now: Instant) -> [Action] {
        let lines =
            wantsVRRP
            ? configuration.instances.flatMap(\.tracking.items) + configuration.syncGroups.flatMap(\.tracked)
            : []
        let names = Set(lines.filter { $0.kind == .script }.map(\.name))
        let wanted = configuration.tracked.scripts.filter { names.contains($0.name) }
        return perform(scripts.configure(wanted, at: now)) + advanceTracking(to: now)
    }

    /// Runs what is due, and tells what has become of what runs.
    mutating func advanceTracking(to now: Instant) -> [Action] {
        perform(scripts.advance(to: now)) + tellTracked()
    }

    mutating func trackScriptEnded(_ run: UInt64, _ outcome: ScriptOutcome) -> [Action] {
        guard !isStopping else { return [] }
        scripts.ended(run, ScriptWatch.Outcome(outcome))
        return tellTracked()
    }

    /// All that is known.
    var tracked: TrackedValues {
        var values = TrackedValues()
        values.scripts = scripts.values
        return values
    }

    private mutating func tellTracked() -> [Action] {
        let values = tracked
        guard values != toldTracked else { return [] }
        var actions: [Action] = []
        for (name, isGood) in values.scripts.sorted(by: { $0.key < $1.key })
        where toldTracked.scripts[name] != isGood {
            actions.append(.log("VRRP_Script(\(name)) \(isGood ? "succeeded" : "failed")", isError: false))
        }
        toldTracked = values
        return actions + send(.vrrp(.tracked(values)))
    }

    private func perform(_ actions: [ScriptWatch.Action]) -> [Action] {
        actions.map { action in
            switch action {
            case .run(let run, let script): .runTrackScript(run, script)
            case .terminate(let run): .terminateTrackScript(run)
            }
        }
    }
}

extension ScriptWatch.Outcome {
    init(_ outcome: ScriptOutcome) {
        self =
            switch outcome {
            case .status(0): .succeeded
            case .status, .signal: .failed
            case .unavailable: .notRun
            }
    }
}
