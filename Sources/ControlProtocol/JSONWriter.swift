import ConfigSyntax
import Timekeeping

/// Writes a JSON value as text.
package enum JSONWriter {
    /// The text, indented by two blanks, with a line break at its end. What fits into 100 columns stays on
    /// one line.
    package static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 0, to: &text)
        return text + "\n"
    }

    /// The text on one line, however long, without a line break at its end.
    package static func line(_ value: JSONValue) -> String { compact(value, limit: .max) ?? "null" }

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
                text += "\(index == 0 ? "" : ",")\n\(inner)\(JSONString.quoted(member.name)): "
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
                text += "\(index == 0 ? "" : ", ")\(JSONString.quoted(member.name)): \(part)"
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
        case .seconds(let value): seconds(value)
        case .string(let value): JSONString.quoted(value)
        }
    }

    /// Swift's shortest text that reads back the same; `5e-324` and `1e+300` are JSON too.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    /// Seconds, exact to the nanosecond, without zeros at the end.
    private static func seconds(_ interval: Interval) -> String {
        let magnitude = interval.nanoseconds.magnitude
        let digits = String(magnitude % 1_000_000_000)
        var fraction = (String(repeating: "0", count: 9 - digits.count) + digits)[...]
        while fraction.last == "0" { fraction.removeLast() }
        let sign = interval.nanoseconds < 0 ? "-" : ""
        return "\(sign)\(magnitude / 1_000_000_000)\(fraction.isEmpty ? "" : ".")\(fraction)"
    }
}
