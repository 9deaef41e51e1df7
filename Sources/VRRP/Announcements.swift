import Timekeeping

/// When a master tells its neighbours where the virtual addresses are (gratuitous ARP; keywords
/// `garp_master_*`).
///
/// A burst at once, a second one after `secondBurstDelay`, then refreshes. A peer that also claimed the
/// addresses makes the schedule start over, but never twice within `spacing`: an attacker's adverts must
/// not be amplified.
package struct Announcements: Hashable, Sendable {
    /// The least time between two bursts that peers can provoke.
    package static let spacing = Interval.seconds(1)

    private let schedule: AnnouncementSchedule
    private var lastBurstAt: Instant
    private var burstAt: Instant?
    private var followUpAt: Instant?
    private var refreshAt: Instant?

    /// The schedule of a router that becomes master now; its first burst is due at once.
    init(_ schedule: AnnouncementSchedule, startingAt now: Instant) {
        self.schedule = schedule
        lastBurstAt = now
        burstAt = now
    }

    /// When `due(at:)` has something to say next.
    package var nextDeadline: Instant? {
        Optional.earlier(burstAt, Optional.earlier(followUpAt, refreshAt))
    }

    /// Asks for the whole schedule again, as soon as `spacing` allows.
    mutating func restart(at now: Instant) {
        burstAt = burstAt ?? max(now, lastBurstAt + Self.spacing)
    }

    /// How many packets an address to send now, nil when it is not time. Late bursts are not made up for.
    mutating func due(at now: Instant) -> Int? {
        var packets = 0
        if let burstAt, burstAt <= now {
            packets = schedule.repeats
            self.burstAt = nil
            lastBurstAt = now
            followUpAt = schedule.secondBurstDelay > .zero ? now + schedule.secondBurstDelay : nil
            refreshAt = schedule.refresh > .zero ? now + schedule.refresh : nil
        }
        if let followUpAt, followUpAt <= now {
            packets = max(packets, schedule.repeats)
            self.followUpAt = nil
        }
        if let refreshAt, refreshAt <= now {
            packets = max(packets, schedule.refreshRepeats)
            self.refreshAt = now + schedule.refresh
        }
        return packets > 0 ? packets : nil
    }
}
