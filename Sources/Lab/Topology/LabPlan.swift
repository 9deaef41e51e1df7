import ConfigModel
import LoadBalancing
import NetTypes
import VRRP

/// One interface of a node: eth0 on the clients' network, eth1 on the servers' own.
package struct LabLink: Hashable, Sendable {
    /// The two networks of the lab; each is one bridge.
    package enum Network: String, Hashable, Sendable, CaseIterable {
        /// 192.0.2.0/24: client, directors and, without NAT, the real servers.
        case front
        /// 198.51.100.0/24: behind the directors, for NAT.
        case back

        /// The bridge's name.
        var bridge: String { self == .front ? "br0" : "br1" }
        /// The interface's name in a node that is on both networks.
        var interface: String { self == .front ? "eth0" : "eth1" }
        /// The network that holds `address`; nil when the lab has none for it.
        package static func holding(_ address: IPv4Address) -> Network? {
            switch address.rawValue >> 8 {
            case IPv4Address(192, 0, 2, 0).rawValue >> 8: .front
            case IPv4Address(198, 51, 100, 0).rawValue >> 8: .back
            default: nil
            }
        }
    }

    /// Where it leads.
    package var network: Network
    /// Its address; the prefix length is 24.
    package var address: IPv4Address
    /// Its fixed hardware address.
    package var mac: MACAddress
}

/// One machine of the lab: a network namespace.
package struct LabNode: Hashable, Sendable {
    /// `client`, `director-a`, `director-b`, `rs1`, ...; part of the namespace's name.
    package var name: String
    /// At least one.
    package var links: [LabLink]
    /// Virtual addresses on lo, with ARP suppressed: what a real server in DR or TUN mode has.
    package var hiddenAddresses: [IPv4Address] = []
    /// Takes packets out of IP-in-IP tunnels.
    package var endsTunnels = false
    /// Where answers leave by; NAT's real servers need the directors' floating address.
    package var gateway: IPv4Address?
    /// Ports the node's server listens on; empty for none.
    package var ports: [UInt16] = []
    /// Passes packets on.
    package var forwards = false
}

