import Timekeeping

/// What one virtual router has counted since it was made; every counter only grows.
package struct VRRPStatistics: Hashable, Sendable {
    /// Advertisements handed to the shell for sending, priority 0 included.
    package var sent: UInt64 = 0
    /// Of those, with priority 0.
    package var resignationsSent: UInt64 = 0
    /// Advertisements received that passed every check.
    package var accepted: UInt64 = 0
    /// Of those, with priority 0.
    package var resignationsReceived: UInt64 = 0
    /// Accepted version 3 messages whose sum has the form that we do not send.
    package var otherChecksumForm: UInt64 = 0
    /// Accepted version 3 messages with another interval than ours.
    package var otherInterval: UInt64 = 0
    /// Accepted messages with another list of addresses than ours.
    package var otherAddresses: UInt64 = 0
    /// Times this router became master.
    package var becameMaster: UInt64 = 0
    /// Times this router stopped being master.
    package var leftMaster: UInt64 = 0
    /// Times a master found its last advertisement older than a peer would wait.
    package var leasesExpired: UInt64 = 0

    /// How far the adverts of the master that a backup follows were from an interval after the one before.
    package private(set) var jitter = IntervalHistogram()

    private var drops: [UInt64]

    /// All zero.
    package init() { drops = [UInt64](repeating: 0, count: DropReason.allCases.count) }

    /// Messages dropped for `reason`.
    package subscript(dropped reason: DropReason) -> UInt64 {
        DropReason.allCases.firstIndex(of: reason).map { drops[$0] } ?? 0
    }

    /// Messages dropped for any reason.
    package var dropped: UInt64 { drops.reduce(0, +) }

    /// Counts messages dropped for `reason`.
    mutating func count(_ reason: DropReason, _ times: Int = 1) {
        if let index = DropReason.allCases.firstIndex(of: reason) { drops[index] += UInt64(times) }
    }

    /// Notes that an advert came `gap` after the one before, by a master that says to send one every
    /// `interval`.
    mutating func noteGap(_ gap: Interval, every interval: Interval) {
        jitter.add(gap < interval ? interval - gap : gap - interval)
    }

    /// Every counter with the name under which it is shown: the fields above, then `dropped-REASON` for
    /// each reason.
    package var counters: [(name: String, value: UInt64)] {
        let own: [(name: String, value: UInt64)] = [
            ("sent", sent), ("resignations-sent", resignationsSent), ("accepted", accepted),
            ("resignations-received", resignationsReceived), ("other-checksum-form", otherChecksumForm),
            ("other-interval", otherInterval), ("other-addresses", otherAddresses),
            ("became-master", becameMaster), ("left-master", leftMaster), ("leases-expired", leasesExpired),
        ]
        return own + DropReason.allCases.map { ("dropped-\($0.rawValue)", self[dropped: $0]) }
    }
}
