// The vrrp role's shell. A turn: read the clock, take commands and the kernel's news, hear every advert that
// waits, and only then let timers act; a process that was paused learns first that it was replaced (see
// `Router`).

import KernelNet
import LinuxIO
import NetTypes
import Timekeeping
import VRRP

/// The process of the vrrp role.
final class VRRPRole {
    /// What wakes it.
    enum Wake: Hashable {
        case supervisor
        case routes
        /// The clock jumped, or the machine was suspended.
        case clock
        case adverts(Line)
        /// Somebody says to have one of the virtual addresses.
        case claims
    }

    struct Port {
        let socket: VRRPSocket
        let registration: Registration
    }

    /// Datagrams of one interface in one turn: a flood must not keep our own adverts waiting.
    static let datagramsPerTurn = 512
    /// How long a backup whose time is up goes on reading what a flood has left unread.
    static let floodPatience = Interval.milliseconds(100)
    /// More virtual interfaces than VRIDs of both families are not waited for at a stop.
    static let mostInterfaces = 512
    /// From one attempt to read everything anew to the next.
    static let refreshSpacing = Interval.milliseconds(50)
    /// For an address that was put back, or became usable later than its master began.
    static let restoredPackets = 5
    /// From one attempt to change the kernel to the next; doubled each time.
    static let retrySpacings = Interval.milliseconds(50)...Interval.seconds(1)

    let log: Log
    let loop: EventLoop<Wake>
    let link: SupervisorLink<Wake, VRRPCommand, VRRPReport>
    let ledger: LedgerWriter
    let owner: AddressOwner
    let routing: RouteOwner
    let virtualInterfaces: VirtualInterfaceOwner
    let announcer: AddressAnnouncer
    let monitor: RouteMonitor
    let neighbours: ARPMonitor
    let clock: ClockWatch
    var ports: [Line: Port] = [:]
    /// Those whose interface is there, and whose socket cannot be had.
    var unopened: Set<Line> = []
    var instances: [Instance] = []
    var groups: [SyncGroup] = []
    var statics = StaticItems()
    var links = LinkDebounce()
    var tracked = TrackedValues()
    var hasStarted = false
    /// Told to stop: masters are handing over.
    var isStopping = false
    /// When everything is to be read anew; nil while the table follows the kernel's events.
    var refreshAt: Instant? = Instant(nanoseconds: .min)
    /// Commands that came before the kernel's state was known.
    var waiting: [VRRPCommand] = []
    var breath = Breath()
    /// The kernel said something since the routers were last told of their interfaces.
    var hasNews = false
    /// Where the supervisor finds when each master last advertised.
    let adverts: AdvertBoard
    var sendFailures: Set<String> = []
    /// Until then nothing begins; nil afterwards.
    var beginAt: Instant?
    /// HMAC-MD5 can be computed: `auth_type AH` works.
    let hasDigest: Bool
    var announcements = AnnouncementQueue()
    var followsRoutes = false
    /// Held, to be announced, and not usable yet: IPv6 addresses that are looked for elsewhere first.
    var postponed: Set<HeldAddress> = []
    var conflicts = AddressConflicts()
    /// The address of each interface that neighbours were told.
    var hardware: [String: MACAddress] = [:]
    /// Where more waits than was read in this turn.
    var flooded: Set<Line> = []
    /// A virtual interface may have to go down, or away.
    var owesLowering = false
    /// When the kernel is told again what it refused.
    var retryAt: Instant?
    var retrySpacing = VRRPRole.retrySpacings.lowerBound

