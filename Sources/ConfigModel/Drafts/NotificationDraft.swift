import ConfigSyntax

/// The keywords `notify_*` of an instance or a group as written.
struct TransitionDraft: Sendable {
    var master: Located<NotifyScript>?
    var backup: Located<NotifyScript>?
    var fault: Located<NotifyScript>?
    var stop: Located<NotifyScript>?
    var any: Located<NotifyScript>?
    var deleted: Located<NotifyScript?>?
}

/// A block with those keywords.
protocol NotifyingDraft: Draft {
    var notifications: TransitionDraft { get set }
}
