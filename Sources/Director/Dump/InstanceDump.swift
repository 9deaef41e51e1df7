import ControlProtocol
import LinuxIO
import NetTypes
import Timekeeping
import VRRP

/// One instance, in the words of keepalived 2.2.7's dump files. No password is ever in them.
struct InstanceDump {
    var configuration: RouterConfiguration
    var state: Router.StateName
    /// Since when; nil before the first change.
    var since: WallTime?
    var facts: InstanceFacts?
    /// What it had counted when its counters were cleared.
    var cleared: [String: UInt64] = [:]

    /// The priority that is advertised.
    var priority: Int { Int(facts?.priority ?? configuration.priority) }

    private var interval: Interval { configuration.advertisementInterval }

    // MARK: Counters

    /// Each counter of keepalived, by its name in JSON, and those of ours that it is made of.
    private static let sources: [(name: String, sources: [String])] = [
        ("advert_rcvd", ["accepted"]), ("advert_sent", ["sent"]), ("become_master", ["became-master"]),
        ("release_master", ["left-master"]), ("packet_len_err", ["dropped-length", "dropped-malformed"]),
        ("advert_interval_err", ["dropped-interval", "dropped-zero-interval"]),
        ("ip_ttl_err", ["dropped-ttl"]), ("invalid_type_rcvd", ["dropped-type"]),
        ("addr_list_err", ["dropped-address-list"]), ("invalid_authtype", ["dropped-auth-type"]),
        // Another type of authentication than ours is counted as an invalid one.
        ("authtype_mismatch", []),
        ("auth_failure", ["dropped-password", "dropped-spi", "dropped-icv", "dropped-replay"]),
        ("pri_zero_rcvd", ["resignations-received"]), ("pri_zero_sent", ["resignations-sent"]),
    ]

    /// All of them, in keepalived's order.
    var counters: [(name: String, value: UInt64)] {
        Self.sources.map { name, sources in
            (name: name, value: sources.reduce(UInt64(0)) { $0 &+ value(of: $1) })
        }
    }

    /// Since the counters were cleared. A vrrp role that began after that counts from 0.
    private func value(of counter: String) -> UInt64 {
        let (value, before) = (facts?.counters[counter] ?? 0, cleared[counter] ?? 0)
        return value < before ? value : value - before
    }

    /// The lines of `keepalived.stats`.
    var statistics: String {
        let values = Dictionary(counters.map { ($0.name, $0.value) }) { first, _ in first }
        func line(_ depth: Int, _ title: String, _ name: String) -> String {
            String(repeating: " ", count: depth * 2) + "\(title): \(values[name] ?? 0)\n"
        }
        let lines = [
            "VRRP Instance: \(configuration.name)\n", "  Advertisements:\n",
            line(2, "Received", "advert_rcvd"), line(2, "Sent", "advert_sent"),
            line(1, "Became master", "become_master"), line(1, "Released master", "release_master"),
            "  Packet Errors:\n", line(2, "Length", "packet_len_err"), line(2, "TTL", "ip_ttl_err"),
            line(2, "Invalid Type", "invalid_type_rcvd"),
            line(2, "Advertisement Interval", "advert_interval_err"),
            line(2, "Address List", "addr_list_err"),
            "  Authentication Errors:\n", line(2, "Invalid Type", "invalid_authtype"),
            line(2, "Type Mismatch", "authtype_mismatch"), line(2, "Failure", "auth_failure"),
            "  Priority Zero:\n", line(2, "Received", "pri_zero_rcvd"), line(2, "Sent", "pri_zero_sent"),
        ]
        return lines.joined()
    }

    // MARK: State

