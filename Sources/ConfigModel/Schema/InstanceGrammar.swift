import ConfigSyntax
import NetTypes
import Timekeeping
import VRRP

/// Keywords of `vrrp_instance` and the blocks in it.
enum InstanceGrammar {
    static let table = BlockGrammar<InstanceDraft>(
        .instance,
        election + protocolOptions + transport + addresses + announcements + TrackingGrammar.instance
            + NotificationGrammar.instance + ExtrasGrammar.instance)

    private static let election: [Keyword<InstanceDraft>] = [
        .value(
            "state", \.startsAsMaster, .choice("a state", [("MASTER", true), ("BACKUP", false)]),
            default: "BACKUP", "Whether this director expects to be master when it starts.", tier: .core),
        .value(
            "interface", \.interface, .interface, "Where adverts are sent and heard.", tier: .core,
            required: "without an interface there is no election"),
        .value(
            "virtual_router_id", \.virtualRouterID, .integer(1...255),
            "What tells this virtual router from others on the interface.", tier: .core,
            required: "without a VRID there is no election"),
        .value(
            "priority", \.priority, .integer(1...255), default: "100, or 255 with state MASTER",
            "The highest becomes master; 255 means owner of the addresses.", tier: .core),
        .value(
            "advert_int", \.interval, .seconds(microseconds: 10_000...255_000_000), default: "1",
            "How often the master sends adverts: whole seconds in version 2, steps of 0.01 in version 3.",
            tier: .core),
        .value(
            "version", \.version, .protocolVersion, default: "vrrp_version", "The VRRP version.",
            tier: .common),
        .flag("nopreempt", \.nopreempt, "Never takes over from a master of lower priority.", tier: .common),
        .flag(
            "preempt", \.preempt, default: "on", "Takes over from a master of lower priority.",
            tier: .obsolete
        ).obsolete("leave it out: it is always so without nopreempt"),
        .value(
            "preempt_delay", \.preemptDelay, .seconds(microseconds: 0...1_000_000_000), default: "0",
            "How long to wait before such a take-over.", tier: .common),
        .flag(
            "preempt_after_sync", \.preemptsAfterSync, takesValue: true,
            "Waits with such a take-over until the master has told of all connections in use.", tier: .own),
        Keyword(
            "authentication", body: .keywords, default: "none", "Authentication of version 2 adverts.",
            tier: .core
        ) { draft, statement, reader in
            let isGood = Arguments(statement).finish(&reader)
            reader.noteRepeat(of: statement, earlier: draft.authentication?.origin.header)
            var block = AuthenticationDraft(origin: Origin(statement))
            reader.read(statement.block?.statements ?? [], as: authentication, into: &block)
            draft.authentication = block
            return isGood
        },
    ]

    private static let addresses: [Keyword<InstanceDraft>] = [
        Keyword(
            "virtual_ipaddress", body: .addresses, repeatable: true,
            "The addresses that the master holds and adverts carry: IP[/LENGTH] [dev IF] [label L] ....",
            tier: .core,
            requirement: Keyword.Requirement(effect: "there would be nothing to take over") {
                !$0.addresses.isEmpty || !$0.excluded.isEmpty || $0.noVirtualAddresses != nil
            }
        ) { draft, statement, reader in
            AddressGrammar.read(statement, into: &draft.addresses, &reader)
        },
        Keyword(
            "virtual_ipaddress_excluded", body: .addresses, repeatable: true,
            "Addresses that the master holds, but that adverts do not carry.", tier: .common
        ) { draft, statement, reader in
            AddressGrammar.read(statement, into: &draft.excluded, &reader)
        },
    ]

    private static let announcements: [Keyword<InstanceDraft>] = [
        .value(
            "garp_master_delay", \.announcements.delay, .delay, default: "vrrp_garp_master_delay",
            "When the second burst of gratuitous ARP follows the first; 0 for none.", tier: .common),
        .value(
            "garp_master_repeat", \.announcements.repeats, .integer(1...1000),
            default: "vrrp_garp_master_repeat", "Packets an address in one burst.", tier: .common),
        .value(
            "garp_master_refresh", \.announcements.refresh, .delay, default: "vrrp_garp_master_refresh",
            "How far apart a master repeats its announcements; 0 for never.", tier: .common),
        .value(
            "garp_master_refresh_repeat", \.announcements.refreshRepeats, .integer(1...1000),
            default: "vrrp_garp_master_refresh_repeat", "Packets an address in such a repetition.",
            tier: .common),
    ]

    static let authentication = BlockGrammar<AuthenticationDraft>(
        .authentication,
        [
            .value(
                "auth_type", \.type, .choice("an auth_type", [("PASS", .password), ("AH", .header)]),
                "PASS sends the password in clear text; AH proves it by an IP Authentication Header.",
                tier: .core),
            .value(
                "auth_pass", \.password, .password, "At most 8 octets.", tier: .core),
        ])
}
