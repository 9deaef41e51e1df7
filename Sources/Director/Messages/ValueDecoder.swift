// BinaryValue -> Decodable. A value of another kind or out of range is a DecodingError, never a trap.

/// Turns a `BinaryValue` into any `Decodable`.
package enum ValueDecoder {
    /// The `Subject` that `value` stands for.
    package static func decode<Subject: Decodable>(
        _ type: Subject.Type = Subject.self, from value: BinaryValue
    ) throws -> Subject {
        try Subject(from: TreeDecoder(value: value, codingPath: []))
    }
}

private struct TreeDecoder: Decoder {
    let value: BinaryValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func mismatch(_ wanted: Any.Type) -> DecodingError {
        .typeMismatch(
            wanted, DecodingError.Context(codingPath: codingPath, debugDescription: "another kind of value"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .record(let fields) = value else { throw mismatch([String: BinaryValue].self) }
        return KeyedDecodingContainer(RecordDecoder<Key>(fields: fields, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let values) = value else { throw mismatch([BinaryValue].self) }
        return ListDecoder(values: values, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        ScalarDecoder(tree: self)
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let number: Number? =
            switch value {
            case .unsigned(let number): Number(exactly: number)
            case .negative(let number): Number(exactly: number)
            case .null, .bool, .double, .text, .list, .record: nil
            }
        guard let number else { throw mismatch(type) }
        return number
    }
}

private struct ScalarDecoder: SingleValueDecodingContainer {
    let tree: TreeDecoder
    var codingPath: [any CodingKey] { tree.codingPath }

    func decodeNil() -> Bool { tree.value == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let flag) = tree.value else { throw tree.mismatch(type) }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .text(let text) = tree.value else { throw tree.mismatch(type) }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard case .double(let number) = tree.value else { throw tree.mismatch(type) }
        return number
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try tree.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try tree.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try tree.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try tree.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try tree.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try tree.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try tree.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try tree.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try tree.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try tree.integer(type) }
    func decode<Subject: Decodable>(_ type: Subject.Type) throws -> Subject { try Subject(from: tree) }
}

private struct ListDecoder: UnkeyedDecodingContainer {
    let values: [BinaryValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0

    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex >= values.count }

    init(values: [BinaryValue], codingPath: [any CodingKey]) {
        self.values = values
        self.codingPath = codingPath
    }

    private mutating func next() throws -> TreeDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                BinaryValue.self,
                DecodingError.Context(codingPath: codingPath, debugDescription: "the list has ended"))
        }
        defer { currentIndex += 1 }
        return TreeDecoder(value: values[currentIndex], codingPath: codingPath)
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, values[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Subject: Decodable>(_ type: Subject.Type) throws -> Subject {
        try Subject(from: try next())
    }

    mutating func nestedContainer<Key: CodingKey>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct RecordDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let fields: [BinaryValue.Field]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { fields.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { fields.contains { $0.key == key.stringValue } }

    private func tree(_ key: any CodingKey) throws -> TreeDecoder {
        guard let field = fields.first(where: { $0.key == key.stringValue }) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "no such field"))
        }
        return TreeDecoder(value: field.value, codingPath: codingPath + [key])
    }

    func decodeNil(forKey key: Key) throws -> Bool { try tree(key).value == .null }

    func decode<Subject: Decodable>(_ type: Subject.Type, forKey key: Key) throws -> Subject {
        try Subject(from: try tree(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try tree(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try tree(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        TreeDecoder(value: .record(fields), codingPath: codingPath)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try tree(key) }
}