    /// The lines of `keepalived.data`.
    var data: String {
        let announcements = configuration.announcements
        var rows: [(String, String)] = [("VRRP Version", "\(configuration.version.rawValue)")]
        if let group = configuration.group { rows.append(("Sync group", group)) }
        rows += [("State", state.rawValue), ("Wantstate", state.rawValue)]
        if let since { rows.append(("Last transition", "\(Self.seconds(since)) (\(since))")) }
        rows.append(("Interface", configuration.interface))
        if let interface = configuration.virtualInterface { rows.append(("Using VMAC", interface.name)) }
        if let source = configuration.sourceAddress { rows.append(("Using src_ip", "\(source)")) }
        rows += [
            ("Gratuitous ARP delay", Self.whole(announcements.secondBurstDelay)),
            ("Gratuitous ARP repeat", "\(announcements.repeats)"),
            ("Gratuitous ARP refresh", Self.whole(announcements.refresh)),
            ("Gratuitous ARP refresh repeat", "\(announcements.refreshRepeats)"),
            ("Gratuitous ARP lower priority delay", Self.whole(announcements.lowerPriorityDelay)),
            ("Gratuitous ARP lower priority repeat", "\(announcements.lowerPriorityRepeats)"),
            ("Down timer adverts", "\(configuration.election.downTimerAdverts)"),
            ("Virtual Router ID", "\(configuration.virtualRouterID)"),
            ("Priority", "\(configuration.priority)"), ("Effective priority", "\(priority)"),
            ("Total priority", "\(priority)"),
            (
                "Advert interval",
                configuration.version == .v2
                    ? "\(Self.whole(interval)) sec" : "\(interval.nanoseconds / 1_000_000) milli-sec"
            ),
            ("Accept", configuration.refusesTraffic ? "disabled" : "enabled"),
            ("Preempt", configuration.preempts ? "enabled" : "disabled"),
        ]
        if configuration.version == .v2 { rows.append(("Authentication type", authentication.words)) }
        let lists = [
            Self.list("Virtual IP (\(addresses.count)):", addresses),
            Self.list("Virtual IP Excluded :", excluded), Self.list("Virtual Routes :", routes),
            Self.list("Virtual Rules :", rules), tracking,
        ]
        let head = " VRRP Instance = \(configuration.name)\n"
        return head + rows.map { "   \($0) = \($1)\n" }.joined() + lists.joined()
    }

    private static func list(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "   \(title)\n" + lines.map { "     \($0)\n" }.joined()
    }

    private var tracking: String {
        let kinds: [(Tracked.Kind, String)] = [
            (.interface, "interfaces"), (.script, "scripts"), (.file, "files"), (.process, "processes"),
        ]
        return kinds.map { kind, title in
            let items = configuration.tracking.items.filter { $0.kind == kind }
            return Self.list("Tracked \(title) :", items.map { "\($0.name) weight \($0.weight)" })
        }.joined()
    }

    private var authentication: (number: Int, words: String) {
        switch configuration.authentication {
        case .none: (0, "none")
        case .password: (1, "SIMPLE_PASSWORD")
        case .header: (2, "IPSEC_AH")
        }
    }

    private func words(_ address: VirtualAddress) -> String {
        let interface = address.interface ?? configuration.virtualInterface?.name ?? configuration.interface
        let isHost = address.prefix.length == address.prefix.address.family.bits
        let isSet = facts?.addresses.contains {
            $0.prefix == address.prefix && $0.interface == interface && $0.isPresent
        }
        let scopes: [UInt8: String] = [0: "global", 200: "site", 253: "link", 254: "host"]
        let scope = scopes[address.options.scope] ?? "\(address.options.scope)"
        let host = isHost ? "\(address.prefix.address)" : "\(address.prefix)"
        let label = address.label.map { " label \($0)" } ?? ""
        return "\(host) dev \(interface) scope \(scope)\(label)\(isSet == true ? " set" : "")"
    }

    private var addresses: [String] { configuration.virtualAddresses.map(words) }
    private var excluded: [String] { configuration.excludedAddresses.map(words) }
    private var routes: [String] { configuration.routes.map { $0.words.joined(separator: " ") } }
    private var rules: [String] { configuration.rules.map { $0.words.joined(separator: " ") } }

