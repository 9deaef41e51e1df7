import Timekeeping

/// `interface_up_down_delays` of one interface: how long a change of its link must last before it counts.
package struct LinkDelay: Hashable, Sendable, Codable {
    /// Its name.
    package var interface: String
    /// Before it counts as down, 0...255 s.
    package var down: Interval
    /// Before it counts as up again, 0...255 s.
    package var up: Interval

    /// Delays of an interface.
    package init(interface: String, down: Interval, up: Interval) {
        (self.interface, self.down, self.up) = (interface, down, up)
    }

    /// The longest delay that an instance bears whose adverts come every `interval`: the silence has not yet
    /// made a backup master that cannot be one. As keepalived 2.2.7 has it, in whole microseconds.
    package static func limit(interval: Interval, downTimerAdverts adverts: Int64) -> Interval {
        let nanoseconds = interval.nanoseconds * (adverts - 1) - interval.nanoseconds / 256
        return .microseconds(max(nanoseconds, 0) / 1000)
    }
}

/// What interfaces with a `LinkDelay` count as: a change that does not last counts for nothing.
package struct LinkDebounce: Sendable {
    private var delays: [String: LinkDelay] = [:]
    /// What they count as; those that were never seen count as they are.
    private var told: [String: Bool] = [:]
    /// When the change that is seen will have lasted.
    private var due: [String: Instant] = [:]

    /// No delays.
    package init() {}

    /// These delays hold from now on.
    package mutating func configure(_ new: [LinkDelay]) {
        delays = Dictionary(new.map { ($0.interface, $0) }) { $1 }
        told = told.filter { delays[$0.key] != nil }
        due = due.filter { delays[$0.key] != nil }
    }

    /// What each delayed interface counts as; `isUsable` says what it is now.
    package mutating func observe(at now: Instant, _ isUsable: (String) -> Bool) -> [String: Bool] {
        for (name, delay) in delays {
            let actual = isUsable(name)
            guard let former = told[name], former != actual else {
                (told[name], due[name]) = (actual, nil)
                continue
            }
            let end = due[name] ?? now + (actual ? delay.up : delay.down)
            if end <= now {
                (told[name], due[name]) = (actual, nil)
            } else {
                due[name] = end
            }
        }
        return told
    }

    /// How long an interface may be down before that counts; zero without a delay.
    package func patience(with interface: String) -> Interval { delays[interface]?.down ?? .zero }

    /// When `observe` may say something else though nothing has changed.
    package var nextDeadline: Instant? { due.values.min() }
}
