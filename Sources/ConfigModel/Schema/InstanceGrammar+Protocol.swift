import ConfigSyntax
import VRRP

// What an instance may change of the protocol, and the same keywords as defaults in `global_defs`.

extension InstanceGrammar {
    static let protocolOptions: [Keyword<InstanceDraft>] = [
        .value(
            "down_timer_adverts", \.election.downTimerAdverts, .integer(1...100),
            default: "vrrp_down_timer_adverts",
            "How many adverts of the master may be missed; all directors of a VRID must agree.", tier: .rare),
        .flag(
            "lower_prio_no_advert", \.election.lowerPriorityNoAdvert, takesValue: true,
            default: "vrrp_lower_prio_no_advert",
            "A master does not answer the advert of a losing master.", tier: .rare),
        .flag(
            "higher_prio_send_advert", \.election.higherPrioritySendAdvert, takesValue: true,
            default: "vrrp_higher_prio_send_advert",
            "A master that yields tells the winner, which then tells the neighbours.", tier: .rare),
        .flag(
            "owner_ignore_adverts", \.election.ownerIgnoresAdverts, takesValue: true,
            default: "vrrp_owner_ignore_adverts", "A director of priority 255 hears no adverts.",
            tier: .rare),
        .flag(
            "skip_check_adv_addr", \.election.skipsListOfKnownMaster, takesValue: true,
            default: "vrrp_skip_check_adv_addr",
            "Compares the addresses in an advert only when another master sent the one before.", tier: .rare),
        .flag(
            "v3_checksum_as_v2", \.election.messageOnlyChecksum, takesValue: true,
            default: "global v3_checksum_as_v2",
            "Sums version 3 adverts without the pseudo-header, as RFC 9568 says.", tier: .rare),
        .flag(
            "no_virtual_ipaddress", \.noVirtualAddresses,
            "Says that the instance holds no address: scripts or the sync daemon follow it.", tier: .rare),
        .value(
            "garp_lower_prio_delay", \.announcements.lowerPriorityDelay, .delay,
            default: "vrrp_garp_lower_prio_delay",
            "As garp_master_delay, after the advert of a losing master.", tier: .rare),
        .value(
            "garp_lower_prio_repeat", \.announcements.lowerPriorityRepeats, .integer(0...1000),
            default: "vrrp_garp_lower_prio_repeat",
            "As garp_master_repeat, after the advert of a losing master; 0 for none.", tier: .rare),
    ]
}

extension GlobalGrammar {
    static let protocolDefaults: [Keyword<GlobalDraft>] = [
        .value(
            "vrrp_down_timer_adverts", \.election.downTimerAdverts, .integer(1...100), default: "3",
            "How many adverts of the master may be missed; all directors of a VRID must agree.", tier: .rare),
        .flag(
            "vrrp_lower_prio_no_advert", \.election.lowerPriorityNoAdvert, takesValue: true,
            "A master does not answer the advert of a losing master.", tier: .rare),
        .flag(
            "vrrp_higher_prio_send_advert", \.election.higherPrioritySendAdvert, takesValue: true,
            default: "on; keepalived's is off",
            "A master that yields tells the winner, which then tells the neighbours.", tier: .rare),
        .flag(
            "vrrp_owner_ignore_adverts", \.election.ownerIgnoresAdverts, takesValue: true,
            "A director of priority 255 hears no adverts.", tier: .rare),
        .flag(
            "vrrp_skip_check_adv_addr", \.election.skipsListOfKnownMaster, takesValue: true,
            "Compares the addresses in an advert only when another master sent the one before.",
            tier: .common),
        .flag(
            "v3_checksum_as_v2", \.election.messageOnlyChecksum, takesValue: true,
            "Sums version 3 adverts without the pseudo-header, as RFC 9568 says.", tier: .rare),
        .value(
            "vrrp_garp_lower_prio_delay", \.announcements.lowerPriorityDelay, .delay,
            default: "vrrp_garp_master_delay",
            "As vrrp_garp_master_delay, after the advert of a losing master.",
            tier: .rare),
        .value(
            "vrrp_garp_lower_prio_repeat", \.announcements.lowerPriorityRepeats, .integer(0...1000),
            default: "vrrp_garp_master_repeat",
            "As vrrp_garp_master_repeat, after the advert of a losing master; 0 for none.", tier: .rare),
        .flag(
            "vrrp_min_garp", \.announcements.isMinimal, takesValue: true,
            "One packet an address and no second burst where nothing else is written.", tier: .rare),
    ]
}
