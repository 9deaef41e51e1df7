import ConfigSyntax
import NetTypes
import VRRP

// How adverts travel: to a group, or to peers.

extension InstanceGrammar {
    static let transport: [Keyword<InstanceDraft>] = [
        .value(
            "mcast_src_ip", \.transport.multicastSource, .address, default: "the interface's primary address",
            "What adverts are sent from.", tier: .common),
        .value(
            "mcast_dst_ip", \.transport.group, .group, default: "vrrp_mcast_group4 or vrrp_mcast_group6",
            "The group that adverts are sent to.", tier: .rare),
        .value(
            "unicast_src_ip", \.transport.unicastSource, .address,
            default: "the interface's primary address", "What adverts are sent from.", tier: .common),
        Keyword(
            "unicast_peer", body: .addresses, repeatable: true, default: "none: adverts are multicast",
            "Whom adverts are sent to instead of a group: IP [min_ttl N] [max_ttl N].", tier: .common
        ) { draft, statement, reader in
            reader.readLines(of: statement, "a peer") { line, reader in
                guard let peer = readPeer(line, &reader) else { return false }
                draft.transport.peers.append(peer)
                return true
            }
        },
        .value(
            "unicast_ttl", \.transport.timeToLive, .integer(1...255), default: "255",
            "The TTL of adverts to peers.", tier: .rare),
        .flag(
            "unicast_fault_no_peer", \.transport.faultsWithoutPeer,
            "An instance without a peer is in fault instead of sending to a group.", tier: .rare),
        .flag(
            "check_unicast_src", \.transport.checksSource, default: "vrrp_check_unicast_src",
            "Drops adverts that come from none of the peers.", tier: .rare),
    ]

    private static func readPeer(_ line: Statement, _ reader: inout SchemaReader) -> Located<UnicastPeer>? {
        guard let address = ValueType.address.parse(line.keyword, &reader) else { return nil }
        var (low, high): (UInt8, UInt8) = (.min, .max)
        var arguments = Arguments(line)
        while let option = arguments.word() {
            guard option.text == "min_ttl" || option.text == "max_ttl" else {
                reader.report(
                    .unexpectedWord, "unexpected \"\(option.text)\" after the peer", at: option.span,
                    help: ["IP [min_ttl N] [max_ttl N]"],
                    suggestion: Suggestion.nearest(to: option.text, among: ["min_ttl", "max_ttl"]))
                return nil
            }
            guard let limit = arguments.next(ValueType<UInt8>.integer(0...255), &reader) else {
                return nil
            }
            if option.text == "min_ttl" { low = limit.value } else { high = limit.value }
            guard low <= high else {
                reader.report(.outOfRange, "no TTL is from \(low) to \(high)", at: limit.span)
                return nil
            }
        }
        return Located(UnicastPeer(address, timeToLive: low...high), at: line.keyword.span)
    }
}

extension GlobalGrammar {
    static let transportDefaults: [Keyword<GlobalDraft>] = [
        .value(
            "vrrp_mcast_group4", \.transport.group4, .group(of: .inet), default: "224.0.0.18",
            "The IPv4 group that adverts are sent to.", tier: .rare),
        .value(
            "vrrp_mcast_group6", \.transport.group6, .group(of: .inet6), default: "ff02::12",
            "The IPv6 group that adverts are sent to.", tier: .rare),
        .flag(
            "vrrp_check_unicast_src", \.transport.checksSource,
            "Drops adverts that come from none of the peers.", tier: .common),
    ]
}

extension ValueType<IPAddress> {
    /// A multicast group of one family.
    static func group(of family: AddressFamily) -> ValueType {
        ValueType(name: "GROUP") { word, reader in
            guard let group = ValueType.group.parse(word, &reader) else { return nil }
            if group.family == family { return group }
            reader.report(
                .invalidAddress, "\(group) is not a group of IPv\(family == .inet ? 4 : 6)", at: word.span)
            return nil
        }
    }
}