    /// Opens everything that needs no configuration, and takes what it was born with. Capabilities may be
    /// dropped to NET_ADMIN and NET_RAW before.
    init(channel: consuming OwnedFD, log: Log) throws {
        self.log = log
        loop = try EventLoop()
        link = try SupervisorLink(adopting: channel, in: loop, as: .supervisor, log: log)
        ledger = LedgerWriter(adopting: OwnedFD(adopting: Inheritance.ledger))
        owner = try AddressOwner(ledger: ledger, log: log)
        routing = try RouteOwner(log: log)
        virtualInterfaces = try VirtualInterfaceOwner(log: log)
        announcer = AddressAnnouncer(adopting: OwnedFD(adopting: Inheritance.announcements))
        monitor = try RouteMonitor([.links, .addresses, .addresses6])
        neighbours = ARPMonitor(adopting: OwnedFD(adopting: Inheritance.claims))
        // OpenSSL reads its settings from the disk the first time; where HMAC-MD5 is forbidden nobody is
        // heard.
        hasDigest = Instance.digest([0], [0]) != nil
        clock = try ClockWatch()
        adverts = try AdvertBoard(OwnedFD(adopting: Inheritance.adverts))
        _ = try loop.register(monitor.descriptor, .read, .routes)
        // The loop's waits do not see the time that a machine was suspended; deadlines do.
        _ = try loop.register(clock.descriptor, .read, .clock)
    }

    /// Runs until told to stop, or until the supervisor is gone; the exit status.
    func run() throws -> Int32 {
        while true {
            let idleSince = Clock.now()
            let ready = try loop.wait(until: nextDeadline)
            let now = Clock.now()
            breath.waited(from: idleSince, to: now)
            var (commands, claims): ([VRRPCommand], [ARPClaim]) = (waiting, [])
            waiting = []
            for event in ready where loop.isCurrent(event.registration) {
                switch event.token {
                case .supervisor: commands += link.commands(event)
                case .routes: followKernel()
                case .clock: clock.acknowledge()
                case .claims: claims = (try? neighbours.drain()) ?? []
                case .adverts(let line):
                    // Those that hear are drained below, ready or not.
                    if line.onlySends { _ = try? ports[line]?.socket.drain() }
                }
            }
            refreshIfNeeded(at: now)
            if let due = beginAt, due <= now { (beginAt, hasNews) = (nil, true) }
            if let due = retryAt, due <= now { (retryAt, hasNews) = (nil, true) }
            if let due = newsDeadline, due <= now { hasNews = true }
            guard owner.isInformed || link.hasEnded else {
                waiting = commands
                continue
            }
            // Before anything is put back: a successor may have it.
            hearAdverts(at: now)
            judge(claims, at: now)
            if hasNews { tellInterfaces(at: now) }
            for command in commands {
                switch command {
                case .configure(let assignment): try configure(assignment, at: now)
                case .tracked(let values):
                    tracked = values
                    tellInterfaces(at: now)
                case .switchOver(let names): switchOver(names, at: now)
                case .reclaim(let names):
                    for index in instances.indices where names.contains(instances[index].name) {
                        deliver(.reclaim, to: index, at: now)
                    }
                case .describe: link.send(description)
                case .stop:
                    isStopping = true
                    for index in instances.indices { shutDown(index, at: now) }
                }
            }
            if link.hasEnded {
                guard hasStarted else { return 0 }
                log.warning("the supervisor is gone: resigning")
                withdraw(at: now)
                return isClean ? 0 : 1
            }
            keepTogether(at: now)
            fireTimers(at: now)
            keepTogether(at: now)
            sendAnnouncements(at: now)
            removeEnded()
            lowerInterfaces(at: now)
            if isStopping, instances.isEmpty {
                withdraw(at: now)
                if isClean { link.send(.stopped) }
                return isClean ? 0 : 1
            }
            if breath.isDue(at: now) { Scheduling.sleep(Breath.length) }
        }
    }

    var nextDeadline: Instant? {
        var deadline = instances.reduce(refreshAt) { Instant?.earlier($0, $1.router.nextDeadline) }
        deadline = Instant?.earlier(deadline, Instant?.earlier(beginAt, announcements.nextDeadline))
        deadline = Instant?.earlier(deadline, Instant?.earlier(retryAt, newsDeadline))
        return deadline
    }

    /// When the kernel's state may count as another one though the kernel says nothing.
    private var newsDeadline: Instant? {
        instances.reduce(Instant?.earlier(routing.nextDeadline, links.nextDeadline)) {
            Instant?.earlier($0, $1.addressAwaitedUntil)
        }
    }

    // MARK: Configuration

