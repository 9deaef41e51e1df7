import ConfigSyntax
import NetTypes
import Timekeeping

/// One `url` of `HTTP_GET` as written.
struct URLDraft: Draft {
    var origin: Origin
    var path: Located<String>?
    var statusCodes: Located<[ClosedRange<UInt16>]>?
    var virtualHost: Located<String>?
}

/// A checker block as written; which fields can be set depends on the kind.
struct CheckDraft: ScheduledDraft {
    /// Which checker.
    enum Kind: Sendable {
        case tcp
        case http
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
    var command: Located<[String]>?
    var scriptTimeout: Located<Interval>?
    var user: Located<String>?

    init(_ kind: Kind, origin: Origin) {
        self.kind = kind
        self.origin = origin
    }
}
