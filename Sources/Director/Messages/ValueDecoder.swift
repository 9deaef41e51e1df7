// BinaryReader -> Decodable. A value of another kind or out of range is a DecodingError, never a trap; fields
// that nobody asks for are passed over.

/// Where any `Decodable` reads itself from: the reader's next value.
struct ValueDecoder: Decoder {
    let reader: BinaryReader
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func mismatch(_ wanted: Any.Type) -> DecodingError {
        .typeMismatch(
            wanted, DecodingError.Context(codingPath: [], debugDescription: "another kind of value"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard try reader.open(BinaryTag.record) else { throw mismatch(type) }
        return KeyedDecodingContainer(RecordDecoder<Key>(reader: reader, depth: reader.depth))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard try reader.open(BinaryTag.list) else { throw mismatch([Never].self) }
        return ListDecoder(reader: reader, depth: reader.depth)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { ScalarDecoder(decoder: self) }
}

extension BinaryReader {
    /// Reads all of the next value.
    func whole<Subject: Decodable>(_ type: Subject.Type) throws -> Subject {
        let (depth, before) = (depth, position)
        let subject = try Subject(from: ValueDecoder(reader: self))
        try close(to: depth)
        // It has nothing to read, and has a place all the same.
        if position == before { try skip() }
        return subject
    }
}

private struct ScalarDecoder: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { [] }

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard let number: Number = try decoder.reader.integer() else { throw decoder.mismatch(type) }
        return number
    }

    func decodeNil() -> Bool {
        decoder.reader.answer(false) { () throws(MalformedMessage) in
            try decoder.reader.take(BinaryTag.null)
        }
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        if try decoder.reader.take(BinaryTag.yes) { return true }
        guard try decoder.reader.take(BinaryTag.no) else { throw decoder.mismatch(type) }
        return false
    }

    func decode(_ type: String.Type) throws -> String {
        guard try decoder.reader.take(BinaryTag.text) else { throw decoder.mismatch(type) }
        return try decoder.reader.text()
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard try decoder.reader.take(BinaryTag.double) else { throw decoder.mismatch(type) }
        return try decoder.reader.double()
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
    func decode<Subject: Decodable>(_ type: Subject.Type) throws -> Subject { try decoder.reader.whole(type) }
}

private struct ListDecoder: UnkeyedDecodingContainer {
    let reader: BinaryReader
    let depth: Int
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }

    init(reader: BinaryReader, depth: Int) {
        self.reader = reader
        self.depth = depth
    }

    /// It stands at the end of the list only.
    var count: Int? { nil }

    /// A list that is malformed is not at its end: reading on says what is wrong.
    var isAtEnd: Bool {
        reader.answer(false) { () throws(MalformedMessage) in
            try reader.close(to: depth)
            return try reader.isAtEndOfList()
        }
    }

    private mutating func next() throws -> ValueDecoder {
        try reader.close(to: depth)
        guard try !reader.isAtEndOfList() else {
            throw DecodingError.valueNotFound(
                Any.self, DecodingError.Context(codingPath: [], debugDescription: "the list has ended"))
        }
        currentIndex += 1
        return ValueDecoder(reader: reader)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, try reader.take(BinaryTag.null) else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Subject: Decodable>(_ type: Subject.Type) throws -> Subject {
        try next().reader.whole(type)
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
    let reader: BinaryReader
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        let names: [String] = reader.answer([]) { () throws(MalformedMessage) in
            try reader.close(to: depth)
            return try reader.remainingKeys()
        }
        return names.compactMap { Key(stringValue: $0) }
    }

    func contains(_ key: Key) -> Bool {
        reader.answer(false) { () throws(MalformedMessage) in try isNext(key) }
    }

    private func isNext(_ key: some CodingKey) throws(MalformedMessage) -> Bool {
        try reader.close(to: depth)
        return try reader.nextKey() == key.stringValue
    }

    private func next(_ key: some CodingKey) throws -> ValueDecoder {
        guard try isNext(key) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: [], debugDescription: "no such field here"))
        }
        reader.takeKey()
        return ValueDecoder(reader: reader)
    }

    /// True only for a field that is next, so that another one's value is never taken for it.
    func decodeNil(forKey key: Key) throws -> Bool {
        guard try isNext(key), try reader.take(BinaryTag.null) else { return false }
        reader.takeKey()
        return true
    }

    func decode<Subject: Decodable>(_ type: Subject.Type, forKey key: Key) throws -> Subject {
        try next(key).reader.whole(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try next(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try next(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try next(SuperKey()) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try next(key) }
}
