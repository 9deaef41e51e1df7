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
        statusCodes == nil && digest == nil && pattern == nil && path != nil && origin.failed.isEmpty
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

        /// It speaks to a port by TCP.
        var connects: Bool {
            switch self {
            case .tcp, .http, .tls, .smtp: true
            case .dns, .udp, .ping, .script: false
            }
        }
    }

    /// `require_reply [HEX]`.
    struct RequiredReply: Sendable {
        var pattern: ReplyPattern?
    }

    var origin: Origin
    var kind: Kind
    var schedule = ScheduleDraft()
    var connectAddress: Located<IPAddress>?
    var connectPort: Located<UInt16>?
    var sourceAddress: Located<IPAddress>?
    var sourcePort: Located<UInt16>?
    var sourceInterface: Located<String>?
    var sourceMark: Located<FirewallMark>?
    var urls: [URLDraft] = []
    var virtualHost: Located<String>?
    var httpVersion: Located<HTTPVersion>?
    var asksForName: Located<Bool>?
    var serverName: Located<String>?
    var verifies: Located<Bool>?
    var peerName: Located<String>?
    var authorities: Located<String>?
    var command: Located<[String]>?
    var scriptTimeout: Located<Interval>?
    var isDynamic: Located<Bool>?
    var greeting: Located<[UInt8]>?
    var expected: Located<[UInt8]>?
    var user: Located<String>?

    var heloName: Located<String>?
    var hosts: [CheckDraft] = []
    var queryType: Located<DNSType>?
    var queryName: Located<String>?
    var payload: Located<[UInt8]>?
    var requiredReply: Located<RequiredReply>?
    var shortestReply: Located<Int>?
    var longestReply: Located<Int>?

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

    /// True when the host, its programs or the block SSL have to do with it, and not its service alone.
    var concernsOthers: Bool {
        sourceAddress != nil || sourceInterface != nil || command != nil || user != nil || verifies != nil
            || !origin.failed.isEmpty
    }

    init(_ kind: Kind, origin: Origin) {
        self.kind = kind
        self.origin = origin
    }
}
