import LoadBalancing
import NetTypes

// What the options of a command mean together.

extension CommandDraft {
    /// The command; `arguments` are the words that belong to no option.
    func command(_ arguments: [String]) throws(CommandError) -> AdminCommand {
        if let extra = arguments.dropFirst(kind == .setTimeouts ? 3 : 0).first {
            throw .refused("\(extra) is too much")
        }
        for subject in kind.compulsory where !given.contains(subject) {
            throw .refused("\(kind) needs \(subject.subjectText)")
        }
        // The order of declaration, so that the same line always has the same error.
        for subject in AdminOption.allCases where given.contains(subject) {
            guard kind.permitted?.contains(subject) == true else {
                throw .refused("\(subject.subjectText) does not belong to \(kind)")
            }
        }
        switch kind {
        case .clear: return .clear
        case .restore: return .restore
        case .save: return .save(numeric: given.contains(.numeric))
        case .zero: return .zero(identity)
        case .setTimeouts: return try .setTimeouts(timeouts(arguments))
        case .startDaemon, .stopDaemon: return try .sync(syncChange())
        case .help: return .help
        case .version: return .version
        case .addService, .editService, .deleteService, .addServer, .editServer, .deleteServer:
            return try .change(change())
        default: return try .list(listing())
        }
    }

    private func timeouts(_ arguments: [String]) throws(CommandError) -> [IPVSTimeout: UInt32] {
        guard arguments.count == 3 else { throw .refused("--set needs three timeouts: tcp, tcpfin and udp") }
        var values: [IPVSTimeout: UInt32] = [:]
        for (timeout, text) in zip(IPVSTimeout.allCases, arguments) {
            let seconds = try number(text, .setTimeouts, 0...Self.longest)
            if seconds != 0 { values[timeout] = UInt32(seconds) }
        }
        return values
    }

    private func syncChange() throws(CommandError) -> SyncDaemonChange {
        guard let thread = SyncThread.allCases.first(where: { $0.description == argument }) else {
            throw .refused("\(kind) is for master or backup, not \(argument ?? "")")
        }
        return kind == .startDaemon ? .start(thread, sync) : .stop(thread)
    }

    // MARK: Services and servers

    private func change() throws(CommandError) -> ServiceChange {
        guard let identity else { throw .refused("\(kind) needs a virtual service") }
        switch kind {
        case .addService: return .addService(try service(identity))
        case .editService:
            let service = try service(identity)
            return .editService(from: service, to: service)
        case .addServer: return .addDestination(try destination(of: identity), to: identity)
        case .editServer:
            let destination = try destination(of: identity)
            return .editDestination(from: destination, to: destination, of: identity)
        case .deleteServer: return .deleteDestination(try endpoint(of: identity), from: identity)
        default: return .deleteService(identity)
        }
    }

    private func service(_ identity: ServiceIdentity) throws(CommandError) -> IPVSService {
        if case .address(let transport, let endpoint) = identity {
            guard endpoint.port != 0 || persistence != nil else {
                throw .refused("a service without a port must be persistent")
            }
            guard !flags.contains(.onePacket) || transport == .udp else {
                throw .refused("--ops is for UDP services and for marks")
            }
        }
        let named = try SchedulerFlagNames.flags(flagNames, scheduler: scheduler)
        return IPVSService(
            identity: identity, scheduler: scheduler,
            persistence: persistence.map { seconds in
                identity.family == .inet
                    ? Persistence(timeoutSeconds: seconds, mask: netmask)
                    : Persistence(timeoutSeconds: seconds, prefixLength: UInt8(truncatingIfNeeded: netmask))
            }, flags: flags.union(named), persistenceEngine: engine)
    }

    /// The server that is meant: where no port is written, that of the service.
    private func endpoint(of identity: ServiceIdentity) throws(CommandError) -> Endpoint {
        guard let server else { throw .refused("\(kind) needs --real-server") }
        return Endpoint(server.address, port: server.port ?? identity.port)
    }

