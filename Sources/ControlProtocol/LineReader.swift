/// Cuts a stream of octets into lines, within a bound. A line that grows beyond it ends the reading: whoever
/// sends it is not to be listened to.
package struct LineReader: Sendable {
    private let limit: Int
    private var held: [UInt8] = []
    /// A line was too long; nothing is read any more.
    package private(set) var hasOverflowed = false

    /// Lines of at most `limit` octets, their ends not counted.
    package init(limit: Int) { self.limit = limit }

    /// Takes what came; the lines that are complete now, without their ends.
    package mutating func take(_ octets: [UInt8]) -> [ArraySlice<UInt8>] {
        guard !hasOverflowed else { return [] }
        var lines: [ArraySlice<UInt8>] = []
        var rest = octets[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = held.isEmpty ? rest[..<end] : (held + rest[..<end])[...]
            guard line.count <= limit else { return lines + overflow() }
            lines.append(line)
            held = []
            rest = rest[(end + 1)...]
        }
        held += rest
        return held.count > limit ? lines + overflow() : lines
    }

    private mutating func overflow() -> [ArraySlice<UInt8>] {
        hasOverflowed = true
        held = []
        return []
    }
}
