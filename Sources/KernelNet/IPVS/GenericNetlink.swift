// Generic netlink messages as octets (linux/netlink.h, linux/genetlink.h): a message header of 16 octets, the
// generic one of 4, then attributes of type, length and payload, each padded to 4. Numbers are in the host's
// order unless an attribute says otherwise. Pure: libnl owns the socket, these types what goes through it,
// because a table of thousands of servers is written many messages at a time and errors must keep the
// kernel's own number.

/// Lays attributes out, in place: a table of thousands of servers costs no allocation an attribute.
struct AttributeWriter {
    private(set) var octets: [UInt8] = []

    /// A writer that needs no more memory for the first `room` octets.
    init(room: Int = 0) { octets.reserveCapacity(room) }

    private mutating func header(_ type: Int, count: Int) {
        octets.append(native: UInt16(truncatingIfNeeded: 4 + count))
        octets.append(native: UInt16(truncatingIfNeeded: type))
    }

    private mutating func pad() {
        while octets.count % 4 != 0 { octets.append(0) }
    }

    /// An attribute of raw octets, followed by `zeros` zeros; at most 65531 octets.
    mutating func put(_ type: Int, octets payload: [UInt8], zeros: Int = 0) {
        header(type, count: payload.count + zeros)
        octets += payload
        for _ in 0..<zeros { octets.append(0) }
        pad()
    }

    /// A number in the host's order; the kernel knows its width by the attribute.
    mutating func put<Number: FixedWidthInteger>(_ type: Int, _ number: Number) {
        header(type, count: Number.bitWidth / 8)
        octets.append(native: number)
        pad()
    }

    /// A 16-bit number in network order (ports).
    mutating func put(_ type: Int, bigEndian number: UInt16) { put(type, number.bigEndian) }

    /// An attribute of two halves, most significant octet first (addresses).
    mutating func put(_ type: Int, high: UInt64, low: UInt64) {
        header(type, count: 16)
        octets.append(native: high.bigEndian)
        octets.append(native: low.bigEndian)
    }

    /// A text with its final NUL (NLA_NUL_STRING).
    mutating func put(_ type: Int, text: String) { put(type, octets: Array(text.utf8), zeros: 1) }

    /// A nest of attributes; its length is filled in when they are there.
    mutating func nest(_ type: Int, _ body: (inout AttributeWriter) -> Void) {
        let start = octets.count
        header(type | nestedFlag, count: 0)
        body(&self)
        let length = UInt16(truncatingIfNeeded: octets.count - start)
        octets[start] = nativeOctet(length, 0)
        octets[start + 1] = nativeOctet(length, 1)
    }
}

/// NLA_F_NESTED.
private let nestedFlag = 0x8000
/// NLA_TYPE_MASK: without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
private let typeMask: UInt16 = 0x3FFF

/// Reads attributes; damaged ones end the reading, so that what follows is missing rather than misread.
struct AttributeReader {
    let octets: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { self.octets = octets }

    /// The payload of the first attribute of `type`.
    subscript(type: Int) -> ArraySlice<UInt8>? {
        // By places: each of ten thousand servers is asked for ten attributes, and slices of slices would
        // cost more than the looking.
        var start = octets.startIndex
        while octets.endIndex - start >= 4 {
            let length = Int(nativeNumber(octets[start..<start + 2], as: UInt16.self))
            guard length >= 4, length <= octets.endIndex - start else { return nil }
            if Int(nativeNumber(octets[start + 2..<start + 4], as: UInt16.self) & typeMask) == type {
                return octets[start + 4..<start + length]
            }
            start += (length + 3) & ~3
        }
        return nil
    }

    /// A number in the host's order; nil when it is missing or of another width.
    func number<Number: FixedWidthInteger>(_ type: Int, as _: Number.Type) -> Number? {
        guard let payload = self[type], payload.count == Number.bitWidth / 8 else { return nil }
        return nativeNumber(payload, as: Number.self)
    }

