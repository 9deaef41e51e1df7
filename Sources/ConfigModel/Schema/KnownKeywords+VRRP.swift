/// Of virtual routers and what they track.
extension KnownKeywords {
    static let instance = """
        auth_hmac|{ }|none|rare|no|HMAC-SHA256 trailer, both versions (2026)
        timer_expired_backup|[1..254]|off|rare|idle stall|With nopreempt: go BACKUP if own timer ran so late \
        another must be master
        thread_timer_expired|[1..254]|off|obsolete|old stall|Earlier name of the above
        old_unicast_checksum|[never]|auto-detect|obsolete|old unicast|Pre-1.3.6 unicast checksum
        native_ipv6|||obsolete|old native|No longer needed
        debug|0..4||obsolete|old nothing|Parsed, no effect
        track_src_ip||off|rare|idle source|FAULT when source IP missing
        vrf|IF||rare|no interface|VRF when no interface given
        use_vmac_addr||off|rare|no vmac|VMAC for each VIP interface
        use_ipvlan|[[name] IF] [IP] [bridge/private/vepa] [group G]|off|rare|no vmac|Ipvlan instead of macvlan
        linkbeat_use_polling||off|obsolete|old linkbeat|Use linkbeat_interfaces
        kernel_rx_buf_size|BYTES|policy|rare|idle bufs|Size of a socket buffer
        track_bfd|{ BFD [weight -253..253] [reverse/noreverse] ... }|bfd's weight|rare|no bfd|BFD \
        sessions whose loss lowers the priority or is a fault
        promote_secondaries||off|rare|idle siblings|Set the sysctl on the interface
        garp_extra_if|[all] SECS|global|rare|idle refresh|Periodic gratuitous ARP on other interfaces
        vmac_garp_intvl|[all] SECS|global|obsolete|old refresh|Old name of garp_extra_if
        notify_master_rx_lower_pri|CMD [user [group]]||rare|no lower|Master saw a lower-prio advert \
        (cloud re-attach)
        """

    static let hmac = """
        key|ID hex:.../ascii/file:PATH (32–64 bytes)||rare|no|Several allowed for rotation
        active_key|ID||rare|no|Key used to sign
        anti_replay|time/monotonic|time|rare|no|Replay protection mode
        time_window|1..300 s|max(3×advert_int, 5)|rare|no|Freshness window
        mode|enforce/permissive/receive-only|enforce|rare|no|Migration steps
        """

    static let syncGroup = """
        track_bfd|{ BFD [weight -253..253] ... }||rare|no bfd|Group tracking
        """

    static let garpGroup = """
        garp_interval|SECS|global|rare|idle pacing|The gap between gratuitous ARP on these interfaces
        gna_interval|SECS|global|rare|idle pacing|The gap between unsolicited neighbour adverts
        interface|IF||rare|idle pacing|Single interface
        interfaces|{ IF ... }||rare|idle pacing|Aggregated set
        """

    static let bfd = """
        neighbor_ip|IP|required|rare|no bfd|The other end
        neighbour_ip|IP||rare|no bfd|Synonym
        source_ip|IP||rare|no bfd|Local address
        min_rx|ms|10|rare|no bfd|Required receive interval
        min_tx|ms|10|rare|no bfd|Desired transmit interval
        idle_tx|ms ≥ 1000|1000|rare|no bfd|Slow rate when not up
        multiplier|1..255|5|rare|no bfd|Detection multiplier
        passive||off|rare|no bfd|Wait for peer
        ttl|N|255|rare|no bfd|IPv4 outgoing
        hoplimit|N|64|rare|no bfd|IPv6 outgoing
        max_hops|0..255|0|rare|no bfd|Accepted TTL loss; 255 = unchecked
        multihop|[BOOL]|off|rare|no bfd|Port 4784
        weight|-253..253 [reverse]|0|rare|no bfd|Default tracking weight
        vrrp||both|rare|no bfd|Events only to VRRP
        checker||both|rare|no bfd|Events only to checkers
        """
}
