import ConfigSyntax
import LoadBalancing

/// The keywords of `virtual_server` that set a flag of the service: `ops`, and what schedulers know by a
/// number or by a name.
enum SchedulerFlag: String, CaseIterable, Sendable {
    case ops
    case flag1 = "flag-1"
    case flag2 = "flag-2"
    case flag3 = "flag-3"
    case sourcePort = "sh-port"
    case sourceFallback = "sh-fallback"
    case maglevPort = "mh-port"
    case maglevFallback = "mh-fallback"

    /// The kernel's bit.
    var flag: ServiceFlags {
        switch self {
        case .ops: .onePacket
        case .flag1, .sourceFallback, .maglevFallback: .scheduler1
        case .flag2, .sourcePort, .maglevPort: .scheduler2
        case .flag3: .scheduler3
        }
    }

    /// The scheduler whose name for the bit this is; nil where it is nobody's in particular.
    var scheduler: String? {
        switch self {
        case .ops, .flag1, .flag2, .flag3: nil
        case .sourcePort, .sourceFallback: "sh"
        case .maglevPort, .maglevFallback: "mh"
        }
    }

    /// One sentence.
    private var meaning: String {
        switch self {
        case .ops: "Schedules every packet anew, for UDP alone."
        case .flag1, .flag2, .flag3: "A flag of the scheduler."
        case .sourcePort: "The scheduler sh looks at the client's port, too; flag-2."
        case .sourceFallback: "The scheduler sh passes over a server that takes nothing; flag-1."
        case .maglevPort: "The scheduler mh looks at the client's port, too; flag-2."
        case .maglevFallback: "The scheduler mh passes over a server that takes nothing; flag-1."
        }
    }

    /// The rows of the keyword table.
    static let rows: [Keyword<VirtualServerDraft>] = allCases.map { flag in
        Keyword(flag.rawValue, default: "off", flag.meaning, tier: .rare) { draft, statement, reader in
            guard Arguments(statement).finish(&reader) else { return false }
            let earlier = draft.flags.first { $0.value == flag }
            reader.noteRepeat(of: statement, earlier: earlier?.span)
            if earlier == nil { draft.flags.append(Located(flag, at: statement.header)) }
            return true
        }
    }
}
