import NetTypes
import Timekeeping

/// One advertisement as the election remembers it.
package struct HeardAdvertisement: Hashable, Sendable {
    /// Who sent it.
    package var source: IPAddress
    /// The sender's priority.
    package var priority: UInt8
    /// When it was handled.
    package var at: Instant

    /// An advertisement heard.
    package init(source: IPAddress, priority: UInt8, at instant: Instant) {
        self.source = source
        self.priority = priority
        at = instant
    }
}

/// Why a router changed its state; the text after "Entering MASTER STATE: ".
package enum Reason: Hashable, Sendable, CustomStringConvertible {
    /// The shell started it.
    case started
    /// It started with priority 255.
    case ownsAddresses
    /// A restarted process goes on where its predecessor ended.
    case adopted
    /// Nothing heard for this long, since `last` or since it began to listen.
    case silence(Interval, last: HeardAdvertisement?)
    /// The master resigned and nobody better spoke within the skew.
    case masterResigned(IPAddress)
    /// It displaces a master of lower priority.
    case preempting(HeardAdvertisement)
    /// Another master has a higher priority.
    case higherPriority(HeardAdvertisement)
    /// Another master has the same priority and a higher address.
    case higherAddress(HeardAdvertisement)
    /// It was not running for this long, longer than peers wait, and does not preempt.
    case stalled(Interval)
    /// As `stalled`, and this peer is master now.
    case deposed(Interval, by: HeardAdvertisement)
    /// The interface went down, or was not up at start.
    case interfaceDown
    /// The interface came back.
    case interfaceUp
    /// Something that it tracks forbids it to be master.
    case unfit(Tracked)
    /// Nothing that it tracks does so any more.
    case fit
    /// This peer was heard as master after the shell had asked the router to stop.
    case handedOver(to: HeardAdvertisement)
    /// The shell asked it to stop, and for this long nobody took over.
    case noSuccessor(Interval)
    /// It was asked to hand over, and this peer took over.
    case switched(to: HeardAdvertisement)
    /// This member of its group is in fault.
    case groupFault(of: String)
    /// No member of its group is in fault any more.
    case groupFit
    /// This member of its group follows another master.
    case groupFollows(String)
    /// The shell asked it to stop.
    case shutdown

    /// For programs: one word for each case.
    package var word: String {
        switch self {
        case .started: "started"
        case .ownsAddresses: "owns_addresses"
        case .adopted: "adopted"
        case .silence: "advert_timeout"
        case .masterResigned: "master_resigned"
        case .preempting: "preempting"
        case .higherPriority: "higher_priority"
        case .higherAddress: "higher_address"
        case .stalled: "stalled"
        case .deposed: "deposed"
        case .interfaceDown: "interface_down"
        case .interfaceUp: "interface_up"
        case .unfit: "unfit"
        case .fit: "fit"
        case .handedOver: "handed_over"
        case .noSuccessor: "no_successor"
        case .switched: "switched"
        case .groupFault: "group_fault"
        case .groupFit: "group_fit"
        case .groupFollows: "group_follows"
        case .shutdown: "shutdown"
        }
    }

    /// For people: "no advert for 3.609 s (last from 192.0.2.2, priority 150)".
    package var description: String {
        switch self {
        case .started: "started"
        case .ownsAddresses: "started with priority 255"
        case .adopted: "going on as master after a restart"
        case .silence(let length, let last?):
            "no advert for \(length) (last from \(last.source), priority \(last.priority))"
        case .silence(let length, nil): "no advert for \(length), none heard before"
        case .masterResigned(let source): "\(source) resigned"
        case .preempting(let master):
            "preempting \(master.source), whose priority \(master.priority) is lower"
        case .higherPriority(let winner):
            "advert with higher priority \(winner.priority) from \(winner.source)"
        case .higherAddress(let winner):
            "advert with equal priority \(winner.priority) from higher address \(winner.source)"
        case .stalled(let length): "did not run for \(length); listening before claiming mastership again"
        case .deposed(let length, let master):
            "did not run for \(length); \(master.source), priority \(master.priority), is master"
        case .interfaceDown: "interface down"
        case .interfaceUp: "interface up"
        case .unfit(let item): "unfit by \(item.kind.rawValue) \(item.name)"
        case .fit: "what it tracks is in order again"
        case .handedOver(let master):
            "shutting down; handed over to \(master.source), priority \(master.priority)"
        case .noSuccessor(let length): "shutting down; nobody took over within \(length)"
        case .switched(let master): "handed over to \(master.source), priority \(master.priority), as asked"
        case .groupFault(let member): "\(member) of its group is in fault"
        case .groupFit: "its group is in order again"
        case .groupFollows(let member): "\(member) of its group follows another master"
        case .shutdown: "shutting down"
        }
    }
}

/// Something worth a line in the log that changes no state. The router itself limits how often each is said.
package enum Note: Hashable, Sendable, CustomStringConvertible {
    /// A message was thrown away; `DropReason.suggestsTwoMasters` makes it an alarm.
    case dropped(DropReason, from: IPAddress)
    /// A peer's address list is not ours.
    case otherAddresses(from: IPAddress)
    /// v3: a peer's interval is not ours.
    case otherInterval(Interval, from: IPAddress)
    /// A master with lower claim is heard while we are master: a partition has healed, or frames travel one
    /// way only.
    case secondMaster(HeardAdvertisement)
    /// A peer claims to own the addresses (255) as this router does.
    case secondOwner(IPAddress)
    /// This master was silent for longer than its peers wait; it looks before it acts.
    case leaseExpired(Interval)
    /// The master-down timer was handled this much too late; the backup listens once more.
    case timerLate(Interval)
    /// It became master so often within this time: intervals are too short for this host or network, or two
    /// directors do not agree (RFC 9568 section 2.5).
    case flapping(times: Int, within: Interval)
    /// It was asked to hand over, and for this long nobody took over.
    case noSuccessor(Interval)

    /// For people, a sentence without the instance's name.
    package var description: String {
        switch self {
        case .dropped(let reason, let source):
            "advert from \(source) dropped: \(reason)"
                + (reason.suggestsTwoMasters ? "; both may be master" : "")
        case .otherAddresses(let source): "\(source) advertises another list of addresses than configured"
        case .otherInterval(let interval, let source):
            "\(source) advertises every \(interval), not as configured"
        case .secondMaster(let other):
            "\(other.source), priority \(other.priority), was master too; asserting mastership"
        case .secondOwner(let source): "\(source) also claims priority 255; addresses decide"
        case .leaseExpired(let length):
            "no advert sent for \(length), longer than peers wait; listening first"
        case .timerLate(let length): "master-down timer ran \(length) late; listening once more"
        case .flapping(let times, let length):
            "became master \(times) times in \(length): the interval may be too short, or a peer disagrees"
        case .noSuccessor(let length): "nobody took over within \(length); going on as master"
        }
    }

    /// What is limited together: the same kind of note, and each drop reason by itself.
    var kind: String {
        switch self {
        case .dropped(let reason, _): reason.rawValue
        case .otherAddresses: "other-addresses"
        case .otherInterval: "other-interval"
        case .secondMaster: "second-master"
        case .secondOwner: "second-owner"
        case .leaseExpired: "lease-expired"
        case .timerLate: "timer-late"
        case .flapping: "flapping"
        case .noSuccessor: "no-successor"
        }
    }
}
