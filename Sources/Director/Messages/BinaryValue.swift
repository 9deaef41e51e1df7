// What a message is made of between its Codable form and its octets: a small self-describing tree. The reader
// is fed by other processes, one of which talks to strangers, so it believes nothing: every count is bounded
// by the octets that are left, nesting is bounded, and whatever is malformed is an error, never a trap.
//
//     value   = tag ...
//     0 null   1 false   2 true   3 unsigned varint   4 negative varint of ~value   5 double, 8 octets
//     6 text: varint length, UTF-8   7 list: varint count, values   8 record: varint count, (key, value)
// pairs
//     key     = 0, varint length, UTF-8 (a new key) | n: the n-th key of this message again

/// A value of a message.
package enum BinaryValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case unsigned(UInt64)
    /// Always below zero.
    case negative(Int64)
    case double(Double)
    case text(String)
    case list([BinaryValue])
    case record([Field])

    /// A named part of a record.
    package struct Field: Hashable, Sendable {
        /// The coding key.
        package let key: String
        /// What it holds.
        package let value: BinaryValue
    }

    /// Values may be nested this deep; our own messages need fewer than twenty.
    package static let depthLimit = 48
}

/// Why octets are not a message.
package enum MalformedMessage: Error, Hashable, Sendable {
    /// It ends too early.
    case truncated
    /// Octets follow the value.
    case trailing
    /// A tag, key reference or number that does not exist.
    case invalid
    /// Text that is not UTF-8.
    case text
    /// Nested deeper than `BinaryValue.depthLimit`.
    case depth
    /// Longer than the reader accepts.
    case tooLong
}

extension BinaryValue {
    /// The octets of this value.
    package var octets: [UInt8] {
        var writer = BinaryWriter()
        writer.write(self)
        return writer.octets
    }

    /// Reads one value that takes all of `octets`.
    package init(octets: [UInt8]) throws(MalformedMessage) {
        var reader = BinaryReader(octets)
        self = try reader.value(depth: 0)
        guard reader.isAtEnd else { throw .trailing }
    }
}

private struct BinaryWriter {
    var octets: [UInt8] = []
    private var keys: [String: UInt64] = [:]

    mutating func write(_ value: BinaryValue) {
        switch value {
        case .null: octets.append(0)
        case .bool(let flag): octets.append(flag ? 2 : 1)
        case .unsigned(let number):
            octets.append(3)
            varint(number)
        case .negative(let number):
            octets.append(4)
            varint(UInt64(bitPattern: ~number))
        case .double(let number):
            octets.append(5)
            for shift: UInt64 in stride(from: 56, through: 0, by: -8) {
                octets.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
            }
        case .text(let text):
            octets.append(6)
            write(text)
        case .list(let values):
            octets.append(7)
            varint(UInt64(values.count))
            for value in values { write(value) }
        case .record(let fields):
            octets.append(8)
            varint(UInt64(fields.count))
            for field in fields {
                key(field.key)
                write(field.value)
            }
        }
    }

    private mutating func key(_ key: String) {
        if let index = keys[key] {
            varint(index)
        } else {
            keys[key] = UInt64(keys.count) + 1
            varint(0)
            write(key)
        }
    }

    private mutating func write(_ text: String) {
        varint(UInt64(text.utf8.count))
        octets += text.utf8
    }

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }
}

private struct BinaryReader {
    private let octets: [UInt8]
    private var position = 0
    private var keys: [String] = []

    init(_ octets: [UInt8]) { self.octets = octets }

    var isAtEnd: Bool { position == octets.count }
    private var remaining: Int { octets.count - position }

    mutating func value(depth: Int) throws(MalformedMessage) -> BinaryValue {
        guard depth < BinaryValue.depthLimit else { throw .depth }
        switch try octet() {
        case 0: return .null
        case 1: return .bool(false)
        case 2: return .bool(true)
        case 3: return .unsigned(try varint())
        case 4:
            let number = ~Int64(bitPattern: try varint())
            guard number < 0 else { throw .invalid }
            return .negative(number)
        case 5:
            var bits: UInt64 = 0
            for _ in 0..<8 { bits = bits << 8 | UInt64(try octet()) }
            return .double(Double(bitPattern: bits))
        case 6: return .text(try text())
        case 7:
            var values: [BinaryValue] = []
            for _ in 0..<(try count(least: 1)) { values.append(try value(depth: depth + 1)) }
            return .list(values)
        case 8:
            var fields: [BinaryValue.Field] = []
            for _ in 0..<(try count(least: 2)) {
                let key = try key()
                fields.append(BinaryValue.Field(key: key, value: try value(depth: depth + 1)))
            }
            return .record(fields)
        default: throw .invalid
        }
    }

    private mutating func key() throws(MalformedMessage) -> String {
        let index = try varint()
        if index == 0 {
            let key = try text()
            keys.append(key)
            return key
        }
        guard index <= UInt64(keys.count) else { throw .invalid }
        return keys[Int(index) - 1]
    }

    private mutating func text() throws(MalformedMessage) -> String {
        let length = try count(least: 1)
        let slice = octets[position..<position + length]
        position += length
        guard let text = String(validating: slice, as: UTF8.self) else { throw .text }
        return text
    }

    /// A count of things of which each takes at least `least` octets: more than are left is no count.
    private mutating func count(least: Int) throws(MalformedMessage) -> Int {
        let number = try varint()
        guard number <= UInt64(remaining / least) else { throw .truncated }
        return Int(number)
    }

    private mutating func varint() throws(MalformedMessage) -> UInt64 {
        var number: UInt64 = 0
        for shift: UInt64 in stride(from: 0, through: 63, by: 7) {
            let next = try octet()
            guard shift < 63 || next <= 1 else { throw .invalid }
            number |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return number }
        }
        throw .invalid
    }

    private mutating func octet() throws(MalformedMessage) -> UInt8 {
        guard position < octets.count else { throw .truncated }
        defer { position += 1 }
        return octets[position]
    }
}