    func configure(_ assignment: VRRPAssignment, at now: Instant) throws {
        ledger.inherit(assignment.claims)
        guard !isStopping else { return }
        // Only a role that begins adopts; a reload that makes another router of an instance elects anew.
        let masters = hasStarted ? [:] : assignment.masters
        let sequences = hasStarted ? [:] : assignment.sequences
        let staying = Instance.staying(instances, assignment.routers)
        let names = Set(assignment.routers.map(\.name))
        for index in instances.indices where !staying.contains(instances[index].name) {
            if !instances[index].isLeaving { shutDown(index, at: now) }
            // Two of one name could not be told apart: the former one does not wait for its successor.
            if names.contains(instances[index].name) { shutDown(index, at: now) }
        }
        let leaving = instances.filter { $0.isLeaving && !$0.hasEnded }
        var kept: [String: Instance] = [:]
        for instance in instances where !instance.isLeaving { kept[instance.name] = instance }
        beginAt = assignment.beginAt > now ? assignment.beginAt : nil
        announcements.gaps = assignment.announcementGaps
        groups = assignment.groups
        tracked = assignment.tracked
        statics.configure(assignment.statics)
        links.configure(assignment.linkDelays)
        instances = assignment.routers.map { kept[$0.name] ?? Instance($0) } + leaving
        for (index, new) in assignment.routers.enumerated() { instances[index].configured = new }
        let left = adverts.assign(instances.map(\.configured))
        if let first = left.first {
            log.warning(
                "more than \(AdvertBoard.places) instances: (\(first)) and those after it, \(left.count), "
                    + "have no lease: when this process dies their addresses go at once")
        }
        followRoutes()
        followClaims()
        if !hasStarted {
            _ = try loop.register(neighbours.descriptor, .read, .claims)
            for index in instances.indices {
                instances[index].router.yields = assignment.yielding.contains(instances[index].name)
            }
        }
        // What is to be adopted stays while the instances before it begin.
        for index in instances.indices where instances[index].usability == nil {
            let isAdopted = mayAdopt(instances[index].configuration, masters, at: now)
            instances[index].heldSince = isAdopted ? now : nil
        }
        // Instances may depend on what is static.
        if !statics.wanted.isEmpty { settle(at: now) }
        tellInterfaces(at: now, masters: masters, sequences: sequences)
        settle(at: now)
        guard !hasStarted else { return }
        hasStarted = true
        Scheduling.setProcessName("holdfastd-\(RoleName.vrrp)")
        link.send(.ready)
    }

    /// Once there are routes to be kept, their removal is news.
    func followRoutes() {
        let all = Routing(statics.wanted) + Routing(instances.map(\.configured))
        guard !followsRoutes, !all.isEmpty else { return }
        do {
            try monitor.add([.routes, .rules])
            followsRoutes = true
        } catch {
            log.error("\(error)")
        }
    }

    private var description: VRRPReport {
        .described(
            instances.map { $0.facts(isPresent: owner.isPresent) }, delayedLinks: owner.table.delayedLinks,
            health: RoleHealth(
                lag: loop.lag, refusals: owner.refusals + routing.refusals + virtualInterfaces.refusals))
    }

    var isClean: Bool {
        owner.isClean && routing.isClean && virtualInterfaces.isClean(owner.table, ledger.claims)
    }

    /// With an instance goes its virtual interface.
    func removeEnded() {
        let count = instances.count
        instances.removeAll(where: \.hasEnded)
        if instances.count < count { owesLowering = true }
    }

    /// Resigns everywhere and takes all addresses away, without waiting for a successor.
    func withdraw(at now: Instant) {
        for index in instances.indices {
            shutDown(index, at: now)
            if instances[index].router.isHandingOver { shutDown(index, at: now) }
        }
        instances = []
        statics.configure(Statics())
        settle(at: now)
        for _ in 0..<Self.mostInterfaces {
            guard settleInterfaces(lowering: true) else { break }
        }
    }

    func shutDown(_ index: Int, at now: Instant) {
        instances[index].isLeaving = true
        deliver(.shutdown, to: index, at: now)
    }
}
