import ConfigSyntax
import NetTypes
import VRRP

/// The lines of `virtual_routes`: what `ip route add` may say.
enum RouteGrammar {
    /// Known to keepalived, and not carried out.
    static let unsupported = [
        "rtt", "rttvar", "rto_min", "congctl", "features", "realms", "expires", "pref", "encap",
        "ttl-propagate", "vrf", "as", "fastopen_no_cookie", "append", "prepend", "nat", "anycast",
        "multicast", "broadcast",
    ]
    private static let words = [
        "to", "via", "or", "gw", "dev", "oif", "onlink", "src", "scope", "table", "metric", "priority",
        "preference", "tos", "dsfield", "proto", "protocol", "nexthop", "weight", "no_track", "track_group",
        "inet",
        "inet6", "default", "blackhole", "unreachable", "prohibit", "throw", "local",
    ]

    /// A line while it is read.
    private struct Draft {
        var kind = VirtualRoute.Kind.unicast
        var destination: Prefix?
        /// `default`, whose family the rest decides.
        var isDefault = false
        var family: AddressFamily?
        var route = VirtualRoute(to: Prefix(host: .v4(IPv4Address(rawValue: 0))))
        var hop = NextHop()
        var hops: [NextHop] = []
        /// Inside a `nexthop`.
        var isHop = false
        /// Behind an `or`: what is said of the interface holds for both gateways.
        var isAlternative = false
    }

    /// Reads the line whose words `arguments` are; `line` is all of it.
    static func read(
        _ arguments: Arguments, at line: Span, _ reader: inout SchemaReader
    ) -> VirtualRoute? {
        var (draft, arguments) = (Draft(), arguments)
        while let word = arguments.word() {
            guard readWord(word, &arguments, into: &draft, &reader) else { return nil }
        }
        return finish(draft, at: line, &reader)
    }

    private static func readWord(
        _ word: Word, _ arguments: inout Arguments, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        switch word.text {
        case "no_track": draft.route.isUntracked = true
        case "inet": draft.family = .inet
        case "inet6": draft.family = .inet6
        case "onlink": draft.hop.isOnLink = true
        case "nexthop":
            if draft.isHop { draft.hops.append(draft.hop) }
            guard draft.isHop || draft.hop == NextHop() else {
                reader.report(.unexpectedWord, "nexthop beside via or dev", at: word.span)
                return false
            }
            (draft.hop, draft.isHop) = (NextHop(), true)
        case "or":
            guard draft.hop.gateway != nil, !draft.isHop else {
                reader.report(.unexpectedWord, "or without via before it", at: word.span)
                return false
            }
            reader.report(
                .obsoleteKeyword, "or is obsolete", at: word.span,
                help: ["write: nexthop via GATEWAY nexthop via GATEWAY"])
            draft.hops.append(draft.hop)
            draft.isAlternative = true
            return readValue(of: "via", &arguments, into: &draft, &reader)
        case "to":
            guard let next = arguments.word() else {
                reader.report(.missingValue, "to needs a destination", at: word.span)
                return false
            }
            return readDestination(next, into: &draft, &reader)
        case "proto", "protocol":
            return reader.skipProtocol(word.text, &arguments)
        case let text where unsupported.contains(text): return reader.refuseKnown(word)
        case let text:
            if let kind = VirtualRoute.Kind.allCases.first(where: { "\($0)" == text }) {
                draft.kind = kind
            } else if words.contains(text), text != "default" {
                return readValue(of: text, &arguments, into: &draft, &reader)
            } else if let metric = RouteMetric.allCases.first(where: { "\($0)" == text }) {
                let isLocked = arguments.skip("lock")
                guard let value = arguments.next(.integer(0...UInt32.max), &reader) else { return false }
                draft.route.metrics.append(VirtualRoute.Metric(metric, value.value, isLocked: isLocked))
            } else {
                return readDestination(word, into: &draft, &reader)
            }
        }
        return true
    }

    private static func readValue(
        of name: String, _ arguments: inout Arguments, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        switch name {
        case "via", "gw":
            _ = arguments.skip("inet") || arguments.skip("inet6")
            guard let gateway = arguments.next(.address, &reader) else { return false }
            draft.hop.gateway = gateway.value
        case "dev", "oif":
            guard let interface = arguments.next(.interface, &reader) else { return false }
            draft.hop.interface = interface.value
        case "weight":
            guard let weight = arguments.next(.integer(1...256), &reader) else { return false }
            draft.hop.weight = weight.value
        case "src":
            guard let source = arguments.next(.address, &reader) else { return false }
            draft.route.source = source.value
        case "scope":
            guard let scope = arguments.next(.scope, &reader) else { return false }
            draft.route.scope = scope.value
        case "table":
            guard let table = arguments.next(.table, &reader) else { return false }
            draft.route.table = table.value
        case "track_group":
            guard let group = arguments.next(.name("GROUP"), &reader) else { return false }
            draft.route.trackGroup = group.value
        case "metric", "priority", "preference":
            guard let metric = arguments.next(.integer(0...UInt32.max), &reader) else { return false }
            draft.route.metric = metric.value
        default:
            guard let service = arguments.next(.typeOfService, &reader) else { return false }
            draft.route.typeOfService = service.value
        }
        return true
    }

