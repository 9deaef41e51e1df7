import HealthChecks
import NetTypes
import Timekeeping

private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80)

@Sendable private func tcp() -> CheckSpecification.Kind {
    var check = TCPCheck(target: target)
    (check.greeting, check.expected) = (Array("NOOP\r\n".utf8), Array("250".utf8))
    return .tcp(check)
}

/// Whose body is looked at, with TLS or without.
private func page(_ tls: TLSSettings?) -> CheckSpecification.Kind {
    var url = HTTPURL(statusCodes: [100...399])
    url.digest = BodyDigest(String(repeating: "61", count: 16))
    url.pattern = BodyPattern("x")
    url.bodyLimit = 1000
    var check = HTTPCheck(target: target, urls: [url])
    check.tls = tls
    return .http(check)
}

/// Every kind that reads what a server sends; those by datagrams last. Made anew each time: the sanitizer
/// does not see what an enumeration that stays holds, and would call it lost.
private let kinds: [@Sendable () -> CheckSpecification.Kind] = [
    { page(nil) }, { page(TLSSettings()) }, { .http(HTTPCheck(target: target, urls: [HTTPURL()])) }, tcp,
    { .smtp(SMTPCheck(target: target)) }, { .dns(DNSCheck(target: target, name: "example.org")) },
    {
        .udp(
            UDPCheck(
                target: target, requiresReply: true, reply: ReplyPattern("4XX5"), replyLength: 2...200))
    },
    { .ping(PingCheck(address: target.address)) },
]
private let streams = 5

/// Lets libFuzzer be the server of a probe: its first octet says of which kind, the second how what follows
/// is cut. What is looked for is a trap, a hang, a probe that its deadline does not end, a connection that
/// stays, and a stream that means something else in other pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func answerProbe(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard octets.count >= 2 else { return 0 }
    let kind = Int(octets[0]) % kinds.count
    let answer = Array(octets.dropFirst(2))
    let size = max(1, Int(octets[1] & 0x3F))
    let cut = stride(from: 0, to: answer.count, by: size).map {
        Array(answer[$0..<min($0 + size, answer.count)])
    }
    let closes = octets[1] & 0x40 != 0
    let found = play(kinds[kind](), answer: cut, closes: closes)
    if kind < streams {
        let whole = play(kinds[kind](), answer: [answer], closes: closes)
        precondition(found.outcome == whole.outcome, "in pieces it means something else")
    }
    return 0
}

private func play(_ kind: CheckSpecification.Kind, answer: [[UInt8]], closes: Bool) -> ProbeResult {
    var now = Instant(nanoseconds: 0)
    var check = Check(CheckSpecification(kind: kind, schedule: CheckSchedule()), warmup: .zero, at: now)
    var open = 0
    func feed(_ event: Check.Event) {
        var waiting = check.handle(event, at: now)
        while !waiting.isEmpty {
            guard case .perform(let action) = waiting.removeFirst() else { continue }
            switch action {
            case .connect: open += 1
            case .open: open += 1
            case .disconnect: open -= 1
            case .secure, .send, .digest, .match, .run, .terminate: break
            }
            if let happened = consequence(of: action) { waiting += check.handle(.probe(happened), at: now) }
        }
    }
    func pass() {
        now = max(now, check.nextDeadline ?? now)
        feed(.timer)
    }
    pass()
    for piece in answer where check.isProbing { feed(.probe(.received(piece))) }
    if closes, check.isProbing { feed(.probe(.closed)) }
    if check.isProbing { pass() }
    precondition(!check.isProbing && open == 0, "a probe goes on after its deadline")
    guard let result = check.lastReport?.result else { preconditionFailure("a probe without a result") }
    precondition(
        result.detail.utf8.count <= 120 && result.detail.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    return result
}

/// What the process that runs probes answers.
private func consequence(of action: ProbeAction) -> ProbeEvent? {
    switch action {
    case .connect: .connected
    case .open: .opened(nonce: 0x0102_0304_0506_4142)
    case .secure: .secured
    case .digest(_, let octets):
        .digested(Array((octets + [UInt8](repeating: 0x61, count: 16)).prefix(16)))
    case .match(_, let octets): .matched(octets.contains(UInt8(ascii: "x")))
    case .send, .disconnect, .run, .terminate: nil
    }
}
