import ConfigSyntax
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// Keywords of `global_defs`.
enum GlobalGrammar {
    static let table = BlockGrammar<GlobalDraft>(
        .globalDefinitions,
        [
            .value(
                "router_id", \.routerID, .name("NAME"), default: "the short host name",
                "Names this director in messages.", tier: .core),
            account(
                "script_user", \.scriptUser, default: "keepalived_script if that user exists",
                "Whom scripts run as that name nobody.", tier: .common),
            .flag(
                "enable_script_security", \.scriptSecurity,
                "Refuses scripts that somebody other than root could have changed.", tier: .common),
            .flag(
                "checker_log_all_failures", \.logsAllFailures, takesValue: true,
                "The log has every failed probe of every check.", tier: .common),
            Keyword(
                "lvs_sync_daemon",
                arguments: "IF [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group GROUP]",
                default: "none",
                "Runs the kernel's connection synchronisation; the instance decides who sends.",
                tier: .common, read: readSyncDaemon),
            Keyword(
                "dynamic_interfaces", arguments: "[allow_if_changes]", default: "off",
                "Interfaces may be missing at start and at a reload; instances wait for them.", tier: .common
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                // Here an interface may always come back as another kind.
                _ = arguments.skip("allow_if_changes")
                guard arguments.finish(&reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.dynamicInterfaces?.span)
                draft.dynamicInterfaces = Located(true, at: statement.header)
                return true
            },
            Keyword(
                "lvs_timeouts", arguments: "[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]",
                default: "as the kernel has them",
                "How long IPVS keeps idle connections; what was before comes back at stop.", tier: .common,
                read: readTimeouts),
            .flag(
                "lvs_flush", \.flush, "Removes every IPVS service at start, foreign ones too.",
                tier: .common),
            Keyword(
                "lvs_flush_on_stop", also: ["lvs_flush_onstop"], arguments: "[VS]",
                default: "as with VS: only services of this daemon",
                "Removes every IPVS service when the daemon stops, foreign ones too.", tier: .common
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                let isOwnAlone = arguments.skip("VS")
                guard arguments.finish(&reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.flushAtStop?.span)
                draft.flushAtStop = Located(!isOwnAlone, at: statement.header)
                return true
            }.obsolete("write: lvs_flush_on_stop", as: "lvs_flush_onstop"),
            Keyword(
                "checker_failure_guard", arguments: "SECONDS [50...100]", default: "off; 90 percent",
                "When so many percent of checks fail in one period, their servers stay in service so long.",
                tier: .own, read: readFailureGuard),
            .value(
                "loop_guard_backend", \.guardBackend, .guardBackend, default: "iptables",
                "What writes the loop guard's rules: iptables, or nft into a table of its own.", tier: .own),
            .value(
                "control_admin_group", \.controlAdminGroup, .name("GROUP"), default: "root alone",
                "Members of this group may act on the control socket: reload.", tier: .own),
            .value(
                "control_reader_group", \.controlReaderGroup, .name("GROUP"), default: "nobody",
                "Members of this group may look: status, why, events, metrics.", tier: .own),
            .value(
                "vrrp_version", \.version, .protocolVersion, default: "2",
                "The VRRP version of instances that do not say.", tier: .common),
            .value(
                "vrrp_garp_master_delay", \.announcements.delay, .delay, default: "5",
                "When the second burst of gratuitous ARP follows the first; 0 for none.", tier: .common),
            .value(
                "vrrp_garp_master_repeat", \.announcements.repeats, .integer(1...1000), default: "5",
                "Packets an address in one burst.", tier: .common),
            .value(
                "vrrp_garp_master_refresh", \.announcements.refresh, .delay, default: "0",
                "How far apart a master repeats its announcements; 0 for never.", tier: .common),
            .value(
                "vrrp_garp_master_refresh_repeat", \.announcements.refreshRepeats, .integer(1...1000),
                default: "1", "Packets an address in such a repetition.", tier: .common),
        ] + others)

    private static let others: [Keyword<GlobalDraft>] = [
        SettingGrammar.rows, protocolDefaults, transportDefaults, NotificationGrammar.global,
        MailGrammar.global, ExtrasGrammar.global,
    ].flatMap { $0 }

