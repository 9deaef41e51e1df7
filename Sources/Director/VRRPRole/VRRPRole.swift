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
    }

    private struct Port {
        let socket: VRRPSocket
        let registration: Registration
    }

    /// Datagrams of one interface in one turn: a flood must not keep our own adverts waiting.
    private static let datagramsPerTurn = 512
    /// How long a backup whose time is up goes on reading what a flood has left unread.
    private static let floodPatience = Interval.milliseconds(100)
    /// From one attempt to read everything anew to the next.
    private static let refreshSpacing = Interval.milliseconds(50)
    /// For an address that was put back, or became usable later than its master began.
    private static let restoredPackets = 5
    /// From one attempt to change the kernel to the next; doubled each time.
    private static let retrySpacings = Interval.milliseconds(50)...Interval.seconds(1)
    /// Reports of adverts are no closer together than this.
    private static let reportSpacing = Interval.milliseconds(50)

    private let log: Log
    private let loop: EventLoop<Wake>
    private let link: SupervisorLink<Wake, VRRPCommand, VRRPReport>
    private let ledger: LedgerWriter
    private let owner: AddressOwner
    private let routing: RouteOwner
    private let virtualInterfaces: VirtualInterfaceOwner
    private let announcer: AddressAnnouncer
    private let monitor: RouteMonitor
    private let clock: ClockWatch
    private var ports: [Line: Port] = [:]
    private var instances: [Instance] = []
    private var groups: [SyncGroup] = []
    private var statics = StaticItems()
    private var links = LinkDebounce()
    private var tracked = TrackedValues()
    private var hasStarted = false
    /// Told to stop: masters are handing over.
    private var isStopping = false
    /// When everything is to be read anew; nil while the table follows the kernel's events.
    private var refreshAt: Instant? = Instant(nanoseconds: .min)
    /// Commands that came before the kernel's state was known.
    private var waiting: [VRRPCommand] = []
    private var breath = Breath()
    /// The kernel said something since the routers were last told of their interfaces.
    private var hasNews = false
    private var advertised: [String: Instant] = [:]
    private var reportedAt = Instant(nanoseconds: .min)
    private var sendFailures: Set<String> = []
    /// Until then nothing begins; nil afterwards.
    private var beginAt: Instant?
    /// HMAC-MD5 can be computed: `auth_type AH` works.
    private let hasDigest: Bool
    private var announcements = AnnouncementQueue()
    private var followsRoutes = false
    /// Held, to be announced, and not usable yet: IPv6 addresses that are looked for elsewhere first.
    private var postponed: Set<HeldAddress> = []
    /// The address of each interface that neighbours were told.
    private var hardware: [String: MACAddress] = [:]
    /// Where more waits than was read in this turn.
    private var flooded: Set<Line> = []
    /// When the kernel is told again what it refused.
    private var retryAt: Instant?
    private var retrySpacing = VRRPRole.retrySpacings.lowerBound

    /// Opens everything that needs no configuration. Capabilities may be dropped to NET_ADMIN and NET_RAW
    /// before.
    init(channel: consuming OwnedFD, ledger fd: consuming OwnedFD, log: Log) throws {
        self.log = log
        loop = try EventLoop()
        link = try SupervisorLink(adopting: channel, in: loop, as: .supervisor, log: log)
        ledger = LedgerWriter(adopting: fd)
        owner = try AddressOwner(ledger: ledger, log: log)
        routing = try RouteOwner(log: log)
        virtualInterfaces = try VirtualInterfaceOwner(log: log)
        announcer = try AddressAnnouncer()
        monitor = try RouteMonitor([.links, .addresses, .addresses6])
        // OpenSSL reads its settings from the disk the first time; where HMAC-MD5 is forbidden nobody is
        // heard.
        hasDigest = Instance.digest([0], [0]) != nil
        clock = try ClockWatch()
        _ = try loop.register(monitor.descriptor, .read, .routes)
        // The loop's waits do not see the time that a machine was suspended; deadlines do.
        _ = try loop.register(clock.descriptor, .read, .clock)
    }

    /// Runs until told to stop, or until the supervisor is gone; the exit status.
    func run() throws -> Int32 {
        while true {
            let ready = try loop.wait(until: nextDeadline)
            let now = Clock.now()
            var commands = waiting
            waiting = []
            for event in ready where loop.isCurrent(event.registration) {
                switch event.token {
                case .supervisor: commands += link.commands(event)
                case .routes: followKernel()
                case .clock: clock.acknowledge()
                case .adverts: break  // every socket is drained below, ready or not
                }
            }
            refreshIfNeeded(at: now)
            if let due = beginAt, due <= now { (beginAt, hasNews) = (nil, true) }
            if let due = retryAt, due <= now { (retryAt, hasNews) = (nil, true) }
            if let due = Instant?.earlier(routing.nextDeadline, links.nextDeadline), due <= now {
                hasNews = true
            }
            guard owner.isInformed || link.hasEnded else {
                waiting = commands
                continue
            }
            // Before anything is put back: a successor may have it.
            hearAdverts(at: now)
            if hasNews { tellInterfaces(at: now) }
            for command in commands {
                switch command {
                case .configure(let assignment): try configure(assignment, at: now)
                case .tracked(let values):
                    tracked = values
                    tellInterfaces(at: now)
                case .describe:
                    link.send(.described(instances.map { $0.facts(isPresent: owner.isPresent) }))
                case .stop:
                    isStopping = true
                    for index in instances.indices { shutDown(index, at: now) }
                }
            }
            if link.hasEnded {
                log.warning("the supervisor is gone: resigning")
                withdraw(at: now)
                return isClean ? 0 : 1
            }
            keepTogether(at: now)
            fireTimers(at: now)
            keepTogether(at: now)
            sendAnnouncements(at: now)
            removeEnded()
            if isStopping, instances.isEmpty {
                withdraw(at: now)
                if isClean { link.send(.stopped) }
                return isClean ? 0 : 1
            }
            reportAdverts(at: now)
            if breath.isDue(at: now) { Scheduling.sleep(Breath.length) }
        }
    }

    private var nextDeadline: Instant? {
        var deadline = instances.reduce(refreshAt) { Instant?.earlier($0, $1.router.nextDeadline) }
        deadline = Instant?.earlier(deadline, Instant?.earlier(beginAt, announcements.nextDeadline))
        deadline = Instant?.earlier(deadline, Instant?.earlier(retryAt, routing.nextDeadline))
        deadline = Instant?.earlier(deadline, links.nextDeadline)
        if !advertised.isEmpty { deadline = Instant?.earlier(deadline, reportedAt + Self.reportSpacing) }
        return deadline
    }

    // MARK: Configuration

    private func configure(_ assignment: VRRPAssignment, at now: Instant) throws {
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
        followRoutes()
        // What is to be adopted stays while the instances before it begin.
        for index in instances.indices where instances[index].usability == nil {
            instances[index].holds = mayAdopt(instances[index].configuration, masters, at: now)
        }
        // Instances may depend on what is static.
        if !statics.wanted.isEmpty { settle(at: now) }
        tellInterfaces(at: now, masters: masters, sequences: sequences)
        settle(at: now)
        guard !hasStarted else { return }
        hasStarted = true
        link.send(.ready)
    }

    /// Once there are routes to be kept, their removal is news.
    private func followRoutes() {
        let all = Routing(statics.wanted) + Routing(instances.map(\.configured))
        guard !followsRoutes, !all.isEmpty else { return }
        do {
            try monitor.add([.routes, .rules])
            followsRoutes = true
        } catch {
            log.error("\(error)")
        }
    }

    private var isClean: Bool {
        owner.isClean && routing.isClean && virtualInterfaces.isClean(owner.table, ledger.claims)
    }

    /// With an instance goes its virtual interface.
    private func removeEnded() {
        let count = instances.count
        instances.removeAll(where: \.hasEnded)
        if instances.count < count { settleInterfaces() }
    }

    /// Has the interfaces with virtual Ethernet addresses there, and those of masters up. Before a master's
    /// addresses: with an interface that goes down its addresses go, and nothing that would draw traffic
    /// leaves any more.
    private func settleInterfaces() {
        let raised = instances.filter(\.holds).compactMap(\.configuration.virtualInterface?.name)
        virtualInterfaces.reconcile(
            instances.map(\.configuration), raised: Set(raised), table: &owner.table, ledger: ledger)
    }

    /// Makes the kernel hold what the masters want; what was added. `acquired` takes over now.
    @discardableResult
    private func settle(
        acquired: RouterConfiguration? = nil, at now: Instant
    ) -> (addresses: [HeldAddress], others: [String], isLossNew: Bool) {
        let wanted = Routing(statics.wanted) + Routing(instances.filter(\.holds).map(\.configuration))
        let acquired = acquired.map { [$0] } ?? []
        settleInterfaces()
        let own =
            AddressPlan.addresses(of: statics.fresh) + acquired.flatMap { AddressPlan.addresses(of: $0) }
        var others: [String] = []
        let added = owner.reconcile(
            desired, configured: configured, acquired: Set(own.map(\.address))
        ) {
            others = routing.settle(
                wanted, acquired: statics.freshRouting + Routing(acquired), on: owner.table, at: now)
        }
        owner.warn(ofStrays: strays)
        planRetry(at: now)
        return (added, others, statics.judge(owner.table, missing: routing.missing))
    }

    /// What the kernel refused is tried again, soon at first.
    private func planRetry(at now: Instant) {
        guard owner.hasFailed else {
            (retryAt, retrySpacing) = (nil, Self.retrySpacings.lowerBound)
            return
        }
        guard retryAt == nil else { return }
        retryAt = now + retrySpacing
        retrySpacing = min(retrySpacing * 2, Self.retrySpacings.upperBound)
    }

    private var desired: [AddressPlan.Addition] {
        AddressPlan.addresses(of: statics.wanted)
            + instances.filter(\.holds).flatMap { AddressPlan.addresses(of: $0.configuration) }
    }

    private var configured: Set<HeldAddress> {
        let all = instances.flatMap { AddressPlan.addresses(of: $0.configuration) }
        return Set((AddressPlan.addresses(of: statics.wanted) + all).map(\.address))
    }

    /// What must not be here now, or another router's clients come to us; an owner's are its interface's own.
    private var strays: Set<HeldAddress> {
        let silent = instances.filter { !$0.holds && $0.configured.priority < 255 }
        return Set(silent.flatMap { AddressPlan.addresses(of: $0.configuration) }.map(\.address))
    }

    private var virtualAddresses: Set<IPAddress> {
        Set(instances.flatMap { AddressPlan.addresses(of: $0.configuration) }.map(\.address.prefix.address))
    }

    /// Resigns everywhere and takes all addresses away, without waiting for a successor.
    private func withdraw(at now: Instant) {
        for index in instances.indices {
            shutDown(index, at: now)
            if instances[index].router.isHandingOver { shutDown(index, at: now) }
        }
        instances = []
        statics.configure(Statics())
        settle(at: now)
    }

    private func shutDown(_ index: Int, at now: Instant) {
        instances[index].isLeaving = true
        deliver(.shutdown, to: index, at: now)
    }

    // MARK: Interfaces

    private func followKernel() {
        do {
            for event in try monitor.drain() {
                hasNews = true
                routing.lookAgain()
                if !owner.table.apply(event) { refreshAt = Clock.now() }
            }
        } catch {
            log.error("\(error)")
            refreshAt = Clock.now()
        }
    }

    /// An answer that keeps changing while it is read is asked for again a little later; until then the table
    /// stays as it was, and the election goes on.
    private func refreshIfNeeded(at now: Instant) {
        guard let due = refreshAt, due <= now else { return }
        do {
            try owner.refresh()
            refreshAt = nil
            hasNews = true
        } catch {
            log.detail("\(error); trying again")
            refreshAt = now + Self.refreshSpacing
        }
    }

    /// Opens the sockets of every interface that is there, closes those of interfaces that are not.
    private func openPorts() {
        let wanted = Set(instances.flatMap { [Line($0.configured), Line(speaking: $0.configured)] })
        for (line, port) in ports
        where !wanted.contains(line) || owner.table.link(line.interface)?.index != port.socket.index {
            loop.unregister(port.registration)
            ports[line] = nil
        }
        for line in wanted where ports[line] == nil {
            guard let link = owner.table.link(line.interface) else { continue }
            do {
                let socket = try line.open(index: link.index)
                let registration = try loop.register(socket.descriptor, .read, .adverts(line))
                ports[line] = Port(socket: socket, registration: registration)
            } catch {
                log.error("\(error)")
            }
        }
    }

    /// Tells each router what is new about its interface, and puts back addresses that another hand removed.
    private func tellInterfaces(
        at now: Instant, masters: [String: Instant] = [:], sequences: [String: UInt32] = [:]
    ) {
        hasNews = false
        settleInterfaces()
        let counts = links.observe(at: now) { owner.table.link($0)?.isUsable ?? false }
        owner.table.debounced = counts
        // Before a reload makes a master tell its peers at once.
        openPorts()
        for index in instances.indices { tellFitness(of: index, at: now) }
        let virtual = virtualAddresses
        for index in instances.indices {
            let configuration = instances[index].configuration
            var usability = owner.table.usability(
                for: configuration, virtual: virtual, statics: statics.addresses, isOurs: owner.owns)
            if let interface = configuration.virtualInterface, case .usable = usability,
                !virtualInterfaces.isReady(interface, in: owner.table, ledger.claims)
            {
                usability = .noVirtualInterface
            }
            let hasPorts = ports[Line(configuration)] != nil && ports[Line(speaking: configuration)] != nil
            if !hasPorts, case .usable = usability { usability = .down }
            if !hasDigest, Line(configuration).isAuthenticated {
                if sendFailures.insert("digest").inserted { log.error("\(UnavailableDigest())") }
                usability = .down
            }
            let mayAdopt = mayAdopt(configuration, masters, at: now)
            let waits = instances[index].waits || (beginAt != nil && instances[index].usability == nil)
            guard mayAdopt || !waits,
                let event = instances[index].event(for: usability, mayAdopt: mayAdopt)
            else { continue }
            if case .adopt = event, let last = sequences[configuration.name] {
                instances[index].router.continueNumbering(after: last)
            }
            if event == .interfaceDown {
                log.warning("(\(configuration.name)) interface \(configuration.interface): \(usability)")
            }
            deliver(event, to: index, at: now)
        }
        guard hasStarted else { return }
        // Who was silent too long looks before it acts: after its timer.
        guard !instances.contains(where: { $0.router.isInDoubt(at: now) }) else {
            retryAt = now
            return
        }
        let restored = settle(at: now)
        announcements.add(postponed.filter(owner.isUsable), packets: Self.restoredPackets)
        announceNewHardware()
        if restored.isLossNew { for index in instances.indices { tellFitness(of: index, at: now) } }
        let names = restored.addresses.map(\.description) + restored.others
        guard !names.isEmpty else { return }
        log.warning("put back what was missing: \(names.joined(separator: ", "))")
        announcements.add(restored.addresses, packets: Self.restoredPackets)
        sendAnnouncements(at: now)
    }

    /// Neighbours know the addresses by the interface's own.
    private func announceNewHardware() {
        for (interface, held) in Dictionary(grouping: desired.map(\.address), by: \.interface) {
            guard let mac = owner.table.link(interface)?.mac else { continue }
            let before = hardware.updateValue(mac, forKey: interface)
            guard let before, before != mac else { continue }
            log.notice("\(interface) has the address \(mac) now: telling the neighbours")
            announcements.add(held, packets: Self.restoredPackets)
        }
    }

    private func mayAdopt(
        _ configuration: RouterConfiguration, _ masters: [String: Instant], at now: Instant
    ) -> Bool {
        Instance.mayAdopt(
            configuration, lastAdvert: masters[configuration.name], at: now, isHeld: owner.isPresent)
    }

    /// Tells a router what it may claim by what it tracks.
    private func tellFitness(of index: Int, at now: Instant) {
        let configured = instances[index].configured
        let group = groups.first { $0.name == configured.group }
        var known = tracked
        known.lostGroups = statics.lostGroups
        let fitness = Fitness(of: configured, in: group, knowing: known) { name in
            owner.table.isUsable(name)
        }
        let before = instances[index].configuration.priority
        for event in instances[index].events(for: fitness) { deliver(event, to: index, at: now) }
        let (name, priority) = (instances[index].name, instances[index].configuration.priority)
        if priority != before {
            log.notice("(\(name)) Changing effective priority from \(before) to \(priority)")
        }
        guard instances[index].reportedPriority != priority else { return }
        instances[index].reportedPriority = priority
        link.send(.priority(instance: name, priority))
    }

    /// Brings the members of each group to one state.
    private func keepTogether(at now: Instant) {
        guard !groups.isEmpty else { return }
        let places = Dictionary(grouping: instances.indices) { instances[$0].configured.group ?? "" }
        for group in groups {
            let members = places[group.name] ?? []
            // Into fault, out of it, to one master or none: no member goes further in one turn.
            for _ in 0..<3 {
                let corrections = group.corrections(of: members.map { instances[$0].router })
                for (place, event) in corrections { deliver(event, to: members[place], at: now) }
                if corrections.isEmpty { break }
            }
        }
    }

    // MARK: Adverts and timers

    private func hearAdverts(at now: Instant) {
        flooded = []
        for (line, port) in ports {
            do {
                let received = try port.socket.drain(limit: Self.datagramsPerTurn)
                for datagram in received.datagrams { hear(datagram, on: line, at: now) }
                for _ in 0..<received.malformed { refuse(as: .malformed, from: nil, on: line, at: now) }
                if received.hasMore { flooded.insert(line) }
            } catch {
                if sendFailures.insert("receive \(line.interface)").inserted {
                    log.error("cannot receive on \(line.interface): \(error)")
                }
            }
        }
    }

    private func hear(_ datagram: IPDatagram, on line: Line, at now: Instant) {
        guard let received = ReceivedDatagram(datagram),
            let header = PacketHeader(peeking: received.payload)
        else { return refuse(as: .malformed, from: datagram.source, on: line, at: now) }
        let places = Recipients.places(header.virtualRouterID, from: datagram.source, on: line, in: instances)
        if places.isEmpty { refuse(as: .virtualRouterID, from: datagram.source, on: line, at: now) }
        for index in places {
            perform(instances[index].router.receive(received, at: now), of: index, at: now)
        }
    }

    /// It was for none of ours, or nobody can say for whom: all that listen there count it.
    private func refuse(as reason: DropReason, from source: IPAddress?, on line: Line, at now: Instant) {
        for index in instances.indices where Line(instances[index].configuration) == line {
            perform(instances[index].router.refuse(reason, from: source, at: now), of: index, at: now)
        }
    }

    private func fireTimers(at now: Instant) {
        for index in instances.indices {
            guard let deadline = instances[index].router.nextDeadline, deadline <= now else { continue }
            // What waits may be its master's advert; a flood delays a take-over, and does not prevent it.
            if flooded.contains(Line(instances[index].configuration)),
                instances[index].router.state.name == .backup, now - deadline < Self.floodPatience
            {
                continue
            }
            deliver(.timer, to: index, at: now)
        }
    }

    private func deliver(_ event: Router.Event, to index: Int, at now: Instant) {
        perform(instances[index].router.handle(event, at: now), of: index, at: now)
    }

    // MARK: Actions

    private func perform(_ actions: [Router.Action], of index: Int, at now: Instant) {
        let name = instances[index].name
        for action in actions {
            switch action {
            case .send(let advertisement): send(advertisement, of: instances[index], at: now)
            case .acquireAddresses:
                instances[index].holds = true
                settle(acquired: instances[index].configuration, at: now)
            case .releaseAddresses:
                instances[index].holds = false
                settle(at: now)
            case .announce(let packets):
                announcements.add(
                    AddressPlan.addresses(of: instances[index].configuration).map(\.address), packets: packets
                )
                sendAnnouncements(at: now)
            case .stateChanged(let state, let reason):
                log.notice(state.line(instance: name, because: reason))
                instances[index].reason = reason
                link.send(.state(instance: name, state, because: "\(reason)"))
            case .note(let note): log.warning("(\(name)) \(note)")
            }
        }
    }

    private func send(_ advertisement: Advertisement, of instance: Instance, at now: Instant) {
        let configuration = instance.configuration
        guard let port = ports[Line(speaking: configuration)], let source = instance.router.primaryAddress
        else { return }
        if let interface = configuration.virtualInterface, advertisement.priority > 0 {
            virtualInterfaces.raise(interface, table: &owner.table, ledger: ledger)
        }
        for destination in configuration.transport.destinations {
            let failure = "\(configuration.name) \(destination)"
            let octets = advertisement.wireOctets(
                from: source, to: destination, timeToLive: configuration.transport.timeToLive,
                checksum: configuration.checksum, digest: Instance.digest)
            do {
                guard let octets else { throw UnavailableDigest() }
                try port.socket.send(octets, from: source, to: destination)
                advertised[configuration.name] = now
                sendFailures.remove(failure)
            } catch {
                // Said once until it works again; the peers notice by their timers.
                guard sendFailures.insert(failure).inserted else { continue }
                let place = "\(destination) on \(configuration.interface)"
                log.error("(\(configuration.name)) cannot send an advert to \(place): \(error)")
            }
        }
    }

    /// Of addresses that are no longer wanted nothing more is said.
    private func sendAnnouncements(at now: Instant) {
        guard let deadline = announcements.nextDeadline, deadline <= now else { return }
        // Who hands over, or is in doubt, draws no traffic to itself.
        let speaking = instances.filter { $0.holds && $0.router.mayAnnounce(at: now) }.map(\.configuration)
        let own = speaking.flatMap { AddressPlan.addresses(of: $0) }.map(\.address)
        let usable = Set(own.filter(owner.isUsable))
        postponed = Set(own).intersection(postponed.union(announcements.addresses)).subtracting(usable)
        announcements.keep(only: usable)
        for held in announcements.due(at: now) {
            guard let link = owner.table.link(held.interface), let mac = link.mac, !link.isLoopback
            else { continue }
            try? announcer.announce(held.prefix.address, at: mac, on: link.index)
        }
    }

    private func reportAdverts(at now: Instant) {
        guard !advertised.isEmpty, now - reportedAt >= Self.reportSpacing else { return }
        let counting = instances.filter { advertised[$0.name] != nil && $0.router.sequence > 0 }
        let sequences = Dictionary(counting.map { ($0.name, $0.router.sequence) }, uniquingKeysWith: max)
        link.send(.advertised(advertised, sequences: sequences))
        advertised = [:]
        reportedAt = now
    }
}
