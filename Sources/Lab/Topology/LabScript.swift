import NetTypes

/// The lab as text for `ip -batch`: what is made where. Pure, so that it can be read and tested.
package struct LabScript: Hashable, Sendable {
    private let plan: LabPlan
    /// Namespaces are called PREFIX-NODE.
    package let prefix: String

    /// The script for `plan` with namespaces called `prefix`-NODE.
    package init(_ plan: LabPlan, prefix: String) {
        self.plan = plan
        self.prefix = prefix
    }

    /// The namespace that holds the bridges and the far ends of all links.
    package static let hub = "switch"

    /// The namespace of a node.
    package func namespace(_ node: String) -> String { "\(prefix)-\(node)" }

    /// Every namespace, the switch first.
    package var namespaces: [String] { ([Self.hub] + plan.nodes.map(\.name)).map(namespace) }

    /// Makes the namespaces; for `ip -batch`.
    package var creation: String { lines(namespaces.map { "netns add \($0)" }) }

    /// Bridges and links; for `ip -n SWITCH -batch`. The bridges flood multicast to every port, as a switch
    /// without IGMP snooping does, so that the observer sees adverts.
    package var wiring: String {
        var commands = ["link set lo up"]
        for network in LabLink.Network.allCases where isUsed(network) {
            commands += [
                "link add \(network.bridge) type bridge forward_delay 0 stp_state 0 mcast_snooping 0",
                "link set \(network.bridge) up",
            ]
        }
        for node in plan.nodes {
            for link in node.links {
                let port = Self.port(node.name, link.network)
                commands += [
                    "link add \(port) type veth peer name \(link.network.interface) address \(link.mac)"
                        + " netns \(namespace(node.name))",
                    "link set \(port) master \(link.network.bridge) up",
                ]
            }
        }
        return lines(commands)
    }

    /// The far end of a node's link, in the switch.
    package static func port(_ node: String, _ network: LabLink.Network) -> String {
        network == .front ? node : "\(node)-back"
    }

    /// A node's addresses and routes; for `ip -n NODE -batch`.
    package func addressing(_ node: LabNode) -> String {
        var commands = ["link set lo up"]
        for link in node.links {
            commands += [
                "address add \(link.address)/24 dev \(link.network.interface)",
                "link set \(link.network.interface) up",
            ]
        }
        commands += node.hiddenAddresses.map { "address add \($0)/32 dev lo" }
        if node.endsTunnels { commands.append("link set tunl0 up") }
        if let gateway = node.gateway { commands.append("route add default via \(gateway)") }
        return lines(commands)
    }

    /// Kernel settings by their path under /proc/sys, applied before addresses exist.
    package func settings(_ node: LabNode) -> [(path: String, value: String)] {
        var settings = [("net/ipv6/conf/all/disable_ipv6", "1")]
        if node.forwards {
            settings += [("net/ipv4/ip_forward", "1"), ("net/ipv4/conf/all/send_redirects", "0")]
            settings += node.links.map { ("net/ipv4/conf/\($0.network.interface)/send_redirects", "0") }
        }
        if !node.hiddenAddresses.isEmpty {
            settings += [("net/ipv4/conf/all/arp_ignore", "1"), ("net/ipv4/conf/all/arp_announce", "2")]
        }
        if node.endsTunnels {
            settings += [("net/ipv4/conf/all/rp_filter", "0"), ("net/ipv4/conf/tunl0/rp_filter", "0")]
        }
        return settings.map { (path: $0.0, value: $0.1) }
    }

    private func isUsed(_ network: LabLink.Network) -> Bool {
        plan.nodes.contains { $0.links.contains { $0.network == network } }
    }

    private func lines(_ commands: [String]) -> String { commands.map { $0 + "\n" }.joined() }
}
