import NetTypes
import Timekeeping

/// The VRRP protocol version of an instance (keyword `version`, `vrrp_version`).
package enum ProtocolVersion: UInt8, Hashable, Sendable, Codable {
    case v2 = 2
    case v3 = 3
}

/// VRRPv2 authentication (RFC 2338 section 5.3.6; removed by RFC 3768, kept for keepalived's sake).
package enum Authentication: Hashable, Sendable, Codable {
    case none
    /// `auth_type PASS`: at most 8 octets in clear text.
    case password([UInt8])
    /// `auth_type AH`: adverts travel in an IP Authentication Header, whose key is at most 8 octets.
    case header(key: [UInt8])

    /// True for an Authentication Header: adverts are IP protocol 51 then, and numbered.
    package var isHeader: Bool { if case .header = self { true } else { false } }
}

/// Which sum an IPv4 VRRPv3 advertisement carries; both are accepted on receipt (rules R16, R17).
package enum ChecksumForm: String, Hashable, Sendable, Codable {
    /// With the IPv4 pseudo-header: what keepalived and FRR send and expect.
    case pseudoHeader
    /// Over the message alone (RFC 9568 section 5.2.8; keyword `v3_checksum_as_v2`).
    case messageOnly
}

/// How often gratuitous ARP is repeated after becoming master (keywords `garp_master_*`, `vrrp_garp_*`).
package struct AnnouncementSchedule: Hashable, Sendable, Codable {
    /// `garp_master_repeat`: packets an address in one burst, default 5.
    package var repeats: Int
    /// `garp_master_delay`: the second burst comes this long after the first, default 5 s; zero for none.
    package var secondBurstDelay: Interval
    /// `garp_master_refresh`: further bursts this far apart, default zero for none.
    package var refresh: Interval
    /// `garp_master_refresh_repeat`: packets an address in a refresh, default 1.
    package var refreshRepeats: Int
    /// `garp_lower_prio_repeat`: packets an address after an advert of a losing master; default `repeats`.
    package var lowerPriorityRepeats: Int
    /// `garp_lower_prio_delay`: the second burst after that one; default `secondBurstDelay`.
    package var lowerPriorityDelay: Interval

    /// keepalived's defaults unless told otherwise.
    package init(
        repeats: Int = 5, secondBurstDelay: Interval = .seconds(5), refresh: Interval = .zero,
        refreshRepeats: Int = 1, lowerPriorityRepeats: Int? = nil, lowerPriorityDelay: Interval? = nil
    ) {
        self.repeats = repeats
        self.secondBurstDelay = secondBurstDelay
        self.refresh = refresh
        self.refreshRepeats = refreshRepeats
        self.lowerPriorityRepeats = lowerPriorityRepeats ?? repeats
        self.lowerPriorityDelay = lowerPriorityDelay ?? secondBurstDelay
    }
}

/// One `vrrp_instance`, defaults resolved: all that the state machine and its shell need to know.
package struct RouterConfiguration: Hashable, Sendable, Codable {
    /// The instance's name in the configuration, unique.
    package var name: String
    /// `interface`: where adverts are sent and heard.
    package var interface: String
    /// `version`.
    package var version: ProtocolVersion
    /// `virtual_router_id`, 1...255.
    package var virtualRouterID: UInt8
    /// `priority`, 1...255; 255 means owner of the addresses.
    package var priority: UInt8
    /// `advert_int`: whole seconds for version 2, 1...4095 centiseconds for version 3.
    package var advertisementInterval: Interval
    /// `virtual_ipaddress` in configured order; these go into the advert.
    package var virtualAddresses: [VirtualAddress]
    /// `virtual_ipaddress_excluded`: held like the others but not advertised.
    package var excludedAddresses: [VirtualAddress]
    /// False with `nopreempt`.
    package var preempts: Bool
    /// `preempt_delay`, 0...1000 s.
    package var preemptDelay: Interval
    /// `preempt_after_sync`: how long a sync backup listens until it knows the connections in use; zero
    /// without the keyword.
    package var syncWait = Interval.zero
    /// `state MASTER`: the first wait is one interval plus the least skew instead of Master_Down_Interval,
    /// unless there is a `syncWait`.
    package var startsAsMaster: Bool
    /// `authentication` block; only version 2 knows any.
    package var authentication: Authentication
    /// What a version 3 IPv4 advert is summed over when sent.
    package var checksum: ChecksumForm
    /// Gratuitous ARP timing.
    package var announcements: AnnouncementSchedule
    /// What the priority depends on.
    package var tracking = Tracking()
    /// The `vrrp_sync_group` it is a member of: it becomes master only with all of it.
    package var group: String?
    /// What is changed of the election.
    package var election = ElectionOptions()
    /// How adverts travel: 224.0.0.18 unless told otherwise.
    package var transport = Transport.multicast(group: VRRPNumbers.group)
    /// `mcast_src_ip` or `unicast_src_ip`: what adverts are sent from; nil means the interface's primary
    /// address, over IPv6 its link-local one.
    package var sourceAddress: IPAddress?
    /// `virtual_routes`: held like the addresses.
    package var routes: [VirtualRoute] = []
    /// `virtual_rules`: the same.
    package var rules: [VirtualRule] = []
    /// `no_accept`, and in strict mode without `accept`: what is sent to its addresses is dropped, whoever is
    /// master (RFC 9568 section 6.1, Accept_Mode).
    package var refusesTraffic = false
    /// `use_vmac`: where the addresses are; nil for the instance's interface.
    package var virtualInterface: VirtualInterface?
    /// `vmac_xmit_base`, and always by unicast: adverts leave by the instance's interface all the same.
    package var sendsFromBase = false

    /// An instance with keepalived's defaults where an argument is left out.
    package init(
        name: String, interface: String, version: ProtocolVersion = .v2, virtualRouterID: UInt8,
        priority: UInt8 = 100,
        advertisementInterval: Interval = .seconds(1), virtualAddresses: [VirtualAddress],
        excludedAddresses: [VirtualAddress] = [], preempts: Bool = true, preemptDelay: Interval = .zero,
        startsAsMaster: Bool = false, authentication: Authentication = .none,
        checksum: ChecksumForm = .pseudoHeader,
        announcements: AnnouncementSchedule = AnnouncementSchedule()
    ) {
        self.name = name
        self.interface = interface
        self.version = version
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.advertisementInterval = advertisementInterval
        self.virtualAddresses = virtualAddresses
        self.excludedAddresses = excludedAddresses
        self.preempts = preempts
        self.preemptDelay = preemptDelay
        self.startsAsMaster = startsAsMaster
        self.authentication = authentication
        self.checksum = checksum
        self.announcements = announcements
    }
}

