import Timekeeping

/// A JSON document (RFC 8259) as a value. Members keep their order, so that two records can be compared line
/// by line.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Written as null when it is not finite, which JSON cannot say.
    case number(Double)
    /// Seconds, exact to the nanosecond. A reader gives `integer` or `number` instead.
    case seconds(Interval)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value.
    package struct Member: Hashable, Sendable {
        /// Unique inside its object.
        package var name: String
        /// Its value.
        package var value: JSONValue

        /// A member.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value of an optional, null for nil.
    package init<Value>(_ value: Value?, _ wrap: (Value) -> JSONValue) { self = value.map(wrap) ?? .null }

    /// A count; what an Int cannot hold is the largest one.
    package init(count: UInt64) { self = .integer(Int(clamping: count)) }

    /// The member called `name`; nil when there is none, or when this is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The element at `index`; nil when there is none, or when this is no array.
    package subscript(_ index: Int) -> JSONValue? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    /// The text; nil when this is no string.
    package var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number; nil when this is no whole number.
    package var integer: Int? { if case .integer(let number) = self { number } else { nil } }

    /// The number of any kind; nil when this is none.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .seconds(let interval): interval.seconds
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The truth value; nil when this is none.
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    /// The elements; none when this is no array.
    package var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

    /// The members; none when this is no object.
    package var members: [Member] { if case .object(let members) = self { members } else { [] } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    package init(integerLiteral value: Int) { self = .integer(value) }
    /// true or false.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// null.
    package init(nilLiteral: ()) { self = .null }
    /// An object with these members, in this order.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
    /// An array.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