    private static func readDestination(
        _ word: Word, into draft: inout Draft, _ reader: inout SchemaReader
    ) -> Bool {
        guard draft.destination == nil, !draft.isDefault else {
            reader.report(
                .unexpectedWord, "unexpected \"\(word.text)\" in a route", at: word.span,
                suggestion: Suggestion.nearest(to: word.text, among: words + unsupported))
            return false
        }
        if word.text == "default" {
            draft.isDefault = true
            return true
        }
        guard let prefix = ValueType.network.parse(word, &reader) else { return false }
        draft.destination = prefix
        return true
    }

    private static func finish(
        _ draft: Draft, at line: Span, _ reader: inout SchemaReader
    ) -> VirtualRoute? {
        var route = draft.route
        route.kind = draft.kind
        var hops = draft.hops + (draft.hop == NextHop() && !draft.isHop ? [] : [draft.hop])
        if draft.isAlternative {
            for index in hops.indices { hops[index].interface = draft.hop.interface }
        }
        let addresses = hops.compactMap(\.gateway) + (route.source.map { [$0] } ?? [])
        if let destination = draft.destination {
            route.destination = destination
        } else if draft.isDefault {
            let family = draft.family ?? addresses.first?.family ?? .inet
            route.destination = family == .inet ? .everything4 : .everything6
        } else {
            reader.report(.missingValue, "a route needs a destination", at: line)
            return nil
        }
        let family = route.destination.address.family
        guard addresses.allSatisfy({ $0.family == family }), draft.family ?? family == family else {
            reader.report(.mixedAddressFamilies, "a route's addresses are of one family", at: line)
            return nil
        }
        guard family == .inet || route.typeOfService == 0 else {
            reader.report(.unsupportedValue, "a route of IPv6 has no tos", at: line)
            return nil
        }
        guard route.kind.hasNextHops != hops.isEmpty,
            hops.allSatisfy({ $0.gateway != nil || $0.interface != nil })
        else {
            let needs = route.kind.hasNextHops ? "needs via or dev" : "goes nowhere: no via, no dev"
            reader.report(.missingValue, "a \(route.kind) route \(needs)", at: line)
            return nil
        }
        route.hops = hops
        route.metrics.sort { $0.name.rawValue < $1.name.rawValue }
        return route
    }
}

extension Prefix {
    /// 0.0.0.0/0.
    static let everything4 = Prefix(network: .v4(IPv4Address(rawValue: 0)), length: 0)
    /// ::/0.
    static let everything6 = Prefix(network: .v6(IPv6Address(high: 0, low: 0)), length: 0)
}

extension ValueType<Prefix> {
    /// A network, or a host: no bits beside the prefix, which the kernel refuses.
    static let network = ValueType(name: "NETWORK") { word, reader in
        guard let prefix = Prefix(word.text) else {
            reader.report(.invalidAddress, "\"\(word.text)\" is not ADDRESS[/LENGTH]", at: word.span)
            return nil
        }
        let network = Prefix(network: prefix.address, length: prefix.length)
        guard network == prefix else {
            reader.report(
                .invalidAddress, "\(word.text) has bits beyond its length", at: word.span,
                suggestion: "\(network)")
            return nil
        }
        return prefix
    }
}

extension ValueType<UInt32> {
    /// A routing table: a number, or one of the names that everybody has.
    static let table = ValueType(name: "TABLE") { word, reader in
        let names: [String: UInt32] = ["main": 254, "local": 255, "default": 253]
        if let number = names[word.text] { return number }
        return ValueType.integer(1...UInt32.max).parse(word, &reader)
    }
}

extension ValueType<UInt8> {
    /// A type of service: a number, decimal or with 0x.
    static let typeOfService = ValueType(name: "TOS") { word, reader in
        if word.text.hasPrefix("0x"), let number = UInt8(word.text.dropFirst(2), radix: 16) { return number }
        return ValueType.integer(0...255).parse(word, &reader)
    }
}
