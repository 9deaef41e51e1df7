import ConfigSyntax
import VRRP

/// The tracking keywords of an instance as written.
struct TrackingDraft: Sendable {
    var ignoresOwnInterface: Located<Bool>?
}
