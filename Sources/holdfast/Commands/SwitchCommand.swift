import ArgumentParser
import ControlProtocol
import Lab
import LinuxIO
import Timekeeping

/// `holdfast switch`.
struct SwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch", abstract: "Have the other director take over an instance, without a gap.",
        discussion: """
            To be asked of the director that is master. It resigns, and keeps the addresses until the other \
            has them; an instance of a sync group takes its group along. Whatever the priorities, it then \
            takes over only when nobody else is master, until it has: when the other fails or stops, when \
            holdfast switch is asked of the other, or with --back. When nobody takes over it stays master.

            Exit status: 0 when another is master, 1 when nobody took over, or when it is not master here, 3 \
            when no daemon runs, 69 when it does not answer, 75 when only a part of the group has changed, \
            when it went to FAULT instead, or when nothing was heard of it, 77 when this user may not.
            """)

    @Argument(help: "The vrrp_instance.") var instance: String
    @Flag(help: "Take over again, as the configured priorities say; asked of the one that handed over.")
    var back = false
    @OptionGroup var daemon: SocketOptions

    func run() throws {
        let request = ControlRequest.switchOver(instance: instance, back: back)
        let (_, end) = try daemon.ask(request)
        guard end.outcome == .done else { return try Exit.unless(end) }
        if let message = end.message { StandardStream.show(message + "\n") }
    }
}
