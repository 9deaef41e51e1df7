import NetTypes
import Timekeeping

/// A director's role as its log tells it.
enum DirectorState: String, Hashable, Sendable, Codable {
    case master = "MASTER"
    case backup = "BACKUP"
    case fault = "FAULT"

    /// What a log line says, keepalived's phrase: `(VI_1) Entering MASTER STATE`; nil when it says nothing
    /// of the instance.
    init?(logLine: String, instance: String) {
        guard logLine.contains("(\(instance))") else { return nil }
        for state in [DirectorState.master, .backup, .fault]
        where logLine.contains("Entering \(state.rawValue) STATE") {
            self = state
            return
        }
        return nil
    }
}

/// Everything the agents saw in one run, in order of arrival.
struct Trace: Hashable, Sendable {
    /// One request of the client.
    struct Probe: Hashable, Sendable {
        /// When it was started.
        var start: Instant
        /// When it was over.
        var end: Instant
        /// How.
        var outcome: ProbeOutcome
        /// Who answered; `-` for nobody.
        var server: String
    }

    /// One line that went to a server and back on a long-lived connection.
    struct Exchange: Hashable, Sendable {
        /// Which connection.
        var connection: Int
        /// When the line was sent.
        var sent: Instant
        /// When it was back.
        var received: Instant
        /// Who sent it back.
        var server: String
    }

    /// Something that happened to a director.
    struct Happening<Value: Hashable & Sendable>: Hashable, Sendable {
        /// When.
        var at: Instant
        /// To which, by name; for adverts and announcements the one they came from.
        var director: String
        /// What.
        var value: Value
    }

    /// Requests, by their end.
    var probes: [Probe] = []
    /// Lines on long-lived connections.
    var exchanges: [Exchange] = []
    /// Long-lived connections that ended: connection and time.
    var losses: [Int: Instant] = [:]
    /// Adverts with their priority.
    var adverts: [Happening<UInt8>] = []
    /// Gratuitous ARPs for the service's address.
    var announcements: [Happening<MACAddress>] = []
    /// Directors that got (true) or lost the service's address.
    var holdings: [Happening<Bool>] = []
    /// IPVS destinations.
    var tables: [Happening<[String]>] = []
    /// Packets that came back.
    var revisits: [Happening<String>] = []
    /// Roles as the daemons logged them.
    var states: [Happening<DirectorState>] = []

    /// An empty trace.
    init() {}

    /// Adds what an agent saw of the service at `address`; other addresses are of no interest.
    mutating func add(_ sighting: Sighting, service address: IPAddress) {
        switch sighting {
        case .ready: break
        case .probe(let start, let end, let outcome, let server):
            probes.append(Probe(start: start, end: end, outcome: outcome, server: server))
        case .exchange(let connection, let sent, let received, let server):
            exchanges.append(
                Exchange(connection: connection, sent: sent, received: received, server: server))
        case .lost(let connection, let at, _): losses[connection] = at
        case .advert(let at, let source, _, let priority):
            guard let director = Self.director(withAddress: source) else { return }
            adverts.append(Happening(at: at, director: director, value: priority))
        case .announcement(let at, let mac, let announced):
            guard .v4(announced) == address, let director = Self.director(withMAC: mac) else { return }
            announcements.append(Happening(at: at, director: director, value: mac))
        case .holding(let at, let director, let held, let isHeld):
            guard held == address else { return }
            holdings.append(Happening(at: at, director: director, value: isHeld))
        case .table(let at, let director, let destinations):
            tables.append(Happening(at: at, director: director, value: destinations))
        case .revisit(let at, let director, let packet):
            revisits.append(Happening(at: at, director: director, value: packet))
        }
    }

    private static func director(withAddress address: IPv4Address) -> String? {
        LabPlan.directors.first {
            LabPlan.address(ofDirector: $0).map { $0.rawValue & 0xFF } == address.rawValue & 0xFF
        }
    }

    private static func director(withMAC mac: MACAddress) -> String? {
        LabPlan.directors.first { LabPlan.mac(ofDirector: $0) == mac }
    }

    /// Whether `director` holds the address now.
    func holds(_ director: String) -> Bool { holdings.last { $0.director == director }?.value ?? false }

    /// A director's destinations now.
    func table(_ director: String) -> [String] { tables.last { $0.director == director }?.value ?? [] }

    /// The long-lived connections that `node` answered; none without a node.
    func connections(servedBy node: String?) -> Set<Int> {
        Set(exchanges.lazy.filter { $0.server == node }.map(\.connection))
    }

    /// Whether the backup took the address at any time after the master had it.
    func wasDisturbed(backup: String) -> Bool {
        guard let first = holdings.first(where: { $0.director != backup && $0.value })?.at else {
            return false
        }
        return holdings.contains { $0.director == backup && $0.value && $0.at > first }
    }
}
