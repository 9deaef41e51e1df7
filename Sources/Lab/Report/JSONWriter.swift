import Timekeeping

/// A JSON document (RFC 8259) as a value. Members keep their order, so that two records can be compared line
/// by line.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Written as null when it is not finite, which JSON cannot say.
    case number(Double)
    /// Seconds, exact to the nanosecond.
    case seconds(Interval)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value.
    struct Member: Hashable, Sendable {
        /// Unique inside its object.
        var name: String
        /// Its value.
        var value: JSONValue

        /// A member.
        init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value of an optional, null for nil.
    init<Value>(_ value: Value?, _ wrap: (Value) -> JSONValue) { self = value.map(wrap) ?? .null }
}

/// Writes a JSON value as text.
enum JSONWriter {
    /// The text, indented by two blanks, with a line break at its end. What fits into 100 columns stays on
    /// one line.
    static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 0, to: &text)
        return text + "\n"
    }

    private static func write(_ value: JSONValue, indent: Int, to text: inout String) {
        let line = compact(value, limit: 100)
        if let line {
            text += line
            return
        }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch value {
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                text += "\(index == 0 ? "" : ",")\n\(inner)"
                write(value, indent: indent + 2, to: &text)
            }
            text += "\n\(outer)]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                text += "\(index == 0 ? "" : ",")\n\(inner)\(quoted(member.name)): "
                write(member.value, indent: indent + 2, to: &text)
            }
            text += "\n\(outer)}"
        default: text += scalar(value)
        }
    }

    /// The value on one line; nil when that takes more than `limit` bytes.
    private static func compact(_ value: JSONValue, limit: Int) -> String? {
        var text: String
        switch value {
        case .array(let values):
            text = "["
            for (index, value) in values.enumerated() {
                guard let part = compact(value, limit: limit - text.utf8.count) else { return nil }
                text += "\(index == 0 ? "" : ", ")\(part)"
            }
            text += "]"
        case .object(let members):
            text = "{"
            for (index, member) in members.enumerated() {
                guard let part = compact(member.value, limit: limit - text.utf8.count) else { return nil }
                text += "\(index == 0 ? "" : ", ")\(quoted(member.name)): \(part)"
            }
            text += "}"
        default: text = scalar(value)
        }
        return text.utf8.count <= limit ? text : nil
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .null, .array, .object: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? number(value) : "null"
        case .seconds(let value): Decimals.seconds(value)
        case .string(let value): quoted(value)
        }
    }

    /// Swift's shortest text that reads back the same; `5e-324` and `1e+300` are JSON too.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    /// A string in quotes; control characters, and the two line separators that JavaScript stumbles over,
    /// escaped.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F || (0x2028...0x2029).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