    private static func whole(_ interval: Interval) -> String { "\(interval.nanoseconds / 1_000_000_000)" }

    /// Seconds since 1970 with six digits behind the point.
    private static func seconds(_ time: WallTime) -> String {
        let micro = "\(time.nanoseconds % 1_000_000_000 / 1000)"
        return "\(time.nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 6 - micro.count) + micro
    }

    // MARK: JSON

    /// An element of `keepalived.json`, version 1.
    var json: JSONValue {
        let (announcements, election) = (configuration.announcements, configuration.election)
        func number(_ flag: Bool) -> JSONValue { flag ? 1 : 0 }
        let state = JSONValue.integer(Self.number(of: self.state))
        var data: [JSONValue.Member] = [
            .init("iname", .string(configuration.name)),
            .init("dont_track_primary", number(configuration.tracking.ignoresOwnInterface)),
            .init("skip_check_adv_addr", number(election.skipsListOfKnownMaster)),
            .init("vmac_ifname", .string(configuration.virtualInterface?.name ?? "")),
            .init("ifp_ifname", .string(configuration.interface)),
            .init("master_priority", .integer(Int(facts?.master?.priority ?? 0))),
            .init("last_transition", JSONValue(since) { .number(Double($0.nanoseconds / 1000) / 1e6) }),
            .init("garp_delay", .integer(Int(announcements.secondBurstDelay.nanoseconds / 1_000_000_000))),
            .init("garp_refresh", .integer(Int(announcements.refresh.nanoseconds / 1_000_000_000))),
            .init("garp_rep", .integer(announcements.repeats)),
            .init("garp_refresh_rep", .integer(announcements.refreshRepeats)),
            .init(
                "garp_lower_prio_delay",
                .integer(Int(announcements.lowerPriorityDelay.nanoseconds / 1_000_000_000))),
            .init("garp_lower_prio_rep", .integer(announcements.lowerPriorityRepeats)),
            .init("lower_prio_no_advert", number(!election.answersLowerPriority)),
            .init("higher_prio_send_advert", number(election.tellsWinner)),
            .init("vrid", .integer(Int(configuration.virtualRouterID))),
            .init("base_priority", .integer(Int(configuration.priority))),
            .init("effective_priority", .integer(priority)),
            .init("vipset", .bool(self.state == .master)), .init("promote_secondaries", false),
            .init("adver_int", .seconds(interval)), .init("master_adver_int", .seconds(interval)),
            .init("accept", number(!configuration.refusesTraffic)),
            .init("nopreempt", .bool(!configuration.preempts)),
            .init("preempt_delay", .seconds(configuration.preemptDelay)),
            .init("state", state), .init("wantstate", state),
            .init("version", .integer(Int(configuration.version.rawValue))),
        ]
        let lists = [("vips", addresses), ("evips", excluded), ("vroutes", routes), ("vrules", rules)]
        for (name, lines) in lists where !lines.isEmpty {
            data.append(.init(name, .array(lines.map { .string($0) })))
        }
        for (name, kind) in [("track_ifp", Tracked.Kind.interface), ("track_script", .script)] {
            let names = configuration.tracking.items.filter { $0.kind == kind }.map(\.name)
            if !names.isEmpty { data.append(.init(name, .array(names.map { .string($0) }))) }
        }
        data.append(.init("auth_type", .integer(authentication.number)))
        let stats = counters.map { JSONValue.Member($0.name, JSONValue(count: $0.value)) }
        return ["data": .object(data), "stats": .object(stats)]
    }

    /// 0 init, 1 backup, 2 master, 3 fault.
    private static func number(of state: Router.StateName) -> Int {
        switch state {
        case .initialize: 0
        case .backup: 1
        case .master: 2
        case .fault: 3
        }
    }
}
