import NetTypes
import Timekeeping

/// How one request of the client ended.
package enum ProbeOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// The whole answer came.
    case answered
    /// Nothing came in time.
    case timedOut = "timeout"
    /// RST to the SYN: the host is there, the service is not.
    case refused
    /// RST after the connection stood.
    case reset
    /// ICMP said that there is no way, as it does when a looping packet's TTL has ended.
    case unreachable
    /// Anything else.
    case failed
}

/// Something that an agent saw in the lab: one line of text on its way to the drill. Times are of the one
/// clock that all processes of the lab share (CLOCK_BOOTTIME).
package enum Sighting: Hashable, Sendable {
    /// The agent has opened all it needs.
    case ready(String)
    /// A new connection was tried: from `start` to `end`.
    case probe(start: Instant, end: Instant, ProbeOutcome, server: String)
    /// A line on long-lived connection `connection` was sent and came back from `server`.
    case exchange(connection: Int, sent: Instant, received: Instant, server: String)
    /// A long-lived connection ended.
    case lost(connection: Int, at: Instant, ProbeOutcome)
    /// A VRRP advertisement was on the wire.
    case advert(at: Instant, source: IPv4Address, router: UInt8, priority: UInt8)
    /// A gratuitous ARP was on the wire.
    case announcement(at: Instant, mac: MACAddress, address: IPv4Address)
    /// A director got or lost an address on a real interface.
    case holding(at: Instant, director: String, address: IPAddress, held: Bool)
    /// A director's IPVS destinations changed to these: `address:port*weight`.
    case table(at: Instant, director: String, destinations: [String])
    /// A packet to the service came into a director for the second time, back from the other one.
    case revisit(at: Instant, director: String, packet: String)

    /// The line, without its end. Names MUST have no blanks.
    package var line: String {
        switch self {
        case .ready(let name): "r \(name)"
        case .probe(let start, let end, let outcome, let server):
            "p \(start.nanoseconds) \(end.nanoseconds) \(outcome.rawValue) \(server)"
        case .exchange(let connection, let sent, let received, let server):
            "x \(connection) \(sent.nanoseconds) \(received.nanoseconds) \(server)"
        case .lost(let connection, let at, let outcome):
            "l \(connection) \(at.nanoseconds) \(outcome.rawValue)"
        case .advert(let at, let source, let router, let priority):
            "a \(at.nanoseconds) \(source) \(router) \(priority)"
        case .announcement(let at, let mac, let address): "g \(at.nanoseconds) \(mac) \(address)"
        case .holding(let at, let director, let address, let held):
            "h \(at.nanoseconds) \(director) \(address) \(held ? 1 : 0)"
        case .table(let at, let director, let destinations):
            "i \(at.nanoseconds) \(director) \(destinations.joined(separator: ","))"
        case .revisit(let at, let director, let packet): "v \(at.nanoseconds) \(director) \(packet)"
        }
    }

    /// Reads a line; nil for one that no agent writes.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2 else { return nil }
        let rest = Words(words.dropFirst())
        let sighting: Sighting?
        switch words[0] {
        case "r": sighting = .ready(String(words[1]))
        case "p": sighting = rest.probe
        case "x": sighting = rest.exchange
        case "l": sighting = rest.lost
        case "a": sighting = rest.advert
        case "g": sighting = rest.announcement
        case "h": sighting = rest.holding
        case "i": sighting = rest.table
        case "v": sighting = rest.revisit
        default: sighting = nil
        }
        guard let sighting else { return nil }
        self = sighting
    }
}

/// The words of a line behind its kind.
private struct Words<Text: StringProtocol> {
    private let words: [Text]

    init(_ words: some Sequence<Text>) { self.words = Array(words) }

    private func word(_ index: Int) -> Text? { index < words.count ? words[index] : nil }
    private func number<N: FixedWidthInteger>(_ index: Int) -> N? { word(index).flatMap { N($0) } }
    private func instant(_ index: Int) -> Instant? {
        let value: Int64? = number(index)
        return value.map { Instant(nanoseconds: $0) }
    }
    private func outcome(_ index: Int) -> ProbeOutcome? {
        word(index).flatMap { ProbeOutcome(rawValue: String($0)) }
    }

    var probe: Sighting? {
        guard let start = instant(0), let end = instant(1), let outcome = outcome(2), let server = word(3)
        else {
            return nil
        }
        return .probe(start: start, end: end, outcome, server: String(server))
    }

    var exchange: Sighting? {
        guard let connection: Int = number(0), let sent = instant(1), let received = instant(2),
            let server = word(3)
        else { return nil }
        return .exchange(connection: connection, sent: sent, received: received, server: String(server))
    }

    var lost: Sighting? {
        guard let connection: Int = number(0), let at = instant(1), let outcome = outcome(2) else {
            return nil
        }
        return .lost(connection: connection, at: at, outcome)
    }

    var advert: Sighting? {
        guard let at = instant(0), let source = word(1).flatMap({ IPv4Address($0) }),
            let router: UInt8 = number(2),
            let priority: UInt8 = number(3)
        else { return nil }
        return .advert(at: at, source: source, router: router, priority: priority)
    }

    var announcement: Sighting? {
        guard let at = instant(0), let mac = word(1).flatMap({ MACAddress($0) }),
            let address = word(2).flatMap({ IPv4Address($0) })
        else { return nil }
        return .announcement(at: at, mac: mac, address: address)
    }

    var holding: Sighting? {
        guard let at = instant(0), let director = word(1), let address = word(2).flatMap({ IPAddress($0) }),
            let held: Int = number(3)
        else { return nil }
        return .holding(at: at, director: String(director), address: address, held: held == 1)
    }

    var table: Sighting? {
        guard let at = instant(0), let director = word(1), let list = word(2) else { return nil }
        let destinations = String(list).split(separator: ",").map(String.init)
        return .table(at: at, director: String(director), destinations: destinations)
    }

    var revisit: Sighting? {
        guard let at = instant(0), let director = word(1), let packet = word(2) else { return nil }
        return .revisit(at: at, director: String(director), packet: String(packet))
    }
}
