import NetTypes
import Timekeeping
import VRRP

/// 10.99.0.1, the sender of the golden packets.
let peer = IPAddress.v4(IPv4Address(10, 99, 0, 1))
/// The address of the router under test; lower than `higherPeer`, higher than `peer`.
let own = IPAddress.v4(IPv4Address(10, 99, 0, 2))
let higherPeer = IPAddress.v4(IPv4Address(10, 99, 0, 3))

/// `seconds` after the clock's zero.
func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

func octets(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
        let start = digits.index(digits.startIndex, offsetBy: offset)
        return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
    }
}

func virtual(_ addresses: IPv4Address...) -> [VirtualAddress] {
    addresses.map { VirtualAddress(prefix: Prefix(host: .v4($0))) }
}

extension RouterConfiguration {
    /// VRID 51, priority 150, 10.99.0.100, as in the golden packets.
    static func make(
        version: ProtocolVersion = .v2, priority: UInt8 = 150, interval: Interval = .seconds(1),
        addresses: [VirtualAddress] = virtual(IPv4Address(10, 99, 0, 100)), preempts: Bool = true,
        preemptDelay: Interval = .zero, startsAsMaster: Bool = false, authentication: Authentication = .none,
        checksum: ChecksumForm = .pseudoHeader, announcements: AnnouncementSchedule = AnnouncementSchedule()
    ) -> RouterConfiguration {
        RouterConfiguration(
            name: "VI_1", interface: "eth0", version: version, virtualRouterID: 51, priority: priority,
            advertisementInterval: interval, virtualAddresses: addresses, preempts: preempts,
            preemptDelay: preemptDelay, startsAsMaster: startsAsMaster, authentication: authentication,
            checksum: checksum, announcements: announcements)
    }
}

extension Advertisement {
    static func make(
        version: ProtocolVersion = .v2, priority: UInt8 = 150, interval: Interval = .seconds(1),
        addresses: [IPv4Address] = [IPv4Address(10, 99, 0, 100)], authentication: Authentication = .none
    ) -> Advertisement {
        Advertisement(
            version: version, virtualRouterID: 51, priority: priority, interval: interval,
            addresses: addresses.map { .v4($0) },
            authentication: authentication)
    }

    /// The octets as `peer` multicasts them.
    func sent(by source: IPAddress = peer, checksum: ChecksumForm = .pseudoHeader) -> [UInt8] {
        encoded(source: source, destination: VRRPNumbers.group, checksum: checksum)
    }
}

extension ReceivedDatagram {
    static func make(
        _ payload: [UInt8], ttl: UInt8 = 255, source: IPAddress = peer,
        destination: IPAddress = VRRPNumbers.group
    ) -> ReceivedDatagram {
        ReceivedDatagram(payload: payload, timeToLive: ttl, source: source, destination: destination)
    }
}

extension Router {
    /// A router that `startup` at zero has made a backup.
    static func backup(_ configuration: RouterConfiguration) -> Router {
        var router = Router(configuration: configuration)
        _ = router.handle(.startup(primaryAddress: own), at: at(0))
        return router
    }

    /// A router that was started at zero and became master when its timer ran out; returns that time, too.
    static func master(_ configuration: RouterConfiguration) -> (router: Router, since: Instant) {
        var router = backup(configuration)
        guard let due = router.nextDeadline else { return (router, at(0)) }
        _ = router.handle(.timer, at: due)
        return (router, due)
    }

    mutating func hear(
        _ priority: UInt8, from source: IPAddress = peer, interval: Interval = .seconds(1), at now: Instant
    ) -> [Action] {
        handle(
            .advertisement(
                .make(version: configuration.version, priority: priority, interval: interval),
                source: source),
            at: now)
    }

    var backupState: Backup? { if case .backup(let backup) = state { backup } else { nil } }
    var masterState: Master? { if case .master(let master) = state { master } else { nil } }
}

extension [Router.Action] {
    /// Priorities of the adverts sent, in order.
    var sentPriorities: [UInt8] {
        compactMap { if case .send(let advertisement) = $0 { advertisement.priority } else { nil } }
    }

    var notes: [Note] { compactMap { if case .note(let note) = $0 { note } else { nil } } }

    /// The actions without notes.
    var effects: [Router.Action] {
        filter { if case .note = $0 { false } else { true } }
    }

    var reason: Reason? {
        for case .stateChanged(_, let reason) in self { return reason }
        return nil
    }
}

/// A generator for octets that nobody chose; the seed is in the test that uses it.
struct Dice {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func octet() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }

    mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in octet() } }
}
