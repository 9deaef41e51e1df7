import Testing
import Timekeeping

/// One way for Holdfast and another implementation to share a virtual router.
struct InteropPairing: Hashable, Sendable {
    enum Peer: String, CaseIterable { case keepalived, frr = "FRR" }
    enum Family: String, CaseIterable { case ipv4 = "IPv4", ipv6 = "IPv6" }
    enum Transport: String, CaseIterable {
        case multicast
        case unicast
        /// `mcast_dst_ip` and `mcast_src_ip`.
        case group = "a group and source of their own"
        /// `unicast_peer` with `min_ttl`, which makes both look at TTL and source.
        case checked = "unicast, TTL and source checked"
        case authenticated = "multicast, `auth_type AH`"
        case authenticatedUnicast = "unicast, `auth_type AH`"

        /// In an IP Authentication Header.
        var isAuthenticated: Bool { self == .authenticated || self == .authenticatedUnicast }
    }

    let peer: Peer
    let version: Int
    let family: Family
    let transport: Transport
    /// `advert_int` in milliseconds.
    let milliseconds: Int64

    /// Every combination, those that cannot be among them.
    static let all = Peer.allCases.flatMap { peer in
        [2, 3].flatMap { version in
            Family.allCases.flatMap { family in
                Transport.allCases.flatMap { transport in
                    [1000, 100].map {
                        InteropPairing(
                            peer: peer, version: version, family: family, transport: transport,
                            milliseconds: $0)
                    }
                }
            }
        }
    }

    /// Why the two cannot meet this way; nil when they can.
    var exclusion: String? {
        if version == 2, family == .ipv6 { return "version 2 has no IPv6" }
        if version == 2, milliseconds < 1000 { return "version 2 counts whole seconds" }
        if version == 3, transport.isAuthenticated { return "version 3 has no authentication" }
        if peer == .frr, transport.isAuthenticated { return "FRR has no authentication" }
        if peer == .frr, transport != .multicast { return "FRR sends to 224.0.0.18 and ff02::12 alone" }
        if family == .ipv6, transport == .checked {
            return "keepalived sends to IPv6 peers with hop limit 64"
        }
        return nil
    }

    /// True for what every run of the tests shows; the rest is for the full matrix.
    var isAlways: Bool {
        guard exclusion == nil, milliseconds == 1000 else { return false }
        switch (family, transport) {
        case (.ipv4, .multicast): return version == 2
        case (.ipv6, .multicast): return peer == .keepalived
        default: return false
        }
    }

    /// The cell of the table in docs/interoperability.md.
    var cell: String { exclusion.map { "no: " + $0 } ?? (isAlways ? "always" : "full") }

    /// The whole table, two intervals a row.
    static var table: [String] {
        let rows = all.filter { $0.milliseconds == 1000 }.map { slow in
            let fast = InteropPairing(
                peer: slow.peer, version: slow.version, family: slow.family, transport: slow.transport,
                milliseconds: 100)
            return "| \(slow.peer.rawValue) | \(slow.version) | \(slow.family.rawValue)"
                + " | \(slow.transport.rawValue) | \(slow.cell) | \(fast.cell) |"
        }
        return ["| peer | version | family | transport | 1 s | 0.1 s |", "|---|---|---|---|---|---|"] + rows
    }

    /// The time between two adverts.
    var interval: Interval { .milliseconds(milliseconds) }

    /// Skew_Time of a priority (RFC 3768 section 6.1, RFC 9568 section 6.1).
    func skew(priority: Int64) -> Interval {
        let base: Interval = version == 2 ? .seconds(1) : interval
        return Interval(nanoseconds: base.nanoseconds * (256 - priority) / 256)
    }

    /// Master_Down_Interval of a priority.
    func down(priority: Int64) -> Interval { interval * 3 + skew(priority: priority) }

    /// The address whose place tells who is master.
    var vip: String { family == .ipv4 ? "192.0.2.100" : "2001:db8::100" }

    /// As `virtual_ipaddress` lists them.
    var addresses: [String] {
        family == .ipv4 ? ["\(vip)/24"] : ["fe80::100/64", "\(vip)/64"]
    }
}

/// A pairing, and who is the better of the two.
struct InteropCase: Hashable, Sendable, CustomTestStringConvertible {
    let pairing: InteropPairing
    let areWeBetter: Bool

    var testDescription: String {
        let parts = [
            pairing.peer.rawValue, "version \(pairing.version)", pairing.family.rawValue,
            pairing.transport.rawValue, "\(pairing.milliseconds) ms", areWeBetter ? "we lead" : "it leads",
        ]
        return parts.joined(separator: ", ")
    }

    /// What this run of the tests shows.
    static let chosen = InteropPairing.all.filter { fullMatrix ? $0.exclusion == nil : $0.isAlways }
        .flatMap { pairing in [true, false].map { InteropCase(pairing: pairing, areWeBetter: $0) } }
}
