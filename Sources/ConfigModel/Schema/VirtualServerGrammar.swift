import ConfigSyntax
import LoadBalancing
import NetTypes

/// Keywords of `virtual_server`.
enum VirtualServerGrammar {
    static let table = BlockGrammar<VirtualServerDraft>(
        .virtualServer,
        [
            .value(
                "lb_algo", also: ["lvs_sched"], \.scheduler, .scheduler, default: "wlc, with a warning",
                "The kernel's scheduler.", tier: .core),
            ForwardingGrammar.row(
                "lb_kind", also: ["lvs_method"], \.forwarding, \.encapsulation,
                translation: \.translatesSource, default: "NAT, with a warning",
                "How packets reach the real servers.", tier: .core),
            .value(
                "fullnat_source", \.sourceAddress, .address,
                default: "the director's own, with a warning",
                "With lb_kind FULLNAT, the address that real servers see and answer to.", tier: .own),
            .value(
                "protocol", \.transport,
                .choice("a protocol", [("TCP", .tcp), ("UDP", .udp), ("SCTP", .sctp)]),
                "The transport protocol; a service by mark has none.", tier: .core),
            Keyword(
                "persistence_timeout", arguments: "[SECONDS]", default: "off; 360 without a value",
                "How long a client stays on its real server.", tier: .core, read: readPersistence),
            .value(
                "persistence_granularity", \.persistenceGranularity, .granularity, default: "32 or 128",
                "Clients that share this many address bits stay together.", tier: .common),
            .value(
                "persistence_engine", \.persistenceEngine, .choice("a persistence engine", [("sip", "sip")]),
                default: "none",
                "What else than the address tells clients apart; persistence_timeout is then 360.",
                tier: .rare),
            .value(
                "ip_family", \.ipFamily, .family, default: "of the address, or of the servers",
                "The address family of a service by mark.", tier: .common),
            .value(
                "weight", \.weight, .integer(1...2_147_483_647), default: "1",
                "The weight of real servers that do not say.", tier: .rare),
            .value(
                "quorum", \.quorum, .integer(1...2_147_483_647), default: "1",
                "The weight of live servers below which the sorry server takes over.", tier: .common),
            .value(
                "hysteresis", \.hysteresis, .integer(0...2_147_483_647), default: "0",
                "How far above the quorum it is regained, and below it lost.", tier: .common),
            .flag(
                "inhibit_on_failure", \.inhibitOnFailure,
                "A server that is down gets weight 0 instead of being removed.", tier: .common),
            .flag(
                "ha_suspend", \.suspends,
                "No probe is made while none of the service's addresses is on this host.", tier: .common),
            .value(
                "virtualhost", \.virtualHost, .httpText("HOST"), "The Host header of checks.", tier: .common),
            Keyword(
                "sorry_server", arguments: "IP [PORT]", default: "none; the service's port",
                "Takes all traffic while too few real servers are up.", tier: .common
            ) { draft, statement, reader in
                var server = RealServerDraft(origin: Origin(statement))
                guard RealServerGrammar.readHeader(statement, into: &server, &reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.sorryServer?.origin.header)
                draft.sorryServer = server
                return true
            },
            .flag(
                "sorry_server_inhibit", \.sorryServerInhibit,
                "The sorry server stays in the table with weight 0 while it is not needed.", tier: .rare),
            ForwardingGrammar.row(
                "sorry_server_lvs_method", \.sorryServerForwarding, \.sorryServerEncapsulation,
                default: "as lb_kind", "How packets reach the sorry server.", tier: .rare),
            .flag(
                "loop_guard", \.loopGuard,
                "Does not balance again what another director forwarded; see the block loop_guard.",
                tier: .own
            ),
            .value(
                "loop_guard_mark", \.guardMark, .mark,
                default: "computed from family, protocol, address and port",
                "The firewall mark of a guarded service; the same on every director.", tier: .own),
            Keyword(
                "real_server", arguments: "IP [PORT]", body: .keywords, repeatable: true,
                default: "the service's port", "One of the servers the service is balanced over.", tier: .core
            ) { draft, statement, reader in
                var server = RealServerDraft(origin: Origin(statement))
                let isGood = RealServerGrammar.readHeader(statement, into: &server, &reader)
                reader.read(statement.block?.statements ?? [], as: RealServerGrammar.table, into: &server)
                draft.realServers.append(server)
                return isGood
            },
        ] + SchedulerFlag.rows
            + ScheduleGrammar.rows(
                VirtualServerDraft.self, retry: "1, or 0", wait: "1, or 3", inherited: false)
            + ScheduleGrammar.timeouts(VirtualServerDraft.self, inherited: false)
            + NotificationGrammar.services)

    /// `IP [PORT]`, `fwmark MARK [inet|inet6]` or `group NAME`.
    static func header(_ statement: Statement, _ reader: inout SchemaReader) -> Located<ServiceHeader>? {
        var arguments = Arguments(statement)
        let header: ServiceHeader
        if arguments.skip("group") {
            guard let name = arguments.next(.name("NAME"), &reader) else { return nil }
            guard arguments.finish(&reader) else { return nil }
            return Located(.group(name.value), at: name.span)
        }
        if arguments.skip("fwmark") {
            guard let mark = arguments.next(.mark, &reader) else { return nil }
            let family = arguments.nextIfAny(.family, &reader)
            guard family != .bad else { return nil }
            header = .mark(mark.value, family.found?.value)
        } else {
            guard let address = arguments.next(.address, &reader) else { return nil }
            let port = arguments.nextIfAny(.port, &reader)
            guard port != .bad else { return nil }
            header = .address(address.value, port: port.found?.value ?? 0)
        }
        guard arguments.finish(&reader) else { return nil }
        return Located(header, at: statement.header)
    }

    private static func readPersistence(
        _ draft: inout VirtualServerDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        let value = arguments.nextIfAny(ValueType<UInt32>.integer(1...2_678_400), &reader)
        guard arguments.finish(&reader), value != .bad else { return false }
        reader.noteRepeat(of: statement, earlier: draft.persistenceTimeout?.span)
        draft.persistenceTimeout = Located(value.found?.value ?? 360, at: statement.header)
        return true
    }
}

extension ValueType<String> {
    /// The schedulers of the mainline kernel (Kconfig of net/netfilter/ipvs).
    static let scheduler = ValueType.choice(
        "a scheduler",
        ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf", "twos"]
            .map { ($0, $0) })
}

extension ValueType<AddressFamily> {
    /// `inet` or `inet6`.
    static let family = ValueType.choice("an address family", [("inet", .inet), ("inet6", .inet6)])
}

extension ValueType<UInt8> {
    /// A netmask `255.255.255.0` or a prefix length.
    static let granularity = ValueType(name: "NETMASK | LENGTH") { word, reader in
        guard let mask = IPv4Address(word.text) else {
            return ValueType<UInt8>.integer(1...128).parse(word, &reader)
        }
        let length = mask.rawValue.leadingZeroBitCount == 0 ? (~mask.rawValue).leadingZeroBitCount : 0
        if length > 0, length == mask.rawValue.nonzeroBitCount { return UInt8(length) }
        reader.report(.invalidAddress, "\(word.text) is not a netmask", at: word.span)
        return nil
    }
}
