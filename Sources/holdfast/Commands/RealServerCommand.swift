import ArgumentParser
import KernelNet
import Lab
import LinuxIO
import LoadBalancing
import NetTypes

extension AddressFamily: ExpressibleByArgument {}

/// `holdfast realserver`.
struct RealServerCommand: ParsableCommand {
    /// What to do.
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case plan, apply, remove, check
    }

    /// How packets come.
    enum Mode: String, CaseIterable, ExpressibleByArgument {
        case dr, tun, nat
    }

    /// What packets of TUN come in.
    enum Tunnel: String, CaseIterable, ExpressibleByArgument {
        case ipip, gue, gre
    }

    static let configuration = CommandConfiguration(
        commandName: "realserver",
        abstract: "Make this host a real server for virtual addresses, or undo it.",
        discussion: """
            To be run on a real server, for virtual addresses of either family. Each change is told in a \
            line. plan tells the lines of apply and changes nothing; check tells what is missing; remove \
            puts back what apply has changed, and nothing else. All of it may be repeated. Nothing \
            outlasts a boot.

            With --mode dr the address is added to lo; with --mode tun it is added to tunl0 (IPv4 in \
            IPv4), ip6tnl0 (IPv6 in IPv6) or sit0 (IPv6 in IPv4), with --type gre to gre0, where \
            packets of the directors come out; with --type gue the kernel receives GUE at --port, \
            too. --over tells the family of the address by which the directors reach this host, where \
            it is not that of the virtual address. For IPv4 this host is told not to \
            answer ARP for the address (arp_ignore, arp_announce), and to take what comes out of a tunnel \
            (rp_filter). With --mode nat there is nothing to change but routes, which are yours: check \
            alone is there, with --gateway and --client.

            Exit status: 0 when all is well or done, 1 when something is missing, cannot be done or \
            failed, 64 when the command line is wrong, 77 when this user may not.
            """)

    @Argument(help: "plan, apply, remove or check.") var action: Action
    @Argument(help: ArgumentHelp("The virtual addresses.", valueName: "vip")) var words: [String]
    @Option(help: "dr, tun or nat, as lb_kind of the service; not with remove.") var mode: Mode?
    @Option(help: "With tun: ipip, the default, gre without a checksum, over IPv4 alone, or gue.")
    var type: Tunnel?
    @Option(
        help: "With tun: inet or inet6, the family of this host's real_server address; else the vip's.")
    var over: AddressFamily?
    @Option(help: "With gue: the UDP port of lb_kind TUN type gue port N.") var port: UInt16?
    @Option(help: "With nat: the address of the directors that answers must go by.") var gateway: String?
    @Option(help: "With nat: the address of a client.") var client: String?

    func validate() throws {
        _ = try addresses
        switch (action, mode) {
        case (.remove, nil): break
        case (.remove, _): throw ValidationError("remove undoes what apply did: it takes no --mode.")
        case (_, nil): throw ValidationError("--mode dr, tun or nat is needed.")
        case (.check, .nat): _ = try route
        case (_, .nat): throw ValidationError("With --mode nat there is nothing but check.")
        default: break
        }
        if mode != .nat, gateway != nil || client != nil {
            throw ValidationError("--gateway and --client are for --mode nat.")
        }
        guard (port ?? 0) > 0 || port == nil, (port != nil) == (type == .gue) else {
            throw ValidationError("--type gue needs --port, 1 to 65535, which nothing else takes.")
        }
        guard mode == .tun || (type == nil && over == nil) else {
            throw ValidationError("--type and --over are for --mode tun.")
        }
        if type == .gre, try addresses.contains(where: { outerFamily(of: $0) == .inet6 }) {
            throw ValidationError("--type gre: this command sets it up over IPv4 alone.")
        }
        if try addresses.contains(where: { $0.family == .inet && outerFamily(of: $0) == .inet6 }) {
            throw ValidationError(
                "--over inet6 with an IPv4 address: ip6tnl0 takes IPv6 alone until it is told otherwise, "
                    + "by 'ip -6 tunnel change ip6tnl0 mode any', which this command does not do.")
        }
    }

    private func outerFamily(of address: IPAddress) -> AddressFamily {
        over ?? address.family
    }

    private var addresses: Set<IPAddress> {
        get throws { Set(try words.map(Self.address)) }
    }

    private var route: (gateway: IPAddress, client: IPAddress) {
        get throws {
            guard let gateway = try gateway.map(Self.address), let client = try client.map(Self.address)
            else {
                throw ValidationError("--mode nat needs --gateway and --client.")
            }
            guard gateway.family == client.family else {
                throw ValidationError("--gateway and --client are of two families.")
            }
            return (gateway, client)
        }
    }

    private static func address(_ text: String) throws -> IPAddress {
        guard let address = IPAddress(text), !address.isUnspecified else {
            throw ValidationError("'\(text)' is no address of a host.")
        }
        return address
    }

    func run() throws {
        do {
            let host = try RealServerHost()
            if mode == .nat { return try checkRoute(host) }
            try carryOut(host)
        } catch let error as RouteError {
            throw Exit.because("\(error)", Self.status(error.errno))
        } catch let error as SystemError {
            throw Exit.because("\(error)", Self.status(error.errno))
        }
    }

    private static func status(_ errno: Errno) -> ExitCode {
        [.notPermitted, .accessDenied].contains(errno) ? Exit.permission : ExitCode(1)
    }

    private func carryOut(_ host: RealServerHost) throws {
        let lock = action == .apply || action == .remove ? try host.lock() : nil
        defer { withExtendedLifetime(lock) {} }
        let (record, addresses) = (try host.record(), try addresses)
        let facts = try host.facts(withGUE: type == .gue || !record.receiving.isEmpty)
        let plan =
            if action == .remove {
                RealServerPlan(removing: addresses, from: facts, record)
            } else {
                RealServerPlan(applying: Set(addresses.map(place)), inGUE: port, to: facts, record)
            }
        for obstacle in plan.obstacles { StandardStream.note("holdfast: \(obstacle)") }
        guard plan.obstacles.isEmpty else { throw ExitCode(1) }
        for remark in plan.remarks { StandardStream.note("holdfast: \(remark)") }
        switch action {
        case .plan: for step in plan.steps { StandardStream.show("\(step)\n") }
        case .check: for step in plan.steps { StandardStream.show("missing: \(step)\n") }
        case .apply, .remove: try host.carryOut(plan) { StandardStream.show("\($0)\n") }
        }
        if action == .check, !plan.steps.isEmpty { throw ExitCode(1) }
        if plan.steps.isEmpty { StandardStream.show("nothing to do\n") }
    }

    private func place(_ address: IPAddress) -> RealServerAddress {
        switch (mode, type) {
        case (.tun, .gre): RealServerAddress(inGRE: address)
        case (.tun, _): RealServerAddress(tunnelled: address, over: outerFamily(of: address))
        default: RealServerAddress(direct: address)
        }
    }

    private func checkRoute(_ host: RealServerHost) throws {
        let (gateway, client) = try route
        let faults = RealServerGateway.faults(
            client: client, gateway: gateway, actual: try host.gateway(to: client), addresses: try addresses,
            try host.facts())
        for fault in faults { StandardStream.show("wrong: \(fault)\n") }
        if !faults.isEmpty { throw ExitCode(1) }
        StandardStream.show("nothing to do\n")
    }
}