    /// `KEYWORD USER [GROUP]` of what runs a program.
    static func account<D: Draft>(
        _ name: String, _ path: any WritableKeyPath<D, Located<ScriptUser>?> & Sendable,
        default defaultText: String = "script_user", _ meaning: String = "Whom it runs as.", tier: Tier
    ) -> Keyword<D> {
        Keyword(
            name, arguments: "USER [[:]GROUP]", default: defaultText, meaning, tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement.withGroupApart)
            guard let user = arguments.next(.account("USER"), &reader) else { return false }
            let group = arguments.nextIfAny(.account("GROUP"), &reader)
            guard group != .bad, arguments.finish(&reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft[keyPath: path]?.span)
            draft[keyPath: path] = Located(ScriptUser(user.value, group: group.found?.value), at: user.span)
            return true
        }
    }

    private static func readSyncDaemon(
        _ draft: inout GlobalDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        guard let interface = arguments.next(.interface, &reader) else { return false }
        var daemon = SyncDaemonDraft(interface: interface.value)
        let options = ["id", "maxlen", "port", "ttl", "group"]
        let named = arguments.skip("inst")
        if named || arguments.peeked.map({ !options.contains($0.text) }) ?? false {
            guard let instance = arguments.next(.name("INSTANCE"), &reader) else { return false }
            daemon.instance = instance
        }
        while let option = arguments.peeked, options.contains(option.text) {
            _ = arguments.word()
            guard read(option.text, &arguments, into: &daemon, &reader) else { return false }
        }
        guard arguments.finish(&reader) else { return false }
        reader.noteRepeat(of: statement, earlier: draft.syncDaemon?.span)
        draft.syncDaemon = Located(daemon, at: statement.header)
        return true
    }

    private static func readFailureGuard(
        _ draft: inout GlobalDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        let bounds: ClosedRange<Int64> = 1_000_000...3_600_000_000
        guard let hold = arguments.next(.seconds(microseconds: bounds), &reader) else { return false }
        var setting = FailureGuard.Setting(hold: hold.value)
        if arguments.peeked != nil {
            guard let share = arguments.next(.integer(50...100), &reader) else { return false }
            setting.share = share.value
        }
        guard arguments.finish(&reader) else { return false }
        reader.noteRepeat(of: statement, earlier: draft.failureGuard?.span)
        draft.failureGuard = Located(setting, at: statement.header)
        return true
    }

    private static func readTimeouts(
        _ draft: inout GlobalDraft, _ statement: Statement, _ reader: inout SchemaReader
    ) -> Bool {
        var arguments = Arguments(statement)
        var timeouts: [IPVSTimeout: UInt32] = [:]
        repeat {
            guard let timeout = arguments.next(.keptConnection, &reader),
                let seconds = arguments.next(.integer(IPVSTimeout.range), &reader)
            else { return false }
            timeouts[timeout.value] = seconds.value
        } while arguments.peeked != nil
        reader.noteRepeat(of: statement, earlier: draft.timeouts?.span)
        draft.timeouts = Located(timeouts, at: statement.header)
        return true
    }

    private static func read(
        _ option: String, _ arguments: inout Arguments, into daemon: inout SyncDaemonDraft,
        _ reader: inout SchemaReader
    ) -> Bool {
        switch option {
        case "id":
            daemon.syncID = arguments.next(.integer(0...255), &reader)?.value
            return daemon.syncID != nil
        case "maxlen":
            daemon.maximumLength = arguments.next(.integer(1...65507), &reader)?.value
            return daemon.maximumLength != nil
        case "port":
            daemon.port = arguments.next(.port, &reader)?.value
            return daemon.port != nil
        case "ttl":
            daemon.ttl = arguments.next(.integer(1...255), &reader)?.value
            return daemon.ttl != nil
        default:
            daemon.group = arguments.next(.group, &reader)?.value
            return daemon.group != nil
        }
    }
}

extension Statement {
    /// `KEYWORD USER:GROUP` and `KEYWORD USER :GROUP` as `KEYWORD USER GROUP`.
    fileprivate var withGroupApart: Statement {
        var words = arguments
        if words.count == 1, !words[0].isQuoted, let colon = words[0].text.firstIndex(of: ":") {
            let (word, group) = (words[0], words[0].text[colon...].dropFirst())
            words = [
                Word(String(word.text[..<colon]), span: word.span), Word(String(group), span: word.span),
            ]
        } else if words.count == 2, words[1].text.hasPrefix(":") {
            words[1] = Word(String(words[1].text.dropFirst()), span: words[1].span)
        }
        return Statement(keyword: keyword, arguments: words, block: block)
    }
}

extension ValueType<IPVSTimeout> {
    /// `tcp`, `tcpfin` or `udp`.
    static let keptConnection = ValueType.choice(
        "a timeout", IPVSTimeout.allCases.map { ($0.rawValue, $0) })
}

extension ValueType<LoopGuardBackend> {
    /// `iptables` or `nftables`.
    static let guardBackend = ValueType.choice(
        "a backend", LoopGuardBackend.allCases.map { ($0.rawValue, $0) })
}

extension ValueType<ProtocolVersion> {
    /// `2` or `3`.
    static let protocolVersion = ValueType.choice("a VRRP version", [("2", .v2), ("3", .v3)])
}
