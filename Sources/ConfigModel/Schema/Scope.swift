/// The blocks a keyword can stand in; the raw value is the keyword that opens the block.
package enum Scope: String, Hashable, Sendable, Codable, CaseIterable {
    /// Outside every block.
    case root = ""
    case globalDefinitions = "global_defs"
    case tls = "SSL"
    case instance = "vrrp_instance"
    case authentication = "authentication"
    case virtualServer = "virtual_server"
    case realServer = "real_server"
    case tcpCheck = "TCP_CHECK"
    case httpCheck = "HTTP_GET"
    case tlsCheck = "SSL_GET"
    case smtpCheck = "SMTP_CHECK"
    case smtpHost = "host"
    case dnsCheck = "DNS_CHECK"
    case udpCheck = "UDP_CHECK"
    case pingCheck = "PING_CHECK"
    case url = "url"
    case scriptCheck = "MISC_CHECK"
    case fileCheck = "FILE_CHECK"
    case loopGuard = "loop_guard"
    case syncGroup = "vrrp_sync_group"
    case trackScript = "vrrp_script"
    case trackProcess = "vrrp_track_process"
    case trackFile = "track_file"
    case trackGroup = "track_group"

    /// For messages: `in vrrp_instance`, `outside every block`.
    package var phrase: String { self == .root ? "outside every block" : "in \(rawValue)" }
}

/// How common a keyword is in configurations in the field.
package enum Tier: String, Hashable, Sendable, Codable {
    /// In most configurations.
    case core
    /// Often met.
    case common
    /// Seldom met.
    case rare
    /// Kept for old files.
    case obsolete
    /// Not known to keepalived.
    case own
}

/// What the schema says about one keyword in one block.
package struct KeywordFacts: Hashable, Sendable, Codable {
    /// Whether a block follows.
    package enum Body: String, Hashable, Sendable, Codable {
        /// Never.
        case none
        /// Always, holding keywords.
        case keywords
        /// Always, holding one address a line.
        case addresses
        /// Always, holding one name a line.
        case names
        /// Always, holding one thing a line, of several words.
        case lines
    }

    /// Where it is legal.
    package var scope: Scope
    /// As documentation writes it.
    package let name: String
    /// Other spellings with the same meaning.
    package let otherSpellings: [String]
    /// The words after it, for people: `IP [PORT]`; empty for none.
    package let arguments: String
    /// Whether a block follows.
    package let body: Body
    /// True when several of them add up; otherwise the last one counts, with a warning.
    package let isRepeatable: Bool
    /// What holds when it is left out; nil when there is nothing to say.
    package let defaultText: String?
    /// One sentence.
    package let meaning: String
    /// How common it is.
    package let tier: Tier
}