    /// A 16-bit number in network order.
    func bigEndian(_ type: Int) -> UInt16? {
        guard let payload = self[type], payload.count == 2 else { return nil }
        return payload.reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// A text, up to its first NUL.
    func text(_ type: Int) -> String? {
        self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The attributes inside of one.
    func nest(_ type: Int) -> AttributeReader? { self[type].map { AttributeReader($0) } }
}

/// One request to a generic netlink family.
package struct GenericRequest: Hashable, Sendable {
    /// NLM_F_* beside NLM_F_REQUEST.
    package struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's bits.
        package let rawValue: UInt16
        /// NLM_F_ACK: answer success too.
        package static let acknowledge = Flags(rawValue: 0x0004)
        /// NLM_F_ROOT | NLM_F_MATCH: answer with every object.
        package static let dump = Flags(rawValue: 0x0300)
        /// The flags of the kernel's bits.
        package init(rawValue: UInt16) { self.rawValue = rawValue }
    }

    /// The command of the family.
    package var command: UInt8
    /// How it is answered.
    package var flags: Flags
    /// The attributes.
    package var attributes: [UInt8]

    /// Appends the message as it goes to the kernel, for the family numbered `family`.
    package func append(
        to datagram: inout [UInt8], family: UInt16, version: UInt8, sequence: UInt32
    ) {
        datagram.append(native: UInt32(truncatingIfNeeded: 20 + attributes.count))
        datagram.append(native: family)
        datagram.append(native: 0x0001 | flags.rawValue)  // NLM_F_REQUEST
        datagram.append(native: sequence)
        datagram.append(native: 0 as UInt32)  // the kernel fills in the port
        datagram += [command, version, 0, 0]
        datagram += attributes
    }
}

/// One message from the kernel.
package struct NetlinkReply: Hashable, Sendable {
    /// What it says.
    package enum Content: Hashable, Sendable {
        /// NLMSG_ERROR: the request's error number, 0 for an acknowledgement.
        case result(CInt)
        /// NLMSG_DONE: the dump is complete, or failed with this error number.
        case done(CInt)
        /// An object: the generic command and its attributes.
        case object(command: UInt8, attributes: ArraySlice<UInt8>)
        /// Something this family does not send.
        case other
    }

    /// The sequence number of the request it answers.
    package let sequence: UInt32
    /// What it says.
    package let content: Content

    /// The messages of one datagram. A damaged one ends the reading.
    package static func messages(in datagram: [UInt8]) -> [NetlinkReply] {
        var replies: [NetlinkReply] = []
        var rest = datagram[...]
        while rest.count >= 16 {
            let length = Int(nativeNumber(rest.prefix(4), as: UInt32.self))
            guard length >= 16, length <= rest.count else { break }
            replies.append(NetlinkReply(rest.prefix(length)))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return replies
    }

    private init(_ message: ArraySlice<UInt8>) {
        let payload = message.dropFirst(16)
        sequence = nativeNumber(message.dropFirst(8).prefix(4), as: UInt32.self)
        let number = payload.count >= 4 ? nativeNumber(payload.prefix(4), as: Int32.self) : 0
        switch nativeNumber(message.dropFirst(4).prefix(2), as: UInt16.self) {
        case 2: content = payload.count >= 4 ? .result(0 &- number) : .other  // NLMSG_ERROR
        case 3: content = .done(0 &- number)  // NLMSG_DONE
        case 0x10...:  // NLMSG_MIN_TYPE
            guard let command = payload.first, payload.count >= 4 else {
                content = .other
                return
            }
            content = .object(command: command, attributes: payload.dropFirst(4))
        default: content = .other
        }
    }
}

extension [UInt8] {
    /// Appends the octets of `number` in the host's order.
    mutating func append<Number: FixedWidthInteger>(native number: Number) {
        for index in 0..<Number.bitWidth / 8 { append(nativeOctet(number, index)) }
    }
}

/// The octet at `index` of `number` as it lies in memory.
private func nativeOctet<Number: FixedWidthInteger>(_ number: Number, _ index: Int) -> UInt8 {
    #if _endian(big)
        UInt8(truncatingIfNeeded: number >> (Number.bitWidth - 8 - index * 8))
    #else
        UInt8(truncatingIfNeeded: number >> (index * 8))
    #endif
}

/// The number whose octets in the host's order are `octets`, as many as it is wide.
func nativeNumber<Number: FixedWidthInteger>(_ octets: ArraySlice<UInt8>, as _: Number.Type) -> Number {
    var number: Number = 0
    for octet in octets { number = number << 8 | Number(truncatingIfNeeded: octet) }
    #if _endian(big)
        return number
    #else
        return number.byteSwapped
    #endif
}
