import ConfigSyntax
import LoadBalancing
import NetTypes
import VRRP

/// The real servers of one `virtual_server`: ports, families, duplicates.
enum RealServerChecks {
    static func run(_ service: VirtualServerDraft, in draft: ConfigurationDraft, _ reader: inout SchemaReader)
    {
        guard service.isKnown else { return }
        for index in service.realServers.indices {
            check(service.realServers[index], of: service, in: draft, &reader)
        }
        if let server = service.sorryServer {
            check(server, of: service, in: draft, &reader)
            checkSorryPort(server, of: service, &reader)
        }
        // By their places: a copy of a server costs more than the comparison.
        let servers = service.realServers
        reader.reportDuplicates(
            among: Array(servers.indices),
            by: { index in
                servers[index].address.map {
                    Endpoint($0.value, port: service.kernelPort(of: servers[index]))
                }
            },
            at: { servers[$0].origin.header }, .duplicateRealServer,
            { "\(servers[$0].origin.title) is in this service already" },
            notes: ["the kernel holds one destination for an address and port"])
    }

    private static func check(
        _ server: RealServerDraft, of service: VirtualServerDraft, in draft: ConfigurationDraft,
        _ reader: inout SchemaReader
    ) {
        checkFamily(server, of: service, &reader)
        checkThresholds(server, &reader)
        checkPort(server, of: service, &reader)
        checkAddress(server, of: service, in: draft, &reader)
    }

    private static func checkSorryPort(
        _ server: RealServerDraft, of service: VirtualServerDraft, _ reader: inout SchemaReader
    ) {
        guard service.port != 0, server.address != nil, server.port == nil, server.origin.isWhole
        else { return }
        reader.report(
            .sorryServerPort, "sorry_server has no port: the service's, \(service.port), is used",
            at: server.origin.header, help: ["write the port"])
    }

    private static func checkFamily(
        _ server: RealServerDraft, of service: VirtualServerDraft, _ reader: inout SchemaReader
    ) {
        guard let address = server.address, service.forwarding(to: server) != .tunnel,
            address.value.family != service.family, server.origin.isAbsent("lb_kind"),
            service.origin.isAbsent("lb_kind"), service.origin.isAbsent("sorry_server_lvs_method")
        else { return }
        reader.report(
            .mixedFamilies,
            "\(address.value) is not of the service's address family, \(service.family.rawValue)",
            at: address.span, related: [Label(service.origin.header, "the service")],
            notes: ["only a tunnel takes packets of one family to a server of the other"],
            help: ["write lb_kind TUN, or an address of the service's family"])
    }

    private static func checkThresholds(_ server: RealServerDraft, _ reader: inout SchemaReader) {
        guard let lower = server.lowerThreshold, lower.value > server.upperThreshold?.value ?? 0,
            server.origin.isAbsent("uthreshold")
        else { return }
        reader.report(
            .thresholdOrder,
            "lthreshold \(lower.value) is above uthreshold \(server.upperThreshold?.value ?? 0)",
            at: lower.span, related: server.upperThreshold.map { [Label($0.span)] } ?? [],
            notes: ["a server that is full would take connections again at once"],
            help: ["write uthreshold, and a smaller lthreshold"])
    }

    private static func checkPort(
        _ server: RealServerDraft, of service: VirtualServerDraft, _ reader: inout SchemaReader
    ) {
        guard let port = server.port, let other = service.ports.first(where: { $0 != port.value }) else {
            return
        }
        let method = service.forwarding(to: server)
        guard method != .masquerade else { return }
        let name = method == .tunnel ? "tunnelling" : "direct routing"
        let reason =
            method == .tunnel ? "a tunnel carries the packet as it is" : "it rewrites only the MAC address"
        var related: [Label] = []
        if let forwarding = server.forwarding ?? service.forwarding {
            related.append(Label(forwarding.span, reason))
        }
        if let line = service.members?.ports.first(where: { $0.value == other }) {
            related.append(Label(line.span, other == 0 ? "every port" : "another port"))
        }
        let isSeveral = service.ports.count > 1
        let said =
            other == 0
            ? "the service has every port"
            : isSeveral ? "the group has port \(other), too" : "the service port is \(other)"
        reader.report(
            .portTranslation, "\(name) cannot change the port", at: port.span, saying: said, related: related,
            notes: [
                isSeveral
                    ? "clients of port \(other) reach port \(other) of the server, which no check looks at"
                    : "keepalived would put the service's port here, for traffic and checks, without a word"
            ],
            help: [
                isSeveral || other == 0
                    ? "leave the port out, and give checks a connect_port"
                    : "listen on \(other) on the server, or use lb_kind NAT"
            ])
    }

    /// A member of a group that no instance holds is the server's own address, as far as the file tells.
    private static func checkAddress(
        _ server: RealServerDraft, of service: VirtualServerDraft, in draft: ConfigurationDraft,
        _ reader: inout SchemaReader
    ) {
        let ports = server.port.map { [$0.value] } ?? service.ports
        guard let address = server.address, service.loopGuard?.value != true,
            ports.contains(where: { service.isVirtual(Endpoint(address.value, port: $0)) })
        else { return }
        guard service.members == nil || draft.holds(address.value) else {
            reader.report(
                .memberIsRealServer, "\(address.value) is a member of the group and a real server of it",
                at: address.span, related: [Label(service.origin.header, "the service")],
                notes: ["where the server has the address, clients reach it without the director"],
                help: ["take the address out of the group, or write one of the server's own"])
            return
        }
        reader.report(
            .realServerIsVirtual, "the real server is the virtual server itself", at: address.span,
            related: [Label(service.origin.header, "the service")],
            help: [
                "write an address of the server's own; a director may be one of its real servers by its own"
            ])
    }
}

extension ConfigurationDraft {
    /// An instance has `address` while it is master.
    fileprivate func holds(_ address: IPAddress) -> Bool {
        instances.contains { instance in
            (instance.addresses + instance.excluded).contains { $0.value.prefix.address == address }
        }
    }
}

extension VirtualServerDraft {
    /// The port that `server` has in the kernel: services by mark forward by DR and TUN whatever the port is.
    func kernelPort(of server: RealServerDraft) -> UInt16 {
        isMarked && forwarding(to: server) != .masquerade ? 0 : port(of: server)
    }
}
