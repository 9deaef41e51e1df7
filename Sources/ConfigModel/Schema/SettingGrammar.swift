import ConfigSyntax
import LoadBalancing

/// The keywords of `global_defs` for settings of IPVS in the kernel: `lvs_` and the kernel's name.
enum SettingGrammar {
    static let rows: [Keyword<GlobalDraft>] = IPVSSetting.allCases.compactMap {
        setting -> Keyword<GlobalDraft>? in
        guard let text = meaning(of: setting) else { return nil }
        return Keyword(
            "lvs_\(setting.rawValue)", arguments: arguments(of: setting.kind),
            default: "as the kernel has it", text, tier: .own
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            guard let value = read(setting.kind, &arguments, &reader), arguments.finish(&reader)
            else { return false }
            reader.noteRepeat(of: statement, earlier: draft.settings[setting]?.span)
            draft.settings[setting] = Located(value, at: statement.header)
            return true
        }
    }

    /// A value as it is written after the keyword.
    static func words(_ value: String, of setting: IPVSSetting) -> [String] {
        if case .toggle = setting.kind { return [value == "0" ? "off" : "on"] }
        return value.split(separator: " ").map(String.init)
    }

    private static func arguments(of kind: IPVSSetting.Kind) -> String {
        switch kind {
        case .toggle: "[BOOL]"
        case .number(let range): ValueType<UInt32>.integer(range).name
        case .oneOf(let numbers): choice(numbers).name
        case .pair: "THRESHOLD PERIOD"
        }
    }

    private static func choice(_ numbers: [UInt32]) -> ValueType<UInt32> {
        .choice("a possible number", numbers.map { (String($0), $0) })
    }

    /// The words after the keyword, as the kernel writes them; nil when they are wrong, which is reported.
    private static func read(
        _ kind: IPVSSetting.Kind, _ arguments: inout Arguments, _ reader: inout SchemaReader
    ) -> String? {
        switch kind {
        case .toggle:
            let value = arguments.nextIfAny(.boolean, &reader)
            return value == .bad ? nil : value.found?.value == false ? "0" : "1"
        case .number(let range): return arguments.next(.integer(range), &reader).map { String($0.value) }
        case .oneOf(let numbers): return arguments.next(choice(numbers), &reader).map { String($0.value) }
        case .pair(let range):
            guard let first = arguments.next(.integer(range), &reader),
                let second = arguments.next(.integer(range), &reader)
            else { return nil }
            guard second.value == 0 || first.value < second.value else {
                reader.report(
                    .outOfRange, "the threshold, \(first.value), is not below the period, \(second.value)",
                    at: first.span, notes: ["no packet would ever reach it, and the kernel refuses it"],
                    help: ["write a smaller threshold, or 0 for the period"])
                return nil
            }
            return "\(first.value) \(second.value)"
        }
    }

    /// One sentence; nil for what no keyword sets.
    private static func meaning(of setting: IPVSSetting) -> String? {
        switch setting {
        case .backupOnly: nil
        case .syncThreshold:
            "The peer is told of a connection at this packet, and again at the same one of every period."
        case .syncRefreshPeriod:
            "Seconds after which the peer is told of a connection again; 0 for never."
        case .syncRetries: "How often such a message is repeated, since one can be lost."
        case .syncPorts: "Threads and UDP ports of the sync daemon; the same on every director."
        case .syncQueueLength: "Messages that may wait to be sent to the peer."
        case .syncSocketSize: "Octets of the sync daemon's socket buffers; 0 for the system's."
        case .syncsTemplatesAlone:
            "Of persistent services the peer is told which client has which server, and no connection."
        case .sloppyTCP: "Any packet of a TCP connection is scheduled, not its first one alone."
        case .sloppySCTP: "Any packet of an SCTP association is scheduled, not its first one alone."
        case .expiresWithServer: "Connections to a server that was removed end at their next packet."
        case .expiresQuiescent: "Clients of a persistent service leave a server whose weight is 0."
        case .reuseMode: "What becomes of a connection whose client uses its port again."
        case .conntrack: "Packets of services are tracked by netfilter, too."
        case .ignoresTunnelled: "What comes out of a tunnel is not balanced."
        case .schedulesICMP: "ICMP errors that belong to no connection are balanced."
        case .estimates: "The kernel computes rates of every service and server."
        }
    }
}
