/// Of virtual servers, real servers and checks.
extension KnownKeywords {
    static let virtualServer = """
        hashed|||obsolete|old nothing|Kernel flag, accepted, no use
        ha_suspend||off|common|no|Stop checkers while the VIP is not on this host; cleared for fwmark
        snmp_name|STRING||rare|idle snmp|Label in SNMP
        """

    static let realServer = """
        snmp_name|STRING||rare|idle snmp|Label in SNMP
        FILE_CHECK|{ }||rare|no|Track_file value drives weight
        BFD_CHECK|{ name NAME; alpha }||rare|no bfd|Session state = real server state
        """

    static let check = """
        fwmark|N||rare|no|SO_MARK on probes
        log_all_failures|BOOL|checker_log_all_failures|rare|idle log|Logs every failed probe
        """

    static let httpCheck = """
        enable_sni||off|common|idle plain|SNI = virtualhost
        sni_name|NAME||common|idle plain|Explicit SNI (Aug 2026)
        fast_recovery|[BOOL]|off|rare|idle every|No delay_loop between URLs on start/recovery
        tls_compliant||off|rare|idle plain|Send close_notify; checker or url level
        """

    static let tlsCheck = """
        fast_recovery|[BOOL]|off|rare|idle every|No delay_loop between URLs on start/recovery
        tls_compliant||off|rare|idle polite|Send close_notify; checker or url level
        """

    static let url = """
        tls_compliant||off|rare|idle polite|Send close_notify; checker or url level
        regex_stack|START MAX||rare|idle stack|JIT stack
        """

    static let tls = """
        password|STR||rare|no|Key passphrase
        certificate|FILE||rare|no|Client certificate
        key|FILE||rare|no|Client key
        """

    static let pingCheck = """
        connect_port|PORT||common|idle ports|Probe another port
        bind_port|PORT||rare|idle ports|Source port
        """

    static let scriptCheck = """
        misc_dynamic||off|common|no|Exit status 2–255 sets weight
        """

    static let fileCheck = """
        track_file|NAME|required|rare|no|Which track_file
        weight|±2147483647 [reverse]|file's weight|rare|no|Multiplier
        """
}
