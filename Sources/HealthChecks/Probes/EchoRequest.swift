import NetTypes

/// The probe of `PING_CHECK`: one ICMP echo request, good when it is answered (RFC 792, RFC 4443 section 4).
/// The kernel fills in identifier and checksum, and delivers answers to this identifier alone; through a raw
/// socket everything comes, and the nonce in the data tells what answers this request.
struct EchoRequest: ProbeMachine {
    private let check: PingCheck
    private var nonce: UInt64?

    init(_ check: PingCheck) { self.check = check }

    func start() -> ProbeStep {
        .perform(.open(.echo, to: Endpoint(check.address, port: 0), from: check.source))
    }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .opened(let nonce):
            self.nonce = nonce
            return .perform(.send(Self.message(check.address.family == .inet ? 8 : 128, nonce)))
        case .received(let octets):
            guard let nonce, isAnswer(octets, to: nonce) else { return .none }
            return .finish(.connected, "echo reply", .disconnect)
        case .failed(let text): return .finish(.connectionFailed, text, .disconnect)
        case .timedOut: return .finish(.connectTimedOut, "no echo reply", .disconnect)
        case .unavailable(let text): return .finish(.notProbed, text, .disconnect)
        default: return .none
        }
    }

    private func isAnswer(_ octets: [UInt8], to nonce: UInt64) -> Bool {
        let type: UInt8 = check.address.family == .inet ? 0 : 129
        let wanted = Self.message(type, nonce)
        return octets.count == wanted.count && octets[0] == type && octets[1] == 0
            && octets.dropFirst(6).elementsEqual(wanted.dropFirst(6))
    }

    /// Type, code, checksum, identifier, sequence number, and the nonce as data.
    private static func message(_ type: UInt8, _ nonce: UInt64) -> [UInt8] {
        let octets = eightOctets(nonce)
        return [type, 0, 0, 0, 0, 0] + octets.suffix(2) + octets
    }
}
