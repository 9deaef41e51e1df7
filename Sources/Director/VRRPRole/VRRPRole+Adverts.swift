// What the vrrp role hears and says: adverts, timers, announcements.

import KernelNet
import LinuxIO
import NetTypes
import Timekeeping
import VRRP

extension VRRPRole {
    // MARK: Adverts and timers

    func hearAdverts(at now: Instant) {
        flooded = []
        var refused: [Refusal: Tally] = [:]
        var decisions: [Decision] = []
        for (line, port) in ports where !line.onlySends {
            do {
                let received = try port.socket.drain(limit: Self.datagramsPerTurn)
                for datagram in received.datagrams {
                    guard let reason = hear(datagram, on: line, &decisions, at: now) else { continue }
                    let first = Tally(source: datagram.source)
                    refused[Refusal(line: line, reason: reason), default: first].count += 1
                }
                if received.malformed > 0 {
                    let malformed = Refusal(line: line, reason: .malformed)
                    refused[malformed, default: Tally()].count += received.malformed
                }
                if received.hasMore { flooded.insert(line) }
            } catch {
                if sendFailures.insert("receive \(line.interface)").inserted {
                    log.error("cannot receive on \(line.interface): \(error)")
                }
            }
        }
        for (refusal, tally) in refused { decisions += count(refusal, tally, at: now) }
        perform(decisions, at: now)
    }

    /// Why no instance could be found for a datagram, and where it came in.
    private struct Refusal: Hashable {
        var line: Line
        var reason: DropReason
    }

    /// How many there were in one turn, and who sent the first. A flood is counted once for each instance.
    private struct Tally {
        var source: IPAddress?
        var count = 0
    }

    /// Gives a datagram to the instances that it is for; why it is for none of them.
    private func hear(
        _ datagram: IPDatagram, on line: Line, _ decisions: inout [Decision], at now: Instant
    ) -> DropReason? {
        guard let received = ReceivedDatagram(datagram),
            let header = PacketHeader(peeking: received.payload)
        else { return .malformed }
        let places = Recipients.places(header.virtualRouterID, from: datagram.source, on: line, in: instances)
        for index in places {
            decisions.append(
                Decision(index: index, actions: instances[index].router.receive(received, at: now)))
        }
        return places.isEmpty ? .virtualRouterID : nil
    }

    /// It was for none of ours, or nobody can say for whom: all that listen there count it.
    private func count(_ refusal: Refusal, _ tally: Tally, at now: Instant) -> [Decision] {
        instances.indices.filter { Line(instances[$0].configuration) == refusal.line }.map { index in
            let actions = instances[index].router.refuse(
                refusal.reason, tally.count, from: tally.source, at: now)
            return Decision(index: index, actions: actions)
        }
    }

    func fireTimers(at now: Instant) {
        var decisions: [Decision] = []
        for index in instances.indices {
            guard let deadline = instances[index].router.nextDeadline, deadline <= now else { continue }
            // What waits may be its master's advert; a flood delays a take-over, and does not prevent it.
            if flooded.contains(Line(instances[index].configuration)),
                instances[index].router.state.name == .backup, now - deadline < Self.floodPatience
            {
                continue
            }
            decisions.append(
                Decision(index: index, actions: instances[index].router.handle(.timer, at: now)))
        }
        perform(decisions, at: now)
    }

    func deliver(_ event: Router.Event, to index: Int, at now: Instant) {
        perform([Decision(index: index, actions: instances[index].router.handle(event, at: now))], at: now)
    }

    /// Has masters hand over; who does not is reported at once.
    func switchOver(_ names: [String], at now: Instant) {
        for index in instances.indices where names.contains(instances[index].name) {
            guard !instances[index].isLeaving else { continue }
            deliver(.switchOver, to: index, at: now)
            guard !instances[index].router.isHandingOver else { continue }
            let state = instances[index].router.state.name
            link.send(.kept(instance: instances[index].name, because: "it is \(state), and not to hand over"))
        }
    }

    // MARK: Actions

    /// What the instance at `index` wants done.
    struct Decision {
        var index: Int
        var actions: [Router.Action]
    }

