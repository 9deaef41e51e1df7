/// The head of a line that stands for several: `~SEQ(v,start,step,end)`, `~SEQx(...)`, `~LST(v,a,b)`,
/// `~LST({v,w},{a,b},{c,d})`.
struct Repetition: Sendable {
    /// Why a head cannot be read, for people.
    struct Problem: Error, Hashable {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// A value of a variable: written in the list, or counted.
    enum Value: Hashable {
        case listed(Range<Int>)
        case counted(String)
    }

    /// What there is to go through.
    private enum Source {
        case list([[Range<Int>]])
        case sequence(start: Int, step: Int, end: Int, radix: Int)
    }

    /// The variables that get a value each time.
    let variables: [String]
    /// One past the closing parenthesis.
    let end: Int
    private let source: Source

    private static let forms: [(name: String, radix: Int?)] = [("~SEQx(", 16), ("~SEQ(", 10), ("~LST(", nil)]

    /// True when a repetition begins at `start`.
    static func begins(_ octets: [UInt8], at start: Int) -> Bool {
        forms.contains { octets[start...].starts(with: $0.name.utf8) }
    }

    /// Where the parenthesis closes that opens at the head at `start`.
    static func close(_ octets: [UInt8], from start: Int) -> Int? {
        octets[start...].firstIndex(of: UInt8(ascii: ")"))
    }

    /// The head that begins at `start`.
    init(_ octets: [UInt8], at start: Int) throws(Problem) {
        guard let form = Self.forms.first(where: { octets[start...].starts(with: $0.name.utf8) }),
            let close = Self.close(octets, from: start)
        else { throw Problem("\")\" is missing") }
        end = close + 1
        let items = Self.items(octets, (start + form.name.utf8.count)..<close)
        if let radix = form.radix {
            (variables, source) = try Self.sequence(octets, items, radix: radix)
        } else {
            (variables, source) = try Self.list(octets, items)
        }
    }

    /// The values of the variables at the time `index`, from 0; nil after the last.
    func values(_ index: Int) -> [Value]? {
        switch source {
        case .list(let rows):
            return rows.indices.contains(index) ? rows[index].map(Value.listed) : nil
        case .sequence(let start, let step, let last, let radix):
            let (offset, tooLarge) = step.multipliedReportingOverflow(by: index)
            let (value, beyond) = start.addingReportingOverflow(offset)
            guard !tooLarge, !beyond, step > 0 ? value <= last : value >= last else { return nil }
            return [.counted(String(value, radix: radix))]
        }
    }

    // MARK: Reading

    private static func sequence(
        _ octets: [UInt8], _ items: [Range<Int>], radix: Int
    ) throws(Problem) -> ([String], Source) {
        guard (2...4).contains(items.count) else {
            throw Problem("a sequence is (NAME, [START, [STEP,]] END)")
        }
        let name = try variable(octets, items[0])
        var numbers: [Int] = []
        for item in items.dropFirst() {
            let text = String(decoding: octets[item], as: UTF8.self)
            guard let number = number(text) else { throw Problem("\"\(text)\" is no whole number") }
            numbers.append(number)
        }
        let last = numbers[numbers.count - 1]
        let start = numbers.count > 1 ? numbers[0] : (last > 0 ? 1 : -1)
        let step = numbers.count > 2 ? numbers[1] : (last >= start ? 1 : -1)
        guard step != 0, step > 0 ? start <= last : start >= last else {
            throw Problem("\(last) is never reached from \(start) in steps of \(step)")
        }
        return ([name], .sequence(start: start, step: step, end: last, radix: radix))
    }

    private static func list(
        _ octets: [UInt8], _ items: [Range<Int>]
    ) throws(Problem) -> ([String], Source) {
        guard let head = items.first, items.count > 1 else {
            throw Problem("a list is (NAME, VALUE, ...) or ({NAME, ...}, {VALUE, ...}, ...)")
        }
        let isTuple = octets[head].first == UInt8(ascii: "{")
        var names: [String] = []
        for item in isTuple ? try members(octets, head) : [head] {
            names.append(try variable(octets, item))
        }
        var rows: [[Range<Int>]] = []
        for item in items.dropFirst() {
            let row = isTuple ? try members(octets, item) : [item]
            guard row.count == names.count else {
                let text = String(decoding: octets[item], as: UTF8.self)
                throw Problem("\(text) has \(row.count) values for \(names.count) names")
            }
            rows.append(row)
        }
        return (names, .list(rows))
    }

    private static func members(_ octets: [UInt8], _ item: Range<Int>) throws(Problem) -> [Range<Int>] {
        guard item.count >= 2, octets[item.lowerBound] == UInt8(ascii: "{"),
            octets[item.upperBound - 1] == UInt8(ascii: "}")
        else { throw Problem("\"\(String(decoding: octets[item], as: UTF8.self))\" is not in braces") }
        return items(octets, (item.lowerBound + 1)..<(item.upperBound - 1))
    }

    private static func variable(_ octets: [UInt8], _ item: Range<Int>) throws(Problem) -> String {
        guard DefinitionName.end(octets, from: item.lowerBound) == item.upperBound, !item.isEmpty else {
            throw Problem("\"\(String(decoding: octets[item], as: UTF8.self))\" is no name")
        }
        return String(decoding: octets[item], as: UTF8.self)
    }

    /// Decimal, or hexadecimal after 0x, with or without a sign.
    private static func number(_ text: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard digits.first?.isNumber == true else { return nil }
        let value = digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)
        guard let value, value <= Int(Int32.max) else { return nil }
        return isNegative ? -value : value
    }

    /// The parts between commas outside braces, without blanks around them.
    private static func items(_ octets: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var (depth, start) = (0, range.lowerBound)
        for position in range {
            switch octets[position] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth <= 0:
                result.append(trimmed(octets, start..<position))
                start = position + 1
            default: break
            }
        }
        return result + [trimmed(octets, start..<range.upperBound)]
    }

    private static func trimmed(_ octets: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, octets[low] <= 0x20 { low += 1 }
        while high > low, octets[high - 1] <= 0x20 { high -= 1 }
        return low..<high
    }
}
