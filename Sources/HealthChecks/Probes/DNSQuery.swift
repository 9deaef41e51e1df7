/// The probe of `DNS_CHECK`: one query by UDP, good when it is answered without an error (RFC 1035 section
/// 4). Only the head of an answer is looked at: there is no name in it to be followed.
struct DNSQuery: ProbeMachine {
    private let check: DNSCheck
    private var identifier: UInt16?
    private var strangers = 0

    init(_ check: DNSCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.open(.udp, to: check.target, from: check.source)) }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .opened(let nonce):
            let number = UInt16(truncatingIfNeeded: nonce)
            identifier = number
            return .perform(.send(Self.query(number, check)))
        case .received(let octets): return read(octets)
        case .failed(let text): return .finish(.connectionFailed, text, .disconnect)
        case .timedOut: return .finish(.responseTimedOut, "no answer", .disconnect)
        case .unavailable(let text): return .finish(.notProbed, text, .disconnect)
        default: return .none
        }
    }

    private mutating func read(_ octets: [UInt8]) -> ProbeStep {
        guard let identifier, octets.count >= 12, UInt16(octets[0]) << 8 | UInt16(octets[1]) == identifier,
            octets[2] & 0x80 != 0
        else {
            // Late answers to former queries come this way; the real one may still come.
            strangers += 1
            guard strangers >= Limits.strangers else { return .none }
            return .finish(.badResponse, "\(strangers) answers to other queries", .disconnect)
        }
        let code = Int(octets[3] & 0x0F)
        guard code == 0 else {
            let names = ["", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
            return .finish(
                .wrongStatus, code < names.count ? names[code] : "response code \(code)", .disconnect)
        }
        return .finish(.accepted, "NOERROR", .disconnect)
    }

    /// A query with recursion desired and one question.
    static func query(_ identifier: UInt16, _ check: DNSCheck) -> [UInt8] {
        var octets = [UInt8(identifier >> 8), UInt8(identifier & 0xFF), 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in check.name.split(separator: ".") {
            let label = Array(label.utf8.prefix(63))
            octets.append(UInt8(label.count))
            octets += label
        }
        octets.append(0)
        return octets + [UInt8(check.type.rawValue >> 8), UInt8(check.type.rawValue & 0xFF), 0, 1]
    }
}
