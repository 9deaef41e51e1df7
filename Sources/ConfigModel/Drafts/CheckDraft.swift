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
}

/// A checker block as written; which fields can be set depends on the kind.
struct CheckDraft: ScheduledDraft {
    /// Which checker.
    enum Kind: Sendable {
        case tcp
        case http
        case tls
        case script
    }

    var origin: Origin
    var kind: Kind
    var schedule = ScheduleDraft()
    var connectAddress: Located<IPAddress>?
    var connectPort: Located<UInt16>?
    var sourceAddress: Located<IPAddress>?
    var sourcePort: Located<UInt16>?
    var sourceInterface: Located<String>?
    var urls: [URLDraft] = []
    var virtualHost: Located<String>?
    var httpVersion: Located<HTTPVersion>?
    var asksForName: Located<Bool>?
    var serverName: Located<String>?
    var verifies: Located<Bool>?
    var command: Located<[String]>?
    var scriptTimeout: Located<Interval>?
    var user: Located<String>?

    init(_ kind: Kind, origin: Origin) {
        self.kind = kind
        self.origin = origin
    }
}
