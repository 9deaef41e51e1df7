import NetTypes
import Timekeeping

/// Which conflicts of addresses were told of, so that one that goes on fills no log.
struct AddressConflicts {
    private struct Conflict: Hashable {
        var address: IPv4Address
        var mac: MACAddress
    }

    /// From one line about a conflict to the next.
    static let spacing = Interval.seconds(60)
    /// So many different ones are told of in that time: who invents addresses is not told of for each.
    static let limit = 32

    private var told: [Conflict: Instant] = [:]

    /// True when it is to be told that `mac` says to have `address`.
    mutating func isNews(_ address: IPv4Address, at mac: MACAddress, at now: Instant) -> Bool {
        told = told.filter { now - $0.value < Self.spacing }
        let conflict = Conflict(address: address, mac: mac)
        guard told[conflict] == nil, told.count < Self.limit else { return false }
        told[conflict] = now
        return true
    }
}
