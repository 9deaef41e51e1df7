/// Passes a stream through up to a trailer line `NONCE STATUS`, which the guest writes behind the command's
/// output, and keeps the trailer back. The nonce is drawn for each run, so that no output can look like it
/// by chance.
package struct OutputTrailer: Sendable {
    private let mark: [UInt8]
    private var held: [UInt8] = []
    private var found = false
    /// The command's exit status, once the trailer has come.
    package private(set) var status: Int32?

    /// A stream that ends with the line `nonce` STATUS.
    package init(nonce: String) { mark = Array(nonce.utf8) + [UInt8(ascii: " ")] }

    /// Takes the next octets; returns those that are surely output.
    package mutating func pass(_ octets: [UInt8]) -> [UInt8] {
        held += octets
        guard !found, let start = markStart() else { return finishTrailer() }
        let output = Array(held[..<start])
        held.removeFirst(start)
        if held.starts(with: mark) {
            found = true
            held.removeFirst(mark.count)
            return output + finishTrailer()
        }
        return output
    }

    /// What was kept back as a possible trailer and is not one: to be shown when the stream ends early.
    package mutating func remainder() -> [UInt8] {
        defer { held = [] }
        return found ? [] : held
    }

    private mutating func finishTrailer() -> [UInt8] {
        guard found else {
            defer { held = [] }
            return held
        }
        if status == nil, let end = held.firstIndex(of: UInt8(ascii: "\n")) {
            status = Int32(String(decoding: held[..<end], as: UTF8.self))
            held = []
        }
        return []
    }

    /// Where the mark begins, or could begin when more octets come.
    private func markStart() -> Int? {
        guard let first = mark.first else { return nil }
        var position = held.startIndex
        while let start = held[position...].firstIndex(of: first) {
            let candidate = held[start...].prefix(mark.count)
            if mark.starts(with: candidate) { return start }
            position = start + 1
        }
        return nil
    }
}
