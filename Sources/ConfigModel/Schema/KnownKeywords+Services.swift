/// Of virtual servers, real servers and checks.
extension KnownKeywords {
    static let virtualServer = """
        hashed|||obsolete|old nothing|Kernel flag, accepted, no use
        snmp_name|STRING||rare|idle snmp|Label in SNMP
        """

    static let realServer = """
        snmp_name|STRING||rare|idle snmp|Label in SNMP
        BFD_CHECK|{ name NAME; alpha }||rare|no bfd|Session state = real server state
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

    static let pingCheck = """
        connect_port|PORT||common|idle ports|Probe another port
        bind_port|PORT||rare|idle ports|Source port
        """

    static let fileCheck = """
        dynamic|||rare|idle number|The number changes the weight
        """
}
