/// The probe of `UDP_CHECK`: one datagram. Silence is good unless a reply is required; an ICMP error is bad.
struct UDPExchange: ProbeMachine {
    private let check: UDPCheck
    private var hasSent = false

    init(_ check: UDPCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.open(.udp, to: check.target, from: check.source)) }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .opened(let nonce):
            hasSent = true
            return .perform(.send(check.payload ?? Self.noise(nonce)))
        case .received(let octets) where hasSent: return read(octets)
        case .failed(let text): return .finish(.connectionFailed, text, .disconnect)
        case .timedOut where !hasSent: return .finish(.notProbed, "nothing was sent", .disconnect)
        case .timedOut where check.requiresReply: return .finish(.responseTimedOut, "no reply", .disconnect)
        case .timedOut: return .finish(.connected, "no objection", .disconnect)
        case .unavailable(let text): return .finish(.notProbed, text, .disconnect)
        default: return .none
        }
    }

    private func read(_ octets: [UInt8]) -> ProbeStep {
        guard check.replyLength.contains(octets.count) else {
            return .finish(.badResponse, "reply of \(octets.count) octets", .disconnect)
        }
        guard check.reply?.matches(octets) ?? true else {
            return .finish(.badResponse, "reply \(digits(Array(octets.prefix(16))))", .disconnect)
        }
        return .finish(.accepted, "reply of \(octets.count) octets", .disconnect)
    }

    /// 32 octets that nobody expects, from one number (SplitMix64, by Steele, Lea and Flood).
    private static func noise(_ nonce: UInt64) -> [UInt8] {
        var state = nonce
        return (0..<4).flatMap { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return eightOctets(mixed ^ mixed >> 31)
        }
    }
}

/// A number in network order.
func eightOctets(_ number: UInt64) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (UInt64($0) * 8)) }
}
