import NetTypes
import Timekeeping
import VRRP

/// What an instance asks for beside its election and its addresses, as written.
struct ExtrasDraft: Sendable {
    var isStrict: Located<Bool>?
    /// `no_accept`; false is `accept`.
    var refusesTraffic: Located<Bool>?
    /// `use_vmac`.
    var virtualMAC: Located<VirtualMACDraft>?
    var sendsFromBase: Located<Bool>?
    /// `lvs_sync_daemon_interface`.
    var syncInterface: Located<String>?
    var routes: [Located<VirtualRoute>] = []
    var rules: [Located<VirtualRule>] = []

    /// `strict_mode`, else `vrrp_strict`.
    func isStrict(_ global: GlobalDraft) -> Bool { isStrict?.value ?? global.isStrict?.value ?? false }
}

/// `use_vmac` as written.
struct VirtualMACDraft: Sendable {
    /// The interface's name; nil until the whole file is read where none is written.
    var name: String?
    /// The name was made from `vmac_prefix`.
    var isNumbered = false
    /// The Ethernet address; nil for the virtual router's.
    var mac: MACAddress?
}

/// Where dump files go, as written in `global_defs`.
struct DumpFilesDraft: Sendable {
    var state: Located<String>?
    var statistics: Located<String>?
    var json: Located<String>?
}

/// When the election starts, and how far apart announcements are, as written in `global_defs`.
struct PacingDraft: Sendable {
    var startupDelay: Located<Interval>?
    var delayAfterBoot: Located<Interval>?
    /// `vrrp_garp_interval` and `vrrp_gna_interval`.
    var announcementGap: Located<Interval>?
    var neighbourGap: Located<Interval>?
}
