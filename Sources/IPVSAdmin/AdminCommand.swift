import LoadBalancing
import NetTypes

/// What one command line of ipvsadm(8) asks for.
package enum AdminCommand: Hashable, Sendable {
    /// `-A`, `-E`, `-D`, `-a`, `-e` and `-d`. An edit does not know what was there: its `from` is its `to`.
    case change(ServiceChange)
    /// `-C`: no service is left.
    case clear
    /// `-Z`: the counters of one service, or of all, begin again.
    case zero(ServiceIdentity?)
    /// `-L`, and no word at all.
    case list(ListRequest)
    /// `-S`: the table as command lines.
    case save(numeric: Bool)
    /// `-R`: command lines from the standard input.
    case restore
    /// `--set`: in seconds; those that are not there stay.
    case setTimeouts([IPVSTimeout: UInt32])
    /// `--start-daemon` and `--stop-daemon`.
    case sync(SyncDaemonChange)
    /// `-h`.
    case help
    /// `-v`.
    case version
}

/// What `-L` is to show.
package struct ListRequest: Hashable, Sendable {
    /// The things there are to list.
    package enum Subject: Hashable, Sendable {
        /// One service, or the table.
        case services(ServiceIdentity?)
        /// `-c`.
        case connections
        /// `--timeout`.
        case timeouts
        /// `--daemon`.
        case daemons
    }

    /// The columns of a table of services.
    package enum Columns: Hashable, Sendable {
        case plain
        /// `--stats`.
        case counters
        /// `--rate`.
        case rates
        /// `--thresholds`.
        case thresholds
        /// `--persistent-conn`; of connections, what the persistence engine knows.
        case persistence
        /// `--tun-info`.
        case tunnels
    }

    /// What.
    package var subject = Subject.services(nil)
    /// With what beside it.
    package var columns = Columns.plain
    /// `-n`: addresses and ports rather than names.
    package var isNumeric = false
    /// `-X`: counts are not shortened.
    package var isExact = false
    /// Not with `--nosort`.
    package var isSorted = true
    /// `--json`: all of it as one document, whatever the columns.
    package var isJSON = false

    /// The table, plainly.
    package init() {}
}

extension AdminCommand {
    /// Reads a command line, the program's name not among `words`. A line that is being restored may not
    /// itself be `-R`, and may have what ipvsadm writes for marks above 2147483647: `-f -1`.
    package static func parse(
        _ words: [String], names: NameLookup, isRestoring: Bool = false
    ) throws(CommandError) -> AdminCommand {
        guard !words.isEmpty else { return .list(ListRequest()) }
        var reader = OptionReader(words)
        var arguments: [String] = []
        var draft: CommandDraft?
        while let item = try reader.next() {
            switch item {
            case .word(let word): arguments.append(word)
            case .option(let option, let value):
                if draft != nil {
                    try draft?.take(option, value)
                    continue
                }
                guard option.isCommand, !(isRestoring && option == .restore) else {
                    throw .unreadable("a command comes first, and \(option) is none here")
                }
                if option == .help { return .help }
                if option == .version { return .version }
                draft = CommandDraft(option, value, names: names, isRestoring: isRestoring)
            }
        }
        guard let draft else { throw .unreadable("no command is given") }
        return try draft.command(arguments)
    }
}
