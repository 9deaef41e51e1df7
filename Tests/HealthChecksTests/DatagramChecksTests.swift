import NetTypes
import Testing
import Timekeeping

@testable import HealthChecks

struct DatagramChecksTests {
    private let target = Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 53)

    @Test func `the defaults are keepalived's`() {
        #expect(SMTPCheck(target: target).heloName == "smtpchecker.keepalived.org")
        #expect(DNSCheck(target: target).type == .SOA && DNSCheck(target: target).name == ".")
        let udp = UDPCheck(target: target)
        #expect(udp.payload == nil && !udp.requiresReply && udp.reply == nil)
        #expect(udp.replyLength == 0...255)
        #expect(PingCheck(address: target.address).timeout == .seconds(5))
        #expect(DNSType.allCases.map(\.rawValue) == [1, 2, 5, 6, 15, 16, 28])
    }

    @Test(
        arguments: [
            ("00ff", [0x00, 0xFF], true), ("00ff", [0x00, 0xFF, 0x01], true), ("00ff", [0x00], false),
            ("00ff", [0x00, 0xFE], false), ("XXff", [0x77, 0xFF], true), ("0Xf1", [0x0A, 0xF1], true),
            ("0xf1", [0x1A, 0xF1], false), ("XX", [], false),
        ] as [(String, [UInt8], Bool)])
    func `a reply begins as it must`(text: String, octets: [UInt8], isGood: Bool) throws {
        #expect(try #require(ReplyPattern(text)).matches(octets) == isGood)
    }

    @Test(arguments: ["", "0", "0g", "00f", "é"]) func `what is no pattern`(text: String) {
        #expect(ReplyPattern(text) == nil)
    }

    @Test func `a pattern is written as it is read`() throws {
        let pattern = try #require(ReplyPattern("0AxX"))
        #expect(pattern.description == "0aXX")
        #expect(pattern.octets == nil)
        #expect(ReplyPattern(pattern.description) == pattern)
        #expect(ReplyPattern("0aff")?.octets == [0x0A, 0xFF])
    }
}