extension RouterConfiguration {
    /// So long a master of lower priority is accepted; an owner waits for nobody.
    package var preemptionWait: Interval { priority == 255 ? .zero : max(preemptDelay, syncWait) }

    /// What goes into the advert: the addresses of `virtual_ipaddress` in configured order, at most 255,
    /// all of its family.
    package var advertisedAddresses: [IPAddress] {
        virtualAddresses.map(\.prefix.address).filter { $0.family == family }.prefix(255).map { $0 }
    }

    /// The interfaces beside its own without which it cannot hold all that it is to hold: those that its
    /// addresses, rules and routes with one next hop name, unless they say `no_track` (as keepalived 2.2.7).
    package var impliedInterfaces: [String] {
        let addresses = heldAddresses.filter { !$0.isUntracked }
        let rules = self.rules.filter { !$0.isUntracked }
        let routes = self.routes.filter { !$0.isUntracked && $0.hops.count == 1 }
        // The one of use_vmac is up with the master alone.
        var seen: Set<String> = [interface, addressInterface]
        return
            (addresses.map(\.interface) + routes.map { $0.hops.first?.interface } + rules.map(\.incoming))
            .compactMap { $0 }.filter { seen.insert($0).inserted }
    }

    /// What carries the adverts: the family of the addresses in them, or, where there are none, of those they
    /// are sent to.
    package var family: AddressFamily {
        (virtualAddresses.first?.prefix.address ?? transport.destinations.first ?? sourceAddress)?.family
            ?? .inet
    }

    /// What makes a virtual router this one and no other: of another interface, Ethernet address, identifier,
    /// version, family or group there is another conversation on the wire.
    package struct Identity: Hashable, Sendable, Codable {
        private let name: String
        private let interface: String
        private let virtualInterface: VirtualInterface?
        private let sendsFromBase: Bool
        private let version: ProtocolVersion
        private let family: AddressFamily
        private let virtualRouterID: UInt8
        /// nil for unicast, whose peers may change.
        private let group: IPAddress?

        fileprivate init(_ router: RouterConfiguration) {
            (name, interface, version) = (router.name, router.interface, router.version)
            (virtualInterface, sendsFromBase) = (router.virtualInterface, router.sendsFromBase)
            (family, virtualRouterID) = (router.family, router.virtualRouterID)
            group = if case .multicast(let group) = router.transport { group } else { nil }
        }
    }

    /// Which virtual router this describes.
    package var identity: Identity { Identity(self) }

    /// True when `other` can replace this configuration in a running `Router`; otherwise it describes
    /// another virtual router, to be started anew.
    package func describesSameRouter(as other: RouterConfiguration) -> Bool { identity == other.identity }

    /// The names of those of `new` that describe the same virtual router as the one of `old` by that name.
    package static func staying(
        _ old: some Sequence<RouterConfiguration>, _ new: [RouterConfiguration]
    ) -> Set<String> {
        let before = Dictionary(old.map { ($0.name, $0) }) { $1 }
        return Set(new.filter { before[$0.name]?.describesSameRouter(as: $0) ?? false }.map(\.name))
    }
}
