// Encodable -> BinaryValue. Integers lose their width here; the decoder checks the range it wants.

/// Turns any `Encodable` into a `BinaryValue`.
package enum ValueEncoder {
    /// The value of `subject`.
    package static func encode(_ subject: some Encodable) throws -> BinaryValue {
        let slot = Slot()
        try subject.encode(to: SlotEncoder(slot: slot, codingPath: []))
        return slot.value
    }
}

/// A place that an encoder fills: at once with a scalar, or bit by bit through a container.
private final class Slot {
    enum Content {
        case scalar(BinaryValue)
        case list([Slot])
        case record([(key: String, slot: Slot)])
    }

    var content = Content.scalar(.null)

    var value: BinaryValue {
        switch content {
        case .scalar(let value): value
        case .list(let slots): .list(slots.map(\.value))
        case .record(let fields): .record(fields.map { BinaryValue.Field(key: $0.key, value: $0.slot.value) })
        }
    }

    func append(_ slot: Slot) {
        var slots: [Slot] = []
        if case .list(let before) = content { slots = before }
        content = .scalar(.null)  // the array stays unshared while it grows
        slots.append(slot)
        content = .list(slots)
    }

    func append(_ slot: Slot, for key: String) {
        var fields: [(key: String, slot: Slot)] = []
        if case .record(let before) = content { fields = before }
        content = .scalar(.null)
        fields.append((key, slot))
        content = .record(fields)
    }
}

private struct SlotEncoder: Encoder {
    let slot: Slot
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .scalar = slot.content { slot.content = .record([]) }
        return KeyedEncodingContainer(RecordEncoder<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .scalar = slot.content { slot.content = .list([]) }
        return ListEncoder(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        ScalarEncoder(slot: slot, codingPath: codingPath)
    }
}

extension Slot {
    func set(_ number: some BinaryInteger) {
        content = .scalar(number < 0 ? .negative(Int64(number)) : .unsigned(UInt64(number)))
    }

    func encode(_ subject: some Encodable, at path: [any CodingKey]) throws {
        try subject.encode(to: SlotEncoder(slot: self, codingPath: path))
    }
}

private struct ScalarEncoder: SingleValueEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]

    mutating func encodeNil() { slot.content = .scalar(.null) }
    mutating func encode(_ value: Bool) { slot.content = .scalar(.bool(value)) }
    mutating func encode(_ value: String) { slot.content = .scalar(.text(value)) }
    mutating func encode(_ value: Double) { slot.content = .scalar(.double(value)) }
    mutating func encode(_ value: Float) { slot.content = .scalar(.double(Double(value))) }
    mutating func encode(_ value: Int) { slot.set(value) }
    mutating func encode(_ value: Int8) { slot.set(value) }
    mutating func encode(_ value: Int16) { slot.set(value) }
    mutating func encode(_ value: Int32) { slot.set(value) }
    mutating func encode(_ value: Int64) { slot.set(value) }
    mutating func encode(_ value: UInt) { slot.set(value) }
    mutating func encode(_ value: UInt8) { slot.set(value) }
    mutating func encode(_ value: UInt16) { slot.set(value) }
    mutating func encode(_ value: UInt32) { slot.set(value) }
    mutating func encode(_ value: UInt64) { slot.set(value) }
    mutating func encode(_ value: some Encodable) throws { try slot.encode(value, at: codingPath) }
}

private struct ListEncoder: UnkeyedEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]
    private(set) var count = 0

    init(slot: Slot, codingPath: [any CodingKey]) {
        self.slot = slot
        self.codingPath = codingPath
    }

    private mutating func next() -> Slot {
        let next = Slot()
        slot.append(next)
        count += 1
        return next
    }

    mutating func encodeNil() { _ = next() }
    mutating func encode(_ value: some Encodable) throws { try next().encode(value, at: codingPath) }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        SlotEncoder(slot: next(), codingPath: codingPath).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: next(), codingPath: codingPath).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { SlotEncoder(slot: next(), codingPath: codingPath) }
}

private struct RecordEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    let codingPath: [any CodingKey]

    private func next(_ key: any CodingKey) -> Slot {
        let next = Slot()
        slot.append(next, for: key.stringValue)
        return next
    }

    mutating func encodeNil(forKey key: Key) { _ = next(key) }

    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        try next(key).encode(value, at: codingPath + [key])
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        SlotEncoder(slot: next(key), codingPath: codingPath + [key]).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        SlotEncoder(slot: next(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { SlotEncoder(slot: slot, codingPath: codingPath) }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        SlotEncoder(slot: next(key), codingPath: codingPath + [key])
    }
}
