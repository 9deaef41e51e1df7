import NetTypes
import Timekeeping
import VRRP

/// What goes wrong in a run, each at its time; `node` counts from 0.
package enum Fault: Hashable, Sendable {
    /// kill -9 of the daemon; the kernel keeps its addresses, a supervisor starts it again after this long.
    case crashProcess(node: Int, restartAfter: Interval)
    /// The machine loses power and comes back.
    case crashHost(node: Int, bootAfter: Interval)
    /// SIGTERM; somebody starts it again later.
    case stop(node: Int, startAfter: Interval)
    /// The whole daemon does not run for a while; its sockets go on queueing.
    case freeze(node: Int, length: Interval)
    /// Nothing gets through from one director to another, perhaps not the other way round either.
    case cut(from: Int, to: Int, bothWays: Bool, length: Interval)
    /// The interface goes down and comes back.
    case unplug(node: Int, length: Interval)
    /// The operator reloads with another priority.
    case reprioritise(node: Int, priority: UInt8)
    /// The operator reloads with so many of the first configuration's virtual addresses, at least one.
    case relist(node: Int, addresses: Int)
    /// The machine sleeps: its clock jumps ahead, and what was sent to it meanwhile is lost.
    case suspend(node: Int, length: Interval)
    /// The director hears an advert that is not for it, with a priority that would win.
    case stranger(node: Int, Stranger)
}

/// What an advert that is not for a router has wrong.
package enum Stranger: String, Hashable, Sendable, CaseIterable {
    /// It is of another virtual router on the segment.
    case otherVirtualRouter
    /// It comes over a router, or from nobody's peer.
    case farAway
    /// It speaks the other version.
    case otherVersion
}

/// How a run ends: after the quiet time the master goes away once more, and the bound of its successor is
/// measured.
package enum FinalBlow: String, Hashable, Sendable, CaseIterable {
    case crashMaster
    case stopMaster
    case none
}

