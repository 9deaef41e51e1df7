import ConfigSyntax

/// Keywords of what instances ask for beyond the election, and of `global_defs` for them; some of them the
/// model holds and nobody carries out yet.
enum ExtrasGrammar {
    static let instance: [Keyword<InstanceDraft>] = [
        .flag(
            "strict_mode", \.extras.isStrict, takesValue: true, default: "vrrp_strict",
            "Does nothing that the RFC does not say.", tier: .rare
        ).pending("leave it out: what it forbids is warned about without it"),
        .flag(
            "no_accept", \.extras.refusesTraffic, default: "off, on with vrrp_strict",
            "A master drops what is sent to its virtual addresses.", tier: .rare
        ).pending("drop what is sent to them with rules of your own firewall"),
        Keyword(
            "use_vmac", arguments: "[[NAME] IF] [MAC] [netlink_notify_msg] [group GROUP]", default: "off",
            "The virtual addresses have the virtual router's own Ethernet address.", tier: .common
        ) { draft, statement, reader in
            reader.noteRepeat(of: statement, earlier: draft.extras.virtualMAC?.span)
            draft.extras.virtualMAC = Located(statement.arguments.map(\.text), at: statement.header)
            return true
        }.pending("leave it out: gratuitous ARP tells the neighbours where the addresses are"),
        .flag(
            "vmac_xmit_base", \.extras.sendsFromBase,
            "With use_vmac adverts leave by the interface itself.", tier: .common
        ).pending(),
        LineGrammar.lines(
            "virtual_routes", "{ ROUTE ... }", \.extras.routes, RouteGrammar.read,
            "Routes that the master has, in the words of `ip route`.", tier: .common),
        LineGrammar.lines(
            "virtual_rules", "{ RULE ... }", \.extras.rules, RuleGrammar.read,
            "Rules that the master has, in the words of `ip rule`.", tier: .rare),
    ]

    static let global: [Keyword<GlobalDraft>] = [
        .flag(
            "vrrp_strict", \.isStrict, "Instances do nothing that the RFC does not say.", tier: .common
        ).pending("leave it out: what it forbids is warned about without it"),
        .value(
            "default_interface", \.defaultInterface, .interface, default: StaticsDraft.standardInterface,
            "Where static addresses without dev go.", tier: .rare
        ),
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
    ]
}
