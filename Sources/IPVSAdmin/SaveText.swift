import LoadBalancing
import NetTypes

/// The table as command lines that `-R` takes, here and in ipvsadm(8).
package enum SaveText {
    /// The kernel's own timeouts, which need not be saved.
    private static let usual: [IPVSTimeout: UInt32] = [.tcp: 900, .tcpFin: 120, .udp: 300]

    /// A line for each service, each server, the timeouts when they are not the kernel's own, and each sync
    /// thread. The first two are ipvsadm's, with the thresholds that it leaves out.
    package static func text(
        _ records: [ServiceRecord], timeouts: [IPVSTimeout: UInt32], daemons: SyncDaemonState,
        names: NameLookup?
    ) -> String {
        let naming = AddressNaming(names: names)
        var lines: [String] = []
        for record in ListingOrder.sorted(records) {
            let option = naming.option(record.settings.identity)
            lines.append((["-A \(option)"] + words(record.settings)).joined(separator: " "))
            for destination in record.destinations.map(\.destination) {
                let place = naming.text(destination.endpoint, record.settings.identity.transport)
                lines.append((["-a \(option) -r \(place)"] + words(destination)).joined(separator: " "))
            }
        }
        if timeouts != usual {
            let values = IPVSTimeout.allCases.map { String(timeouts[$0] ?? 0) }
            lines.append("--set \(values.joined(separator: " "))")
        }
        for thread in SyncThread.allCases {
            guard let daemon = daemons[thread] else { continue }
            lines.append((["--start-daemon \(thread)"] + words(daemon)).joined(separator: " "))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func words(_ service: IPVSService) -> [String] {
        var words = ["-s \(service.scheduler)"]
        if let persistence = service.persistence {
            words.append("-p \(persistence.timeoutSeconds)")
            if let mask = persistence.maskText(service.identity.family) { words.append("-M \(mask)") }
        }
        if let engine = service.persistenceEngine, !engine.isEmpty { words.append("--pe \(engine)") }
        if service.flags.contains(.onePacket) { words.append("-o") }
        let names = SchedulerFlagNames.names(of: service.flags, scheduler: service.scheduler)
        if !names.isEmpty { words.append("-b \(names.joined(separator: ","))") }
        return words
    }

    private static func words(_ destination: IPVSDestination) -> [String] {
        var words: [String]
        switch destination.forwarding {
        case .masquerade: words = ["-m"]
        case .tunnel: words = ["-i"]
        case .directRouting, .bypass: words = ["-g"]
        }
        words.append("-w \(destination.weight)")
        if destination.upperThreshold != 0 { words.append("-x \(destination.upperThreshold)") }
        if destination.lowerThreshold != 0 { words.append("-y \(destination.lowerThreshold)") }
        return destination.forwarding == .tunnel ? words + Self.words(destination.encapsulation) : words
    }

    private static func words(_ encapsulation: Encapsulation) -> [String] {
        let checksum =
            switch encapsulation.flags {
            case Encapsulation.checksum: "--tun-csum"
            case Encapsulation.remoteChecksum: "--tun-remcsum"
            default: "--tun-nocsum"
            }
        return switch encapsulation.type {
        case Encapsulation.gue: ["--tun-type gue", "--tun-port \(encapsulation.port)", checksum]
        case Encapsulation.gre: ["--tun-type gre", checksum]
        default: ["--tun-type ipip"]
        }
    }

    private static func words(_ daemon: SyncDaemonConfiguration) -> [String] {
        var words = ["--mcast-interface \(daemon.interface)", "--syncid \(daemon.syncID)"]
        if let length = daemon.maximumLength { words.append("--sync-maxlen \(length)") }
        if let group = daemon.group { words.append("--mcast-group \(group)") }
        if let port = daemon.port { words.append("--mcast-port \(port)") }
        if let ttl = daemon.ttl { words.append("--mcast-ttl \(ttl)") }
        return words
    }
}
