import ConfigModel
import ConfigSyntax
import LinuxIO
import Timekeeping

// The file read again, while its predecessor is in force.

extension SupervisorProcess {
    /// A bad file changes nothing: what is wrong with it, nothing when the new configuration is in force.
    func reload(allowingEmpty: Bool = false, at now: Instant) -> [String] {
        guard !supervisor.isStopping else { return ["the daemon is stopping"] }
        notify("RELOADING=1\nMONOTONIC_USEC=\(Clock.monotonicMicroseconds())")
        // While roles are still starting, the end of the start is told later.
        defer { if supervisor.saidReady { notify("READY=1") } }
        let (loaded, accepted) = readAnew()
        guard let configuration = accepted else { return refuse(loaded.lines, at: now) }
        let objections = allowingEmpty ? [] : objections(to: configuration)
        guard objections.isEmpty else { return refuse(objections, at: now) }
        announce(loaded, configuration, "reloading")
        inForce = loaded
        take(configuration, isStart: false)
        facts.reload = DaemonFacts.Reload(at: now, findings: [])
        return []
    }

    /// What has to be confirmed before a reload.
    private func objections(to new: Configuration) -> [String] {
        guard supervisor.wantsChecks, let emptying = supervisor.configuration.emptying(by: new) else {
            return []
        }
        return ["\(source.path): error: \(emptying); holdfast reload --allow-empty carries it out"]
    }

    private func refuse(_ findings: [String], at now: Instant) -> [String] {
        for line in findings { log.error(line) }
        log.error(
            LogLine(
                "\(source.path) is refused; going on with the configuration in force",
                LogEvent(.reload, ["CONFIG_FILE": source.path, "STATE_TO": "refused"])))
        facts.reload = DaemonFacts.Reload(at: now, findings: findings)
        chronicle.noteRefusal(of: facts.file, findings, at: now)
        return findings
    }

    /// What a reload reads, and what of it may be put in force; nil where it is refused.
    private func readAnew(_ file: String? = nil) -> (loaded: LoadResult, accepted: Configuration?) {
        let loaded = source.load(file, after: inForce).seenOnThisHost(beside: ownAddresses)
        // At start what is missing may come yet; what runs is not given up for something that cannot.
        return (loaded, loaded.exitCode == 5 ? nil : loaded.configuration)
    }

    /// What a reload would put in force; or what is wrong with it.
    func readPlan(_ file: String?) -> Result<PlanReport.Wanted, RefusedFile> {
        let (loaded, accepted) = readAnew(file)
        guard let configuration = accepted else {
            return .failure(RefusedFile(findings: loaded.lines))
        }
        return .success(
            PlanReport.Wanted(
                file: file ?? source.path,
                digest: ConfigurationSource.digest(of: loaded.sources.writtenFiles.map(\.octets)),
                configuration: configuration, findings: loaded.lines + objections(to: configuration)))
    }
}
