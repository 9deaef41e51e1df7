import NetTypes

/// How much goes through a service or a destination a second, over the last few seconds: the kernel's own
/// estimate (IPVS_STATS_ATTR_CPS and those after it).
package struct IPVSRates: Hashable, Sendable {
    /// Connections scheduled a second.
    package var connections: UInt64 = 0
    /// Packets a second from clients.
    package var packetsIn: UInt64 = 0
    /// Packets a second to clients.
    package var packetsOut: UInt64 = 0
    /// Octets a second from clients.
    package var octetsIn: UInt64 = 0
    /// Octets a second to clients.
    package var octetsOut: UInt64 = 0

    /// All zero.
    package init() {}
}

/// Everything that the kernel tells of a destination.
package struct DestinationRecord: Hashable, Sendable {
    /// What was written.
    package var destination: IPVSDestination
    /// True when the kernel calls it local, which no configuration does: `destination` says direct routing.
    package var isLocal = false
    /// Connections that are open.
    package var active: UInt32 = 0
    /// Connections that are closing, or are no TCP connections.
    package var inactive: UInt32 = 0
    /// Entries that keep clients of a persistent service here.
    package var persistent: UInt32 = 0
    /// Since it was added.
    package var counters = IPVSCounters()
    /// Now.
    package var rates = IPVSRates()

    /// A destination without connections.
    package init(_ destination: IPVSDestination) { self.destination = destination }
}

/// Everything that the kernel tells of a service, its destinations in the order in which the kernel has them.
package struct ServiceRecord: Hashable, Sendable {
    /// What was written, without destinations.
    package var settings: IPVSService
    /// Since it was added.
    package var counters = IPVSCounters()
    /// Now.
    package var rates = IPVSRates()
    /// In the kernel's order.
    package var destinations: [DestinationRecord] = []

    /// A service without destinations.
    package init(_ settings: IPVSService) { self.settings = settings }
}
