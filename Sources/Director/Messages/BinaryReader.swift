// The other side of BinaryWriter. It is fed by other processes, one of which talks to strangers, so it
// believes nothing: every length is bounded by the octets that are left, nesting is bounded, and whatever is
// malformed is an error, never a trap.

/// Why octets are not a message.
package enum MalformedMessage: Error, Hashable, Sendable {
    /// It ends too early.
    case truncated
    /// Octets follow the value.
    case trailing
    /// A tag, key reference or number that does not exist.
    case invalid
    /// Text that is not UTF-8, or not ASCII where nothing else is accepted.
    case text
    /// Nested deeper than `BinaryReader.depthLimit`.
    case depth
    /// Longer than the reader accepts.
    case tooLong
}

/// Reads a message value by value.
final class BinaryReader {
    /// Lists and records may be nested this deep; our own messages need fewer than twenty.
    static let depthLimit = 48

    /// A list or record that is being read.
    private struct Level {
        let isRecord: Bool
        /// The key whose value comes next, when it was read already.
        var key: Int?
        /// Its end was read.
        var hasEnded = false
    }

    private let octets: [UInt8]
    /// Comparing texts that are not ASCII may take the square of their length, which strangers could choose.
    private let isPlain: Bool
    /// Why something could not be answered that cannot be an error: the message is malformed, whatever was
    /// made of it.
    private(set) var failure: MalformedMessage?
    /// Of the next octet.
    private(set) var position = 0
    private var keys: [String] = []
    private var levels: [Level] = []
    /// What was opened last.
    private var level: Level {
        get { levels[levels.count - 1] }
        set { levels[levels.count - 1] = newValue }
    }

    /// With `isPlain` texts and keys other than ASCII are refused.
    init(_ octets: [UInt8], isPlain: Bool = false) {
        self.octets = octets
        self.isPlain = isPlain
    }

    /// The answer of `question`, or `fallback` for a malformed message, which has failed then.
    func answer<Answer>(
        _ fallback: Answer, _ question: () throws(MalformedMessage) -> Answer
    ) -> Answer {
        do throws(MalformedMessage) {
            return try question()
        } catch {
            failure = failure ?? error
            return fallback
        }
    }

    /// So many lists and records are open.
    var depth: Int { levels.count }
    /// Nothing is left.
    var isAtEnd: Bool { position == octets.count }

    // MARK: Values

    /// The tag of the next value, which stays the next.
    func peek() throws(MalformedMessage) -> UInt8 {
        guard position < octets.count else { throw .truncated }
        return octets[position]
    }

    /// Takes the next value's tag if it is `tag`.
    func take(_ tag: UInt8) throws(MalformedMessage) -> Bool {
        guard try peek() == tag else { return false }
        position += 1
        return true
    }

    /// The next number; nil when the next value is none, or not one of this type.
    func integer<Number: FixedWidthInteger>() throws(MalformedMessage) -> Number? {
        if try take(BinaryTag.unsigned) { return Number(exactly: try varint()) }
        guard try take(BinaryTag.negative) else { return nil }
        let number = ~Int64(bitPattern: try varint())
        guard number < 0 else { throw .invalid }
        return Number(exactly: number)
    }

    /// What follows the tag of a double.
    func double() throws(MalformedMessage) -> Double {
        var bits: UInt64 = 0
        for _ in 0..<8 { bits = bits << 8 | UInt64(try octet()) }
        return Double(bitPattern: bits)
    }

    /// What follows the tag of a text.
    func text() throws(MalformedMessage) -> String {
        let length = try varint()
        guard length <= UInt64(octets.count - position) else { throw .truncated }
        let slice = octets[position..<position + Int(length)]
        position += Int(length)
        if isPlain, slice.contains(where: { $0 >= 0x80 }) { throw .text }
        guard let text = String(validating: slice, as: UTF8.self) else { throw .text }
        return text
    }

    // MARK: Lists and records

    /// Goes into the next value; false when it is none of the wanted kind.
    func open(_ tag: UInt8) throws(MalformedMessage) -> Bool {
        guard try take(tag) else { return false }
        guard levels.count < Self.depthLimit else { throw .depth }
        levels.append(Level(isRecord: tag == BinaryTag.record))
        return true
    }

    /// Leaves what was opened last until `depth` lists and records are open, and passes over what is left in
    /// them.
    func close(to depth: Int) throws(MalformedMessage) {
        while levels.count > depth {
            if level.isRecord {
                while try nextKey() != nil { try skipField() }
            } else {
                while try !isAtEndOfList() { try skip() }
            }
            levels.removeLast()
        }
    }

    /// Nothing is left in the list that was opened last.
    func isAtEndOfList() throws(MalformedMessage) -> Bool {
        if !level.hasEnded { level.hasEnded = try take(BinaryTag.endOfList) }
        return level.hasEnded
    }

    /// The key of the next field of the record that was opened last, which stays the next; nil at its end.
    func nextKey() throws(MalformedMessage) -> String? {
        if level.hasEnded { return nil }
        if let key = level.key { return keys[key] }
        let reference = try varint()
        guard reference > 0 else {
            level.hasEnded = true
            return nil
        }
        if reference == 1 { keys.append(try text()) }
        let key = reference == 1 ? keys.count - 1 : Int(clamping: reference - 2)
        guard key < keys.count else { throw .invalid }
        level.key = key
        return keys[key]
    }

    /// After this the value of the next field is the next value.
    func takeKey() { level.key = nil }

    /// The keys that are left in the record that was opened last; it can be read afterwards.
    func remainingKeys() throws(MalformedMessage) -> [String] {
        let (state, before, known) = (level, position, keys.count)
        defer {
            (level, position) = (state, before)
            keys.removeLast(keys.count - known)
        }
        var names: [String] = []
        while let name = try nextKey() {
            names.append(name)
            try skipField()
        }
        return names
    }

    private func skipField() throws(MalformedMessage) {
        takeKey()
        try skip()
    }

    /// Passes over a value.
    func skip() throws(MalformedMessage) {
        let tag = try peek()
        if tag == BinaryTag.list || tag == BinaryTag.record {
            let outside = levels.count
            _ = try open(tag)
            try close(to: outside)
            return
        }
        position += 1
        switch tag {
        case BinaryTag.null, BinaryTag.no, BinaryTag.yes: break
        case BinaryTag.unsigned, BinaryTag.negative: _ = try varint()
        case BinaryTag.double: _ = try double()
        case BinaryTag.text: _ = try text()
        default: throw .invalid
        }
    }

    private func varint() throws(MalformedMessage) -> UInt64 {
        var number: UInt64 = 0
        for shift: UInt64 in stride(from: 0, through: 63, by: 7) {
            let next = try octet()
            guard shift < 63 || next <= 1 else { throw .invalid }
            number |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return number }
        }
        throw .invalid
    }

    private func octet() throws(MalformedMessage) -> UInt8 {
        guard position < octets.count else { throw .truncated }
        defer { position += 1 }
        return octets[position]
    }
}
