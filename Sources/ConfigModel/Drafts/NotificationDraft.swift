import ConfigSyntax
import NetTypes
import Timekeeping

/// The keywords `notify_*` of an instance or a group as written.
struct TransitionDraft: Sendable {
    var master: Located<NotifyScript>?
    var backup: Located<NotifyScript>?
    var fault: Located<NotifyScript>?
    var stop: Located<NotifyScript>?
    var any: Located<NotifyScript>?
    var deleted: Located<NotifyScript?>?
    var mails: Located<Bool>?
    /// `notify_priority_changes`.
    var priorities: Located<Bool>?
}

/// The keywords of `global_defs` about notifications as written.
struct GlobalNotificationDraft: Sendable {
    var pipes: [NotifyPipe.Kind: PipeDraft] = [:]
    var repeatsStates: Located<Bool>?
    var firstState: Located<Bool>?
    /// `vrrp_notify_priority_changes`.
    var priorities: Located<Bool>?
    var mail = MailDraft()
}

/// The keywords about mail as written.
struct MailDraft: Sendable {
    var recipients: [Located<String>] = []
    var sender: Located<String>?
    /// The inner value is nil for a host whose address is not written.
    var server: Located<Endpoint?>?
    var greeting: Located<String>?
    var timeout: Located<Interval>?
    var noFaults: Located<Bool>?
    /// `smtp_alert`, `smtp_alert_vrrp`, `smtp_alert_checker`.
    var all: Located<Bool>?
    var vrrp: Located<Bool>?
    var services: Located<Bool>?

    /// Mail reaches somebody.
    var isComplete: Bool { !recipients.isEmpty && server?.value != nil }
}

/// A FIFO and its reader as written: two keywords in any order.
struct PipeDraft: Sendable {
    /// Path and owner; the reader of this value is not used.
    var path: Located<NotifyPipe>?
    var reader: Located<NotifyScript>?
}

/// A block with those keywords.
protocol NotifyingDraft: Draft {
    var notifications: TransitionDraft { get set }
}
