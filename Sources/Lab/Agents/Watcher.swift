// The drill's witness. It has a socket in every place it looks at: the observer's network card (adverts,
// gratuitous ARP), each director's address monitor and IPVS table, and on request each director's card,
// where it counts packets that come in a second time.

import KernelNet
import LinuxIO
import NetTypes
import Timekeeping

/// What the watcher looks at.
package struct WatchSettings: Hashable, Sendable {
    /// Paths of namespaces by node name.
    package var namespaces: [String: String]
    /// The service.
    package var service: Endpoint
    /// Counts packets that visit a director twice. Costs time for every packet to the service.
    package var countsRevisits: Bool
    /// How often IPVS tables are read.
    package var tableInterval: Interval = .milliseconds(50)

    /// Settings.
    package init(namespaces: [String: String], service: Endpoint, countsRevisits: Bool) {
        self.namespaces = namespaces
        self.service = service
        self.countsRevisits = countsRevisits
    }
}

/// The agent that sees adverts, holders of the virtual address and IPVS tables.
package final class Watcher {
    private enum Event: Hashable { case parent, wire, addresses(String), card(String) }

    private let settings: WatchSettings
    private let loop: EventLoop<Event>
    private var output = AgentOutput()
    private let wire: PacketSocket
    private var monitors: [String: RouteMonitor] = [:]
    private var routes: [String: RouteSocket] = [:]
    private var holdings: [String: Holdings] = [:]
    private var cards: [String: PacketSocket] = [:]
    private var spaces: [String: Namespace] = [:]
    private var tables: [String: [String]] = [:]
    private var visits: [String: VisitCounter] = [:]
    private var loopback: [String: Int32] = [:]

    /// Opens everything.
    package init(_ settings: WatchSettings) throws {
        self.settings = settings
        loop = try EventLoop()
        guard let observer = settings.namespaces[LabPlan.observer] else {
            throw LabError("the watcher needs the observer's namespace")
        }
        try Namespace(path: observer).enter()
        wire = try PacketSocket(capturing: .everything, receiveBuffer: 1 << 20)
        _ = try loop.register(wire.descriptor, .read, .wire)
        for director in LabPlan.directors {
            guard let path = settings.namespaces[director] else { continue }
            let space = try Namespace(path: path)
            spaces[director] = space
            try space.enter()
            let socket = try RouteSocket()
            routes[director] = socket
            loopback[director] = try socket.links().first(where: \.isLoopback)?.index
            let monitor = try RouteMonitor(.addresses)
            _ = try loop.register(monitor.descriptor, .read, .addresses(director))
            monitors[director] = monitor
            guard settings.countsRevisits else { continue }
            let card = try PacketSocket(capturing: .etherType(0x0800), receiveBuffer: 8 << 20)
            _ = try loop.register(card.descriptor, .read, .card(director))
            cards[director] = card
            visits[director] = VisitCounter(otherDirectors: Self.cards(except: director))
        }
        _ = try loop.register(.standardInput, .read, .parent)
    }

    /// Watches until the input ends.
    package func run() throws {
        output.add(.ready("watcher"))
        var nextTable = Clock.now()
        while true {
            let now = Clock.now()
            if now >= nextTable {
                try readTables(now)
                nextTable = Clock.now() + settings.tableInterval
            }
            output.flush()
            for ready in try loop.wait(until: nextTable) where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .parent: return
                case .wire: try readWire()
                case .addresses(let director): try readAddresses(director)
                case .card(let director): try readCard(director)
                }
            }
        }
    }

    /// Hardware addresses of the other directors' cards, which the lab fixes.
    private static func cards(except director: String) -> Set<MACAddress> {
        Set(LabPlan.directors.filter { $0 != director }.map(LabPlan.mac(ofDirector:)))
    }

    private func readWire() throws {
        // The kernel stamps frames with the wall clock; one reading of both clocks translates a batch.
        let offset = Clock.now().nanoseconds - Clock.wallTime().nanoseconds
        while let frame = try wire.receive(limit: 128) {
            guard frame.direction != .outgoing else { continue }
            let at = Instant(nanoseconds: frame.time.nanoseconds + offset)
            switch FrameReader.read(frame.octets) {
            case .advert(let source, let router, let priority):
                output.add(.advert(at: at, source: source, router: router, priority: priority))
            case .announcement(let mac, let address):
                output.add(.announcement(at: at, mac: mac, address: address))
            case .segment, nil: break
            }
        }
    }

    private func readCard(_ director: String) throws {
        guard let card = cards[director] else { return }
        // The kernel's stamps again: under load frames wait here, and "after the repair" must mean the wire.
        let offset = Clock.now().nanoseconds - Clock.wallTime().nanoseconds
        for _ in 0..<512 {
            guard let frame = try card.receive(limit: 96) else { return }
            guard case .segment(let source, let destination, let key) = FrameReader.read(frame.octets),
                destination == settings.service,
                visits[director]?.visit(key, from: source) == true
            else { continue }
            let at = Instant(nanoseconds: frame.time.nanoseconds + offset)
            output.add(.revisit(at: at, director: director, packet: key))
        }
    }

    private func readAddresses(_ director: String) throws {
        guard let monitor = monitors[director] else { return }
        let at = Clock.now()
        var changes: [Holdings.Change] = []
        for event in try monitor.drain() {
            switch event {
            case .addressChanged(let address) where address.interface != loopback[director]:
                changes.append(Holdings.Change(address: address.prefix.address, held: true))
            case .addressRemoved(let address) where address.interface != loopback[director]:
                changes.append(Holdings.Change(address: address.prefix.address, held: false))
            case .overrun:
                // Some were lost: what the director holds now tells which.
                let present = try (routes[director]?.addresses() ?? [])
                    .filter { $0.interface != loopback[director] && $0.prefix.address.family == .inet }
                changes += holdings[director, default: Holdings()]
                    .changes(to: Set(present.map(\.prefix.address)))
            default: break
            }
        }
        for change in changes {
            holdings[director, default: Holdings()].take(change)
            output.add(.holding(at: at, director: director, address: change.address, held: change.held))
        }
    }

    private func readTables(_ now: Instant) throws {
        for (director, space) in spaces {
            try space.enter()
            guard let octets = try? Files.read("/proc/self/net/ip_vs", limit: 1 << 20) else { continue }
            let table = IPVSText.destinations(String(decoding: octets, as: UTF8.self))
            guard tables[director] != table else { continue }
            tables[director] = table
            output.add(.table(at: now, director: director, destinations: table))
        }
    }
}

