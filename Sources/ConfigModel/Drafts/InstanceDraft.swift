import ConfigSyntax
import NetTypes
import Timekeeping
import VRRP

/// The keywords `garp_master_*`, or their global forms.
struct AnnouncementDraft: Sendable {
    var delay: Located<Interval>?
    var repeats: Located<Int>?
    var refresh: Located<Interval>?
    var refreshRepeats: Located<Int>?
    var lowerPriorityDelay: Located<Interval>?
    var lowerPriorityRepeats: Located<Int>?
    /// `vrrp_min_garp`.
    var isMinimal: Located<Bool>?
}

/// `authentication { ... }` as written.
struct AuthenticationDraft: Draft {
    /// `auth_type`.
    enum Kind: Sendable { case password, header }

    var origin: Origin
    var type: Located<Kind>?
    var password: Located<String>?
}

/// `vrrp_instance` as written.
struct InstanceDraft: NotifyingDraft {
    var origin: Origin
    var name: Located<String>
    var startsAsMaster: Located<Bool>?
    var interface: Located<String>?
    var virtualRouterID: Located<UInt8>?
    var priority: Located<UInt8>?
    var interval: Located<Interval>?
    var version: Located<ProtocolVersion>?
    var nopreempt: Located<Bool>?
    var preempt: Located<Bool>?
    var preemptDelay: Located<Interval>?
    var preemptsAfterSync: Located<Bool>?
    var authentication: AuthenticationDraft?
    var addresses: [Located<VirtualAddress>] = []
    var excluded: [Located<VirtualAddress>] = []
    var noVirtualAddresses: Located<Bool>?
    var election = ElectionDraft()
    var transport = TransportDraft()
    var announcements = AnnouncementDraft()
    var tracking = TrackingDraft()
    var extras = ExtrasDraft()
    var notifications = TransitionDraft()

    /// The version in force; IPv6 has only the third.
    func version(_ global: GlobalDraft) -> ProtocolVersion {
        family == .inet6 ? .v3 : version?.value ?? global.version?.value ?? .v2
    }

    /// The priority in force: `state MASTER` alone means the owner's.
    var effectivePriority: UInt8 { priority?.value ?? (startsAsMaster?.value == true ? 255 : 100) }

    /// Whether what is sent to the addresses is dropped; strict mode implies it for all but an owner.
    func refusesTraffic(_ global: GlobalDraft) -> Bool {
        extras.refusesTraffic?.value ?? (extras.isStrict(global) && effectivePriority < 255)
    }

    /// The interface an address goes to.
    func interface(of address: VirtualAddress) -> String {
        address.interface ?? extras.virtualMAC?.value.name ?? interface?.value ?? ""
    }

    /// The interface whose neighbours know an address, also with `use_vmac`.
    func base(of address: VirtualAddress) -> String { address.interface ?? interface?.value ?? "" }

    /// Every address that the master holds, advertised or not, where its neighbours know it.
    var places: [Located<AddressPlace>] {
        (addresses + excluded).map { line in
            Located(
                AddressPlace(interface: base(of: line.value), address: line.value.prefix.address),
                at: line.span)
        }
    }
}

/// An address on an interface, whatever its length: there is only one.
struct AddressPlace: Hashable {
    var interface: String
    var address: IPAddress
}
