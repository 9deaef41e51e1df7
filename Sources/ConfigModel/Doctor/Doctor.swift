import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import VRRP

/// What runs on this host, as far as it was asked.
package struct LiveHost: Hashable, Sendable {
    /// What the kernel has counted for a server.
    package struct Traffic: Hashable, Sendable {
        /// Packets from clients to it.
        package var packetsIn: UInt64
        /// Packets from it to clients: in NAT alone.
        package var packetsOut: UInt64

        /// So many packets.
        package init(packetsIn: UInt64, packetsOut: UInt64) {
            self.packetsIn = packetsIn
            self.packetsOut = packetsOut
        }
    }

    /// What an interface sends.
    package struct Load: Hashable, Sendable {
        /// Its name.
        package var interface: String
        /// What it sends now.
        package var bitsPerSecond: UInt64
        /// Its speed, in bits per second; 0 when it does not tell.
        package var capacity: UInt64

        /// A load.
        package init(interface: String, bitsPerSecond: UInt64, capacity: UInt64) {
            self.interface = interface
            self.bitsPerSecond = bitsPerSecond
            self.capacity = capacity
        }

        /// Of its speed.
        var percent: UInt64 { capacity == 0 ? 0 : bitsPerSecond / max(1, capacity / 100) }
    }

    /// The daemon has answered.
    package var isRunning = false
    /// Masters whom instances here follow.
    package var masters: Set<IPAddress> = []
    /// By server; those that the kernel's table does not have are missing.
    package var traffic: [ServerName: Traffic] = [:]
    /// Adverts that were thrown away since the daemon runs, by instance and reason.
    package var drops: [String: [String: UInt64]] = [:]
    /// Those of them that came while this was watched; nil when it was not.
    package var newDrops: [String: [String: UInt64]]?
    /// Other programs that write the table or elect masters, by name.
    package var otherDaemons: Set<String> = []
    /// What the configuration asks of this host and the host has not, in sentences.
    package var complaints: [String] = []
    /// Ethernet addresses that the kernel would use now, by address.
    package var neighbours: [IPAddress: MACAddress] = [:]
    /// What `iptables-save -c` or `ip6tables-save -c` says, by family; missing when it could not be asked.
    package var filters: [AddressFamily: String] = [:]
    /// What `nft -t -p list ruleset` says; nil when it could not be asked.
    package var ruleset: String?
    /// The kernel's clock follows another one; nil when it did not tell.
    package var isClockSynchronized: Bool?
    /// Programs that keep clocks right and run here, by name.
    package var timekeepers: Set<String> = []
    /// Of interfaces; looked at only where a service uses NAT.
    package var loads: [Load] = []
    /// The interfaces by which what has no other way leaves, in IPv4; nil when that was not found out.
    package var defaultInterfaces: Set<String>?
    /// Other rules than the kernel's own choose among routing tables, in IPv4; nil when that was not found
    /// out.
    package var hasRoutingRules: Bool?
    /// Packets that were dropped because their source has another way back, in IPv4, since the host, or its
    /// network namespace, is there.
    package var misdirected: UInt64 = 0
    /// Those of them that came while this was watched; nil when it was not.
    package var newlyMisdirected: UInt64?

    /// Nothing is known.
    package init() {}
}

