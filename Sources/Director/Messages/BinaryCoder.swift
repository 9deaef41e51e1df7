/// Messages as octets and back.
package enum BinaryCoder {
    /// The octets of `message`.
    package static func encode(_ message: some Encodable) throws -> [UInt8] {
        let writer = BinaryWriter()
        try writer.write(whole: message)
        return writer.octets
    }

    /// The message in `octets`; a `MalformedMessage` or a `DecodingError` when there is none, whatever they
    /// hold. A frame of more than `limit` octets is refused before it is looked at; with `isPlain` one with
    /// text that is not ASCII is.
    package static func decode<Message: Decodable>(
        _ type: Message.Type = Message.self, from octets: [UInt8], limit: Int = .max, isPlain: Bool = false
    ) throws -> Message {
        guard octets.count <= limit else { throw MalformedMessage.tooLong }
        let reader = BinaryReader(octets, isPlain: isPlain)
        do {
            let message = try reader.whole(type)
            if let failure = reader.failure { throw failure }
            guard reader.isAtEnd else { throw MalformedMessage.trailing }
            return message
        } catch {
            // What is malformed comes before what it was taken for.
            throw reader.failure ?? error
        }
    }
}
