import NetTypes
import Timekeeping

extension Router {
    /// The states of RFC 9568 section 6.4 and keepalived's FAULT. Deadlines live inside the state that has
    /// them, so a backup without a master-down timer cannot be written.
    package enum State: Hashable, Sendable {
        /// Not started, or shut down.
        case initialize
        /// Listening; somebody else is master, or will be.
        case backup(Backup)
        /// Holding the addresses.
        case master(Master)
        /// Told to stop; holding the addresses until a successor has them.
        case handingOver(Handover)
        /// Started, but the interface is down, or something tracked forbids it to be master.
        case fault

        /// The state without its data.
        package var name: StateName {
            switch self {
            case .initialize, .handingOver: .initialize
            case .backup: .backup
            case .master: .master
            case .fault: .fault
            }
        }
    }

    /// keepalived's words for the states; the raw values are those of its log lines and notify scripts.
    package enum StateName: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
        case initialize = "INIT"
        case backup = "BACKUP"
        case master = "MASTER"
        case fault = "FAULT"

        /// The raw value.
        package var description: String { rawValue }

        /// The log line of a transition: "(VI_1) Entering MASTER STATE: REASON".
        package func line(instance: String, because reason: Reason) -> String {
            "(\(instance)) Entering \(rawValue) STATE: \(reason)"
        }
    }

    /// What a backup knows.
    package struct Backup: Hashable, Sendable {
        /// When it becomes master unless an advertisement comes (Master_Down_Timer).
        package var masterDownAt: Instant
        /// Active_Adver_Interval: the master's interval, our own until one is heard.
        package var masterInterval: Interval
        /// `preempt_delay`, `preempt_after_sync`: until then a master of lower priority is accepted; nil when
        /// no delay runs.
        package var mayPreemptAt: Instant?
        /// What the timer is waiting for, and so the reason if it fires.
        package var awaiting: Awaiting
        /// The timer already ran late once and was set again.
        package var looksAgain = false
        /// The interval of a master that is being ignored.
        var ignoredInterval = Interval.zero
        /// The timer has run out, and the group has not taken over yet.
        package var isCandidate = false

        /// The master this backup follows, nil when it follows none.
        package var master: HeardAdvertisement? {
            if case .nextAdvertisement(let last) = awaiting { last } else { nil }
        }
    }

    /// What a backup's timer is waiting for.
    package enum Awaiting: Hashable, Sendable {
        /// The first advertisement since the router began to listen at this time.
        case firstAdvertisement(since: Instant)
        /// The next advertisement of this master.
        case nextAdvertisement(HeardAdvertisement)
        /// Somebody better after this master resigned.
        case successor(of: IPAddress)
        /// Nothing: this master of lower priority is being ignored.
        case preemption(of: HeardAdvertisement)

        /// Why the router becomes master if the timer fires now.
        func reason(at now: Instant) -> Reason {
            switch self {
            case .firstAdvertisement(let since): .silence(now - since, last: nil)
            case .nextAdvertisement(let last): .silence(now - last.at, last: last)
            case .successor(let source): .masterResigned(source)
            case .preemption(let master): .preempting(master)
            }
        }
    }

    /// What a master knows.
    package struct Master: Hashable, Sendable {
        /// When the next advertisement is due (Adver_Timer).
        package var advertiseAt: Instant
        /// When the last one was handed to the shell: the beginning of the lease.
        package var lastSentAt: Instant
        /// When the neighbours are told again.
        package var announcements: Announcements
        /// Set while the lease has run out and the queued adverts have not been heard yet.
        package var doubt: Doubt?
        /// After the interval was raised: how many adverts still follow each other at the old pace, so that
        /// a single lost one does not leave a backup with the old, short timer.
        var oldPace: OldPace?
    }

    /// A master that was silent for longer than its peers wait does nothing until it has heard what is
    /// queued.
    package struct Doubt: Hashable, Sendable {
        /// How long it had been silent when it noticed.
        package var silence: Interval
        /// A losing master was heard meanwhile: announce when mastership is confirmed.
        var owesAnnouncement = false
        /// The addresses were reconfigured meanwhile.
        var owesAddresses = false
    }

    /// A remainder of adverts to be sent at a former interval.
    struct OldPace: Hashable, Sendable {
        var interval: Interval
        var remaining: Int
    }
}
