/// How a response says where its body ends (RFC 9112 section 6.3).
enum BodyFraming: Hashable, Sendable {
    /// With the connection.
    case untilClosed
    /// After so many octets.
    case length(Int)
    case chunked
    /// The head contradicts itself; says how.
    case unclear(String)
}

/// Collects the body of a response from fragments of any size, within a limit.
struct ResponseBody: Sendable {
    /// How far a body has come.
    enum Progress: Hashable, Sendable {
        case incomplete
        case complete
        /// Not a body, or beyond a limit; says what is wrong.
        case malformed(String)
    }

    private enum State: Sendable {
        case untilClosed
        case counted(left: Int)
        /// In the line that says the size of a chunk.
        case chunkSize(Int, digits: Int, length: Int, hasExtension: Bool)
        case chunk(left: Int)
        /// Behind the octets of a chunk: CR, LF.
        case chunkEnd
        /// In the lines behind the last chunk; so many octets of the present one so far.
        case trailer(line: Int)
        case done(Progress)
    }

    /// The body, chunks put together.
    private(set) var octets: [UInt8] = []
    private var state: State
    private var trailerOctets = 0
    private let limit: Int

    /// `limit` is in octets; `Limits.bodyOctets` at most.
    init(_ framing: BodyFraming, limit: Int = Limits.bodyOctets) {
        self.limit = min(limit, Limits.bodyOctets)
        switch framing {
        case .untilClosed: state = .untilClosed
        case .length(0): state = .done(.complete)
        case .length(let count): state = .counted(left: count)
        case .chunked: state = .chunkSize(0, digits: 0, length: 0, hasExtension: false)
        case .unclear(let reason): state = .done(.malformed(reason))
        }
    }

    /// For messages: where the response broke off.
    var position: String { "after \(octets.count) octets of the body" }

    private var progress: Progress { if case .done(let progress) = state { progress } else { .incomplete } }

    /// Takes the next octets; those behind the end are ignored.
    mutating func feed(_ octets: ArraySlice<UInt8>) -> Progress {
        var rest = octets
        while !rest.isEmpty {
            switch state {
            case .done: return progress
            case .untilClosed: keep(&rest, atMost: rest.count)
            case .counted(let left): state = .counted(left: left - keep(&rest, atMost: left))
            case .chunk(let left): state = .chunk(left: left - keep(&rest, atMost: left))
            case .chunkSize, .chunkEnd, .trailer:
                if let octet = rest.popFirst() { take(octet) }
            }
            switch state {
            case .counted(left: 0): state = .done(.complete)
            case .chunk(left: 0): state = .chunkEnd
            default: break
            }
            if self.octets.count > limit {
                self.octets = []
                state = .done(.malformed("body over \(limit) octets"))
            }
        }
        return progress
    }

    /// The server has closed the connection: the end of some bodies; that of others is missing.
    mutating func end() -> Progress {
        switch state {
        case .untilClosed: state = .done(.complete)
        case .done: break
        case .counted, .chunkSize, .chunk, .chunkEnd, .trailer:
            state = .done(.malformed("connection closed \(position)"))
        }
        return progress
    }

    /// Moves at most `count` octets of `rest` into the body; how many.
    @discardableResult
    private mutating func keep(_ rest: inout ArraySlice<UInt8>, atMost count: Int) -> Int {
        let part = rest.prefix(count)
        octets += part
        rest = rest.dropFirst(count)
        return part.count
    }

    private mutating func take(_ octet: UInt8) {
        let isLineEnd = octet == UInt8(ascii: "\n")
        switch state {
        case .chunkSize(let size, let count, let length, let hasExtension):
            takeSize(octet, size, count, length, hasExtension)
        case .chunkEnd where isLineEnd:
            state = .chunkSize(0, digits: 0, length: 0, hasExtension: false)
        case .chunkEnd:
            if octet != UInt8(ascii: "\r") { fail("malformed chunk") }
        case .trailer(let line):
            trailerOctets += 1
            guard trailerOctets <= Limits.headOctets else { return fail("endless trailer") }
            if isLineEnd {
                state = line == 0 ? .done(.complete) : .trailer(line: 0)
            } else if octet != UInt8(ascii: "\r") {
                state = .trailer(line: line + 1)
            }
        case .untilClosed, .counted, .chunk, .done:
            return
        }
    }

    private mutating func takeSize(
        _ octet: UInt8, _ size: Int, _ count: Int, _ length: Int, _ hasExtension: Bool
    ) {
        guard length < Limits.chunkLineOctets else { return fail("endless chunk extension") }
        if octet == UInt8(ascii: "\n") {
            guard count > 0 else { return fail("malformed chunk size") }
            state = size == 0 ? .trailer(line: 0) : .chunk(left: size)
        } else if !hasExtension, let digit = hexadecimal(octet) {
            guard count < 8 else { return fail("chunk over \(Limits.bodyOctets) octets") }
            state = .chunkSize(
                size << 4 | Int(digit), digits: count + 1, length: length + 1, hasExtension: false)
        } else {
            // Blanks before CR or an extension are met in the field.
            let begins =
                octet == UInt8(ascii: ";") || octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\r")
            guard hasExtension || (begins && count > 0) else { return fail("malformed chunk size") }
            state = .chunkSize(size, digits: count, length: length + 1, hasExtension: true)
        }
    }

    private mutating func fail(_ reason: String) { state = .done(.malformed(reason)) }
}