/// Everything that decides a run: drawn from a seed, or written by hand.
///
/// A run has the two phases of fault and quiet: safety is checked all the time, liveness once everything is
/// mended.
package struct Scenario: Sendable {
    /// Seeds the network's dice.
    package var seed: UInt64
    /// One router a director; director i has the address 192.0.2.(2 + i) or fe80::(2 + i).
    package var routers: [RouterConfiguration]
    /// The network while faults last; afterwards it is in order.
    package var network: NetworkFaults
    /// What happens when, within `faultTime`.
    package var faults: [(at: Instant, fault: Fault)]
    /// How long faults last.
    package var faultTime: Interval
    /// How it ends.
    package var finalBlow: FinalBlow

    /// A run of these routers without faults.
    package init(seed: UInt64, routers: [RouterConfiguration], faultTime: Interval = .seconds(30)) {
        self.seed = seed
        self.routers = routers
        self.faultTime = faultTime
        network = NetworkFaults()
        faults = []
        finalBlow = .none
    }

    /// The longest interval of any router: the unit in which runs are laid out.
    package var unit: Interval {
        routers.map(\.advertisementInterval).max() ?? .seconds(1)
    }

    /// Adverts have Authentication Headers, whose numbers must grow.
    var isNumbered: Bool { routers.contains(where: \.authentication.isHeader) }

    /// The director's address of a family.
    package static func address(of node: Int, _ family: AddressFamily = .inet) -> IPAddress {
        switch family {
        case .inet: .v4(IPv4Address(192, 0, 2, UInt8(truncatingIfNeeded: 2 + node)))
        case .inet6: .v6(IPv6Address(high: 0xFE80 << 48, low: UInt64(2 + node)))
        }
    }

    /// Draws a run from a seed: `directors` of one version, `units` intervals of faults.
    package static func drawn(
        seed: UInt64, directors: Int, version: ProtocolVersion, units: Int64
    ) -> Scenario {
        var dice = SeededGenerator(seed: seed ^ 0xD1CE)
        let routers = drawOptions(drawRouters(&dice, count: directors, version: version), seed: seed)
        var scenario = Scenario(seed: seed, routers: routers)
        scenario.faultTime = scenario.unit * units
        scenario.network = drawNetwork(&dice, unit: scenario.unit)
        if scenario.isNumbered {
            // A number that is older than the receiver's own is refused: where adverts take longer than from
            // one to the next, two masters that count alike never hear each other.
            scenario.network.delayHigh = min(scenario.network.delayHigh, scenario.unit / 10)
        }
        scenario.finalBlow = dice.pick(FinalBlow.allCases)
        let count = dice.below(Int(units) / 4)
        for _ in 0..<count {
            let at = Instant(nanoseconds: 0) + dice.interval(.zero, scenario.faultTime)
            scenario.faults.append((at, drawFault(&dice, directors: directors, unit: scenario.unit)))
        }
        return scenario
    }

    /// The same run with only those faults after which the last announcement must be the master's: stalls,
    /// or one two-way cut, on a segment that loses nothing and keeps packets in order. A director that
    /// dies, or yields while nobody hears it, cannot tell the winner that it was master; only refreshes
    /// (`garp_master_refresh`) mend the neighbours' caches then.
    package func healing() -> Scenario {
        var scenario = self
        scenario.network = NetworkFaults()
        let stalls = seed % 2 == 0
        scenario.faults = faults.compactMap { at, fault in
            switch fault {
            case .cut(let from, let to, _, let length):
                stalls ? nil : (at, .cut(from: from, to: to, bothWays: true, length: length))
            case .freeze: stalls ? (at, fault) : nil
            case .crashProcess, .crashHost, .stop, .unplug, .reprioritise, .relist, .suspend, .stranger: nil
            }
        }
        if !stalls { scenario.faults = Array(scenario.faults.prefix(1)) }
        return scenario
    }

    /// The same run, in which machines sleep too, strangers advertise, and, where the version lets the
    /// directors' lists differ, the operator changes them.
    package func rougher() -> Scenario {
        var dice = SeededGenerator(seed: seed ^ 0x5EED)
        var scenario = self
        for _ in 0..<(4 + dice.below(12)) {
            let at = Instant(nanoseconds: 0) + dice.interval(.zero, faultTime)
            let node = dice.below(routers.count)
            let fault: Fault =
                switch dice.below(routers.allSatisfy { $0.version == .v3 } ? 3 : 2) {
                case 0: .suspend(node: node, length: dice.interval(unit / 2, unit * 12))
                case 1: .stranger(node: node, dice.pick(Stranger.allCases))
                default: .relist(node: node, addresses: 1 + dice.below(2))
                }
            scenario.faults.append((at, fault))
        }
        return scenario
    }

    /// Whether this run is one that `healing` makes.
    var heals: Bool {
        network.loss == 0 && network.corruption == 0
            && faults.allSatisfy { _, fault in
                switch fault {
                case .cut(_, _, let bothWays, _): bothWays
                case .freeze: true
                case .crashProcess, .crashHost, .stop, .unplug, .reprioritise, .relist, .suspend, .stranger:
                    false
                }
            }
    }

    /// The routers with the family, transport and options of the seed: all directors of a virtual router
    /// must have the same.
    private static func drawOptions(
        _ routers: [RouterConfiguration], seed: UInt64
    ) -> [RouterConfiguration] {
        var dice = SeededGenerator(seed: seed ^ 0xE1EC)
        var election = ElectionOptions()
        election.downTimerAdverts = dice.pick([3, 3, 3, 2, 5])
        // Two intervals of a loser's last advert end before the next advert of a winner whose interval is
        // three times as long.
        let interval = routers.first?.advertisementInterval
        if routers.contains(where: { $0.advertisementInterval != interval }) {
            election.downTimerAdverts = max(3, election.downTimerAdverts)
        }
        election.answersLowerPriority = !dice.chance(permille: 200)
        let isUnicast = dice.chance(permille: 300)
        let isIPv6 = dice.chance(permille: 400) && routers.allSatisfy { $0.version == .v3 }
        let isKeyed = dice.chance(permille: 300)
        // Two owners are a mistake that erratum 8298 wants to end well.
        let owners = dice.pick([0, 0, 0, 0, 0, 1, 1, 2])
        let first = dice.below(routers.count)
        return routers.enumerated().map { node, drawn in
            var router = drawn
            router.election = election
            if isKeyed, case .password(let octets) = router.authentication {
                router.authentication = .header(key: octets)
            }
            if (node + routers.count - first) % routers.count < owners { router.priority = 255 }
            if isIPv6 {
                let virtual = [UInt64(0x64), 0x65].map { IPv6Address(high: 0xFE80 << 48, low: $0) }
                router.virtualAddresses = virtual.map { VirtualAddress(prefix: Prefix(host: .v6($0))) }
            }
            let others = routers.indices.filter { $0 != node }.map { address(of: $0, router.family) }
            router.transport =
                isUnicast
                ? .unicast(UnicastTransport(peers: others.map { UnicastPeer($0) }, checksSource: true))
                : .multicast(group: VRRPNumbers.group(of: router.family))
            return router
        }
    }

    private static func drawRouters(
        _ dice: inout SeededGenerator, count: Int, version: ProtocolVersion
    ) -> [RouterConfiguration] {
        let interval =
            version == .v2 ? Interval.seconds(1) : dice.pick([.centiseconds(1), .centiseconds(100)])
        let mixed = version == .v3 && dice.chance(permille: 200)
        let preempts = !dice.chance(permille: 200)
        let addresses = [IPAddress.v4(IPv4Address(192, 0, 2, 100)), .v4(IPv4Address(192, 0, 2, 101))]
        return (0..<count).map { node in
            RouterConfiguration(
                name: "VI_1", interface: "eth0", version: version, virtualRouterID: 51,
                priority: dice.pick([100, 100, 101, 150, 200, 254]),
                advertisementInterval: mixed && node > 0 ? interval * 3 : interval,
                virtualAddresses: addresses.map { VirtualAddress(prefix: Prefix(host: $0)) },
                preempts: preempts, startsAsMaster: preempts && dice.chance(permille: 200),
                authentication: version == .v2 ? .password(Array("secret".utf8)) : .none,
                checksum: dice.pick([.pseudoHeader, .messageOnly]))
        }
    }

    private static func drawNetwork(_ dice: inout SeededGenerator, unit: Interval) -> NetworkFaults {
        var network = NetworkFaults()
        network.loss = dice.pick([0, 0, 10, 50, 300])
        network.duplication = dice.pick([0, 20])
        network.corruption = dice.pick([0, 20])
        network.echo = dice.pick([0, 20])
        network.delayLow = .microseconds(20)
        network.delayHigh = dice.pick([.microseconds(200), unit / 10, unit * 2])
        return network
    }

    private static func drawFault(_ dice: inout SeededGenerator, directors: Int, unit: Interval) -> Fault {
        let node = dice.below(directors)
        let length = dice.interval(unit / 2, unit * 12)
        switch dice.below(7) {
        case 0:
            let soon = dice.chance(permille: 700)
            return .crashProcess(
                node: node, restartAfter: soon ? dice.interval(.milliseconds(3), .milliseconds(120)) : length)
        case 1: return .crashHost(node: node, bootAfter: length)
        case 2: return .stop(node: node, startAfter: length)
        case 3: return .freeze(node: node, length: length)
        case 4:
            let other = (node + 1 + dice.below(directors - 1)) % directors
            return .cut(from: node, to: other, bothWays: dice.chance(permille: 600), length: length)
        case 5: return .unplug(node: node, length: length)
        default: return .reprioritise(node: node, priority: UInt8(1 + dice.below(254)))
        }
    }
}
