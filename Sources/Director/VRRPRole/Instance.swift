import LinuxIO
import NetTypes
import TLS
import Timekeeping
import VRRP

/// One virtual router with what its shell remembers of it.
struct Instance {
    var router: Router
    /// Since then the router wants its addresses in the kernel.
    var heldSince: Instant?
    /// It was told to stop, and ends as soon as its router does.
    var isLeaving = false
    /// What the interface was when the router was last told.
    var usability: InterfaceTable.Usability?
    /// Until then it bears that it has no address to speak from.
    private(set) var addressAwaitedUntil: Instant?
    /// As configured; the router's own differs in its priority.
    var configured: RouterConfiguration
    /// What tracking made of it when the router was last told.
    var fitness: Fitness?
    /// What the supervisor knows.
    var reportedPriority: UInt8?

    /// Why the router is in its state; nil before its first change.
    private(set) var reason: Reason?
    /// What each thing that it tracks makes of it.
    var tracking: [TrackingEffect] = []
    private var state = Router.StateName.initialize
    /// How often it changed its state, and why.
    private(set) var transitions: [StateChange: UInt64] = [:]
    /// From each decision to be master to the first word of it to the neighbours.
    private(set) var takeovers = IntervalHistogram()
    /// It has decided to be master then, and not told the neighbours yet.
    private var untoldSince: Instant?

    /// What `auth_type AH` is computed with.
    static let digest: KeyedDigest = { key, octets in HMACMD5.code(of: octets, key: key) }

    init(_ configuration: RouterConfiguration) {
        router = Router(configuration: configuration, digest: Self.digest)
        router.beginNumbering(after: UInt32(clamping: Clock.wallTime().nanoseconds / 1_000_000_000))
        configured = configuration
    }

    var configuration: RouterConfiguration { router.configuration }
    /// The router wants its addresses in the kernel.
    var holds: Bool { heldSince != nil }
    var name: String { router.configuration.name }

    /// Nothing is left to be done for it.
    var hasEnded: Bool { isLeaving && router.state == .initialize }

    /// What the interface counts as when it is `new` now and may be down for `patience`: a link that goes
    /// down takes its IPv6 addresses along, and once it is back the kernel looks for duplicates first.
    mutating func bearing(
        _ new: InterfaceTable.Usability, for patience: Interval, at now: Instant
    ) -> InterfaceTable.Usability {
        guard new == .noAddress, configuration.family == .inet6, let usability, case .usable = usability
        else {
            addressAwaitedUntil = nil
            return new
        }
        let until = addressAwaitedUntil ?? now + patience
        addressAwaitedUntil = now < until ? until : nil
        return now < until ? usability : new
    }

    /// What the journal is told when the router's state is to be `new`.
    func event(_ new: Router.StateName, because reason: Reason) -> LogEvent {
        var event = LogEvent(
            .transition,
            [
                "VRRP_INSTANCE": name, "VRID": "\(configuration.virtualRouterID)",
                "STATE_FROM": state.rawValue, "STATE_TO": new.rawValue, "REASON": "\(reason)",
            ])
        event.about += configuration.virtualAddresses.prefix(Self.toldAddresses)
            .map { LogField("VIP", "\($0.prefix.address)") }
        return event
    }

    /// The journal is told so many addresses of an instance.
    private static let toldAddresses = 16

    /// The router's state is another one.
    mutating func note(_ new: Router.StateName, because reason: Reason, at now: Instant) {
        self.reason = reason
        transitions[StateChange(from: state, to: new, reason: reason.word), default: 0] += 1
        state = new
        untoldSince = new == .master ? now : nil
    }

    /// Neighbours have not been told that it is master, and this is one of its addresses.
    func isUntold(of address: HeldAddress) -> Bool {
        untoldSince != nil
            && configuration.heldAddresses.contains { HeldAddress($0, of: configuration) == address }
    }

    /// Neighbours were told of one of its addresses.
    mutating func noteAnnouncement(at now: Instant) {
        // What comes much later refreshes what nobody was told at the takeover.
        if let since = untoldSince, now - since < .seconds(60) { takeovers.add(now - since) }
        untoldSince = nil
    }

    /// The event that tells the router of its interface; nil when that is no news to it, or it has ended: one
    /// that is told to stop must not begin again. `mayAdopt` is asked at the first time only.
    mutating func event(for new: InterfaceTable.Usability, mayAdopt: Bool) -> Router.Event? {
        guard new != usability, !hasEnded else { return nil }
        let isFirst = usability == nil
        usability = new
        switch new {
        case .usable(let primary):
            guard isFirst else { return .interfaceUp(primaryAddress: primary) }
            return mayAdopt ? .adopt(primaryAddress: primary) : .startup(primaryAddress: primary)
        case .missing, .down, .noCarrier, .settling, .noAddress, .noPeer, .noVirtualInterface:
            return .interfaceDown
        }
    }

    /// The events that tell the router what tracking makes of it.
    mutating func events(for new: Fitness) -> [Router.Event] {
        var events: [Router.Event] = []
        var wanted = configured
        wanted.priority = new.priority
        if wanted != router.configuration { events.append(.reconfigured(wanted)) }
        if new.fault != fitness?.fault { events.append(.tracked(fault: new.fault)) }
        fitness = new
        return events
    }

    /// It does not begin before something is known of what it tracks.
    var waits: Bool { usability == nil && fitness?.awaited != nil }

    /// Whether a successor may go on as master: the predecessor was, advertised at `lastAdvert`, which is so
    /// short ago that no peer can have taken over. Its addresses are put in order afterwards, but one that
    /// clients use must still be there: when all are gone somebody has taken them away on purpose.
    static func mayAdopt(
        _ configuration: RouterConfiguration, lastAdvert: Instant?, at now: Instant,
        isHeld: (HeldAddress) -> Bool
    ) -> Bool {
        guard let lastAdvert, now - lastAdvert < MasterDown.lease(of: configuration) else { return false }
        let virtual = configuration.virtualAddresses
        return virtual.isEmpty || virtual.contains { isHeld(HeldAddress($0, of: configuration)) }
    }

    /// The names of the instances that a new configuration goes on with; the others end, and what is new
    /// begins.
    static func staying(_ instances: [Instance], _ routers: [RouterConfiguration]) -> Set<String> {
        RouterConfiguration.staying(instances.filter { !$0.isLeaving }.map(\.configuration), routers)
    }
}
