/// A word of ipvsadm(8)'s command line that begins with a dash. The raw value is its long name.
enum AdminOption: String, CaseIterable, Sendable, CustomStringConvertible {
    // Commands: one of them comes first, and only one.
    case addService = "add-service"
    case editService = "edit-service"
    case deleteService = "delete-service"
    case clear
    case restore
    case save
    case addServer = "add-server"
    case editServer = "edit-server"
    case deleteServer = "delete-server"
    case list
    case zero
    case setTimeouts = "set"
    case startDaemon = "start-daemon"
    case stopDaemon = "stop-daemon"
    case help
    case version

    // What a command is about.
    case tcpService = "tcp-service"
    case udpService = "udp-service"
    case sctpService = "sctp-service"
    case markService = "fwmark-service"
    case ipv6
    case realServer = "real-server"

    // Settings of a service.
    case scheduler
    case schedulerFlags = "sched-flags"
    case persistent
    case netmask
    case persistenceEngine = "pe"
    case onePacket = "ops"

    // Settings of a server.
    case directRouting = "gatewaying"
    case tunnel = "ipip"
    case masquerade = "masquerading"
    case weight
    case upperThreshold = "u-threshold"
    case lowerThreshold = "l-threshold"
    case tunnelType = "tun-type"
    case tunnelPort = "tun-port"
    case tunnelWithoutChecksum = "tun-nocsum"
    case tunnelChecksum = "tun-csum"
    case tunnelRemoteChecksum = "tun-remcsum"

    // What a listing shows, and how.
    case connections = "connection"
    case timeouts = "timeout"
    case daemons = "daemon"
    case stats
    case rate
    case exact
    case thresholds
    case persistentConnections = "persistent-conn"
    case tunnelInformation = "tun-info"
    case unsorted = "nosort"
    case sorted = "sort"
    case numeric
    case json

    // Settings of a sync thread.
    case syncID = "syncid"
    case syncLength = "sync-maxlen"
    case syncInterface = "mcast-interface"
    case syncGroup = "mcast-group"
    case syncPort = "mcast-port"
    case syncTTL = "mcast-ttl"

    /// Whether a value belongs to it.
    enum Value {
        case none
        case required
        /// The next word is the value unless it begins with a dash.
        case optional
    }

    /// The options of one letter; `-l` is `-L`.
    static let letters: [Character: AdminOption] = [
        "A": .addService, "E": .editService, "D": .deleteService, "C": .clear, "R": .restore, "S": .save,
        "a": .addServer, "e": .editServer, "d": .deleteServer, "L": .list, "l": .list, "Z": .zero,
        "h": .help, "v": .version, "t": .tcpService, "u": .udpService, "f": .markService, "6": .ipv6,
        "r": .realServer, "s": .scheduler, "b": .schedulerFlags, "p": .persistent, "M": .netmask,
        "o": .onePacket, "g": .directRouting, "i": .tunnel, "m": .masquerade, "w": .weight,
        "x": .upperThreshold, "y": .lowerThreshold, "c": .connections, "X": .exact, "n": .numeric,
    ]

    /// What may follow it.
    var value: Value {
        switch self {
        case .persistent: .optional
        case .startDaemon, .stopDaemon, .tcpService, .udpService, .sctpService, .markService,
            .realServer, .scheduler, .schedulerFlags, .netmask, .persistenceEngine, .weight, .upperThreshold,
            .lowerThreshold, .tunnelType, .tunnelPort, .syncID, .syncLength, .syncInterface, .syncGroup,
            .syncPort, .syncTTL:
            .required
        default: .none
        }
    }

    /// `--weight`.
    var description: String { "--\(rawValue)" }

    /// True for those that come first.
    var isCommand: Bool { permitted != nil }

    /// Options that say the same thing in several ways count as one: it may be said once.
    var subject: AdminOption {
        switch self {
        case .udpService, .sctpService, .markService: .tcpService
        case .tunnel, .masquerade: .directRouting
        default: self
        }
    }

    /// What an error calls the subject.
    var subjectText: String {
        switch subject {
        case .tcpService: "a virtual service"
        case .directRouting: "a forwarding method"
        default: description
        }
    }

    /// The subjects a command may be told of; nil when this is no command. `--sort` and `-6` have none.
    var permitted: Set<AdminOption>? {
        switch self {
        case .addService, .editService:
            [
                .tcpService, .scheduler, .schedulerFlags, .persistent, .netmask, .persistenceEngine,
                .onePacket,
            ]
        case .deleteService, .zero: [.tcpService]
        case .addServer, .editServer:
            [
                .tcpService, .realServer, .directRouting, .weight, .upperThreshold, .lowerThreshold,
                .tunnelType, .tunnelPort, .tunnelWithoutChecksum, .tunnelChecksum, .tunnelRemoteChecksum,
            ]
        case .deleteServer: [.tcpService, .realServer]
        case .list:
            [
                .tcpService, .connections, .timeouts, .daemons, .stats, .rate, .exact, .thresholds,
                .persistentConnections, .tunnelInformation, .unsorted, .numeric, .json, .syncID,
            ]
        case .save: [.numeric]
        case .startDaemon:
            [.syncID, .syncLength, .syncInterface, .syncGroup, .syncPort, .syncTTL]
        case .stopDaemon: [.syncID]
        case .clear, .restore, .setTimeouts, .help, .version: []
        default: nil
        }
    }

    /// The subjects a command must be told of.
    var compulsory: [AdminOption] {
        switch self {
        case .addService, .editService, .deleteService: [.tcpService]
        case .addServer, .editServer, .deleteServer: [.tcpService, .realServer]
        default: []
        }
    }
}
