// What the vrrp role makes the kernel hold, and what the kernel tells it.

import KernelNet
import LinuxIO
import NetTypes
import Timekeeping
import VRRP

extension VRRPRole {
    /// Has the interfaces with virtual Ethernet addresses there, and those of masters up. With `lowering` one
    /// that is up or there too long goes down or away; true when more are waiting for that.
    @discardableResult
    func settleInterfaces(lowering: Bool = false) -> Bool {
        let raised = instances.filter(\.holds).compactMap(\.configuration.virtualInterface?.name)
        return virtualInterfaces.reconcile(
            instances.map(\.configuration), raised: Set(raised), lowering: lowering, table: &owner.table,
            ledger: ledger)
    }

    /// After the addresses, and one in a turn: the kernel takes its time (up to some tens of milliseconds).
    func lowerInterfaces(at now: Instant) {
        guard owesLowering else { return }
        owesLowering = settleInterfaces(lowering: true)
        if owesLowering { retryAt = now }
    }

    /// Makes the kernel hold what the masters want; what was added. `acquired` takes over now.
    @discardableResult
    func settle(
        acquired: [RouterConfiguration] = [], at now: Instant
    ) -> (addresses: [HeldAddress], others: [String], isLossNew: Bool) {
        let wanted = Routing(statics.wanted) + Routing(instances.filter(\.holds).map(\.configuration))
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
        owesLowering = true
        planRetry(at: now)
        return (added, others, statics.judge(owner.table, missing: routing.missing))
    }

    /// What the kernel refused is tried again, soon at first.
    func planRetry(at now: Instant) {
        guard owner.hasFailed || virtualInterfaces.hasFailed || !unopened.isEmpty else {
            (retryAt, retrySpacing) = (nil, Self.retrySpacings.lowerBound)
            return
        }
        guard retryAt == nil else { return }
        retryAt = now + retrySpacing
        retrySpacing = min(retrySpacing * 2, Self.retrySpacings.upperBound)
    }

    var desired: [AddressPlan.Addition] {
        AddressPlan.addresses(of: statics.wanted)
            + instances.filter(\.holds).flatMap { AddressPlan.addresses(of: $0.configuration) }
    }

    var configured: Set<HeldAddress> {
        let all = instances.flatMap { AddressPlan.addresses(of: $0.configuration) }
        return Set((AddressPlan.addresses(of: statics.wanted) + all).map(\.address))
    }

    /// What must not be here now, or another router's clients come to us; an owner's are its interface's own.
    var strays: Set<HeldAddress> {
        let silent = instances.filter { !$0.holds && $0.configured.priority < 255 }
        return Set(silent.flatMap { AddressPlan.addresses(of: $0.configuration) }.map(\.address))
    }

    var virtualAddresses: Set<IPAddress> {
        Set(instances.flatMap { AddressPlan.addresses(of: $0.configuration) }.map(\.address.prefix.address))
    }

    func followKernel() {
        do {
            for event in try monitor.drain() {
                if event == .routingRemoved(isOurs: false), !routing.yields { continue }
                if case .routeReplaced(let route) = event, !routing.isRobbed(by: route) { continue }
                hasNews = true
                routing.lookAgain()
                if !owner.table.apply(event) { refreshAt = Clock.now() }
            }
        } catch {
            log.error("\(error)")
            refreshAt = Clock.now()
        }
    }

    /// Has what others say of the virtual addresses heard.
    func followClaims() {
        let addresses = virtualAddresses.compactMap { address in
            if case .v4(let address) = address { address } else { nil }
        }
        do {
            try neighbours.follow(addresses.sorted())
        } catch {
            log.error("cannot hear who else has the virtual addresses: \(error)")
        }
    }

    /// For so long a former master may still be heard, or what it said be waiting to be read.
    private static let overlap = Interval.seconds(1)

    /// Who says to have an address that a master holds here (an advert that says why was heard before).
    func judge(_ claims: [ARPClaim], at now: Instant) {
        for claim in claims {
            guard let link = owner.table.link(claim.interface), !owner.table.hasLink(at: claim.mac) else {
                continue
            }
            let address = IPAddress.v4(claim.address)
            let instance = instances.first { instance in
                let configuration = instance.configuration
                guard let since = instance.heldSince, now - since >= Self.overlap,
                    instance.router.state.name == .master, !instance.router.isHandingOver,
                    [configuration.interface, configuration.addressInterface].contains(link.name)
                else { return false }
                return AddressPlan.addresses(of: configuration).contains {
                    $0.address.prefix.address == address
                }
            }
            guard let instance, conflicts.isNews(claim.address, at: claim.mac, at: now) else { continue }
            log.error(
                "(\(instance.name)) \(address) is used by \(claim.mac) on \(link.name), too: clients may "
                    + "send to it instead; a real server needs arp_ignore = 1 and arp_announce = 2")
        }
    }

    /// An answer that keeps changing while it is read is asked for again a little later; until then the table
    /// stays as it was, and the election goes on.
    func refreshIfNeeded(at now: Instant) {
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

    /// Opens the sockets of every interface that is there, closes those of interfaces that are not. What
    /// cannot be opened is said once.
    func openPorts() {
        let wanted = Set(instances.flatMap { [Line($0.configured), Line(speaking: $0.configured)] })
        for (line, port) in ports
        where !wanted.contains(line) || owner.table.link(line.interface)?.index != port.socket.index {
            loop.unregister(port.registration)
            ports[line] = nil
        }
        let missing = wanted.filter { ports[$0] == nil && owner.table.link($0.interface) != nil }
        unopened.formIntersection(missing)
        for line in missing {
            guard let link = owner.table.link(line.interface) else { continue }
            do {
                let socket = try line.open(index: link.index)
                let registration = try loop.register(socket.descriptor, .read, .adverts(line))
                ports[line] = Port(socket: socket, registration: registration)
                unopened.remove(line)
            } catch {
                if unopened.insert(line).inserted { log.error("\(error); trying again") }
            }
        }
    }

    /// Tells each router what is new about its interface, and puts back addresses that another hand removed.
    func tellInterfaces(
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
            var usability = instances[index].bearing(
                owner.table.usability(
                    for: configuration, virtual: virtual, statics: statics.addresses, isOurs: owner.owns),
                for: links.patience(with: configuration.interface), at: now)
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
    func announceNewHardware() {
        for (interface, held) in Dictionary(grouping: desired.map(\.address), by: \.interface) {
            guard let mac = owner.table.link(interface)?.mac else { continue }
            let before = hardware.updateValue(mac, forKey: interface)
            guard let before, before != mac else { continue }
            log.notice("\(interface) has the address \(mac) now: telling the neighbours")
            announcements.add(held, packets: Self.restoredPackets)
        }
    }

    func mayAdopt(
        _ configuration: RouterConfiguration, _ masters: [String: Instant], at now: Instant
    ) -> Bool {
        Instance.mayAdopt(
            configuration, lastAdvert: masters[configuration.name], at: now, isHeld: owner.isPresent)
    }

    /// Tells a router what it may claim by what it tracks.
    func tellFitness(of index: Int, at now: Instant) {
        let configured = instances[index].configured
        let group = groups.first { $0.name == configured.group }
        var known = tracked
        known.lostGroups = statics.lostGroups
        let fitness = Fitness(of: configured, in: group, knowing: known) { name in
            owner.table.isUsable(name)
        }
        instances[index].tracking = fitness.effects
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
    func keepTogether(at now: Instant) {
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
}
