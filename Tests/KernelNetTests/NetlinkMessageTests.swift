import LinuxIO
import NetTypes
import Testing

@testable import KernelNet

@Suite struct NetlinkMessageTests {
    private let message = NetlinkMessage(
        type: 20, flags: 5, sequence: 7, port: 9, payload: [0xAA, 0xBB, 0xCC])

    @Test func `a message is a header of sixteen octets, a payload and padding`() {
        #expect(
            message.encoded
                == wire(
                    "13000000",  // length 19: header and payload, without padding
                    "1400",  // type RTM_NEWADDR
                    "0500",  // NLM_F_REQUEST | NLM_F_ACK
                    "07000000",  // sequence
                    "09000000",  // port
                    "aabbcc 00"))  // payload, one octet of padding
    }

    @Test func `a datagram is split into its messages`() {
        var second = message
        second.payload = []
        #expect(NetlinkMessage.split(message.encoded + second.encoded) == [message, second])
        #expect(NetlinkMessage.split([]).isEmpty)
        // The last message may come without its padding.
        #expect(NetlinkMessage.split(message.encoded.dropLast()) == [message])
    }

    @Test(arguments: [
        "0f000000 1400 0500 07000000 09000000",  // shorter than its header
        "11000000 1400 0500 07000000 09000000",  // longer than what came
        "ffffffff 1400 0500 07000000 09000000", "10000000 1400 0500", "10",
    ])
    func `a malformed message ends the datagram`(text: String) {
        #expect(NetlinkMessage.split(message.encoded + wire(text)) == [message, nil])
    }

    @Test func `every truncation is survived`() {
        let whole = message.encoded + message.encoded
        for length in 0..<whole.count {
            let messages = NetlinkMessage.split(Array(whole.prefix(length)))
            #expect(messages.count <= 2)
            #expect(messages.compactMap(\.self).allSatisfy { $0 == message })
        }
    }

    @Test func `attributes are found by type, whatever their flags`() {
        let attributes = NetlinkAttributes(
            wire(
                "0800 0200 c0000264",  // type 2, four octets
                "0700 0380 76300000",  // type 3, NLA_F_NESTED set, "v0" and its NUL, padded
                "0500 0b00 48000000",  // type 11, one octet
                "0400 0c00",  // type 12, empty
                "0800 0200 ffffffff"  // type 2 again: the first one counts
            )[...])
        #expect(attributes.word(2) == 0x6402_00C0)
        #expect(attributes.text(3) == "v0")
        #expect(attributes.octet(11) == 0x48)
        #expect(attributes[12] == [])
        #expect(attributes.octet(12) == nil && attributes.word(11) == nil && attributes[99] == nil)
    }

    @Test(arguments: ["0300 0200 00", "0900 0200 c0000264", "0000 0000", "08"])
    func `a malformed attribute ends the reading`(text: String) {
        let attributes = NetlinkAttributes(wire("0500 0100 07000000", text)[...])
        #expect(attributes.octet(1) == 7)
        #expect(attributes[2] == nil && attributes[0] == nil)
    }

    @Test func `an attribute is encoded with its padding`() {
        #expect(NetlinkAttributes.encoded(3, Array("v0".utf8) + [0]) == wire("0700 0300 76300000"))
        #expect(NetlinkAttributes.encoded(11, [72]) == wire("0500 0b00 48000000"))
        #expect(NetlinkAttributes.encoded(2, [1, 2, 3, 4]) == wire("0800 0200 01020304"))
    }

    @Test func `numbers are in the host's order`() {
        #expect(HostOrder.octets(UInt32(0x0102_0304)) == wire("04030201"))
        #expect(HostOrder.octets(UInt16(0x0102)) == wire("0201"))
        let octets = wire("ff 04030201")[1...]
        #expect(HostOrder.word(octets, at: 0) == 0x0102_0304)
        #expect(HostOrder.short(octets, at: 2) == 0x0102)
        #expect(HostOrder.octet(octets, at: 3) == 1)
        #expect(HostOrder.word(octets, at: 1) == nil && HostOrder.octet(octets, at: -1) == nil)
    }
}

@Suite struct AnswerEndTests {
    private func end(_ flags: UInt16, _ payload: [UInt8], type: UInt16 = 2) -> AnswerEnd? {
        AnswerEnd(NetlinkMessage(type: type, flags: flags, payload: payload))
    }

    @Test func `an acknowledgement and the end of a dump are success`() throws {
        let acknowledgement = try #require(
            end(0x100, wire("00000000", "20000000 1400 0500 07000000 00000000")))
        #expect(acknowledgement.error == nil && acknowledgement.detail == nil)
        #expect(try #require(end(2, wire("00000000"), type: 3)).error == nil)
        #expect(try #require(end(2, [], type: 3)).error == nil)
    }

    @Test func `a dump whose end says that it was interrupted is not whole`() throws {
        let done = try #require(end(0x12, wire("00000000"), type: 3))
        #expect(done.error == nil && done.isInterrupted)
        #expect(Answer([], done).isInterrupted)
        let whole = try #require(end(0x02, wire("00000000"), type: 3))
        #expect(!whole.isInterrupted && !Answer([], whole).isInterrupted)
        let object = NetlinkMessage(type: 20, flags: 0x12, payload: [])
        #expect(Answer([object], whole).isInterrupted)
        // Of an error the same bit belongs to the request.
        #expect(try #require(end(0x10, wire("00000000"))).isInterrupted == false)
    }

    @Test func `other messages end nothing`() {
        #expect(end(2, wire("00000000"), type: 20) == nil)
        #expect(end(2, [], type: 1) == nil)
    }

    @Test func `an error comes with the kernel's words`() throws {
        // A request for prefix length 99, refused by Linux 6.18.
        let refusal = wire(
            "eaffffff",  // -EINVAL
            "20000000 1400 0500 07000000 00000000",  // the request's header: 32 octets
            "02630000 01000000 0800 0200 c0000264",  // and its payload
            "2000 0100",  // NLMSGERR_ATTR_MSG
            "697076343a20496e76616c696420707265666978206c656e67746800")
        let whole = try #require(end(0x200, refusal))
        #expect(whole.error == .invalid)
        #expect(whole.detail == "ipv4: Invalid prefix length")
        // With NLM_F_CAPPED the payload of the request is left out.
        let capped = refusal.prefix(20) + refusal.dropFirst(36)
        #expect(end(0x300, Array(capped)) == whole)
        // Without NLM_F_ACK_TLVS nothing follows.
        #expect(end(0x000, refusal)?.detail == nil)
    }

    @Test func `every truncation of an error is survived`() {
        let refusal = wire(
            "ffffffff", "ffffffff 1400 0500 07000000 00000000", "0800 0100 61620000")
        for length in 0...refusal.count {
            let end = end(0x200, Array(refusal.prefix(length)))
            #expect(end?.error == (length >= 4 ? .notPermitted : nil))
        }
        #expect(end(0x200, wire("00000080 ffffffff"))?.error != nil)
    }
}
