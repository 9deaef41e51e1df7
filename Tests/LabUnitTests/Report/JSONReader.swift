/// A reader of JSON by the letter of RFC 8259, to judge the writer by something that shares no code with it.
struct JSONReader {
    enum Value: Equatable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([Value])
        case object([String: Value])

        subscript(_ name: String) -> Value? {
            guard case .object(let members) = self else { return nil }
            return members[name]
        }
        subscript(_ index: Int) -> Value? {
            guard case .array(let values) = self, values.indices.contains(index) else { return nil }
            return values[index]
        }
    }

    struct Malformed: Error, Equatable {
        var at: Int
    }

    private let bytes: [UInt8]
    private var at = 0

    static func read(_ text: String) throws -> Value {
        var reader = JSONReader(bytes: Array(text.utf8))
        let value = try reader.value(depth: 0)
        reader.space()
        guard reader.at == reader.bytes.count else { throw Malformed(at: reader.at) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let next, [0x20, 0x0A, 0x0D, 0x09].contains(next) { at += 1 }
    }

    private mutating func accept(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard bytes[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    private mutating func require(_ text: String) throws {
        guard accept(text) else { throw Malformed(at: at) }
    }

    private mutating func value(depth: Int) throws -> Value {
        guard depth < 64 else { throw Malformed(at: at) }
        space()
        if accept("null") { return .null }
        if accept("true") { return .bool(true) }
        if accept("false") { return .bool(false) }
        if next == UInt8(ascii: "\"") { return .string(try string()) }
        if accept("[") { return .array(try list("]") { try $0.value(depth: depth + 1) }) }
        if accept("{") {
            var members: [String: Value] = [:]
            let pairs = try list("}") { reader in
                reader.space()
                let name = try reader.string()
                reader.space()
                try reader.require(":")
                return (name, try reader.value(depth: depth + 1))
            }
            for (name, value) in pairs {
                guard members.updateValue(value, forKey: name) == nil else { throw Malformed(at: at) }
            }
            return .object(members)
        }
        return .number(try number())
    }

    private mutating func list<Item>(
        _ end: String, _ item: (inout JSONReader) throws -> Item
    ) throws -> [Item] {
        var items: [Item] = []
        space()
        if accept(end) { return items }
        while true {
            items.append(try item(&self))
            space()
            if accept(end) { return items }
            try require(",")
        }
    }

    private mutating func string() throws -> String {
        try require("\"")
        var scalars = String.UnicodeScalarView()
        var plain: [UInt8] = []
        func flush() throws {
            guard let text = String(validating: plain, as: UTF8.self) else { throw Malformed(at: at) }
            scalars.append(contentsOf: text.unicodeScalars)
            plain = []
        }
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                try flush()
                return String(scalars)
            case UInt8(ascii: "\\"):
                try flush()
                scalars.append(try escaped())
            case ..<0x20: throw Malformed(at: at)
            default: plain.append(byte)
            }
        }
        throw Malformed(at: at)
    }

    private mutating func escaped() throws -> Unicode.Scalar {
        let simple: [(String, Unicode.Scalar)] = [
            ("\"", "\""), ("\\", "\\"), ("/", "/"), ("n", "\n"), ("r", "\r"), ("t", "\t"), ("b", "\u{8}"),
            ("f", "\u{C}"),
        ]
        for (letter, scalar) in simple where accept(letter) { return scalar }
        try require("u")
        guard at + 4 <= bytes.count, let digits = String(validating: bytes[at..<at + 4], as: UTF8.self),
            let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
        else { throw Malformed(at: at) }
        at += 4
        return scalar
    }

    private mutating func number() throws -> Double {
        let start = at
        _ = accept("-")
        if !accept("0") {
            guard let next, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(next) else {
                throw Malformed(at: at)
            }
            try digits()
        }
        if accept(".") { try digits() }
        if accept("e") || accept("E") {
            _ = accept("+") || accept("-")
            try digits()
        }
        guard let text = String(validating: bytes[start..<at], as: UTF8.self), let value = Double(text),
            value.isFinite
        else { throw Malformed(at: start) }
        return value
    }

    private mutating func digits() throws {
        let start = at
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { at += 1 }
        guard at > start else { throw Malformed(at: at) }
    }
}
