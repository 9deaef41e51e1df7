import NetTypes
import Testing

@testable import HealthChecks

struct UDPExchangeTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 53)

    private func sent(_ change: (inout UDPCheck) -> Void = { _ in }) -> UDPExchange {
        var check = UDPCheck(target: target, payload: [1, 2])
        change(&check)
        var probe = UDPExchange(check)
        #expect(probe.start() == .perform(.open(.udp, to: target)))
        #expect(probe.handle(.opened(nonce: 7)) == .perform(.send([1, 2])))
        return probe
    }

    @Test func `silence is good unless a reply is required`() {
        var probe = sent()
        #expect(probe.handle(.timedOut) == .finish(.connected, "no objection", .disconnect))
        var strict = sent { $0.requiresReply = true }
        #expect(strict.handle(.timedOut) == .finish(.responseTimedOut, "no reply", .disconnect))
        var unsent = UDPExchange(UDPCheck(target: target))
        _ = unsent.start()
        #expect(unsent.handle(.timedOut) == .finish(.notProbed, "nothing was sent", .disconnect))
    }

    @Test func `an objection is a failure`() {
        var probe = sent()
        let step = probe.handle(.failed("connection refused"))
        #expect(step == .finish(.connectionFailed, "connection refused", .disconnect))
        var none = sent()
        #expect(none.handle(.unavailable("x")) == .finish(.notProbed, "x", .disconnect))
        #expect(none.handle(.closed) == .none)
    }

    @Test(
        arguments: [
            ([], .accepted, "reply of 0 octets"), ([0xAB, 0xCD], .accepted, "reply of 2 octets"),
            ([UInt8](repeating: 0, count: 255), .accepted, "reply of 255 octets"),
            ([UInt8](repeating: 0, count: 256), .badResponse, "reply of 256 octets"),
        ] as [([UInt8], ProbeOutcome, String)])
    func `a reply has a length`(octets: [UInt8], outcome: ProbeOutcome, detail: String) {
        var probe = sent()
        #expect(probe.handle(.received(octets)) == .finish(outcome, detail, .disconnect))
    }

    @Test func `a reply begins as it must`() {
        for (octets, isGood) in [([0xAB, 0xC1], true), ([0xAB], false), ([0xAC, 0xC1], false)]
            as [([UInt8], Bool)]
        {
            var probe = sent { $0.reply = ReplyPattern("abCX") }
            #expect(probe.handle(.received(octets)).result?.outcome == (isGood ? .accepted : .badResponse))
        }
    }

    @Test func `without a payload it is noise, another each time`() {
        func noise(_ nonce: UInt64) -> [UInt8] {
            var probe = UDPExchange(UDPCheck(target: target))
            guard case .send(let octets)? = probe.handle(.opened(nonce: nonce)).actions.first else {
                return []
            }
            return octets
        }
        #expect(noise(1).count == 32)
        #expect(noise(1) == noise(1) && noise(1) != noise(2))
    }

    @Test func `a number has eight octets`() {
        #expect(eightOctets(0x0102_0304_0506_07FF) == [1, 2, 3, 4, 5, 6, 7, 255])
    }
}
