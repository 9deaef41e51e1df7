/// What a field holds while nothing is written.
protocol Blank {
    init()
}

extension Optional: Blank {
    init() { self = nil }
}

/// A field that few blocks write, in a place of its own: in the draft, of which there may be a hundred
/// thousand, it takes eight octets.
@propertyWrapper
indirect enum Seldom<Value: Blank & Sendable>: Sendable {
    case blank
    case written(Value)

    init() { self = .blank }

    var wrappedValue: Value {
        get { if case .written(let value) = self { value } else { Value() } }
        set { self = .written(newValue) }
    }
}
