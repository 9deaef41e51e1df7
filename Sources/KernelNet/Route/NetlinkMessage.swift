// The frame of netlink (linux/netlink.h): messages of a 16-octet header and a payload, payloads of a fixed
// part and attributes, all numbers in the host's byte order, everything aligned to four octets. Encoding and
// decoding are values here, so that tests can show the octets; libnl carries them.

import CNetlink
import LinuxIO

/// Reads and writes numbers in the host's byte order.
enum HostOrder {
    /// The number of `width` octets at `offset` of `octets`; nil when they are not all there.
    static func number(_ octets: ArraySlice<UInt8>, at offset: Int, width: Int) -> UInt64? {
        let start = octets.startIndex + offset
        guard offset >= 0, start + width <= octets.endIndex else { return nil }
        let part = octets[start..<start + width]
        #if _endian(little)
            return part.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        #else
            return part.reduce(0) { $0 << 8 | UInt64($1) }
        #endif
    }

    static func octet(_ octets: ArraySlice<UInt8>, at offset: Int) -> UInt8? {
        number(octets, at: offset, width: 1).map { UInt8($0) }
    }

    static func short(_ octets: ArraySlice<UInt8>, at offset: Int) -> UInt16? {
        number(octets, at: offset, width: 2).map { UInt16($0) }
    }

    static func word(_ octets: ArraySlice<UInt8>, at offset: Int) -> UInt32? {
        number(octets, at: offset, width: 4).map { UInt32($0) }
    }

    /// The octets of `value`.
    static func octets(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        let bigEndian = stride(from: value.bitWidth - 8, through: 0, by: -8)
            .map { UInt8(truncatingIfNeeded: value >> $0) }
        #if _endian(little)
            return bigEndian.reversed()
        #else
            return bigEndian
        #endif
    }
}

/// One netlink message.
package struct NetlinkMessage: Hashable, Sendable {
    /// NLMSG_ERROR, NLMSG_DONE or a type of the family, such as RTM_NEWADDR.
    package var type: UInt16
    /// NLM_F_ bits.
    package var flags: UInt16
    /// Ties an answer to its request; 0 in notifications.
    package var sequence: UInt32
    /// The port the message is about or from; 0 for the kernel.
    package var port: UInt32
    /// What follows the header, without padding.
    package var payload: [UInt8]

    /// A message.
    package init(type: UInt16, flags: UInt16 = 0, sequence: UInt32 = 0, port: UInt32 = 0, payload: [UInt8]) {
        self.type = type
        self.flags = flags
        self.sequence = sequence
        self.port = port
        self.payload = payload
    }

    private static var headerSize: Int { 16 }

    /// The octets to send, padding included.
    package var encoded: [UInt8] {
        var octets = HostOrder.octets(UInt32(Self.headerSize + payload.count))
        octets += HostOrder.octets(type) + HostOrder.octets(flags)
        octets += HostOrder.octets(sequence) + HostOrder.octets(port)
        octets += payload
        octets += [UInt8](repeating: 0, count: (4 - payload.count & 3) & 3)
        return octets
    }

    /// The messages of one datagram; what is malformed ends it, and nil is its last element then.
    package static func split(_ datagram: [UInt8]) -> [NetlinkMessage?] {
        var messages: [NetlinkMessage?] = []
        var rest = datagram[...]
        while !rest.isEmpty {
            guard let length = HostOrder.word(rest, at: 0).map(Int.init), length >= headerSize,
                length <= rest.count,
                let type = HostOrder.short(rest, at: 4), let flags = HostOrder.short(rest, at: 6),
                let sequence = HostOrder.word(rest, at: 8), let port = HostOrder.word(rest, at: 12)
            else {
                messages.append(nil)
                break
            }
            let payload = Array(rest.prefix(length).dropFirst(headerSize))
            messages.append(
                NetlinkMessage(type: type, flags: flags, sequence: sequence, port: port, payload: payload))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return messages
    }
}

/// The last message of an answer: an acknowledgement, an error or the end of a dump.
struct AnswerEnd: Hashable {
    /// nil for success.
    let error: Errno?
    /// The kernel's words, when it gave any.
    let detail: String?
    /// What was dumped has changed meanwhile, after the last object (NLM_F_DUMP_INTR).
    let isInterrupted: Bool

    /// nil when more messages follow.
    init?(_ message: NetlinkMessage) {
        guard message.type == UInt16(NLMSG_ERROR) || message.type == UInt16(NLMSG_DONE) else { return nil }
        isInterrupted = message.flags & UInt16(NLM_F_DUMP_INTR) != 0 && message.type == UInt16(NLMSG_DONE)
        let payload = message.payload[...]
        let code = HostOrder.word(payload, at: 0).map { Int32(bitPattern: $0) } ?? 0
        // A negative number fits: the kernel's are at most 4095.
        error = code < 0 ? Errno(rawValue: 0 &- code) : nil
        guard message.flags & 0x200 != 0 else {  // NLM_F_ACK_TLVS
            detail = nil
            return
        }
        // After an error stands the request's header, and its payload too unless it was cut (NLM_F_CAPPED).
        var offset = 4
        if message.type == UInt16(NLMSG_ERROR) {
            let whole = HostOrder.word(payload, at: 4).map(Int.init) ?? 16
            offset += message.flags & 0x100 != 0 ? 16 : (whole + 3) & ~3
        }
        detail = NetlinkAttributes(payload.dropFirst(offset)).text(1)  // NLMSGERR_ATTR_MSG
    }
}

/// The attributes after the fixed part of a payload; reading stops at the first malformed one.
struct NetlinkAttributes {
    private var values: [(type: UInt16, value: ArraySlice<UInt8>)] = []

    init(_ octets: ArraySlice<UInt8>) {
        var rest = octets
        while let length = HostOrder.short(rest, at: 0).map(Int.init),
            let type = HostOrder.short(rest, at: 2),
            length >= 4, length <= rest.count
        {
            // The upper two bits say "nested" and "network byte order".
            values.append((type & 0x3FFF, rest.prefix(length).dropFirst(4)))
            rest = rest.dropFirst((length + 3) & ~3)
        }
    }

    /// The first attribute of that type.
    subscript(type: some BinaryInteger) -> ArraySlice<UInt8>? { values.first { $0.type == type }?.value }

    /// An attribute of 32 bits.
    func word(_ type: some BinaryInteger) -> UInt32? { self[type].flatMap { HostOrder.word($0, at: 0) } }

    /// An attribute of 8 bits.
    func octet(_ type: some BinaryInteger) -> UInt8? { self[type]?.first }

    /// A text up to its NUL.
    func text(_ type: some BinaryInteger) -> String? {
        self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The octets of one attribute, padding included.
    static func encoded(_ type: some BinaryInteger, _ value: some Collection<UInt8>) -> [UInt8] {
        let header = HostOrder.octets(UInt16(value.count + 4)) + HostOrder.octets(UInt16(type))
        return header + value + [UInt8](repeating: 0, count: (4 - value.count & 3) & 3)
    }
}
