import Timekeeping
import VRRP

/// What an instance asks for beside its election and its addresses, as written.
struct ExtrasDraft: Sendable {
    var isStrict: Located<Bool>?
    /// `no_accept`.
    var refusesTraffic: Located<Bool>?
    /// The words after `use_vmac`.
    var virtualMAC: Located<[String]>?
    var sendsFromBase: Located<Bool>?
    var routes: [Located<VirtualRoute>] = []
    var rules: [Located<VirtualRule>] = []
}

/// When the election starts, and how far apart announcements are, as written in `global_defs`.
struct PacingDraft: Sendable {
    var startupDelay: Located<Interval>?
    var delayAfterBoot: Located<Interval>?
    /// `vrrp_garp_interval` and `vrrp_gna_interval`.
    var announcementGap: Located<Interval>?
    var neighbourGap: Located<Interval>?
}
