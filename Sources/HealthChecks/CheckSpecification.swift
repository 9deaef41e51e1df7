import NetTypes
import Timekeeping

/// When a check probes and what it takes to change its verdict (keepalived's checker options, inherited
/// virtual_server -> real_server -> checker).
package struct CheckSchedule: Hashable, Sendable, Codable {
    /// `delay_loop`: from the start of a probe to that of the next, default 60 s; see `Check`.
    package var delayLoop: Interval
    /// `retry`: further attempts after a failure before the server is down, default 1 (0 for MISC_CHECK).
    package var retry: Int
    /// `delay_before_retry`: between those attempts, default 1 s (3 s for HTTP_GET).
    package var delayBeforeRetry: Interval
    /// `warmup`: the first probe comes within this time after start, default delay_loop; see `CheckSet`.
    package var warmup: Interval
    /// `alpha`: the server starts down instead of up.
    package var startsDown: Bool
    /// `rise`: so many good probes in a row bring a target up that is down, default 1.
    package var rise = 1
    /// `probe_timeout`: how long one probe may take in all, whatever it consists of; nil for no such bound.
    package var probeTimeout: Interval?
    /// `log_all_failures`: every failed probe is worth a line.
    package var logsAllFailures = false

    /// keepalived's defaults unless told otherwise.
    package init(
        delayLoop: Interval = .seconds(60), retry: Int = 1, delayBeforeRetry: Interval = .seconds(1),
        warmup: Interval? = nil, startsDown: Bool = false
    ) {
        self.delayLoop = delayLoop
        self.retry = retry
        self.delayBeforeRetry = delayBeforeRetry
        self.warmup = warmup ?? delayLoop
        self.startsDown = startsDown
    }
}

/// Where a probe's connection comes from.
package struct ProbeSource: Hashable, Sendable, Codable {
    /// `bindto`: the source address; nil leaves it to the kernel. Of the target's family.
    package var address: IPAddress?
    /// `bind_port`: the source port; 0 leaves it to the kernel.
    package var port: UInt16
    /// `bind_if`: the interface packets leave by; nil leaves it to routing.
    package var interface: String?
    /// `fwmark`: the mark of the packets; nil for none.
    package var mark: FirewallMark?

    /// All is left to the kernel unless told otherwise.
    package init(
        address: IPAddress? = nil, port: UInt16 = 0, interface: String? = nil, mark: FirewallMark? = nil
    ) {
        self.address = address
        self.port = port
        self.interface = interface
        self.mark = mark
    }

    /// Only a process with rights can make such a socket: one with a mark, or a port below 1024.
    package var needsRights: Bool { mark != nil || (1..<1024).contains(port) }

    /// What to bind to before connecting to `target`; nil for nothing.
    package func endpoint(for target: Endpoint) -> Endpoint? {
        if let address { return Endpoint(address, port: port) }
        guard port != 0 else { return nil }
        switch target.address.family {
        case .inet: return Endpoint(.v4(IPv4Address(0, 0, 0, 0)), port: port)
        case .inet6: return Endpoint(.v6(IPv6Address(high: 0, low: 0)), port: port)
        }
    }
}

/// `TCP_CHECK`: up when a connection can be made, and the target says what is expected.
package struct TCPCheck: Hashable, Sendable, Codable {
    /// `connect_ip`, `connect_port`; the real server's own where not given.
    package var target: Endpoint
    /// `connect_timeout`, default 5 s: the deadline of the whole probe.
    package var timeout: Interval
    /// `bindto`, `bind_port`, `bind_if`.
    package var source: ProbeSource
    /// `send`: what is said once the connection stands; nil for nothing.
    package var greeting: [UInt8]?
    /// `expect`: what the target must say, anywhere in its first 64 KiB; nil for nothing.
    package var expected: [UInt8]?

    /// A connect probe.
    package init(
        target: Endpoint, timeout: Interval = .seconds(5), source: ProbeSource = ProbeSource()
    ) {
        self.target = target
        self.timeout = timeout
        self.source = source
    }
}

/// `http_protocol`.
package enum HTTPVersion: String, Hashable, Sendable, Codable, CaseIterable {
    /// HTTP/1.0, which says by itself that the server is to close the connection.
    case v10 = "1.0"
    /// HTTP/1.0 with `Connection: close`.
    case v10Close = "1.0C"
    /// HTTP/1.1 with `Connection: close`.
    case v11 = "1.1"
}

/// `method`: what is asked of a page (RFC 9110 section 9.3).
package enum HTTPMethod: String, Hashable, Sendable, Codable, CaseIterable {
    case get = "GET"
    /// The answer has no body.
    case head = "HEAD"
    case options = "OPTIONS"
}

/// The certificate that checks show, by the files it is in.
package struct TLSIdentity: Hashable, Sendable, Codable {
    /// A file of PEM: the certificate, then those that lead from it to one that the server trusts.
    package var certificate: String
    /// A file of PEM with the private key.
    package var key: String
    /// What the key is encrypted with; nil for a key in clear.
    package var password: String?

    /// An identity.
    package init(certificate: String, key: String, password: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.password = password
    }
}

/// What `SSL_GET` does beyond `HTTP_GET`.
package struct TLSSettings: Hashable, Sendable, Codable {
    /// `tls_verify`: the server's certificate must be valid, and for the name it is asked by. Not so by
    /// default, as in keepalived.
    package var verifies: Bool
    /// `tls_ca`, or `ca` of the block `SSL`: a file of certificates that are trusted; nil for the system's.
    package var authorities: String?
    /// `tls_name`: the name or address that the certificate must be for; nil for the one it is asked by.
    package var peer: String?
    /// `certificate` and `key` of the block `SSL`: who the checks are; nil for nobody.
    package var identity: TLSIdentity?

    /// Settings of TLS.
    package init(verifies: Bool = false, authorities: String? = nil) {
        self.verifies = verifies
        self.authorities = authorities
    }
}

