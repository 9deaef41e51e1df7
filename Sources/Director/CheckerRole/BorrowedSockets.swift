import HealthChecks
import NetTypes

/// The probes that wait for a socket which the supervisor makes for them.
struct BorrowedSockets {
    /// What is to be done with it.
    enum Use: Hashable {
        case connect(Endpoint)
        case open(DatagramKind, Endpoint)
    }

    private var waiting: [UInt64: (probe: ProbeID, use: Use)] = [:]
    private var numbers: [ProbeID: UInt64] = [:]
    private var last: UInt64 = 0

    /// Sockets that are under way.
    var count: Int { waiting.count }

    /// A number for the socket that `probe` needs.
    mutating func order(_ use: Use, for probe: ProbeID) -> UInt64 {
        abandon(probe)
        last += 1
        waiting[last] = (probe, use)
        numbers[probe] = last
        return last
    }

    /// The socket of that number is there, or will not come: for whom it is; nil when nobody waits any more.
    mutating func arrived(_ number: UInt64) -> (probe: ProbeID, use: Use)? {
        guard let entry = waiting.removeValue(forKey: number) else { return nil }
        numbers[entry.probe] = nil
        return entry
    }

    /// The probe is over.
    mutating func abandon(_ probe: ProbeID) {
        if let number = numbers.removeValue(forKey: probe) { waiting[number] = nil }
    }
}
