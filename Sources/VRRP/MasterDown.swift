import Timekeeping

/// The waiting times of the election (RFC 3768 section 6.1, RFC 9568 section 6.1), in whole nanoseconds:
/// rounding to centiseconds would make neighbouring priorities take over at the same moment.
package enum MasterDown {
    /// Skew_Time: the higher the priority, the sooner a backup acts.
    /// Version 2 divides one second, version 3 the master's interval.
    package static func skew(version: ProtocolVersion, priority: UInt8, masterInterval: Interval) -> Interval
    {
        let unit = version == .v2 ? Interval.seconds(1) : masterInterval
        return unit * (256 - Int64(priority)) / 256
    }

    /// Master_Down_Interval: how long a backup hears nothing before it takes over.
    /// `masterInterval` is the configured one in version 2, the master's in version 3; `adverts` is 3 unless
    /// `down_timer_adverts` says otherwise.
    package static func interval(
        version: ProtocolVersion, priority: UInt8, masterInterval: Interval, adverts: Int64 = 3
    ) -> Interval {
        masterInterval * adverts + skew(version: version, priority: priority, masterInterval: masterInterval)
    }

    /// The Master_Down_Interval of `successor` while `master` advertises: the bound of a crash failover,
    /// counted from the master's last advertisement.
    package static func interval(
        of successor: RouterConfiguration, after master: RouterConfiguration
    ) -> Interval {
        interval(
            version: successor.version, priority: successor.priority,
            masterInterval: master.advertisementInterval, adverts: successor.election.downTimerAdverts)
    }

    /// The Skew_Time of `successor` while `master` advertises: the bound of a handover by priority 0.
    package static func skew(of successor: RouterConfiguration, after master: RouterConfiguration) -> Interval
    {
        skew(
            version: successor.version, priority: successor.priority,
            masterInterval: master.advertisementInterval)
    }

    /// How long a master that has resigned waits for its successor: the Skew_Time of the lowest priority and
    /// 100 ms to act in, at most 5 s.
    package static func handover(of master: RouterConfiguration) -> Interval {
        let longest = skew(
            version: master.version, priority: 1, masterInterval: master.advertisementInterval)
        return min(longest + .milliseconds(100), handoverLimit)
    }

    /// The longest handover.
    package static let handoverLimit = Interval.seconds(5)

    /// The shortest Master_Down_Interval any peer of this master can have, so the longest silence after
    /// which it may still believe that nobody has taken over: its lease. Peers have its `down_timer_adverts`.
    package static func lease(of master: RouterConfiguration) -> Interval {
        interval(
            version: master.version, priority: 255, masterInterval: master.advertisementInterval,
            adverts: master.election.downTimerAdverts)
    }
}
