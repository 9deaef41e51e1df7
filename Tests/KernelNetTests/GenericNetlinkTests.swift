import KernelNet
import LoadBalancing
import NetTypes
import Testing

@Suite struct GenericNetlinkTests {
    @Test func `a request has a message header and a generic header`() {
        var datagram: [UInt8] = [0xEE]
        GenericRequest.services.append(to: &datagram, family: 0x21, version: 1, sequence: 7)
        #expect(
            datagram.dropFirst()
                == hex(
                    """
                    14 00 00 00  ; length 20
                    21 00        ; type: the family
                    01 03        ; NLM_F_REQUEST | NLM_F_DUMP
                    07 00 00 00  ; sequence
                    00 00 00 00  ; port, filled in by the kernel
                    04 01 00 00  ; IPVS_CMD_GET_SERVICE, version 1
                    """)[...])
    }

    static let error = hex(
        """
        24 00 00 00 02 00 00 01 09 00 00 00 11 22 00 00  ; NLMSG_ERROR for sequence 9, capped
        EF FF FF FF                                      ; -17, EEXIST
        40 00 00 00 21 00 01 00 09 00 00 00 11 22 00 00  ; header of the request
        """)
    static let object = hex(
        """
        1A 00 00 00 21 00 02 00 0A 00 00 00 11 22 00 00  ; family 0x21, sequence 10, length 26
        01 01 00 00                                      ; command 1
        06 00 01 00 AA BB 00 00                          ; an attribute of two octets, and padding
        """)
    static let done = hex(
        """
        14 00 00 00 03 00 02 00 0A 00 00 00 11 22 00 00  ; NLMSG_DONE
        00 00 00 00
        """)

    @Test func `one datagram holds several replies`() {
        let replies = NetlinkReply.messages(in: Self.error + Self.object + Self.done)
        #expect(replies.map(\.sequence) == [9, 10, 10])
        #expect(replies[0].content == .result(17))
        #expect(replies[1].content == .object(command: 1, attributes: Self.object[20..<26]))
        #expect(replies[2].content == .done(0))
    }

    @Test func `a dump can end in an error`() {
        let replies = NetlinkReply.messages(in: Self.done.dropLast(4) + hex("FF FF FF FF"))
        #expect(replies.map(\.content) == [.done(1)])
    }

    @Test func `other messages of the kernel are told as such`() {
        let noop = hex("10 00 00 00 01 00 00 00 01 00 00 00 00 00 00 00")
        let short = hex("12 00 00 00 21 00 00 00 01 00 00 00 00 00 00 00 01 01")
        #expect(NetlinkReply.messages(in: noop).map(\.content) == [.other])
        #expect(NetlinkReply.messages(in: short).map(\.content) == [.other])
    }

    @Test func `datagrams cut at any octet or damaged in any are read without harm`() {
        let whole = Self.error + Self.object + Self.done
        for length in 0..<whole.count {
            #expect(NetlinkReply.messages(in: Array(whole.prefix(length))).count <= 3)
        }
        for index in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[index] ^= 1 << bit
                for case .object(_, let attributes) in NetlinkReply.messages(in: damaged).map(\.content) {
                    #expect(IPVSService(attributes: attributes) == nil)
                }
            }
        }
    }
}
