import ConfigModel
import HealthChecks
import LoadBalancing
import Timekeeping
import VRRP

// What instances track beside interfaces is watched here, where programs are run and files are read; the vrrp
// role, which waits for nothing, is told what is known.

extension Supervisor {
    /// Watches what the configuration in force tracks, and nothing else.
    mutating func configureTracking(at now: Instant) -> [Action] {
        let wanted = wantsVRRP ? configuration.usedScripts : []
        let names = Set(usedFiles.map(\.name))
        files = files.filter { names.contains($0.key) }
        processes.configure(wantsVRRP ? configuration.usedProcesses : [])
        return perform(scripts.configure(wanted, at: now)) + advanceTracking(to: now)
    }

    /// Runs what is due, and tells what has become of what runs.
    mutating func advanceTracking(to now: Instant) -> [Action] {
        processes.advance(to: now)
        return perform(scripts.advance(to: now)) + tellTracked()
    }

    /// When `advanceTracking` has something to do.
    var trackingDeadline: Instant? { Instant?.earlier(scripts.nextDeadline, processes.nextDeadline) }

    mutating func trackScriptEnded(_ run: UInt64, _ outcome: ScriptOutcome) -> [Action] {
        guard !isStopping else { return [] }
        scripts.ended(run, ScriptWatch.Outcome(outcome))
        return tellTracked()
    }

    /// All that is known.
    var tracked: TrackedValues {
        var values = TrackedValues()
        values.scripts = scripts.values
        values.processes = processes.values
        values.files = files
        return values
    }

    mutating func tellTracked() -> [Action] {
        let values = tracked
        guard values != toldTracked else { return [] }
        var actions: [Action] = []
        for (name, isGood) in values.scripts.sorted(by: { $0.key < $1.key })
        where toldTracked.scripts[name] != isGood {
            actions.append(.log("VRRP_Script(\(name)) \(isGood ? "succeeded" : "failed")", isError: false))
        }
        for (name, isGood) in values.processes.sorted(by: { $0.key < $1.key })
        where toldTracked.processes[name] != isGood {
            let line = "Quorum \(isGood ? "gained" : "lost") for tracked process \(name)"
            actions.append(.log(line, isError: false))
        }
        toldTracked = values
        return actions + send(.vrrp(.tracked(values)))
    }

    /// The `track_file`s that an instance, a group or a server goes by.
    var usedFiles: [TrackFile] { configuration.usedFiles(elections: wantsVRRP, checks: wantsChecks) }

    /// Tells what the numbers in files say of servers (`FILE_CHECK`), where it is news.
    mutating func tellFiles(at now: Instant) -> [Action] {
        let news = fileVerdicts.judge(files, at: now)
        guard !news.isEmpty else { return [] }
        keep(news)
        return send(.lvs(.verdicts(news))) + tellServices(changedBy: news.map(\.check))
    }

    /// Puts these in force.
    mutating func keep(_ told: [CheckVerdict]) {
        for item in told {
            verdicts[item.check] = item.verdict
            weights[item.check] = item.weight
        }
        news += told
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

extension Configuration {
    /// The `vrrp_script`s that somebody tracks.
    var usedScripts: [TrackScript] { used(tracked.scripts, .script, by: \.name) }

    /// The `vrrp_track_process`es that somebody tracks.
    var usedProcesses: [TrackProcess] { used(tracked.processes, .process, by: \.name) }

    /// The `track_file`s that instances and groups track, those of `FILE_CHECK`s, or both.
    func usedFiles(elections: Bool, checks: Bool) -> [TrackFile] {
        guard !tracked.files.isEmpty else { return [] }
        var used = elections ? names(.file) : []
        if checks {
            for check in virtualServers.lazy.flatMap(\.realServers).flatMap(\.checks) {
                if case .file(let file) = check.kind { used.insert(file.name) }
            }
        }
        return tracked.files.filter { used.contains($0.name) }
    }

    private func used<Object>(
        _ objects: [Object], _ kind: Tracked.Kind, by name: (Object) -> String
    ) -> [Object] {
        let used = names(kind)
        return objects.filter { used.contains(name($0)) }
    }

    private func names(_ kind: Tracked.Kind) -> Set<String> {
        let lines = instances.flatMap(\.tracking.items) + syncGroups.flatMap(\.tracked)
        return Set(lines.filter { $0.kind == kind }.map(\.name))
    }
}

extension ScriptWatch.Outcome {
    init(_ outcome: ScriptOutcome) {
        self =
            switch outcome {
            case .status(0): .succeeded
            case .status, .signal, .unfit: .failed
            case .unavailable: .notRun
            }
    }
}
