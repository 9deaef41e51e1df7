/// Reads JSON by the letter of RFC 8259. What it reads may come from any process of the host: everything is
/// bounded, and whatever is malformed is an error, never a trap.
package struct JSONReader {
    /// Where a text stops being JSON that is accepted, in octets from its start.
    package struct Malformed: Error, Hashable, Sendable {
        /// The place.
        package var at: Int

        /// At this place.
        package init(at place: Int) { at = place }
    }

    /// Values may be nested this deep.
    package static let depthLimit = 32

    private let bytes: ArraySlice<UInt8>
    private var at: Int

    /// The one value of `text`. An object with two members of one name, numbers beyond a double, escaped
    /// halves of a surrogate pair that stand alone and text that is not UTF-8 are refused.
    package static func read(_ text: String) throws(Malformed) -> JSONValue {
        try read(Array(text.utf8)[...])
    }

    /// The same of octets.
    package static func read(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.space()
        guard reader.at == bytes.endIndex else { throw reader.malformed }
        return value
    }

    private init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    private var malformed: Malformed { Malformed(at: at - bytes.startIndex) }

    private var next: UInt8? { at < bytes.endIndex ? bytes[at] : nil }

    private mutating func space() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { at += 1 }
    }

    private mutating func accept(_ text: StaticString) -> Bool {
        let wanted = text.description.utf8
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    private mutating func require(_ text: StaticString) throws(Malformed) {
        guard accept(text) else { throw malformed }
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard depth < Self.depthLimit else { throw malformed }
        space()
        switch next {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        default: break
        }
        if accept("null") { return .null }
        if accept("true") { return .bool(true) }
        if accept("false") { return .bool(false) }
        return try number()
    }

    private mutating func array(depth: Int) throws(Malformed) -> [JSONValue] {
        try require("[")
        var values: [JSONValue] = []
        space()
        if accept("]") { return values }
        while true {
            values.append(try value(depth: depth + 1))
            space()
            if accept("]") { return values }
            try require(",")
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> [JSONValue.Member] {
        try require("{")
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        space()
        if accept("}") { return members }
        while true {
            space()
            let name = try string()
            guard names.insert(name).inserted else { throw malformed }
            space()
            try require(":")
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            space()
            if accept("}") { return members }
            try require(",")
        }
    }

    private mutating func string() throws(Malformed) -> String {
        try require("\"")
        var result = ""
        var start = at
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                result += try plain(from: start)
                at += 1
                return result
            case UInt8(ascii: "\\"):
                result += try plain(from: start)
                at += 1
                result.unicodeScalars.append(try escaped())
                start = at
            case ..<0x20: throw malformed
            default: at += 1
            }
        }
        throw malformed
    }

    private func plain(from start: Int) throws(Malformed) -> String {
        guard let text = String(validating: bytes[start..<at], as: UTF8.self) else { throw malformed }
        return text
    }

    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
        guard let letter = next else { throw malformed }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xDC00 else { throw malformed }
            try require("\\u")
            let second = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            else { throw malformed }
            return scalar
        default: throw malformed
        }
    }

    private mutating func hexadecimal() throws(Malformed) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw malformed
            }
            number = number << 4 | UInt32(digit)
            at += 1
        }
        return number
    }

    private mutating func number() throws(Malformed) -> JSONValue {
        let start = at
        _ = accept("-")
        if !accept("0") { try digits() }
        var isWhole = true
        if accept(".") {
            isWhole = false
            try digits()
        }
        if accept("e") || accept("E") {
            isWhole = false
            if !accept("+") { _ = accept("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let number = Int(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else { throw malformed }
        return .number(number)
    }

    private mutating func digits() throws(Malformed) {
        let start = at
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { at += 1 }
        guard at > start else { throw malformed }
    }
}
