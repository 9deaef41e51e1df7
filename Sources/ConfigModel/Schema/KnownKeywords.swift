/// A keyword of keepalived that this release does not carry out.
package struct KnownKeyword: Hashable, Sendable {
    /// What becomes of a file that has it.
    package enum Standing: Hashable, Sendable {
        /// Refused: traffic, or who is master, would not be as written. `advice` says what to write instead.
        case refused(advice: String?)
        /// Warned about: nothing depends on it here, for the reason.
        case withoutEffect(reason: String)
        /// Warned about: only old files have it.
        case obsolete(advice: String)
    }

    /// The keyword of the block it stands in; empty outside every block.
    package let block: String
    /// The keyword.
    package let name: String
    /// The words after it, for people.
    package let arguments: String
    /// What holds when it is left out.
    package let defaultText: String
    /// How common it is.
    package let tier: Tier
    /// What becomes of it.
    package let standing: Standing
    /// One sentence.
    package let meaning: String

    /// A row `name|arguments|default|tier|standing|meaning`.
    init?(row: Substring, block: String) {
        let fields = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6, let tier = Tier(rawValue: fields[3]),
            let standing = KnownKeywords.standing(fields[4])
        else { return nil }
        self.block = block
        self.standing = standing
        self.tier = tier
        (name, arguments, defaultText) = (fields[0], fields[1], fields[2])
        meaning = fields[5] + "."
    }
}

/// The keywords of keepalived 2.4 that this schema does not carry out, by block. They tell them from typing
/// errors, say what becomes of each, and let the parser recognise the block that a stray line belongs to.
package enum KnownKeywords {
    /// Every one, block by block; a keyword in two blocks is there twice.
    package static let rows: [KnownKeyword] = blocks.flatMap { block, text in
        text.split(separator: "\n").compactMap { KnownKeyword(row: $0, block: block) }
    }

    static let blocks = [
        ("", root), ("global_defs", globalDefinitions), ("vrrp_instance", instance), ("auth_hmac", hmac),
        ("vrrp_sync_group", syncGroup), ("garp_group", garpGroup),
        ("bfd_instance", bfd), ("virtual_server", virtualServer), ("real_server", realServer),
        ("HTTP_GET", httpCheck), ("SSL_GET", tlsCheck), ("url", url),
        ("PING_CHECK", pingCheck),
        ("FILE_CHECK", fileCheck),
    ]

    /// By the blocks that this schema reads.
    static let byScope: [Scope: [String: KnownKeyword]] = {
        var result: [Scope: [String: KnownKeyword]] = [:]
        for row in rows {
            if let scope = Scope(rawValue: row.block) {
                result[scope, default: [:]][row.name] = row
            }
        }
        return result
    }()

    /// The keywords of each block, by the keyword that opens it; those of `byScope` are among them.
    static let byBlock: [String: Set<String>] = {
        var result: [String: Set<String>] = [:]
        for row in rows { result[row.block, default: []].insert(row.name) }
        return result
    }()

    /// Every name in any block.
    static let all = Set(rows.map(\.name))

    /// `no`, `no ADVICE`, `idle REASON` or `old ADVICE`.
    static func standing(_ text: String) -> KnownKeyword.Standing? {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let kind = words.first else { return nil }
        if words.count == 1 { return kind == "no" ? .refused(advice: nil) : nil }
        let key = words[1]
        switch kind {
        case "no": return .refused(advice: advice[key] ?? "use \(key)")
        case "idle": return reasons[key].map { .withoutEffect(reason: $0) }
        case "old": return (reasons[key] ?? advice[key]).map { .obsolete(advice: $0) }
        default: return nil
        }
    }

    private static let advice = [
        "bfd": "there is no BFD: with version 3, advert_int 0.1 finds a dead master in 0.4 s",
        "nothing": "it never did anything; leave it out",
        "native": "leave it out: the addresses say the family",
        "unicast": "leave it out: it is about peers older than version 1.3.6",
        "kernel": "leave it out: it is about kernels older than 3.13",
        "namespace": "start the daemon in it: NetworkNamespacePath= of its unit, or ip netns exec",
        "before": "start it by ExecStartPre= of the daemon's unit",
        "after": "start it by ExecStopPost= of the daemon's unit",
        "automark": "mark the packets by rules of your own, and balance the mark: virtual_server fwmark",
        "vmac": "use_vmac gives the instance's addresses an interface with an Ethernet address of its own",
        "lower": "leave it out: a master answers such an advert at once, and stays",
    ]

    private static let reasons = [
        "linkbeat": "the kernel reports every change of a link",
        "pacing": "vrrp_garp_interval and vrrp_gna_interval say the pace of every interface",
        "refresh": "garp_master_refresh repeats them, on every interface that has an address",
        "igmp": "the system's setting stays: sysctl net.ipv4.igmp_link_local_mcast_reports",
        "timer": "there is no reload at a time: let a timer of the system reload the daemon",
        "seed": "${_RANDOM} depends on the config id, and stays the same at every reload",
        "plain": "there is no TLS in HTTP_GET; it is about SSL_GET",
        "ports": "ICMP has no ports",
        "number": "it is always so, unless the weight is 0",
        "every": "it is always so: every probe asks for every url",
        "polite": "it is always so: the end of TLS is said (close_notify)",
        "stack": "a match needs no such stack, and its steps, depth and memory are bounded",
        "mailed": "it is always so: a mail tells of a real server's change, not of each check's",
        "log": "the log carries every change of a check, and counts what is dropped",
        "names": "the roles have names of their own",
        "scripts": "there is no such script without its keyword, which is refused",
        "umask": "every file is made with the mode it needs",
        "notify": "it is about scripts, whose own keywords are refused",
        "firewall":
            "it is about no_accept, whose rules are in the mangle table, and use_vmac, which needs none",
        "vmac": "it is about use_vmac_addr, which is refused",
        "iproute": "tables have numbers here, and the names that every system has",
        "sched": "each role sets its own scheduling: elections run in real time, in locked memory",
        "bfdproc": "there is no BFD process",
        "bufs": "buffers have the size they need, and what overran is read again",
        "snmp": "there is no SNMP agent: the log carries every transition",
        "dbus": "there is no D-Bus service: the log carries every transition",
        "checked": "it is always so: a reload is checked first, and a file that cannot be read is an error",
        "reload": "there is no reload at a time in this release",
        "plumbing": "the configuration is read once, and not copied",
        "dumps": "dump files are in the directory of the daemon's network namespace, unless one is written",
        "json": "the JSON file has the form of version 1",
        "pid": "the run directory is given on the command line",
        "stop": "the supervisor has bounds of its own for every step of stopping",
        "source": "it is always so: an instance whose source address is not there is in fault",
        "late": "it is always so: an instance waits for an interface that is not there, or changes",
        "stall": "it is always so: a master that did not run while its peers could take over looks first",
        "siblings": "it is always so: other addresses of a subnet are kept when one is removed",
        "symlinks": "it is always so: a program is run by the path that is written",
        "groups": "it is always so: a script has every group of its user, unless one is written",
        "automark": "it is about nftables_ipvs, which is refused",
    ]
}