    private func destination(of identity: ServiceIdentity) throws(CommandError) -> IPVSDestination {
        var endpoint = try endpoint(of: identity)
        guard endpoint.address.family == identity.family || forwarding == .tunnel else {
            throw .refused("only a tunnel (-i) leads to a server of the other address family")
        }
        // Direct routing and tunnels leave the port as it is.
        if case .address(_, let service) = identity, forwarding != .masquerade {
            endpoint = Endpoint(endpoint.address, port: service.port)
        }
        return IPVSDestination(
            endpoint: endpoint, forwarding: forwarding, weight: weight, upperThreshold: upperThreshold,
            lowerThreshold: lowerThreshold, encapsulation: try encapsulation())
    }

    private func encapsulation() throws(CommandError) -> Encapsulation {
        let checksums: [AdminOption] = [.tunnelWithoutChecksum, .tunnelChecksum, .tunnelRemoteChecksum]
        let said = ([.tunnelType, .tunnelPort] + checksums).filter { given.contains($0) }
        guard forwarding == .tunnel else {
            if let one = said.first { throw .refused("\(one) belongs to a tunnel (-i)") }
            return .ipip
        }
        let name = TunnelNames.all[Int(tunnelType)]
        var allowed: Set<AdminOption> = [.tunnelType]
        if tunnelType == Encapsulation.gue { allowed.formUnion([.tunnelPort] + checksums) }
        if tunnelType == Encapsulation.gre { allowed.formUnion([.tunnelWithoutChecksum, .tunnelChecksum]) }
        if let one = said.first(where: { !allowed.contains($0) }) {
            throw .refused("\(one) does not belong to a tunnel of type \(name)")
        }
        guard tunnelType != Encapsulation.gue || given.contains(.tunnelPort) else {
            throw .refused("a tunnel of type \(name) needs --tun-port")
        }
        let chosen = said.filter { checksums.contains($0) }
        guard chosen.count < 2 else { throw .refused("\(chosen[0]) and \(chosen[1]) exclude each other") }
        let flags: UInt16 =
            switch chosen.first {
            case .tunnelChecksum: Encapsulation.checksum
            case .tunnelRemoteChecksum: Encapsulation.remoteChecksum
            default: 0
            }
        return Encapsulation(type: tunnelType, port: tunnelPort, flags: flags)
    }

    // MARK: Listings

    private func listing() throws(CommandError) -> ListRequest {
        let alone: [AdminOption] = [.connections, .tcpService, .timeouts, .daemons]
        let subjects = alone.filter { given.contains($0) }
        guard subjects.count < 2 else {
            throw .refused("\(subjects[0].subjectText) and \(subjects[1].subjectText) exclude each other")
        }
        let columns: [(AdminOption, ListRequest.Columns)] = [
            (.stats, .counters), (.rate, .rates), (.thresholds, .thresholds),
            (.persistentConnections, .persistence), (.tunnelInformation, .tunnels),
        ]
        let said = columns.filter { given.contains($0.0) }
        if let subject = subjects.first, subject != .tcpService {
            let foreign = said.first { option, _ in
                switch option {
                case .tunnelInformation: false
                case .persistentConnections: subject != .connections
                default: true
                }
            }
            if let foreign { throw .refused("\(subject) and \(foreign.0) exclude each other") }
        }
        var request = ListRequest()
        request.subject =
            switch subjects.first {
            case .connections: .connections
            case .timeouts: .timeouts
            case .daemons: .daemons
            default: .services(identity)
            }
        request.columns = said.first?.1 ?? .plain
        request.isNumeric = given.contains(.numeric)
        request.isExact = given.contains(.exact)
        request.isSorted = !given.contains(.unsorted)
        request.isJSON = given.contains(.json)
        return request
    }
}

extension ServiceIdentity {
    /// nil for a mark.
    var transport: TransportProtocol? {
        if case .address(let transport, _) = self { transport } else { nil }
    }

    /// 0 for a mark, and for a service of every port.
    var port: UInt16 { if case .address(_, let endpoint) = self { endpoint.port } else { 0 } }
}