/// Remembers which packets came into one director, and notices those that another director sends back.
package struct VisitCounter: Sendable {
    private let otherDirectors: Set<MACAddress>
    private var seen: Set<String> = []
    private var older: Set<String> = []
    /// Packets remembered at least and at most twice; older ones are forgotten.
    private static let limit = 50_000

    /// A counter for one director; `otherDirectors` are the others' hardware addresses.
    package init(otherDirectors: Set<MACAddress>) { self.otherDirectors = otherDirectors }

    /// Takes an incoming packet; true when it was here before and comes back from another director.
    package mutating func visit(_ key: String, from source: MACAddress) -> Bool {
        let isKnown = seen.contains(key) || older.contains(key)
        if seen.count >= Self.limit {
            older = seen
            seen = []
        }
        seen.insert(key)
        return isKnown && otherDirectors.contains(source)
    }
}

/// The addresses that one director was seen to take and to give up.
struct Holdings: Hashable, Sendable {
    /// An address came or went.
    struct Change: Hashable, Sendable {
        var address: IPAddress
        var held: Bool
    }

    private var held: Set<IPAddress> = []

    /// Takes in what was seen.
    mutating func take(_ change: Change) {
        if change.held { held.insert(change.address) } else { held.remove(change.address) }
    }

    /// What must have happened unseen when these are the addresses now.
    func changes(to present: Set<IPAddress>) -> [Change] {
        held.subtracting(present).sorted().map { Change(address: $0, held: false) }
            + present.subtracting(held).sorted().map { Change(address: $0, held: true) }
    }
}
