// Encodable -> BinaryWriter. Integers lose their width here; the decoder checks the range it wants. A list or
// record within another must be complete before anything follows it, as whatever is synthesised does it.

/// Where any `Encodable` writes itself.
struct ValueEncoder: Encoder {
    let writer: BinaryWriter
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        writer.openRecord()
        return KeyedEncodingContainer(RecordEncoder<Key>(writer: writer, depth: writer.depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        writer.openList()
        return ListEncoder(writer: writer, depth: writer.depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { ScalarEncoder(writer: writer) }
}

extension BinaryWriter {
    /// Writes all of `subject`.
    func write(whole subject: some Encodable) throws {
        let (depth, before) = (depth, octets.count)
        try subject.encode(to: ValueEncoder(writer: self))
        close(to: depth)
        // What has nothing to say has a place all the same.
        if octets.count == before { null() }
    }
}

private struct ScalarEncoder: SingleValueEncodingContainer {
    let writer: BinaryWriter
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { writer.null() }
    func encode(_ value: Bool) { writer.write(value) }
    func encode(_ value: String) { writer.write(value) }
    func encode(_ value: Double) { writer.write(value) }
    func encode(_ value: Float) { writer.write(Double(value)) }
    func encode(_ value: Int) { writer.write(value) }
    func encode(_ value: Int8) { writer.write(value) }
    func encode(_ value: Int16) { writer.write(value) }
    func encode(_ value: Int32) { writer.write(value) }
    func encode(_ value: Int64) { writer.write(value) }
    func encode(_ value: UInt) { writer.write(value) }
    func encode(_ value: UInt8) { writer.write(value) }
    func encode(_ value: UInt16) { writer.write(value) }
    func encode(_ value: UInt32) { writer.write(value) }
    func encode(_ value: UInt64) { writer.write(value) }
    func encode(_ value: some Encodable) throws { try writer.write(whole: value) }
}

private struct ListEncoder: UnkeyedEncodingContainer {
    let writer: BinaryWriter
    let depth: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    init(writer: BinaryWriter, depth: Int) {
        self.writer = writer
        self.depth = depth
    }

    private mutating func next() -> ValueEncoder {
        writer.close(to: depth)
        count += 1
        return ValueEncoder(writer: writer)
    }

    mutating func encodeNil() { next().writer.null() }
    mutating func encode(_ value: some Encodable) throws { try next().writer.write(whole: value) }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { next() }
}

private struct RecordEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: BinaryWriter
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    private func next(_ key: some CodingKey) -> ValueEncoder {
        writer.close(to: depth)
        writer.write(key: key.stringValue)
        return ValueEncoder(writer: writer)
    }

    func encodeNil(forKey key: Key) { next(key).writer.null() }
    func encode(_ value: some Encodable, forKey key: Key) throws { try next(key).writer.write(whole: value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        next(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        next(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { next(SuperKey()) }
    func superEncoder(forKey key: Key) -> any Encoder { next(key) }
}

/// Of what a class inherits.
struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }

    init() {}
    init?(stringValue: String) { if stringValue != "super" { return nil } }
    init?(intValue: Int) { nil }
}
