import NetTypes

/// Where a packet goes that a route matches.
package struct NextHop: Hashable, Sendable, Codable {
    /// `via`: nil for a destination on the link itself.
    package var gateway: IPAddress?
    /// `dev`; nil lets the kernel find it by the gateway.
    package var interface: String?
    /// `weight`: its share where there are several, 1...256.
    package var weight = 1
    /// `onlink`: the gateway is on the link though no address says so.
    package var isOnLink = false

    /// Nowhere yet.
    package init() {}
}

/// A number that a route keeps for the connections that use it; the raw value is rtnetlink.h's RTAX_.
package enum RouteMetric: UInt16, Hashable, Sendable, Codable, CaseIterable {
    case mtu = 2
    case window = 3
    case ssthresh = 6
    case cwnd = 7
    case advmss = 8
    case reordering = 9
    case hoplimit = 10
    case initcwnd = 11
    case initrwnd = 14
    case quickack = 15
}

/// One line of `virtual_routes`, in the words of `ip route`.
package struct VirtualRoute: Hashable, Sendable, Codable {
    /// What becomes of a packet; the raw value is rtnetlink.h's RTN_.
    package enum Kind: UInt8, Hashable, Sendable, Codable, CaseIterable {
        case unicast = 1
        case local = 2
        case blackhole = 6
        case unreachable = 7
        case prohibit = 8
        case `throw` = 9

        /// It names next hops.
        package var hasNextHops: Bool { self == .unicast || self == .local }
    }

    /// A metric's value, and whether path MTU discovery and the like may not change it (`lock`).
    package struct Metric: Hashable, Sendable, Codable {
        /// Which.
        package var name: RouteMetric
        /// How much.
        package var value: UInt32
        /// `lock`.
        package var isLocked: Bool

        /// A metric.
        package init(_ name: RouteMetric, _ value: UInt32, isLocked: Bool = false) {
            (self.name, self.value, self.isLocked) = (name, value, isLocked)
        }
    }

    /// What becomes of the packets.
    package var kind = Kind.unicast
    /// Which packets; without host bits.
    package var destination: Prefix
    /// `table`, 254 for main.
    package var table: UInt32 = 254
    /// `metric`; nil for the kernel's default.
    package var metric: UInt32?
    /// `tos`.
    package var typeOfService: UInt8 = 0
    /// `scope`; nil for the one that fits.
    package var scope: UInt8?
    /// `src`: what the director's own packets carry.
    package var source: IPAddress?
    /// Where to; more than one with `nexthop`, none of a kind that goes nowhere.
    package var hops: [NextHop] = []
    /// In the order of their numbers.
    package var metrics: [Metric] = []
    /// `no_track`: not put back when another hand removes it.
    package var isUntracked = false
    /// `track_group`, of a static route: whose instances are in fault while it cannot be kept.
    package var trackGroup: String?

    /// A route to `destination` that goes nowhere yet.
    package init(to destination: Prefix) { self.destination = destination }

    /// The words of its line.
    package var words: [String] {
        var words = kind == .unicast ? [] : ["\(kind)"]
        words.append("\(destination)")
        if let source { words += ["src", "\(source)"] }
        let isMultipath = hops.count > 1
        if !isMultipath { words += hops.flatMap(\.words) }
        if table != 254 { words += ["table", "\(table)"] }
        if let metric { words += ["metric", "\(metric)"] }
        if typeOfService != 0 { words += ["tos", "\(typeOfService)"] }
        if let scope { words += ["scope", "\(scope)"] }
        for metric in metrics {
            words += ["\(metric.name)"] + (metric.isLocked ? ["lock"] : []) + ["\(metric.value)"]
        }
        if isUntracked { words.append("no_track") }
        if let trackGroup { words += ["track_group", trackGroup] }
        if isMultipath {
            for hop in hops { words += ["nexthop"] + hop.words + ["weight", "\(hop.weight)"] }
        }
        return words
    }
}

extension NextHop {
    fileprivate var words: [String] {
        (gateway.map { ["via", "\($0)"] } ?? []) + (interface.map { ["dev", $0] } ?? [])
            + (isOnLink ? ["onlink"] : [])
    }
}
