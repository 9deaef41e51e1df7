/// What a tracked file says, read as keepalived 2.2.7 does (measured): the number it begins with, after
/// blanks, in decimal, octal after `0` or hexadecimal after `0x`. A file that begins with none, or is not
/// there, says 0.
package enum FileNumber: Hashable, Sendable {
    /// This number.
    case number(Int32)
    /// One that is out of range: what was known stays.
    case outOfRange

    /// No more of a file is read, octets.
    package static let limit = 128

    /// Reads the beginning of a file.
    package init(_ octets: some Sequence<UInt8>) {
        var rest = Array(octets.prefix(Self.limit))[...]
        rest = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var base: Int64 = 10
        if rest.first == UInt8(ascii: "0") {
            base = 8
            let second = rest.dropFirst()
            if second.first.map({ $0 | 0x20 == UInt8(ascii: "x") }) == true,
                second.dropFirst().first.flatMap({ Self.digit($0, 16) }) != nil
            {
                base = 16
                rest = second.dropFirst()
            }
        }
        var value: Int64 = 0
        for octet in rest {
            guard let digit = Self.digit(octet, base) else { break }
            value = value * base + digit
            guard value <= 1 << 31 else {
                self = .outOfRange
                return
            }
        }
        self = Int32(exactly: isNegative ? -value : value).map(FileNumber.number) ?? .outOfRange
    }

    private static func digit(_ octet: UInt8, _ base: Int64) -> Int64? {
        let value: Int64
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int64(octet - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = Int64(octet - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): value = Int64(octet - UInt8(ascii: "A")) + 10
        default: return nil
        }
        return value < base ? value : nil
    }
}
