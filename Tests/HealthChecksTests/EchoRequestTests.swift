import NetTypes
import Testing

@testable import HealthChecks

struct EchoRequestTests {
    private static let v4 = IPAddress.v4(IPv4Address(192, 0, 2, 21))
    private static let v6 = IPAddress.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1))
    private static let data: [UInt8] = [0, 0, 0, 0, 0, 1, 2, 3]

    private func asked(_ address: IPAddress = v4) -> EchoRequest {
        var probe = EchoRequest(PingCheck(address: address))
        #expect(probe.start() == .perform(.open(.echo, to: Endpoint(address, port: 0))))
        let type: UInt8 = address.family == .inet ? 8 : 128
        let message = [type, 0, 0, 0, 0, 0, 2, 3] + Self.data
        #expect(probe.handle(.opened(nonce: 0x010203)) == .perform(.send(message)))
        return probe
    }

    @Test(arguments: [(v4, 0), (v6, 129)] as [(IPAddress, UInt8)])
    func `an answer to this request is good`(address: IPAddress, type: UInt8) {
        var probe = asked(address)
        let answer = [type, 0, 0x12, 0x34, 0x56, 0x78, 2, 3] + Self.data
        #expect(probe.handle(.received(answer)) == .finish(.connected, "echo reply", .disconnect))
    }

    @Test(
        arguments: [
            [], [0], [8, 0, 0, 0, 0, 0, 2, 3] + data, [0, 0, 0, 0, 0, 0, 2, 4] + data,
            [0, 1, 0, 0, 0, 0, 2, 3] + data,
            [0, 0, 0, 0, 0, 0, 2, 3] + data + [0], [129, 0, 0, 0, 0, 0, 2, 3] + data,
            [0, 0, 0, 0, 0, 0, 2, 3] + data.reversed(),
        ] as [[UInt8]])
    func `anything else is waited through`(octets: [UInt8]) {
        var probe = asked()
        #expect(probe.handle(.received(octets)) == .none)
        #expect(probe.handle(.timedOut) == .finish(.connectTimedOut, "no echo reply", .disconnect))
    }

    @Test func `every other end`() {
        var probe = asked()
        #expect(probe.handle(.closed) == .none)
        #expect(
            probe.handle(.failed("no route to host"))
                == .finish(.connectionFailed, "no route to host", .disconnect))
        #expect(probe.handle(.unavailable("x")) == .finish(.notProbed, "x", .disconnect))
        var early = EchoRequest(PingCheck(address: Self.v4))
        #expect(early.handle(.received([0])) == .none)
    }
}
