import LoadBalancing
import NetTypes

/// The table of services as text, to the byte as ipvsadm(8) prints it.
package struct TableText {
    private let request: ListRequest
    private let naming: AddressNaming

    /// The listings that `request` asks for. `names` are only asked when it does not want numbers.
    package init(_ request: ListRequest, names: NameLookup) {
        self.request = request
        naming = AddressNaming(names: request.isNumeric ? nil : names)
    }

    /// The line above the whole table; a single service is shown without it.
    package static func title(version: String, connectionTableSize: UInt32) -> String {
        "IP Virtual Server version \(version) (size=\(connectionTableSize))\n"
    }

    /// The head of the table and its rows, in the order that is asked for.
    package func text(_ records: [ServiceRecord]) -> String {
        var text = head
        for record in request.isSorted ? ListingOrder.sorted(records) : records {
            text += row(record) + "\n"
            let transport = record.settings.identity.transport
            for destination in record.destinations { text += row(destination, transport) + "\n" }
        }
        return text
    }

    private var head: String {
        switch request.columns {
        case .plain:
            "Prot LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"
        case .tunnels:
            "Prot LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n"
        case .counters:
            "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
                + "  -> RemoteAddress:Port\n"
        case .rates:
            "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
                + "  -> RemoteAddress:Port\n"
        case .thresholds:
            "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
                + "  -> RemoteAddress:Port\n"
        case .persistence:
            "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
                + "  -> RemoteAddress:Port\n"
        }
    }

    private func row(_ record: ServiceRecord) -> String {
        let name = naming.row(record.settings.identity)
        if let counts = counts(record.counters, record.rates) { return Column.left(name, 33) + counts }
        return ([name, record.settings.scheduler] + Self.flags(record.settings)).joined(separator: " ")
    }

    private static func flags(_ service: IPVSService) -> [String] {
        var words: [String] = []
        let names = SchedulerFlagNames.names(of: service.flags, scheduler: service.scheduler)
        if !names.isEmpty { words.append("(\(names.joined(separator: ",")))") }
        if let persistence = service.persistence {
            words.append("persistent \(persistence.timeoutSeconds)")
            if let mask = persistence.maskText(service.identity.family) { words.append("mask \(mask)") }
            if let engine = service.persistenceEngine, !engine.isEmpty { words.append("pe \(engine)") }
        }
        if service.flags.contains(.onePacket) { words.append("ops") }
        return words
    }

    private func row(_ record: DestinationRecord, _ transport: TransportProtocol?) -> String {
        let destination = record.destination
        let name = "  -> " + Column.left(naming.text(destination.endpoint, transport), 28)
        if let counts = counts(record.counters, record.rates) { return name + counts }
        let connections = [Column.left(record.active, 10), Column.left(record.inactive, 10)]
        let columns: [String] =
            switch request.columns {
            case .thresholds:
                [Column.left(destination.upperThreshold, 10), Column.left(destination.lowerThreshold, 10)]
            case .persistence: [Column.left(destination.weight, 9), Column.left(record.persistent, 11)]
            case .tunnels:
                [
                    Column.left(record.forwardingText, 7), Column.left(destination.tunnelText, 13),
                    Column.left(destination.weight, 6),
                ]
            case .plain, .counters, .rates:
                [Column.left(record.forwardingText, 7), Column.left(destination.weight, 6)]
            }
        return ([name] + columns + connections).joined(separator: " ")
    }

    /// The five numbers of `--stats` and `--rate`; nil for the other tables.
    private func counts(_ counters: IPVSCounters, _ rates: IPVSRates) -> String? {
        let numbers: [UInt64]
        switch request.columns {
        case .counters:
            numbers = [
                counters.connections, counters.packetsIn, counters.packetsOut, counters.octetsIn,
                counters.octetsOut,
            ]
        case .rates:
            numbers = [
                rates.connections, rates.packetsIn, rates.packetsOut, rates.octetsIn, rates.octetsOut,
            ]
        case .plain, .thresholds, .persistence, .tunnels: return nil
        }
        return numbers.map { Column.count($0, isExact: request.isExact) }.joined()
    }
}

extension Persistence {
    /// The mask as `-M` takes it; nil for whole addresses, which is the default.
    func maskText(_ family: AddressFamily) -> String? {
        switch family {
        case .inet: mask == .max ? nil : IPv4Address(rawValue: mask).description
        case .inet6: prefixLength == 128 ? nil : String(prefixLength)
        }
    }
}

extension DestinationRecord {
    /// As a listing has it; ipvsadm knows no bypass, which no option of it writes.
    fileprivate var forwardingText: String {
        if isLocal { return "Local" }
        return switch destination.forwarding {
        case .masquerade: "Masq"
        case .tunnel: "Tunnel"
        case .directRouting: "Route"
        case .bypass: "(null)"
        }
    }
}

extension IPVSDestination {
    /// `ipip`, `gue:6080:+c`, `gre:-c`; with an `r` for remote checksums.
    fileprivate var tunnelText: String {
        guard forwarding == .tunnel else { return "n/a" }
        let checksum =
            switch encapsulation.flags {
            case Encapsulation.checksum: "+c"
            case Encapsulation.remoteChecksum: "r+c"
            default: "-c"
            }
        return switch encapsulation.type {
        case Encapsulation.gue: "gue:\(encapsulation.port):\(checksum)"
        case Encapsulation.gre: "gre:\(checksum)"
        default: "ipip"
        }
    }
}
