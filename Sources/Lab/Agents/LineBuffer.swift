/// Cuts a stream into lines. A line longer than the limit is dropped whole.
package struct LineBuffer: Sendable {
    private let limit: Int
    private var held: [UInt8] = []
    private var skipping = false

    /// Lines of at most `limit` octets.
    package init(limit: Int = 65_536) { self.limit = limit }

    /// Takes more octets; the lines that are complete now, without their ends.
    package mutating func take(_ octets: [UInt8]) -> [String] {
        var lines: [String] = []
        for piece in octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if piece.offset > 0 {
                if !skipping { lines.append(String(decoding: held, as: UTF8.self)) }
                held.removeAll(keepingCapacity: true)
                skipping = false
            }
            guard !skipping else { continue }
            held += piece.element
            if held.count > limit {
                held.removeAll()
                skipping = true
            }
        }
        return lines
    }
}
