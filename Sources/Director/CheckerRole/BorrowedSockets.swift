import HealthChecks
import NetTypes
import Timekeeping

/// The probes that wait for a socket which the supervisor makes for them. Only so many are asked for at once:
/// those that are made must fit the pair of sockets that they come through.
struct BorrowedSockets {
    /// What is to be done with it.
    enum Use: Hashable {
        case connect(Endpoint, hasFixedPort: Bool)
        case open(DatagramKind, Endpoint)
    }

    private struct Want {
        var use: Use
        var until: Instant
        /// It has been asked for.
        var isOrdered = false
    }

    /// Sockets that may be under way: the kernel holds 278 messages with the smallest buffers.
    private static let limit = 128

    private var wants: [ProbeID: Want] = [:]
    private var queue: ArraySlice<ProbeID> = []
    private var ordered: [UInt64: ProbeID] = [:]
    private var last: UInt64 = 0

    /// When `due` has the first that gives up, or none any more.
    private(set) var nextDeadline: Instant?

    /// Probes that wait.
    var count: Int { wants.count }

    /// `probe` needs a socket, and gives up at `until`.
    mutating func want(_ use: Use, for probe: ProbeID, until: Instant) {
        abandon(probe)
        wants[probe] = Want(use: use, until: until)
        queue.append(probe)
        nextDeadline = Instant?.earlier(nextDeadline, until)
    }

    /// Those that are to be asked for now, each by its number.
    mutating func order() -> [(number: UInt64, probe: ProbeID)] {
        var orders: [(UInt64, ProbeID)] = []
        while ordered.count < Self.limit, let probe = queue.popFirst() {
            guard wants[probe]?.isOrdered == false else { continue }
            last += 1
            wants[probe]?.isOrdered = true
            ordered[last] = probe
            orders.append((last, probe))
        }
        return orders
    }

    /// The socket of that number is there, or will not come: for whom it is; nil when nobody waits any more.
    mutating func arrived(_ number: UInt64) -> (probe: ProbeID, use: Use)? {
        guard let probe = ordered.removeValue(forKey: number) else { return nil }
        return wants.removeValue(forKey: probe).map { (probe, $0.use) }
    }

    /// Those whose time is over; they wait no more. What this host was too slow for says nothing of a server.
    mutating func due(at now: Instant) -> [ProbeID] {
        guard let first = nextDeadline, first <= now else { return [] }
        let due = wants.filter { $0.value.until <= now }.map(\.key)
        for probe in due { abandon(probe) }
        nextDeadline = wants.values.reduce(nil) { Instant?.earlier($0, $1.until) }
        return due
    }

    /// The probe is over.
    mutating func abandon(_ probe: ProbeID) {
        // What is under way stays so until it comes: its number is not free before.
        wants[probe] = nil
    }
}
