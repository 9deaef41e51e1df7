/// Messages as octets and back.
package enum BinaryCoder {
    /// The octets of `message`.
    package static func encode(_ message: some Encodable) throws -> [UInt8] {
        let writer = BinaryWriter()
        try writer.write(whole: message)
        return writer.octets
    }

    /// The message in `octets`; a `MalformedMessage` or a `DecodingError` when there is none, whatever they
    /// hold. A frame of more than `limit` octets is refused before it is looked at.
    package static func decode<Message: Decodable>(
        _ type: Message.Type = Message.self, from octets: [UInt8], limit: Int = .max
    ) throws -> Message {
        guard octets.count <= limit else { throw MalformedMessage.tooLong }
        let reader = BinaryReader(octets)
        let message = try reader.whole(type)
        guard reader.isAtEnd else { throw MalformedMessage.trailing }
        return message
    }
}