    /// The adverts of all first: hundreds that become master at once must not wait for each other's
    /// addresses, or their peers would take over again. Then the kernel is told once, for all.
    private func perform(_ decisions: [Decision], at now: Instant) {
        var acquired: [RouterConfiguration] = []
        var isChanged = false
        for decision in decisions {
            for case .send(let advertisement) in decision.actions {
                send(advertisement, of: instances[decision.index], at: now)
            }
        }
        for decision in decisions {
            for action in decision.actions {
                switch action {
                case .acquireAddresses:
                    instances[decision.index].heldSince = instances[decision.index].heldSince ?? now
                    acquired.append(instances[decision.index].configuration)
                case .releaseAddresses:
                    instances[decision.index].heldSince = nil
                    adverts.forget(instances[decision.index].name)
                case .send, .announce, .stateChanged, .note: continue
                }
                isChanged = true
            }
        }
        if isChanged { settle(acquired: acquired, at: now) }
        for decision in decisions { tell(decision, at: now) }
        sendAnnouncements(at: now)
    }

    /// What follows once the addresses are there, or gone.
    private func tell(_ decision: Decision, at now: Instant) {
        let index = decision.index
        let name = instances[index].name
        for action in decision.actions {
            switch action {
            case .send, .acquireAddresses, .releaseAddresses: break
            case .announce(let packets):
                announcements.add(
                    AddressPlan.addresses(of: instances[index].configuration).map(\.address), packets: packets
                )
            case .stateChanged(let state, let reason):
                let event = instances[index].event(state, because: reason)
                log.notice(LogLine(state.line(instance: name, because: reason), event))
                instances[index].note(state, because: reason, at: now)
                link.send(.state(instance: name, state, because: "\(reason)"))
            case .note(let note):
                log.warning("(\(name)) \(note)")
                if case .noSuccessor = note { link.send(.kept(instance: name, because: "\(note)")) }
            }
        }
    }

    func send(_ advertisement: Advertisement, of instance: Instance, at now: Instant) {
        let configuration = instance.configuration
        guard let port = ports[Line(speaking: configuration)], let source = instance.router.primaryAddress
        else { return }
        // Nobody hears of a master whose addresses would stand on an interface that is down.
        if let interface = configuration.virtualInterface, advertisement.priority > 0,
            !virtualInterfaces.raise(interface, table: &owner.table, ledger: ledger)
        {
            return
        }
        for destination in configuration.transport.destinations {
            let failure = "\(configuration.name) \(destination)"
            let octets = advertisement.wireOctets(
                from: source, to: destination, timeToLive: configuration.transport.timeToLive,
                checksum: configuration.checksum, digest: Instance.digest)
            do {
                guard let octets else { throw UnavailableDigest() }
                try port.socket.send(octets, from: source, to: destination)
                // A resignation is no promise to go on.
                if advertisement.priority > 0 {
                    let sequence = instance.router.sequence
                    adverts.note(configuration.name, at: now, sequence: sequence > 0 ? sequence : nil)
                }
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
    func sendAnnouncements(at now: Instant) {
        guard let deadline = announcements.nextDeadline, deadline <= now else { return }
        // Who hands over, or is in doubt, draws no traffic to itself.
        let speaking = instances.filter { $0.holds && $0.router.mayAnnounce(at: now) }.map(\.configuration)
        let own =
            (AddressPlan.addresses(of: statics.wanted) + speaking.flatMap { AddressPlan.addresses(of: $0) })
            .map(\.address)
        let usable = Set(own.filter(owner.isUsable))
        postponed = Set(own).intersection(postponed.union(announcements.addresses)).subtracting(usable)
        announcements.keep(only: usable)
        for held in announcements.due(at: now) {
            guard let link = owner.table.link(held.interface), let mac = link.mac, !link.isLoopback
            else { continue }
            guard (try? announcer.announce(held.prefix.address, at: mac, on: link.index)) != nil else {
                continue
            }
            for index in instances.indices where instances[index].isUntold(of: held) {
                instances[index].noteAnnouncement(at: Clock.now())
            }
        }
    }
}
