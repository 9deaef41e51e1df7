import ArgumentParser
import ControlProtocol
import Lab
import LinuxIO
import Timekeeping

/// `holdfast status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what the running daemon does, and since when.",
        discussion: """
            Exit status: 0 when all is well, 1 when a server, a service or an instance is not, 3 when no \
            daemon runs, 69 when it does not answer, 77 when this user may not ask.
            """)

    @Flag(help: "As one JSON document; docs/status.schema.json describes it.") var json = false
    @Flag(help: "Again every second, until interrupted.") var watch = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        guard watch else {
            if try !show() { throw ExitCode(1) }
            return
        }
        let isTerminal = Descriptor.standardOutput.isTerminal
        // A terminal's screen is cleared; anything else gets one after the other.
        let (before, after) = (isTerminal ? "\u{1B}[H\u{1B}[2J" : "", isTerminal || json ? "" : "\n")
        _ = try show(before: before, after: after)
        while true {
            Scheduling.sleep(.seconds(1))
            // A daemon that is being started again is waited for.
            _ = try? show(before: before, after: after)
        }
    }

    /// Asks and prints; whether all is well.
    private func show(before prefix: String = "", after suffix: String = "") throws -> Bool {
        let (lines, end) = try daemon.ask(.status)
        try Exit.unless(end)
        guard let document = StatusDocument(lines) else {
            throw Exit.because("the daemon's answer makes no sense", ExitCode(70))
        }
        let text =
            switch (json, watch) {
            case (true, true): JSONWriter.line(document.json) + "\n"
            case (true, false): JSONWriter.text(document.json)
            case (false, _): document.text
            }
        StandardStream.show(prefix + text + suffix)
        return document.isWell
    }
}

/// `holdfast events`.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print what has happened since the daemon began: the latest 1000.",
        discussion:
            "Exit status: 0, 3 when no daemon runs, 69 when it does not answer, 77 without permission.")

    @Flag(name: [.short, .long], help: "Go on as events happen, until interrupted.") var follow = false
    @Flag(help: "As JSON, one object a line; docs/events.schema.json describes it.") var json = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        var last = try show(after: 0)
        while follow {
            Scheduling.sleep(.seconds(1))
            // A daemon that is being started again is waited for.
            last = (try? show(after: last)) ?? last
        }
    }

    /// The number of the latest event.
    private func show(after last: Int) throws -> Int {
        let (lines, end) = try daemon.ask(.events(since: last))
        guard last == 0 || end.outcome == .done else { return last }
        try Exit.unless(end)
        let lost = EventText.lost(lines, after: last)
        if lost > 0 {
            StandardStream.note("holdfast: \(lost) events came too fast and are not known any more")
        }
        for line in lines {
            StandardStream.show(json ? JSONWriter.line(line) + "\n" : EventText.line(line) ?? "")
        }
        return EventText.latest(lines, after: last)
    }
}

/// `holdfast why`.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why an instance, a service or a server is as it is.",
        discussion: """
            Exit status: 0 when all of that is well, 1 when it is not, 3 when no daemon runs, 4 when nothing \
            has this name, 69 when the daemon does not answer, 77 when this user may not ask.
            """)

    @Argument(help: "VI_1, 192.0.2.100:80/tcp, 192.0.2.21:80@192.0.2.100:80/tcp, or a part of it.")
    var target: String
    @Flag(help: "As one JSON document; docs/why.schema.json describes it.") var json = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        let (lines, end) = try daemon.ask(.status)
        try Exit.unless(end)
        guard let answer = WhyText(of: target, in: lines) else {
            throw Exit.because("nothing here has the name \(target)", ExitCode(4))
        }
        StandardStream.show(json ? JSONWriter.text(answer.json) : answer.text)
        if !answer.isWell { throw ExitCode(1) }
    }
}

/// `holdfast reload`.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the running daemon read its configuration again.",
        discussion: """
            A configuration with an error changes nothing: what is wrong with it is printed. One that leaves \
            no real server to any service, while there are some, is refused, too, unless --allow-empty says \
            that it is meant so.

            Exit status: 0 when the new configuration is in force, 1 when it was refused, 3 when no daemon \
            runs, 69 when it does not answer, 75 when it is not carried out within 30 s, 77 when this user \
            may not.
            """)

    @Flag(help: "Wait until everything is as the new configuration says, the kernel's tables included.")
    var wait = false
    @Flag(help: "Carry it out though nobody is left to serve.") var allowEmpty = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        let (_, end) = try daemon.ask(.reload(wait: wait, allowsEmpty: allowEmpty))
        try Exit.unless(end)
    }
}

extension MetricsText.Others: ExpressibleByArgument {}

/// `holdfast metrics`.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print what is known as Prometheus text.",
        discussion: """
            For node_exporter's textfile collector, or an exporter of your own. The names that begin with \
            keepalived_ are those that keepalived's dashboards read. With --compat lvs services and servers \
            have those of gen2brain's exporter, too: keepalived_lvs_vip_* and keepalived_lvs_rs_*.

            Exit status: 0, also when no daemon runs (keepalived_up is 0 then); 69 when it does not answer, \
            77 when this user may not ask.
            """)

    @Option(help: "Tell under the names of other exporters, too: lvs.") var compat: MetricsText.Others?
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        do {
            let (lines, end) = try daemon.ask(.status)
            try Exit.unless(end)
            StandardStream.show(MetricsText.text(lines, alsoAs: compat))
        } catch let code as ExitCode where code == Exit.notRunning {
            StandardStream.show(MetricsText.text([]))
        }
    }
}

/// `holdfast version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this tool, and of the daemon if one runs.")

    @OptionGroup var daemon: SocketOptions

    func run() throws {
        StandardStream.show("holdfast \(LabVersion.text)\n")
        do {
            let (lines, end) = try daemon.ask(.version)
            try Exit.unless(end)
            let version = lines.first?["version"]?.text ?? "holdfastd of an unknown version"
            StandardStream.show("\(version), process \(lines.first?["process"]?.integer ?? 0)\n")
        } catch let code as ExitCode where code == Exit.notRunning {
            // The tool's own version is what was asked for then.
        }
    }
}