/// The machines that a pair's configuration talks about, with the addresses it gives them.
package struct LabPlan: Hashable, Sendable {
    /// The first director, which has the higher priority in the examples.
    package static let directorA = "director-a"
    /// The second director.
    package static let directorB = "director-b"
    /// The client's node.
    package static let client = "client"
    /// A node that only listens: broadcast and multicast reach it, nothing else.
    package static let observer = "observer"
    /// Both directors' names.
    package static let directors = [directorA, directorB]

    private static let directorAddresses: [String: IPv4Address] = [
        directorA: IPv4Address(192, 0, 2, 2), directorB: IPv4Address(192, 0, 2, 3),
    ]

    /// Every node.
    package private(set) var nodes: [LabNode]
    /// What clients connect to.
    package let service: Endpoint
    /// Real servers' nodes by address; the directors' own where they serve too.
    package private(set) var serverNames: [IPv4Address: String] = [:]

    /// The nodes that `configuration` needs. Only IPv4 and the lab's two networks are possible.
    package init(_ configuration: Configuration) throws(LabError) {
        let service = try Self.service(of: configuration)
        guard case .v4(let virtualAddress) = service.address else {
            throw LabError("the lab has no IPv6: \(service)")
        }
        self.service = service
        let servers = Self.servers(of: configuration, hidden: virtualAddress)
        let routed = servers.contains { $0.method == .masquerade }
        nodes = Self.witnesses
        for var node in Self.directorNodes {
            if routed, let address = Self.directorAddresses[node.name] {
                let inner = IPv4Address(
                    rawValue: IPv4Address(198, 51, 100, 0).rawValue | address.rawValue & 0xFF)
                let mac = Self.mac(ofDirector: node.name).rawValue & 0xFF
                node.links.append(Self.link(inner, network: .back, mac: mac))
            }
            nodes.append(node)
        }
        for server in servers { try add(server) }
    }

    /// A pair whose directors serve `service` themselves, whichever has its address: nothing is forwarded.
    package init(pairServing service: Endpoint) {
        self.service = service
        nodes =
            Self.witnesses
            + Self.directorNodes.map { node in
                var node = node
                node.ports = [service.port]
                return node
            }
    }

    private static var witnesses: [LabNode] {
        [
            LabNode(name: client, links: [link(IPv4Address(192, 0, 2, 10), mac: 0x10)]),
            LabNode(name: observer, links: [link(IPv4Address(192, 0, 2, 254), mac: 0xFE)]),
        ]
    }

    private static var directorNodes: [LabNode] {
        directors.compactMap { name in
            directorAddresses[name].map { address in
                LabNode(
                    name: name, links: [link(address, mac: mac(ofDirector: name).rawValue & 0xFF)],
                    forwards: true)
            }
        }
    }

    /// The node called `name`; nil when there is none.
    package func node(_ name: String) -> LabNode? { nodes.first { $0.name == name } }

    /// The main address of a director.
    package static func address(ofDirector name: String) -> IPv4Address? { directorAddresses[name] }

    /// The hardware address of a director's card on the clients' network.
    package static func mac(ofDirector name: String) -> MACAddress {
        MACAddress(rawValue: 0x0200_0000_0000 | (name == directorA ? 0x0A : 0x0B))
    }

    /// Directors that are real servers of the service too.
    package var servingDirectors: [String] { Self.directors.filter { node($0)?.ports.isEmpty == false } }

    /// A real server in one service: how packets reach it, and to which address they are then.
    private struct Placement {
        var endpoint: Endpoint
        var method: ForwardingMethod
        var hidden: IPv4Address
    }

    /// The real servers of all services; `address` is hidden for services that are named by mark.
    private static func servers(of configuration: Configuration, hidden address: IPv4Address) -> [Placement] {
        configuration.virtualServers.flatMap { service in
            let own = service.identities.compactMap { identity -> IPv4Address? in
                guard case .address(_, let endpoint) = identity, case .v4(let own) = endpoint.address else {
                    return nil
                }
                return own
            }
            return (service.realServers + (service.sorryServer.map { [$0] } ?? [])).flatMap { server in
                (own.isEmpty ? [address] : own).map { hidden in
                    Placement(
                        endpoint: server.endpoint, method: server.forwarding ?? service.forwarding,
                        hidden: hidden)
                }
            }
        }
    }

    private mutating func add(_ server: Placement) throws(LabError) {
        guard case .v4(let address) = server.endpoint.address, let network = LabLink.Network.holding(address)
        else {
            throw LabError("the lab has no network for real server \(server.endpoint)")
        }
        let index = nodes.firstIndex { $0.links.contains { $0.address == address } } ?? nodes.endIndex
        if index == nodes.endIndex {
            let name = "rs\(serverNames.values.count { $0.hasPrefix("rs") } + 1)"
            var link = Self.link(address, network: network, mac: UInt64(address.rawValue & 0xFF))
            // The client's and the directors' cards are not numbered like their addresses.
            if nodes.contains(where: { $0.links.contains { $0.mac == link.mac } }) {
                link.mac = MACAddress(rawValue: link.mac.rawValue | 0x100)
            }
            nodes.append(LabNode(name: name, links: [link]))
        }
        if [Self.client, Self.observer].contains(nodes[index].name) {
            throw LabError("real server \(server.endpoint) has the address of the lab's \(nodes[index].name)")
        }
        if !nodes[index].ports.contains(server.endpoint.port) {
            nodes[index].ports.append(server.endpoint.port)
        }
        if server.method != .masquerade {
            if !nodes[index].hiddenAddresses.contains(server.hidden) {
                nodes[index].hiddenAddresses.append(server.hidden)
            }
        } else if !nodes[index].forwards {
            guard network == .back else {
                throw LabError("real server \(server.endpoint) with NAT must be in 198.51.100.0/24")
            }
            nodes[index].gateway = IPv4Address(198, 51, 100, 1)
        }
        if server.method == .tunnel { nodes[index].endsTunnels = true }
        serverNames[address] = nodes[index].name
    }

    /// The address and port of the first service that clients reach with TCP; of a fwmark service the first
    /// virtual address and server port.
    private static func service(of configuration: Configuration) throws(LabError) -> Endpoint {
        let reachable = configuration.virtualServers.first { server in
            if case .address(let transport, _) = server.identity { transport == .tcp } else { true }
        }
        guard let server = reachable else {
            throw LabError("the configuration has no virtual_server for TCP: there is nothing to connect to")
        }
        if case .address(_, let endpoint) = server.identity { return endpoint }
        guard let address = configuration.instances.first?.virtualAddresses.first?.prefix.address,
            let port = server.realServers.first?.endpoint.port
        else {
            throw LabError(
                "\(server.identity) has no virtual address or no real server to take the port from")
        }
        return Endpoint(address, port: port)
    }

    private static func link(
        _ address: IPv4Address, network: LabLink.Network = .front, mac: UInt64
    ) -> LabLink {
        let base: UInt64 = network == .front ? 0x0200_0000_0000 : 0x0200_0001_0000
        return LabLink(network: network, address: address, mac: MACAddress(rawValue: base | mac))
    }
}
