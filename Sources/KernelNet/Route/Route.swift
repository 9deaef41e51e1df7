import CNetlink
import NetTypes

/// One route as the kernel has it or is to have it (linux/rtnetlink.h).
package struct Route: Hashable, Sendable, CustomStringConvertible {
    /// What makes it the same route: the kernel has one of each, but for those that others append.
    package struct Identity: Hashable, Sendable {
        /// Which packets, without host bits.
        package var destination: Prefix
        /// 254 for main.
        package var table: UInt32
        /// The metric; 1024 is IPv6's own default.
        package var priority: UInt32
        /// The type of service.
        package var typeOfService: UInt8

        /// An identity; nil takes the family's default priority.
        package init(
            destination: Prefix, table: UInt32 = 254, priority: UInt32? = nil, typeOfService: UInt8 = 0
        ) {
            let standard: UInt32 = destination.address.family == .inet ? 0 : 1024
            self.destination = destination
            self.table = table
            // The kernel reads an IPv6 metric of 0 as none.
            self.priority = priority.flatMap { $0 == 0 ? nil : $0 } ?? standard
            self.typeOfService = typeOfService
        }
    }

    /// Where packets go.
    package struct Hop: Hashable, Sendable {
        /// nil for what is on the link itself.
        package var gateway: IPAddress?
        /// The interface's index; nil lets the kernel find it.
        package var interface: Int32?
        /// 1...256.
        package var weight: Int
        /// RTNH_F_ONLINK.
        package var isOnLink: Bool

        /// A hop.
        package init(
            gateway: IPAddress?, interface: Int32? = nil, weight: Int = 1, isOnLink: Bool = false
        ) {
            self.gateway = gateway
            self.interface = interface
            self.weight = weight
            self.isOnLink = isOnLink
        }
    }

    /// Which route.
    package var identity: Identity
    /// RTN_ number: 1 for unicast.
    package var kind: UInt8
    /// Who made it (RTPROT_); `AddressProtocol` has the same numbers of ours.
    package var origin: UInt8
    /// RT_SCOPE_ number. Not read from the kernel, as all that follows.
    package var scope: UInt8 = 0
    /// What the host's own packets carry.
    package var source: IPAddress?
    /// Where to.
    package var hops: [Hop] = []
    /// What connections that use it are told.
    package var metrics: [Metric] = []

    /// One of a route's metrics.
    package struct Metric: Hashable, Sendable {
        /// RTAX_ number; RTAX_LOCK is the set of those that stay as they are.
        package var name: UInt16
        /// Its value.
        package var value: UInt32

        /// A metric.
        package init(_ name: UInt16, _ value: UInt32) { (self.name, self.value) = (name, value) }
    }

    /// A route of ours.
    package init(_ identity: Identity, kind: UInt8 = 1, origin: UInt8 = AddressProtocol.holdfast.rawValue) {
        self.identity = identity
        self.kind = kind
        self.origin = origin
    }

    /// The identity, kind and origin of an RTM_NEWROUTE or RTM_DELROUTE payload (struct rtmsg); nil when
    /// malformed, of another family, or a route for packets from somewhere.
    package init?(payload: [UInt8]) {
        let octets = payload[...]
        guard octets.count >= 12, octets[1] <= 128, octets[2] == 0 else { return nil }
        let attributes = NetlinkAttributes(octets.dropFirst(12))
        let everything: [UInt8] = [UInt8](repeating: 0, count: octets[0] == 2 ? 4 : 16)
        let network = attributes[Attribute.destination] ?? everything[...]
        guard let address = IPAddress(family: octets[0], octets: network),
            let destination = Prefix(address, length: octets[1])
        else { return nil }
        self.init(
            Identity(
                destination: destination, table: attributes.word(Attribute.table) ?? UInt32(octets[4]),
                priority: attributes.word(Attribute.priority), typeOfService: octets[3]),
            kind: octets[7], origin: octets[5])
    }

    /// `route to 198.51.100.0/24 in table 100, metric 7`.
    package var description: String {
        "route to \(identity.destination)" + (identity.table == 254 ? "" : " in table \(identity.table)")
            + (identity.priority == 0 ? "" : ", metric \(identity.priority)")
    }

    private enum Attribute {
        static let (destination, interface, gateway, priority) = (UInt16(1), UInt16(4), UInt16(5), UInt16(6))
        static let (source, metrics, hops, table) = (UInt16(7), UInt16(8), UInt16(9), UInt16(15))
        /// RTNH_F_ONLINK.
        static let onLink: UInt8 = 4
    }

    /// The payload of a dump request: every route of a family that `origin` made. Kernels before 4.20 list
    /// all.
    static func dumpRequest(_ family: AddressFamily, origin: UInt8) -> [UInt8] {
        [family == .inet ? 2 : 10, 0, 0, 0, 0, origin, 0, 0, 0, 0, 0, 0]
    }

    /// The payload of a request for the route that packets to `address` take.
    static func lookup(of address: IPAddress) -> [UInt8] {
        let family: UInt8 = address.family == .inet ? 2 : 10
        let header: [UInt8] = [family, address.family.bits] + [UInt8](repeating: 0, count: 10)
        return header + NetlinkAttributes.encoded(Attribute.destination, address.octets)
    }

    /// The gateway in the answer to it; nil when there is none.
    static func gateway(in payload: [UInt8]) -> IPAddress? {
        guard payload.count >= 12 else { return nil }
        return NetlinkAttributes(payload[12...])[Attribute.gateway].flatMap {
            IPAddress(family: payload[0], octets: $0)
        }
    }

    /// The index of the interface in the answer to it; nil when there is none.
    static func interface(in payload: [UInt8]) -> Int32? {
        guard payload.count >= 12 else { return nil }
        return NetlinkAttributes(payload[12...]).word(Attribute.interface).map { Int32(bitPattern: $0) }
    }

    /// The payload of a request to add this route or, without what does not identify it, to remove it.
    package func payload(removing: Bool = false) -> [UInt8] {
        let prefix = identity.destination
        let single = hops.count == 1 ? hops[0] : nil
        let flags: UInt8 = single?.isOnLink == true && !removing ? Attribute.onLink : 0
        // RT_SCOPE_NOWHERE matches every scope of a route that is to go.
        var octets: [UInt8] = [
            prefix.address.family == .inet ? 2 : 10, prefix.length, 0, identity.typeOfService,
            identity.table < 256 ? UInt8(identity.table) : 0, origin, removing ? 255 : scope, kind,
        ]
        octets += HostOrder.octets(UInt32(flags))
        if prefix.length > 0 {
            octets += NetlinkAttributes.encoded(Attribute.destination, prefix.address.octets)
        }
        octets += NetlinkAttributes.encoded(Attribute.table, HostOrder.octets(identity.table))
        octets += NetlinkAttributes.encoded(Attribute.priority, HostOrder.octets(identity.priority))
        if removing { return octets }
        if let source { octets += NetlinkAttributes.encoded(Attribute.source, source.octets) }
        if let single {
            octets += Self.target(single)
            if let interface = single.interface {
                let index = HostOrder.octets(UInt32(bitPattern: interface))
                octets += NetlinkAttributes.encoded(Attribute.interface, index)
            }
        } else if !hops.isEmpty {
            octets += NetlinkAttributes.encoded(Attribute.hops, hops.flatMap(Self.encoded))
        }
        guard !metrics.isEmpty else { return octets }
        let list = metrics.flatMap { NetlinkAttributes.encoded($0.name, HostOrder.octets($0.value)) }
        return octets + NetlinkAttributes.encoded(Attribute.metrics, list)
    }

    private static func target(_ hop: Hop) -> [UInt8] {
        hop.gateway.map { NetlinkAttributes.encoded(Attribute.gateway, $0.octets) } ?? []
    }

    /// One struct rtnexthop.
    private static func encoded(_ hop: Hop) -> [UInt8] {
        let attributes = target(hop)
        return HostOrder.octets(UInt16(8 + attributes.count))
            + [hop.isOnLink ? Attribute.onLink : 0, UInt8(clamping: hop.weight - 1)]
            + HostOrder.octets(UInt32(bitPattern: hop.interface ?? 0)) + attributes
    }
}
