import Timekeeping

/// Numbers as text. The standard library alone has no rounding to places.
enum Decimals {
    /// `value` with `places` (0...9) digits after the point and a plain minus sign; what is not finite
    /// becomes 0, what is beyond ±9e8 is cut off there.
    static func fixed(_ value: Double, places: Int) -> String {
        let places = min(max(places, 0), 9)
        var unit: Int64 = 1
        for _ in 0..<places { unit *= 10 }
        let bounded = value.isFinite ? min(max(value, -9e8), 9e8) : 0
        let scaled = Int64((bounded * Double(unit)).rounded())
        let whole = String(scaled.magnitude / unit.magnitude)
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + whole }
        return "\(sign)\(whole).\(padded(scaled.magnitude % unit.magnitude, to: places))"
    }

    /// Like `fixed`, without zeros at the end: `12.50` is `12.5`, `3.0` is `3`.
    static func short(_ value: Double, places: Int) -> String {
        let text = fixed(value, places: places)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(String(trimmed.reversed()))
    }

    /// A length of time for people, three significant digits or milliseconds: `412 µs`, `12.3 ms`, `3.412 s`.
    static func people(_ interval: Interval) -> String {
        let sign = interval.nanoseconds < 0 ? "\u{2212}" : ""
        let magnitude = Double(interval.nanoseconds.magnitude)
        switch magnitude {
        case 0: return "0 s"
        case ..<999_500: return "\(sign)\(fixed(magnitude / 1e3, places: 0)) µs"
        case ..<99_950_000: return "\(sign)\(short(magnitude / 1e6, places: 1)) ms"
        case ..<999_500_000: return "\(sign)\(fixed(magnitude / 1e6, places: 0)) ms"
        default: return "\(sign)\(fixed(magnitude / 1e9, places: 3)) s"
        }
    }

    /// A count with a narrow space between thousands: `12 400`.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append("\u{202F}") }
            text.append(digit)
        }
        return text
    }

    private static func padded(_ value: UInt64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
