import LinuxIO
import Testing
import Timekeeping

@testable import KernelNet

@Suite struct NetlinkSocketTests {
    @Test func `a refusal reads as a sentence, with the kernel's words when it gave any`() {
        let bare = RouteError("add 192.0.2.100/24 on interface 9", .noDevice)
        #expect(bare.description == "cannot add 192.0.2.100/24 on interface 9: No such device (ENODEV)")
        let explained = RouteError("add 192.0.2.100/99", .invalid, detail: "ipv4: Invalid prefix length")
        #expect(
            explained.description
                == "cannot add 192.0.2.100/99: Invalid argument (EINVAL): ipv4: Invalid prefix length")
    }

    @Test func `a blocking socket waits no longer than its limit`() throws {
        let socket = try NetlinkSocket(timeout: .milliseconds(50), receiveBuffer: 1 << 16)
        let start = Clock.now()
        guard case .wouldBlock = try socket.receive() else {
            Issue.record("something came")
            return
        }
        let waited = Clock.now() - start
        #expect(waited >= .milliseconds(45))
        #expect(waited < .seconds(20))
    }

    @Test func `a request is answered`() throws {
        let socket = try NetlinkSocket(timeout: .seconds(5), receiveBuffer: 1 << 16)
        // NLM_F_REQUEST | NLM_F_ACK on NLMSG_NOOP: the kernel acknowledges and does nothing.
        try socket.send(NetlinkMessage(type: 1, flags: 5, sequence: 77, payload: []))
        guard case .messages(let messages) = try socket.receive() else {
            Issue.record("nothing came")
            return
        }
        let answer = try #require(messages.compactMap { $0 }.first)
        #expect(messages.count == 1 && answer.sequence == 77)
        let end = try #require(AnswerEnd(answer))
        #expect(end.error == nil && end.detail == nil)
    }
}
