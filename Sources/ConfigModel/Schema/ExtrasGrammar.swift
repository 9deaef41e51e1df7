import ConfigSyntax

/// Keywords of what instances ask for beyond the election, and of `global_defs` for them.
enum ExtrasGrammar {
    static let instance: [Keyword<InstanceDraft>] = [
        .flag(
            "strict_mode", \.extras.isStrict, takesValue: true, default: "vrrp_strict",
            "Does nothing that the RFCs do not say: no_accept, for one, and no authentication.", tier: .rare
        ),
        acceptance("no_accept", false, "What is sent to the virtual addresses is dropped."),
        acceptance("accept", true, "What is sent to the virtual addresses is accepted by the master."),
        Keyword(
            "use_vmac", arguments: "[[name] NAME] [MAC]", default: "off",
            "The virtual addresses stand on an interface of their own with the virtual router's Ethernet "
                + "address.", tier: .common, read: VirtualMACGrammar.read),
        .flag(
            "vmac_xmit_base", \.extras.sendsFromBase,
            "With use_vmac adverts leave by the interface itself.", tier: .common
        ),
        .value(
            "lvs_sync_daemon_interface", \.extras.syncInterface, .interface, default: "none",
            "An old form of lvs_sync_daemon INTERFACE INSTANCE.", tier: .obsolete
        ).obsolete("write in global_defs: lvs_sync_daemon INTERFACE INSTANCE"),
        LineGrammar.lines(
            "virtual_routes", "{ ROUTE ... }", \.extras.routes, RouteGrammar.read,
            "Routes that the master has, in the words of `ip route`.", tier: .common),
        LineGrammar.lines(
            "virtual_rules", "{ RULE ... }", \.extras.rules, RuleGrammar.read,
            "Rules that the master has, in the words of `ip rule`.", tier: .rare),
    ]

    static let global: [Keyword<GlobalDraft>] = [
        .flag(
            "vrrp_strict", \.isStrict,
            "Instances do nothing that the RFCs do not say: no_accept, for one, and no authentication.",
            tier: .common
        ),
        .value(
            "default_interface", \.defaultInterface, .interface, default: StaticsDraft.standardInterface,
            "Where static addresses without dev go.", tier: .rare
        ),
        .value(
            "vmac_prefix", \.virtualInterfacePrefix, .interfacePrefix, default: "vrrp",
            "What the names of use_vmac begin with where none is written.", tier: .rare),
        .value(
            "vrrp_startup_delay", \.pacing.startupDelay, .delay, default: "0",
            "How long elections wait after the daemon's start.", tier: .common
        ),
        .value(
            "vrrp_delay_after_boot", \.pacing.delayAfterBoot, .delay, default: "0",
            "How long elections wait after the machine's start.", tier: .rare
        ),
        .value(
            "vrrp_garp_interval", \.pacing.announcementGap, .delay, default: "0",
            "The time between two gratuitous ARP packets on an interface.", tier: .common
        ),
        .value(
            "vrrp_gna_interval", \.pacing.neighbourGap, .delay, default: "0",
            "The time between two unsolicited neighbour adverts on an interface.", tier: .common
        ),
        dumpFile("state_dump_file", \.dumps.state, "keepalived.data", "SIGUSR1"),
        dumpFile("stats_dump_file", \.dumps.statistics, "keepalived.stats", "SIGUSR2"),
        dumpFile("json_dump_file", \.dumps.json, "keepalived.json", "SIGRTMIN+2"),
    ]

    private static func dumpFile(
        _ name: String, _ path: any WritableKeyPath<GlobalDraft, Located<String>?> & Sendable,
        _ file: String, _ signal: String
    ) -> Keyword<GlobalDraft> {
        .value(
            name, path, .dumpPlace, default: "in the run directory",
            "Where \(signal) has \(file) written; with / at its end a directory.", tier: .rare)
    }

    /// Two words for one choice: the last one counts.
    private static func acceptance(
        _ name: String, _ accepts: Bool, _ meaning: String
    ) -> Keyword<InstanceDraft> {
        Keyword(
            name, default: accepts ? "on, off with vrrp_strict" : "off, on with vrrp_strict", meaning,
            tier: .rare
        ) { draft, statement, reader in
            guard Arguments(statement).finish(&reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft.extras.refusesTraffic?.span)
            draft.extras.refusesTraffic = Located(!accepts, at: statement.header)
            return true
        }
    }
}

extension ValueType<String> {
    /// The absolute path of a file to be written, or of its directory, with "/" at its end.
    static let dumpPlace = ValueType(name: "PATH or DIR/") { word, reader in
        let isPath = word.text.hasPrefix("/") && word.text.utf8.count < 4096 && !word.text.utf8.contains(0)
        guard isPath else {
            reader.report(.invalidName, "\"\(word.text)\" is not an absolute path", at: word.span)
            return nil
        }
        return word.text
    }
}
