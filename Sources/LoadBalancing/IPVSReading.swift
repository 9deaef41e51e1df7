import NetTypes

/// What IPVS has counted for a service or a destination since it was added (IPVS_STATS_ATTR_* of
/// linux/ip_vs.h).
package struct IPVSCounters: Hashable, Sendable, Codable {
    /// Connections scheduled.
    package var connections: UInt64 = 0
    /// Packets from clients.
    package var packetsIn: UInt64 = 0
    /// Packets to clients; with DR and TUN they do not come through here.
    package var packetsOut: UInt64 = 0
    /// Octets from clients.
    package var octetsIn: UInt64 = 0
    /// Octets to clients.
    package var octetsOut: UInt64 = 0

    /// All zero.
    package init() {}

    /// Both together, as for the services that one virtual server ends in; counters wrap.
    package static func + (left: IPVSCounters, right: IPVSCounters) -> IPVSCounters {
        var sum = IPVSCounters()
        sum.connections = left.connections &+ right.connections
        sum.packetsIn = left.packetsIn &+ right.packetsIn
        sum.packetsOut = left.packetsOut &+ right.packetsOut
        sum.octetsIn = left.octetsIn &+ right.octetsIn
        sum.octetsOut = left.octetsOut &+ right.octetsOut
        return sum
    }
}

/// A destination as the kernel has it at one moment.
package struct DestinationReading: Hashable, Sendable, Codable {
    /// Address and port as programmed.
    package var endpoint: Endpoint
    /// 0...2^31-1.
    package var weight: UInt32
    /// Connections that are open.
    package var active: UInt32 = 0
    /// Connections that are closing, or are no TCP connections.
    package var inactive: UInt32 = 0
    /// Since it was added.
    package var counters = IPVSCounters()

    /// A destination without connections.
    package init(endpoint: Endpoint, weight: UInt32) {
        self.endpoint = endpoint
        self.weight = weight
    }
}

/// A service as the kernel has it at one moment.
package struct ServiceReading: Hashable, Sendable, Codable {
    /// What names it.
    package var identity: ServiceIdentity
    /// Since it was added.
    package var counters = IPVSCounters()
    /// Its destinations, in no order.
    package var destinations: [DestinationReading] = []

    /// A service without destinations.
    package init(identity: ServiceIdentity) { self.identity = identity }
}
