import LoadBalancing
import NetTypes

/// A command while its options are read, one after the other: what each means is looked at when it comes,
/// what they mean together at the end.
struct CommandDraft {
    let kind: AdminOption
    let argument: String?
    let names: NameLookup
    let isRestoring: Bool
    /// What was said, by subject.
    private(set) var given: Set<AdminOption> = []

    private(set) var identity: ServiceIdentity?
    private(set) var scheduler = "wlc"
    private(set) var flagNames = ""
    private(set) var flags: ServiceFlags = []
    private(set) var engine: String?
    private(set) var persistence: UInt32?
    /// A mask for IPv4, a prefix length for IPv6.
    private(set) var netmask = UInt32.max

    private(set) var server: AddressWords.Place?
    private(set) var forwarding = ForwardingMethod.directRouting
    private(set) var weight: UInt32 = 1
    private(set) var upperThreshold: UInt32 = 0
    private(set) var lowerThreshold: UInt32 = 0
    private(set) var tunnelType: UInt8 = 0
    private(set) var tunnelPort: UInt16 = 0

    private(set) var sync = SyncDaemonConfiguration(interface: "eth0")

    /// The longest persistence and the longest timeout: 31 days.
    static let longest = 2_678_400

    init(_ kind: AdminOption, _ argument: String?, names: NameLookup, isRestoring: Bool) {
        self.kind = kind
        self.argument = argument
        self.names = names
        self.isRestoring = isRestoring
    }

    /// Takes in one option after the command.
    mutating func take(_ option: AdminOption, _ value: String?) throws(CommandError) {
        guard !option.isCommand else {
            throw .refused("\(kind) is the command, so \(option) cannot be another")
        }
        if option != .ipv6, option != .sorted {
            guard given.insert(option.subject).inserted else {
                throw .refused("\(option.subjectText) is given twice")
            }
        }
        switch option {
        case .tcpService: try takeAddress(value, .tcp)
        case .udpService: try takeAddress(value, .udp)
        case .sctpService: try takeAddress(value, .sctp)
        case .markService: try takeMark(value)
        case .ipv6: try takeIPv6()
        case .scheduler: if let value, !value.isEmpty { scheduler = value }
        case .schedulerFlags: flagNames = value ?? ""
        case .persistent:
            persistence = UInt32(try number(value ?? "360", option, 1...Self.longest))
        case .netmask: try takeNetmask(value)
        case .persistenceEngine: engine = value?.isEmpty == false ? value : nil
        case .onePacket: flags.insert(.onePacket)
        case .realServer: try takeServer(value ?? "")
        case .directRouting: forwarding = .directRouting
        case .tunnel: forwarding = .tunnel
        case .masquerade: forwarding = .masquerade
        default: try takeNumber(option, value)
        }
    }

    /// Settings of servers and sync threads; options without a value are only noted in `given`.
    private mutating func takeNumber(_ option: AdminOption, _ value: String?) throws(CommandError) {
        let natural = 0...Int(Int32.max)
        switch option {
        case .weight: weight = UInt32(try number(value, option, natural))
        case .upperThreshold: upperThreshold = UInt32(try number(value, option, natural))
        case .lowerThreshold: lowerThreshold = UInt32(try number(value, option, natural))
        case .tunnelType:
            guard let type = TunnelNames.all.firstIndex(of: value ?? "") else {
                throw .refused("\(option) is one of \(TunnelNames.all.joined(separator: ", "))")
            }
            tunnelType = UInt8(type)
        case .tunnelPort: tunnelPort = UInt16(try number(value, option, 1...65535))
        case .syncID: sync.syncID = UInt8(try number(value, option, 0...255))
        case .syncLength: sync.maximumLength = UInt16(try number(value, option, 1...65507))
        case .syncInterface: sync.interface = value ?? ""
        case .syncGroup:
            guard let group = IPAddress(value ?? ""), group.isMulticast else {
                throw .refused("\(option) is the address of a multicast group")
            }
            sync.group = group
        case .syncPort: sync.port = UInt16(try number(value, option, 1...65535))
        case .syncTTL: sync.ttl = UInt8(try number(value, option, 1...255))
        default: break
        }
    }

    /// A number in `range`.
    func number(
        _ text: String?, _ option: AdminOption, _ range: ClosedRange<Int>
    ) throws(CommandError) -> Int {
        guard let number = AddressWords.number(text ?? "", in: range) else {
            throw .refused(
                "\(option) is a number from \(range.lowerBound) to \(range.upperBound), not \(text ?? "")")
        }
        return number
    }

    private mutating func takeAddress(
        _ text: String?, _ transport: TransportProtocol
    ) throws(CommandError) {
        guard let place = AddressWords.place(text ?? "", transport, names) else {
            throw .refused("\(text ?? "") is no address of a service")
        }
        identity = .address(transport, Endpoint(place.address, port: place.port ?? 0))
        if place.address.family == .inet6 { netmask = 128 }
    }

    /// A port's name is looked up among those of the service, if that has been told; of a mark among TCP's.
    private mutating func takeServer(_ text: String) throws(CommandError) {
        guard let place = AddressWords.place(text, identity.map { $0.transport ?? .tcp }, names) else {
            throw .refused("\(text) is no address of a server")
        }
        server = place
    }

    private mutating func takeMark(_ text: String?) throws(CommandError) {
        var number = AddressWords.number(text ?? "", in: 1...Int(UInt32.max))
        if isRestoring, let signed = AddressWords.number(text ?? "", in: Int(Int32.min)...(-1)) {
            number = Int(UInt32(bitPattern: Int32(signed)))
        }
        guard let mark = number.flatMap({ FirewallMark(UInt32($0)) }) else {
            throw .refused("a mark is a number from 1 to 4294967295, not \(text ?? "")")
        }
        identity = .mark(.inet, mark)
    }

    private mutating func takeIPv6() throws(CommandError) {
        guard case .mark(_, let mark) = identity else {
            throw .refused("-6 belongs behind -f, whose family it tells")
        }
        identity = .mark(.inet6, mark)
        netmask = 128
    }

    private mutating func takeNetmask(_ text: String?) throws(CommandError) {
        if identity?.family == .inet6 {
            netmask = UInt32(try number(text, .netmask, 1...128))
        } else if let mask = AddressWords.classicAddress(text ?? "") {
            netmask = mask.rawValue
        } else {
            throw .refused("--netmask is an address such as 255.255.255.0, not \(text ?? "")")
        }
    }
}

/// The names of `--tun-type`, by the kernel's numbers.
enum TunnelNames {
    static let all = ["ipip", "gue", "gre"]
}
