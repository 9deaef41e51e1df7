import Timekeeping
import VRRP

// What is tracked, and groups.

extension ConfigurationDump {
    static func write(_ objects: TrackedObjects, _ writer: inout DumpWriter) {
        for script in objects.scripts { write(script, &writer) }
        for process in objects.processes { write(process, &writer) }
        for file in objects.files { write(file, &writer) }
    }

    private static func write(_ script: TrackScript, _ writer: inout DumpWriter) {
        writer.block("vrrp_script", script.name) { writer in
            writer.line("script", CommandWords.joined(script.command))
            writer.line("interval", seconds(script.interval))
            writer.line("timeout", seconds(script.timeout))
            writer.line("weight", weight(script.weight, script.isReversed))
            writer.line("rise", String(script.rise))
            writer.line("fall", String(script.fall))
            if let user = script.user { writer.line("user", [user, script.group].compactMap { $0 }) }
            if script.startsFailed { writer.line("init_fail") }
        }
    }

    private static func write(_ process: TrackProcess, _ writer: inout DumpWriter) {
        writer.block("vrrp_track_process", process.name) { writer in
            writer.line("process", [process.process] + process.parameters)
            if process.match != .exact { writer.line("param_match", process.match.rawValue) }
            writer.line("weight", weight(process.weight, process.isReversed))
            writer.line("quorum", String(process.quorum))
            if let maximum = process.quorumMaximum { writer.line("quorum_max", String(maximum)) }
            writer.line("fork_delay", seconds(process.forkDelay))
            writer.line("terminate_delay", seconds(process.terminateDelay))
            if process.comparesCommandLine { writer.line("full_command") }
        }
    }

    private static func write(_ file: TrackFile, _ writer: inout DumpWriter) {
        writer.block("track_file", file.name) { writer in
            writer.line("file", file.path)
            writer.line("weight", weight(file.weight, file.isReversed))
            if let initial = file.initialValue {
                writer.line("init_file", [String(initial.value)] + (initial.overwrites ? ["overwrite"] : []))
            }
        }
    }

    static func write(
        _ group: SyncGroup, _ scripts: TransitionScripts?, _ writer: inout DumpWriter
    ) {
        writer.block("vrrp_sync_group", group.name) { writer in
            writer.block("group") { writer in
                for member in group.members { writer.line(member) }
            }
            write(group.tracked, &writer)
            if group.keepsMemberWeights { writer.line("sync_group_tracking_weight") }
            for line in scripts?.lines ?? [] { writer.line(line[0], Array(line.dropFirst())) }
        }
    }

    static func write(_ tracking: Tracking, _ writer: inout DumpWriter) {
        if tracking.ignoresOwnInterface { writer.line("dont_track_primary") }
        write(tracking.items, &writer)
    }

    private static func write(_ items: [Tracked], _ writer: inout DumpWriter) {
        for kind in Tracked.Kind.own {
            let lines = items.filter { $0.kind == kind }
            guard !lines.isEmpty else { continue }
            writer.block(kind.rawValue) { writer in
                for item in lines {
                    // A script's own reverse would be inherited.
                    let reversal =
                        item.isReversed ? ["reverse"] : kind == .interface ? [] : ["noreverse"]
                    writer.line(item.name, ["weight", String(item.weight)] + reversal)
                }
            }
        }
    }

    private static func weight(_ value: Int, _ isReversed: Bool) -> [String] {
        [String(value)] + (isReversed ? ["reverse"] : [])
    }
}
