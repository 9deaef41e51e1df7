import HealthChecks
import LoadBalancing
import VRRP

/// One thing that a reload changes.
package struct ReloadChange: Hashable, Sendable {
    /// What becomes of it.
    package enum Kind: String, Hashable, Sendable {
        case add
        case change
        case remove
    }

    /// What it belongs to, as messages name it: `vrrp_instance VI_1`, `virtual_server 192.0.2.100:80/tcp`.
    package var object: String
    /// Which part: `real_server 192.0.2.21:80`, `priority`; nil for all of the object.
    package var item: String?
    /// What becomes of it.
    package var kind: Kind
    /// How it differs, `weight 1 -> 3`; empty where there is nothing to say. Passwords are stars.
    package var detail: String
    /// What that does, a sentence.
    package var effect: String
    /// Clients may lose connections, or the addresses go to another director.
    package var interrupts: Bool
}

/// What runs while a reload is planned.
package struct LiveFacts: Hashable, Sendable {
    /// The instances that are master here.
    package var masters: Set<String> = []
    /// The instances that are in fault here.
    package var faults: Set<String> = []
    /// The priority that each instance here claims, 1...255, with all that it tracks; of one that is missing
    /// only what the configuration and `tracked` say is known.
    package var priorities: [String: UInt8] = [:]
    /// What is known of the scripts, processes and files that are tracked.
    package var tracked = TrackedValues()
    /// The interfaces that are up and have a carrier; nil when they could not be listed.
    package var usableInterfaces: Set<String>?
    /// What the link of each interface of `interface_up_down_delays` counts as, whatever it is.
    package var delayedLinks: [String: Bool] = [:]
    /// The priority that the master advertises, 1...255, by the instance here that follows it.
    package var followed: [String: UInt8] = [:]
    /// The instances that have handed over on request, and do not preempt.
    package var yielding: Set<String> = []
    /// How many connections to each server, and to each sorry server, are open; nil when the kernel's table
    /// is not known. One that is not in the table has none.
    package var connections: [ServerName: Int]?
    /// What checks say, those of the new configuration too.
    package var verdicts: [CheckSpecification: Verdict] = [:]
    /// The weights that checks ask for.
    package var weights: [CheckSpecification: Int32] = [:]
    /// What operators want of servers.
    package var orders: [ServerName: ServerOrder] = [:]
    /// The services whose quorum is lost.
    package var lost: Set<ServiceIdentity> = []

    /// Nothing is known.
    package init() {}

    /// How many connections to these servers of `service` are open together; nil when that is not known.
    func connections(to servers: [RealServer], of service: VirtualServer) -> Int? {
        connections.map { open in servers.reduce(0) { $0 + (open[service.name(of: $1)] ?? 0) } }
    }

    /// What is said of connections that end.
    static func cut(_ connections: Int?) -> String {
        switch connections {
        case nil: "its connections are cut"
        case 0: "no connection is open"
        case 1: "1 connection is cut"
        case let count?: "\(count) connections are cut"
        }
    }
}
