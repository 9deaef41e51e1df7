/// Outside every block and in `global_defs`.
extension KnownKeywords {
    static let root = """
        bfd_instance|NAME { }||rare|no bfd|RFC 5880 session
        garp_group|{ }||rare|idle pacing|Per-interface(-set) pacing of GARP/NA
        linkbeat_interfaces|{ IF [MII/ETHTOOL/IOCTL] ... }||rare|idle linkbeat|Interfaces whose carrier is \
        polled
        linkbeat_use_polling||off|rare|idle linkbeat|Poll carrier on every interface
        net_namespace|NAME|none|rare|no namespace|Run daemon inside netns; not changeable by reload
        net_namespace_ipvs|NAME|= net_namespace|rare|no namespace|Program IPVS in another netns; not \
        changeable by reload
        namespace_with_ipsets||off|obsolete|old kernel|Allow ipsets in netns on kernels < 3.13
        instance|NAME|none|rare|idle pid|Instance name in PID file names and syslog ident; not \
        changeable by reload
        use_pid_dir||off|rare|idle pid|PID files under /run/keepalived/
        child_wait_time|SECS|5|rare|idle stop|Parent waits this long for children at stop before SIGKILL
        """

    static let globalDefinitions = """
        no_checker_emails||off|rare|idle mailed|Mail only on real server add/remove, not per checker flip
        process_names||off|rare|idle names|Rename processes to keepalived_vrrp/_ipvs/_bfd
        process_name|NAME|unset|rare|idle names|Parent name
        vrrp_process_name|NAME|unset|rare|idle names|VRRP child name
        checker_process_name|NAME|unset|rare|idle names|Checker child name
        lvs_process_name|NAME|unset|obsolete|old names|Older synonym of checker_process_name
        bfd_process_name|NAME|unset|rare|idle names|BFD child name
        use_symlink_paths|[BOOL]|off (paths resolved)|rare|idle symlinks|Keep symlinks in script paths
        set_supplementary_groups||off|rare|idle groups|Call initgroups for scripts
        startup_script|CMD [user [group]]|none|rare|no before|Run once before children start
        startup_script_timeout|1..1000 s|10|rare|idle scripts|Kill limit
        shutdown_script|CMD [user [group]]|none|rare|no after|Run once after children stopped
        shutdown_script_timeout|1..1000 s|10|rare|idle scripts|Kill limit
        umask|NUM / I{R,W,X}{USR,GRP,OTH} ORed|IXUSR+IRWXG+IRWXO|rare|idle umask|File creation mask
        nftables_ipvs|[TABLE]|off; keepalived_ipvs|rare|no automark|One auto fwmark per \
        virtual_server_group, set by nft map at LOCAL_IN
        nftables_ipvs_priority|INT|-1|rare|idle automark|Hook priority
        nftables_ipvs_start_fwmark|NUM|1000|rare|idle automark|First automatic fwmark
        vrrp_garp_extra_if|[all] SECS (≤86400)|off|rare|idle refresh|Periodic GARP on VIP interfaces \
        other than the instance's
        vrrp_vmac_garp_intvl|[all] SECS|off|obsolete|old refresh|Old name of vrrp_garp_extra_if
        log_unknown_vrids||off|rare|idle log|Log adverts for unconfigured VRIDs
        disable_local_igmp||off|rare|idle igmp|Clear igmp_link_local_mcast_reports
        vmac_addr_prefix|STR|= vmac_prefix|rare|idle vmac|Prefix for per-VIP VMACs
        vrrp_iptables|[IN [OUT]]|off; INPUT/OUTPUT|rare|idle firewall|Firewall backend for \
        no_accept/VMAC IGMP
        vrrp_ipsets|[names...]|keepalived…|rare|idle firewall|Ipsets used with vrrp_iptables
        nftables|[TABLE]|keepalived|rare|idle firewall|Nft backend for the same
        nftables_priority|INT|-1|rare|idle firewall|Its chain priority
        nftables_counters||off|rare|idle firewall|Counters on its rules
        nftables_ifindex||off|rare|idle firewall|Sets keyed by ifindex
        iproute_usr_dir|PATH|build-time|rare|idle iproute|Where iproute name tables live
        iproute_etc_dir|PATH|/etc/iproute2|rare|idle iproute|Same, override dir
        max_auto_priority|[-1..99]|0|common|idle sched|Raise own RT priority when timers run late
        min_auto_priority_delay|µs ≤ 10 000 000|1 000 000|rare|idle sched|Lateness that triggers it
        vrrp_priority|-20..19|none|rare|idle sched|Nice of VRRP child
        checker_priority|-20..19|none|rare|idle sched|Nice of checker child
        bfd_priority|-20..19|none|rare|idle bfdproc|Nice of BFD child
        vrrp_no_swap||off|rare|idle sched|Mlockall
        checker_no_swap||off|rare|idle sched|Mlockall
        bfd_no_swap||off|rare|idle bfdproc|Mlockall
        vrrp_cpu_affinity|CPU ...|all|rare|idle sched|CPUs of the VRRP child
        checker_cpu_affinity|CPU ...|all|rare|idle sched|CPUs of the checker child
        bfd_cpu_affinity|CPU ...|all|rare|idle bfdproc|CPUs of the BFD child
        vrrp_rt_priority|1..99|none|common|idle sched|SCHED_RR
        checker_rt_priority|1..99|none|rare|idle sched|SCHED_RR
        bfd_rt_priority|1..99|none|rare|idle bfdproc|SCHED_RR
        vrrp_rlimit_rttime|µs ≥ 2|10000|rare|idle sched|RLIMIT_RTTIME
        checker_rlimit_rttime|µs ≥ 2|10000|rare|idle sched|RLIMIT_RTTIME of the checker child
        bfd_rlimit_rttime|µs ≥ 2|10000|rare|idle bfdproc|RLIMIT_RTTIME of the BFD child
        vrrp_rlimit_rtime|µs||obsolete|old sched|Misspelt synonym
        checker_rlimit_rtime|µs||obsolete|old sched|Misspelt synonym
        bfd_rlimit_rtime|µs||obsolete|old bfdproc|Misspelt synonym
        vrrp_netlink_cmd_rcv_bufs|BYTES|kernel|rare|idle bufs|Size of a socket buffer
        vrrp_netlink_cmd_rcv_bufs_force|BOOL|off|rare|idle bufs|Use SO_RCVBUFFORCE
        vrrp_netlink_monitor_rcv_bufs|BYTES|kernel|rare|idle bufs|Size of a socket buffer
        vrrp_netlink_monitor_rcv_bufs_force|BOOL|off|rare|idle bufs|Sets the size beyond the system limit
        lvs_netlink_cmd_rcv_bufs|BYTES|kernel|rare|idle bufs|Size of a socket buffer
        lvs_netlink_cmd_rcv_bufs_force|BOOL|off|rare|idle bufs|Sets the size beyond the system limit
        lvs_netlink_monitor_rcv_bufs|BYTES|kernel|rare|idle bufs|Size of a socket buffer
        lvs_netlink_monitor_rcv_bufs_force|BOOL|off|rare|idle bufs|Sets the size beyond the system limit
        process_monitor_rcv_bufs|BYTES|kernel|rare|idle bufs|Proc connector buffer
        process_monitor_rcv_bufs_force|BOOL|off|rare|idle bufs|Sets the size beyond the system limit
        vrrp_rx_bufs_policy|MTU/ADVERT/BYTES|system|rare|idle bufs|VRRP socket buffer sizing
        vrrp_rx_bufs_multiplier|N|3|rare|idle bufs|Multiplier
        snmp_socket|ADDR|unix:/var/agentx/master|common|idle snmp|AgentX master
        enable_snmp_vrrp||off|common|idle snmp|KEEPALIVED-MIB VRRP part
        enable_snmp_keepalived||off|obsolete|old snmp|Old name of the above
        enable_snmp_checker||off|common|idle snmp|KEEPALIVED-MIB virtual server/real server part
        enable_snmp_rfc||off|rare|idle snmp|Both RFC MIBs
        enable_snmp_rfcv2||off|rare|idle snmp|RFC 2787
        enable_snmp_rfcv3||off|rare|idle snmp|RFC 6527
        enable_traps||off|common|idle snmp|Send traps
        snmp_vs_stats_update_interval|0.001..30 s|5|rare|idle snmp|Virtual server stats cache
        snmp_rs_stats_update_interval|0.001..30 s|= VS value|rare|idle snmp|Real server stats cache
        enable_dbus||off|rare|idle dbus|Org.keepalived.Vrrp1 service (VRRP only)
        dbus_service_name|NAME|org.keepalived.Vrrp1|rare|idle dbus|Bus name
        dbus_no_interface_name|NAME|none|rare|idle dbus|Path element without interface
        reload_check_config|[LOGFILE]|off|rare|idle checked|Validate in a separate process first
        reload_time_file|ABS PATH|none|rare|idle timer|Schedules a reload at HH:MM:SS or [YY]YY-MM-DD \
        HH:MM:SS[Z]
        reload_repeat||off|rare|idle reload|Keep the time file, reload daily
        reload_file|[ABS PATH]|off|rare|idle reload|Lock-like marker held while reading config
        include_check|[+/-]{readable match wildcard_match brace_match}|none|rare|idle checked|Make \
        missing includes an error
        config_save_dir|DIR|none|rare|idle plumbing|Save config/state around reloads (debug)
        tmp_config_directory|DIR|memfd|rare|idle plumbing|Where the merged config copy lives; not \
        changeable by reload
        random_seed|UINT|time|rare|idle seed|Seed for ${_RANDOM}
        data_use_instance|[BOOL]|off|rare|idle dumps|Instance/netns in dump file names
        json_version|1/2|1|rare|idle json|2 = object with vrrp[] and track_process[]
        """
}
