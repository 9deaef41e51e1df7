import NetTypes
import Timekeeping

/// One VRRP virtual router (RFC 3768 section 6, RFC 9568 section 6): events and `now` go in, actions come
/// out.
///
/// It reads no clock, opens nothing and logs nothing; it owns the election and the timing of advertisements
/// and announcements, not the kernel's addresses. The contract with its shell:
///
/// **Every turn of the loop**
/// 1. The shell MUST read the clock once, after it woke, and pass that `now` to every call of the turn.
///    `now` MUST never decrease, and the clock MUST count suspended time (CLOCK_BOOTTIME): the router
///    judges by it how old its right to be master is.
/// 2. The shell MUST hand over every datagram that is queued (`receive`), up to a bound against floods,
///    before it delivers `.timer`. This is how a starved process hears that it was replaced, or that the
///    master lives, before it acts.
/// 3. Then, if `nextDeadline` is not nil and not later than `now`, the shell MUST deliver `.timer`. A
///    deadline may lie in the past right after a call: that asks for another complete turn at once, with a
///    fresh clock and a fresh look at the sockets, so the shell MUST NOT deliver `.timer` twice in one
///    turn.
///
/// **Datagrams.** A raw protocol-112 socket hears every virtual router of its interface. The shell MUST
/// give a datagram only to the router whose `interface` it arrived on and whose `virtualRouterID`
/// `PacketHeader` shows. It SHOULD switch IP_MULTICAST_LOOP off; a datagram from the router's own address
/// is dropped anyway.
///
/// **Actions.** The shell MUST carry out the actions of one call in their order, completely, before its
/// turn ends: the order is part of the protocol (advert, then addresses, then announcements; addresses gone
/// before the state is reported). Those of several calls of one turn it may do together in that order, the
/// adverts of all first. An action that fails MUST NOT stop those after it; the shell logs it and goes on.
/// - `.send`: encode for each of `configuration.transport`'s destinations, with `configuration.checksum`,
///   source `primaryAddress` and the transport's TTL. It MUST NOT be queued behind anything that can block,
///   and MUST NOT be retried later: an old advert lies.
/// - `.acquireAddresses`: make the kernel hold exactly `configuration`'s virtual and excluded addresses, and
///   its routes and rules: add what is missing, then remove those of ours that are no longer configured.
///   MUST be idempotent.
/// - `.releaseAddresses`: remove all of them, those of a predecessor of this process included. MUST be
///   idempotent.
/// - `.announce(n)`: n gratuitous ARP packets or neighbour advertisements for each address held.
/// - `.stateChanged`: report; the kernel already agrees.
/// - `.note`: a log line; repetition is already limited.
///
/// **Addresses.** While the router is master and an address disappears from the kernel by another hand, the
/// shell puts it back and announces it on its own account. While it is not master, the shell MUST keep the
/// addresses absent from the interfaces they are configured for; the same address on the loopback interface
/// of a director that is a real server too is none of the router's business.
///
/// **Beginning and end.** The first event MUST be `.startup`, `.adopt` or `.interfaceDown`. `.adopt` MUST
/// be used only when the predecessor was master, its addresses are still in the kernel and its last advert
/// is younger than `MasterDown.lease(of:)`; in all other cases `.startup`. After `.shutdown` a master hands
/// over: the shell MUST go on as before until `.initialize` is reported, which a second `.shutdown` brings
/// about at once. Then the router can be started again. After `.switchOver` likewise, until another state is
/// reported or `Note.noSuccessor` given. Only `.reconfigured`, `.tracked` and `.groupFault` may come before
/// the first event.
///
/// **Groups.** Of a router with a `group` the shell MUST ask `SyncGroup.corrections` after whatever changed a
/// member, and deliver them until there are none: without that a candidate waits for ever.
package struct Router: Sendable {
    /// What can happen to a virtual router.
    package enum Event: Hashable, Sendable {
        /// Begin, with the interface's primary address.
        case startup(primaryAddress: IPAddress)
        /// Begin as master, in place of a process that died as master.
        case adopt(primaryAddress: IPAddress)
        /// Stop; a master resigns and hands over, and does not wait for a successor when told so again.
        case shutdown
        /// `nextDeadline` has come.
        case timer
        /// An advertisement that `AdvertisementReceiver` accepted; shells use `receive` instead.
        case advertisement(Advertisement, source: IPAddress)
        /// The interface lost its carrier, its administrative state or its primary address.
        case interfaceDown
        /// The interface is usable, or its primary address is another one now.
        case interfaceUp(primaryAddress: IPAddress)
        /// A new configuration of the same router (`describesSameRouter`), or another priority by what it
        /// tracks.
        case reconfigured(RouterConfiguration)
        /// What it tracks forbids it to be master, or, with nil, does so no more.
        case tracked(fault: Tracked?)
        /// This member of its group is in fault, or, with nil, none is any more.
        case groupFault(of: String?)
        /// All members of its group would be master: a candidate becomes it.
        case takeOver
        /// A master is to give up, since this member of its group follows another.
        case resign(with: String)
        /// A master is to hand over and go on as backup. It takes over again only when nobody else is master;
        /// without a successor it stays. An owner of the addresses, and whoever is not master, ignores it.
        case switchOver
        /// It need not wait any more for nobody else to be master.
        case reclaim
    }

    /// What the shell has to do; see the contract above.
    package enum Action: Hashable, Sendable {
        /// Put this advertisement on the wire.
        case send(Advertisement)
        /// Make the kernel hold exactly the configured addresses.
        case acquireAddresses
        /// Make the kernel hold none of them.
        case releaseAddresses
        /// Gratuitous ARP for every address, this many packets each.
        case announce(packetsPerAddress: Int)
        /// The state is another one now.
        case stateChanged(to: StateName, because: Reason)
        /// Something worth a log line.
        case note(Note)
    }

    /// The configuration in force.
    package internal(set) var configuration: RouterConfiguration
    /// Where the router is in its life.
    package internal(set) var state = State.initialize
    /// The interface's primary address: the source of adverts and the tie-break; nil before the first start.
    package internal(set) var primaryAddress: IPAddress?
    /// What was counted so far.
    package internal(set) var statistics = VRRPStatistics()
    /// Why it must not be master, by what it tracks.
    var trackingFault: Tracked?
    /// The interface was usable when the shell last spoke of it.
    var hasInterface = true
    /// The member of its group that keeps it in fault.
    var groupFault: String?
    /// It has handed over on request, and does not preempt until it has become master again. A shell that
    /// goes on in place of another process sets it before the first event.
    package var yields = false

    /// How far the numbers of Authentication Headers are.
    private var numbering = Numbering()

    /// When it became master lately.
    var masterships: [Instant] = []

    private let digest: KeyedDigest?
    private var receiver: AdvertisementReceiver
    private var quietUntil: [String: Instant] = [:]

    /// Becoming master this often in this time is no failover any more.
    static let flappingCount = 5
    static let flappingTime = Interval.seconds(60)
    /// A note of one kind is given at most once in this time; the statistics count the rest.
    static let noteSpacing = Interval.seconds(60)
    /// More adverts than are sent between two reports of a shell.
    private static let unreportedAdverts: UInt32 = 256

    /// A router that has not been started. `digest` is what `auth_type AH` needs to hear its peers.
    package init(configuration: RouterConfiguration, digest: KeyedDigest? = nil) {
        self.configuration = configuration
        self.digest = digest
        receiver = AdvertisementReceiver(configuration: configuration, ownAddress: nil, digest: digest)
    }

    /// When `.timer` is due; nil when nothing is pending.
    package var nextDeadline: Instant? {
        switch state {
        case .initialize, .fault: nil
        case .handingOver(let handover): handover.releaseAt
        case .backup(let backup): backup.isCandidate ? nil : backup.masterDownAt
        case .master(let master):
            master.doubt == nil
                ? Optional.earlier(master.advertiseAt, master.announcements.nextDeadline) : master.advertiseAt
        }
    }

    /// Neighbours may be told that the addresses are here: it is master, and neither in doubt about it nor
    /// handing over.
    package func mayAnnounce(at now: Instant) -> Bool { state.name == .master && !isInDoubt(at: now) }

    /// It is master, and silent for so long that a peer may have taken over: until its timer it neither
    /// speaks nor puts back what is missing.
    package func isInDoubt(at now: Instant) -> Bool {
        guard case .master(let master) = state else { return false }
        return master.doubt != nil || now - master.lastSentAt > MasterDown.lease(of: configuration)
    }

    /// Checks a datagram that arrived for this router and acts on it if it is a good advertisement. A
    /// datagram that is not changes nothing but counters.
    package mutating func receive(_ datagram: ReceivedDatagram, at now: Instant) -> [Action] {
        switch receiver.receive(datagram, knownMaster: followed, after: numbering) {
        case .failure(let reason):
            statistics.count(reason)
            // Proven to be a peer's, though refused: what it says next is counted from here.
            if reason.followsAuthentication, let header = datagram.authenticationHeader,
                configuration.authentication.isHeader
            {
                numbering.hear(header.sequence)
            }
            return note(.dropped(reason, from: datagram.source), at: now)
        case .success(let accepted):
            statistics.accepted += 1
            numbering.hear(accepted.advertisement.sequence)
            let actions = remark(on: accepted, from: datagram.source, at: now)
            return actions
                + handle(.advertisement(accepted.advertisement, source: datagram.source), at: now)
        }
    }

    /// Counts `times` datagrams that arrived where this router listens, and are for no router that is
    /// configured here, which is nothing remarkable, or so malformed that it cannot be told for whom.
    package mutating func refuse(
        _ reason: DropReason, _ times: Int, from source: IPAddress?, at now: Instant
    ) -> [Action] {
        statistics.count(reason, times)
        guard reason != .virtualRouterID, let source else { return [] }
        return note(.dropped(reason, from: source), at: now)
    }

    /// Advances the router; see the contract of the type.
    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        let doubts = beginDoubt(at: now)
        switch event {
        case .startup(let address): return start(address, at: now)
        case .adopt(let address): return adopt(address, at: now)
        case .shutdown: return shutDown(at: now)
        case .timer:
            // Freshly in doubt: another turn, with another look at the sockets, comes before anything else.
            return doubts.isEmpty ? timer(at: now) : doubts
        case .advertisement(let advertisement, let source):
            return doubts + heard(advertisement, from: source, at: now)
        case .interfaceDown: return interfaceDown()
        case .interfaceUp(let address): return doubts + interfaceUp(address, at: now)
        case .reconfigured(let new): return doubts + reconfigure(new, at: now)
        case .tracked(let fault): return doubts + track(fault, at: now)
        case .groupFault(let member): return doubts + follow(faultOf: member, at: now)
        case .takeOver: return takeOver(at: now)
        case .resign(let member): return doubts + resign(with: member, at: now)
        case .switchOver: return doubts.isEmpty ? switchOver(at: now) : doubts
        case .reclaim:
            yields = false
            return doubts
        }
    }

    /// The primary address and the configuration decide what is received; both change through these two.
    mutating func adoptPrimaryAddress(_ address: IPAddress) {
        primaryAddress = address
        receiver = AdvertisementReceiver(
            configuration: configuration, ownAddress: address, digest: digest)
    }

    mutating func adoptConfiguration(_ new: RouterConfiguration) {
        configuration = new
        receiver = AdvertisementReceiver(configuration: new, ownAddress: primaryAddress, digest: digest)
    }

    /// The highest number that an Authentication Header had, sent or received.
    package var sequence: UInt32 { max(numbering.sent, numbering.heard) }

    /// Begins numbering after `first`, unless peers are beyond it. Seconds since 1970 let the adverts of a
    /// router that starts as master follow all that it ever sent: none sends two a second for long.
    package mutating func beginNumbering(after first: UInt32) {
        numbering.first = min(first, Numbering.lastBeginning)
    }

    /// Goes on numbering where a predecessor of this process ended, whose last report said `last`: what it
    /// sent since then must not be taken for a repetition.
    package mutating func continueNumbering(after last: UInt32) {
        let (sum, isTooLarge) = last.addingReportingOverflow(Self.unreportedAdverts)
        numbering.sent = max(numbering.sent, isTooLarge ? last : sum)
    }

    /// The number of the next advert; 0 where none are counted.
    mutating func nextSequence() -> UInt32 {
        guard configuration.version == .v2, configuration.authentication.isHeader else { return 0 }
        return numbering.next()
    }

    /// The note as an action, or nothing when one of its kind was given lately.
    mutating func note(_ note: Note, at now: Instant) -> [Action] {
        if let until = quietUntil[note.kind], now < until { return [] }
        quietUntil[note.kind] = now + Self.noteSpacing
        return [.note(note)]
    }

    /// The master that a backup follows.
    private var followed: IPAddress? {
        if case .backup(let backup) = state { backup.master?.source } else { nil }
    }

    private mutating func remark(
        on accepted: AcceptedAdvertisement, from source: IPAddress, at now: Instant
    ) -> [Action] {
        var actions: [Action] = []
        if let form = accepted.checksum, form != configuration.checksum { statistics.otherChecksumForm += 1 }
        if accepted.intervalDiffers {
            statistics.otherInterval += 1
            actions += note(.otherInterval(accepted.advertisement.interval, from: source), at: now)
        }
        if accepted.addressesDiffer {
            statistics.otherAddresses += 1
            actions += note(.otherAddresses(from: source), at: now)
        }
        return actions
    }
}
