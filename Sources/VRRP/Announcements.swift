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

    /// A burst to come and the one that follows it.
    private struct Burst: Hashable {
        var at: Instant
        var packets: Int
        /// Zero for none.
        var followUpDelay: Interval
    }

    private let schedule: AnnouncementSchedule
    private var lastBurstAt: Instant
    private var burst: Burst?
    private var followUp: Burst?
    private var refreshAt: Instant?

    /// The schedule of a router that becomes master now; its first burst is due at once.
    init(_ schedule: AnnouncementSchedule, startingAt now: Instant) {
        self.schedule = schedule
        lastBurstAt = now
        burst = Burst(at: now, packets: schedule.repeats, followUpDelay: schedule.secondBurstDelay)
    }

    /// When `due(at:)` has something to say next.
    package var nextDeadline: Instant? {
        Optional.earlier(burst?.at, Optional.earlier(followUp?.at, refreshAt))
    }

    /// Asks for the whole schedule again, as soon as `spacing` allows.
    mutating func restart(at now: Instant) {
        burst =
            burst
            ?? Burst(
                at: max(now, lastBurstAt + Self.spacing), packets: schedule.repeats,
                followUpDelay: schedule.secondBurstDelay)
    }

    /// A losing master was heard: its neighbours are told as `garp_lower_prio_*` say, as soon as `spacing`
    /// allows.
    mutating func answer(at now: Instant) {
        guard burst == nil, schedule.lowerPriorityRepeats > 0 else { return }
        burst = Burst(
            at: max(now, lastBurstAt + Self.spacing), packets: schedule.lowerPriorityRepeats,
            followUpDelay: schedule.lowerPriorityDelay)
    }

    /// How many packets an address to send now, nil when it is not time. Late bursts are not made up for.
    mutating func due(at now: Instant) -> Int? {
        var packets = 0
        if let burst, burst.at <= now {
            packets = burst.packets
            self.burst = nil
            lastBurstAt = now
            // One that brings no second burst leaves that of the burst before it.
            if burst.followUpDelay > .zero {
                followUp = Burst(
                    at: now + burst.followUpDelay, packets: burst.packets, followUpDelay: .zero)
            }
            refreshAt = schedule.refresh > .zero ? now + schedule.refresh : nil
        }
        if let followUp, followUp.at <= now {
            packets = max(packets, followUp.packets)
            self.followUp = nil
        }
        if let refreshAt, refreshAt <= now {
            packets = max(packets, schedule.refreshRepeats)
            self.refreshAt = now + schedule.refresh
        }
        return packets > 0 ? packets : nil
    }
}