/// The classic pitfalls of Linux Virtual Server, looked for in a configuration, on its host and in what runs.
package struct Doctor: Sendable {
    let configuration: Configuration
    let host: HostDescription
    let live: LiveHost

    /// About a director.
    package init(_ configuration: Configuration, on host: HostDescription, running live: LiveHost) {
        self.configuration = configuration
        self.host = host
        self.live = live
    }

    /// Everything, by number.
    package var findings: [DoctorFinding] {
        [
            ports, directors, segment, returnPath, throughput, addressAnswers, loop, kernel, adverts,
            firewall,
            daemons, duplicates, clock, tunnelSize,
        ]
    }

    /// Of the servers of services, those to which packets go by this method.
    func servers(_ method: ForwardingMethod) -> [(service: VirtualServer, server: RealServer)] {
        configuration.virtualServers.flatMap { service in
            service.realServers.filter { ($0.forwarding ?? service.forwarding) == method }
                .map { (service: service, server: $0) }
        }
    }

    func finding(
        _ number: Int, _ name: String, _ level: DoctorFinding.Level, _ evidence: String, cure: String? = nil
    ) -> DoctorFinding {
        DoctorFinding(number: number, name: name, level: level, evidence: evidence, cure: cure)
    }

    static func list(_ names: [String]) -> String {
        let unique = Set(names).sorted()
        return unique.prefix(5).joined(separator: ", ")
            + (unique.count > 5 ? " and \(unique.count - 5) more" : "")
    }

    // MARK: Direct routing

    /// A file with another port is refused: `findings(ofRefused:)` tells of that.
    private var ports: DoctorFinding {
        let direct = servers(.directRouting)
        guard !direct.isEmpty else {
            return finding(1, Self.portsName, .info, "no service uses direct routing")
        }
        return finding(1, Self.portsName, .ok, "service and server ports are equal (\(direct.count) servers)")
    }

    private static let portsName = "DR ports"

    /// The pitfalls for which a file is refused; none where it is refused for something else.
    package static func findings(ofRefused loaded: LoadResult) -> [DoctorFinding] {
        let places = loaded.lines.filter {
            $0.hasSuffix("[\(DiagnosticCode.portTranslation.rawValue)]") && $0.contains("direct routing")
        }
        guard !places.isEmpty else { return [] }
        return [
            DoctorFinding(
                number: 1, name: portsName, level: .failure,
                evidence: places.prefix(5).joined(separator: "; "),
                cure: "listen on the service's port, or use NAT: direct routing changes no port")
        ]
    }

    var ownAddresses: Set<IPAddress> {
        Set((host.interfaces ?? []).flatMap(\.addresses).map(\.address))
    }

    /// The other directors, by what the file says of peers and by who was heard.
    var peers: Set<IPAddress> {
        var peers = live.masters
        for instance in configuration.instances {
            if case .unicast(let unicast) = instance.transport {
                peers.formUnion(unicast.peers.map(\.address))
            }
        }
        for peer in configuration.loopGuard?.peers ?? [] {
            if case .address(let address, _) = peer { peers.insert(address) }
        }
        return peers
    }

    private var unguarded: [(service: VirtualServer, server: RealServer)] {
        servers(.directRouting).filter { $0.service.guardMark == nil }
    }

    private var directors: DoctorFinding {
        let all = ownAddresses.union(peers)
        let found = unguarded.filter { all.contains($0.server.endpoint.address) }
        guard !found.isEmpty else {
            return finding(2, "DR on director", .ok, "no director is a real server without the loop guard")
        }
        return finding(
            2, "DR on director", .failure,
            "\(Self.list(found.map { "\($0.server.endpoint.address)" })) is a director and a real server: "
                + "while it is backup its own IPVS takes what is forwarded to it",
            cure: "write loop_guard in the service, on both directors")
    }

    private var loop: DoctorFinding {
        let (own, others) = (ownAddresses, peers)
        let services = Dictionary(grouping: unguarded) { $0.service.identity }.values.filter { members in
            let addresses = Set(members.map(\.server.endpoint.address))
            return !addresses.isDisjoint(with: own) && !addresses.isDisjoint(with: others)
        }
        guard !services.isEmpty else {
            return finding(7, "director loop", .ok, "no packet can go from director to director and back")
        }
        return finding(
            7, "director loop", .failure,
            "both directors are real servers of "
                + "\(Self.list(services.compactMap { $0.first?.service.title })): a packet can go to and fro "
                + "between them until its TTL ends",
            cure: "write loop_guard in the service, on both directors")
    }

    private var segment: DoctorFinding {
        let direct = servers(.directRouting)
        guard !direct.isEmpty else {
            return finding(3, "DR same segment", .info, "no service uses direct routing")
        }
        guard let interfaces = host.interfaces else {
            return finding(3, "DR same segment", .unknown, "the interfaces of this host are not known")
        }
        let networks = interfaces.filter { !$0.isLoopback }.flatMap(\.addresses)
        let far = direct.map(\.server.endpoint.address).filter { address in
            !ownAddresses.contains(address) && !networks.contains { $0.contains(address) }
        }
        guard !far.isEmpty else {
            return finding(3, "DR same segment", .ok, "every server is in a network of this host")
        }
        return finding(
            3, "DR same segment", .failure,
            "\(Self.list(far.map { "\($0)" })): in no network of this host, and direct routing changes only "
                + "the Ethernet address",
            cure: "use TUN or NAT for it, or give this director a leg in that network")
    }

    // MARK: NAT

    /// So many to a server, and none back, are no chance.
    private static let enoughPackets: UInt64 = 100

    private var returnPath: DoctorFinding {
        let name = "NAT return path"
        let translated = servers(.masquerade)
        guard !translated.isEmpty else { return finding(4, name, .info, "no service uses NAT") }
        let isForwarding = host.settings["net/ipv4/ip_forward"]
        if isForwarding == "0", translated.contains(where: { $0.server.endpoint.address.family == .inet }) {
            return finding(
                4, name, .failure, "net.ipv4.ip_forward is 0: replies are not forwarded to clients",
                cure: "sysctl -w net.ipv4.ip_forward=1")
        }
        guard live.isRunning else {
            return finding(4, name, .unknown, "no daemon runs: nothing was counted")
        }
        let counted = translated.filter { service, server in
            live.traffic[service.name(of: server)].map { $0.packetsIn >= Self.enoughPackets } ?? false
        }
        guard !counted.isEmpty else {
            return finding(4, name, .info, "too few packets went to servers to miss replies")
        }
        let silent = counted.filter { service, server in
            live.traffic[service.name(of: server)]?.packetsOut == 0
        }
        guard !silent.isEmpty else {
            return finding(4, name, .ok, "no server's replies are missing")
        }
        return finding(
            4, name, .warning,
            "\(Self.list(silent.map { "\($0.server.endpoint)" })): packets in and none out: replies do not "
                + "come back through here",
            cure: "make this director's address in their network their default gateway; clients in that "
                + "network itself cannot be served by NAT")
    }

    // MARK: Host, wire and neighbours

    /// What says nothing of a fault: adverts of other pairs on a shared network, and our own that come back.
    private static let harmless: Set<String> = [
        DropReason.virtualRouterID.rawValue, DropReason.ownAddress.rawValue,
    ]

    private static func told(_ drops: [String: [String: UInt64]]) -> [String] {
        drops.sorted { $0.key < $1.key }.flatMap { instance, reasons in
            reasons.sorted { $0.key < $1.key }.filter { $0.value > 0 && !harmless.contains($0.key) }
                .map { "\(instance): \($0.value) \($0.key)" }
        }
    }

    /// Something was dropped that may be a fault: whether that goes on is worth a look.
    package static func mayDrop(_ drops: [String: [String: UInt64]]) -> Bool { !told(drops).isEmpty }

    private var adverts: DoctorFinding {
        let name = "VRRP on the wire"
        guard live.isRunning else { return finding(9, name, .unknown, "no daemon runs: nothing was heard") }
        let ever = Self.told(live.drops)
        guard !ever.isEmpty else {
            return finding(9, name, .ok, "every advert that was heard is a good one")
        }
        // One that was dropped long ago, as while the other director was set up, is no fault of today.
        let told = live.newDrops.map(Self.told) ?? ever
        guard !told.isEmpty else {
            return finding(
                9, name, .info,
                "no advert is dropped now; since the daemon began: \(ever.prefix(5).joined(separator: ", "))")
        }
        return finding(
            9, name, .warning, "adverts are dropped: \(told.prefix(5).joined(separator: ", "))",
            cure: "give both directors the same version, interval, authentication and addresses; another "
                + "pair must have another virtual_router_id")
    }

    private var daemons: DoctorFinding {
        guard !live.otherDaemons.isEmpty else {
            return finding(11, "one manager", .ok, "no other program elects masters or writes the table")
        }
        return finding(
            11, "one manager", .warning, "\(Self.list(Array(live.otherDaemons))) runs here, too",
            cure: "stop it, or see that it has other instances and services")
    }
}
