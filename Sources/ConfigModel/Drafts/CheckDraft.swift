import ConfigSyntax
import HealthChecks
import NetTypes
import Timekeeping

/// One `url` of `HTTP_GET` or `SSL_GET` as written.
struct URLDraft: Draft {
    var origin: Origin
    var path: Located<String>?
    var statusCodes: Located<[ClosedRange<UInt16>]>?
    var virtualHost: Located<String>?
    var serverName: Located<String>?
    var digest: Located<BodyDigest>?
    var pattern: Located<String>?
    var patternOptions: Located<[BodyPattern.Option]>?
    var patternInverted: Located<Bool>?
    var minimumOffset: Located<Int>?
    var maximumOffset: Located<Int>?
    var method: Located<HTTPMethod>?
    var headers: [Located<String>] = []
    var bodyLimit: Located<Int>?

    /// True when nothing says what a good answer is.
    var acceptsAnything: Bool {
        statusCodes == nil && digest == nil && pattern == nil && path != nil && origin.isWhole
            && patternOptions == nil && patternInverted == nil && minimumOffset == nil
            && maximumOffset == nil
    }
}

/// A checker block as written; which fields can be set depends on the kind.
struct CheckDraft: ScheduledDraft {
    /// Which checker.
    enum Kind: Sendable {
        case tcp
        case http
        case tls
        case smtp
        case dns
        case udp
        case ping
        case script
        case file

        /// It speaks to a port by TCP.
        var connects: Bool {
            switch self {
            case .tcp, .http, .tls, .smtp: true
            case .dns, .udp, .ping, .script, .file: false
            }
        }
    }

    /// What `FILE_CHECK` goes by.
    struct NumberDraft: Blank, Sendable {
        var name: Located<String>?
        var weight: Located<WeightDraft>?
    }

    /// `require_reply [HEX]`.
    struct RequiredReply: Sendable {
        var pattern: ReplyPattern?
    }

    var origin: Origin
    var kind: Kind
    @Seldom var schedule: ScheduleDraft
    var connectAddress: Located<IPAddress>?
    var connectPort: Located<UInt16>?
    @Seldom var sourceAddress: Located<IPAddress>?
    @Seldom var sourcePort: Located<UInt16>?
    @Seldom var sourceInterface: Located<String>?
    @Seldom var sourceMark: Located<FirewallMark>?
    var urls: [URLDraft] = []
    @Seldom var virtualHost: Located<String>?
    @Seldom var httpVersion: Located<HTTPVersion>?
    @Seldom var asksForName: Located<Bool>?
    @Seldom var serverName: Located<String>?
    @Seldom var verifies: Located<Bool>?
    @Seldom var peerName: Located<String>?
    @Seldom var authorities: Located<String>?
    @Seldom var command: Located<[String]>?
    @Seldom var scriptTimeout: Located<Interval>?
    @Seldom var isDynamic: Located<Bool>?
    @Seldom var greeting: Located<[UInt8]>?
    @Seldom var expected: Located<[UInt8]>?
    @Seldom var user: Located<ScriptUser>?
    @Seldom var file: NumberDraft

    @Seldom var heloName: Located<String>?
    var hosts: [CheckDraft] = []
    @Seldom var queryType: Located<DNSType>?
    @Seldom var queryName: Located<String>?
    @Seldom var payload: Located<[UInt8]>?
    @Seldom var requiredReply: Located<RequiredReply>?
    @Seldom var shortestReply: Located<Int>?
    @Seldom var longestReply: Located<Int>?

    /// One check a `host` block, each with what the check says where the block does not; the check itself
    /// where there is none.
    var expanded: [CheckDraft] {
        guard !hosts.isEmpty else { return [self] }
        return hosts.map { host in
            var copy = self
            copy.hosts = []
            copy.schedule = host.schedule.inheriting(schedule)
            copy.connectAddress = host.connectAddress ?? connectAddress
            copy.connectPort = host.connectPort ?? connectPort
            copy.sourceAddress = host.sourceAddress ?? sourceAddress
            copy.sourcePort = host.sourcePort ?? sourcePort
            copy.sourceInterface = host.sourceInterface ?? sourceInterface
            copy.sourceMark = host.sourceMark ?? sourceMark
            return copy
        }
    }

    /// It makes probes over the network.
    var usesNetwork: Bool { kind != .script && kind != .file }

    /// True when the host, its programs, the block SSL or a file have to do with it, and not its service
    /// alone.
    var concernsOthers: Bool {
        kind == .tls || !usesNetwork || sourceAddress != nil || sourceInterface != nil
            || !origin.isWhole || hosts.contains(where: \.concernsOthers)
    }

    init(_ kind: Kind, origin: Origin) {
        self.kind = kind
        self.origin = origin
    }
}