/// One `url` of `HTTP_GET` or `SSL_GET`.
package struct HTTPURL: Hashable, Sendable, Codable {
    /// `path`, default "/".
    package var path: String
    /// `status_code`: accepted codes, default 200-299.
    package var statusCodes: [ClosedRange<UInt16>]
    /// `virtualhost`: the Host header; nil for the target's address.
    package var host: String?
    /// `enable_sni`, `sni_name`: the name that TLS asks for; nil for none.
    package var serverName: String?
    /// `digest`: what the digest of the body must be.
    package var digest: BodyDigest?
    /// `regex`: what the body must match.
    package var pattern: BodyPattern?
    /// `method`.
    package var method = HTTPMethod.get
    /// `header`: further lines of the request, each `NAME: VALUE` in printable ASCII.
    package var headers: [String] = []
    /// `body_limit`: octets of a body that may come before it is taken for bad; only where it is read.
    package var bodyLimit = Limits.bodyOctets

    /// The body is looked at, and not the head alone.
    var needsBody: Bool { digest != nil || pattern != nil }

    /// A request and what makes it good.
    package init(path: String = "/", statusCodes: [ClosedRange<UInt16>] = [200...299], host: String? = nil) {
        self.path = path
        self.statusCodes = statusCodes
        self.host = host
    }
}

/// `HTTP_GET` and `SSL_GET`: up when every url answers with an accepted status.
package struct HTTPCheck: Hashable, Sendable, Codable {
    /// Where to connect.
    package var target: Endpoint
    /// `connect_timeout`, default 5 s: the deadline of one whole request, connect to last header.
    package var timeout: Interval
    /// The urls, at least one; probed in turn within one probe.
    package var urls: [HTTPURL]
    /// `bindto`, `bind_port`, `bind_if`.
    package var source: ProbeSource
    /// `http_protocol`.
    package var version = HTTPVersion.v10
    /// Of `SSL_GET`; nil for `HTTP_GET`.
    package var tls: TLSSettings?

    /// A request probe.
    package init(
        target: Endpoint, timeout: Interval = .seconds(5), urls: [HTTPURL],
        source: ProbeSource = ProbeSource()
    ) {
        self.target = target
        self.timeout = timeout
        self.source = source
        self.urls = urls
    }
}

/// `MISC_CHECK`: up when a program exits with 0.
package struct ScriptCheck: Hashable, Sendable, Codable {
    /// `misc_path`: absolute path or name, and arguments, already split; never given to a shell.
    package var command: [String]
    /// `misc_timeout`, default delay_loop: TERM to the process group, KILL 2 s later.
    package var timeout: Interval
    /// `misc_dynamic`: an exit status of 2...255 is good, and two less is the server's weight.
    package var isDynamic = false
    /// `user` or the global `script_user`; nil for the default script user.
    package var user: String?
    /// The group after it; nil for the user's own groups.
    package var group: String?

    /// A script probe. `command` MUST NOT be empty.
    package init(command: [String], timeout: Interval, user: String? = nil) {
        self.command = command
        self.timeout = timeout
        self.user = user
    }
}

/// A check as configured. Equal specifications are one check, shared by every real server that names it.
package struct CheckSpecification: Hashable, Sendable, Codable {
    /// What a probe does. Kept apart, so that ten thousand checks are not each as large as the largest kind.
    package indirect enum Kind: Hashable, Sendable, Codable {
        case tcp(TCPCheck)
        case http(HTTPCheck)
        case smtp(SMTPCheck)
        case dns(DNSCheck)
        case udp(UDPCheck)
        case ping(PingCheck)
        case script(ScriptCheck)
        /// Judged by who reads the file; see `isProbed`.
        case file(FileCheck)
    }

    /// Shared by all copies: a check is the key of several tables.
    private indirect enum Content: Hashable, Sendable, Codable {
        case of(kind: Kind, schedule: CheckSchedule)
    }

    private var content: Content

    /// A check.
    package init(kind: Kind, schedule: CheckSchedule) { content = .of(kind: kind, schedule: schedule) }

    /// What a probe does.
    package var kind: Kind {
        get {
            switch content {
            case .of(let kind, _): kind
            }
        }
        set { content = .of(kind: newValue, schedule: schedule) }
    }

    /// When probes happen.
    package var schedule: CheckSchedule {
        get {
            switch content {
            case .of(_, let schedule): schedule
            }
        }
        set { content = .of(kind: kind, schedule: newValue) }
    }
}

/// What a check says about its target.
package enum Verdict: String, Hashable, Sendable, Codable {
    case up
    case down
}

extension CheckSpecification {
    /// What is probed, for log lines: `TCP 192.0.2.21:80`, `HTTP 192.0.2.21:80`, `script /usr/bin/check`,
    /// `file load`.
    package var target: String {
        switch kind {
        case .tcp(let check): "TCP \(check.target)"
        case .http(let check): "\(check.tls == nil ? "HTTP" : "HTTPS") \(check.target)"
        case .smtp(let check): "SMTP \(check.target)"
        case .dns(let check): "DNS \(check.target)"
        case .udp(let check): "UDP \(check.target)"
        case .ping(let check): "ping \(check.address)"
        case .script(let check): "script \(check.command.first ?? "")"
        case .file(let check): "file \(check.name)"
        }
    }
}
