/// Reads the head of an HTTP/1 response octet by octet, from fragments of any size (RFC 9112 sections 2.2 and
/// 4). The status line is read strictly; header lines are counted against limits, and only those are looked
/// into that say where the body ends. Interim responses (1xx but 101) are passed over, within the limits.
struct ResponseHead: Sendable {
    /// How far a head has come.
    enum Progress: Hashable, Sendable {
        case incomplete
        /// The head is there: status 100...999 and the reason phrase, shortened and printable.
        case complete(status: UInt16, reason: String)
        /// Not a response, or beyond a limit; says what is wrong.
        case malformed(String)
    }

    private enum State: Sendable {
        /// Collecting the status line.
        case statusLine([UInt8])
        /// In the header lines that follow `status`; so many octets of the present one so far.
        case headers(status: UInt16, reason: String, line: Int)
        /// Over; further octets change nothing.
        case done(Progress)
    }

    private var state = State.statusLine([])
    /// Octets taken so far, over all heads of the response.
    private(set) var count = 0
    /// The octet before the present one was CR.
    private var afterReturn = false
    /// The beginning of the present header line.
    private var kept: [UInt8] = []
    private var length: Int?
    private var isChunked = false
    private var doubt: String?

    /// Where the body ends, once the head is complete.
    var framing: BodyFraming {
        if case .done(.complete(let status, _)) = state, status == 204 || status == 304 { return .length(0) }
        if let doubt { return .unclear(doubt) }
        if isChunked { return .chunked }
        return length.map { .length($0) } ?? .untilClosed
    }

    /// For messages: where the response broke off.
    var position: String { count == 0 ? "before any answer" : "after \(count) octets of the head" }

    /// Takes the next octets of the response; octets behind a complete head are ignored.
    mutating func feed(_ octets: some Sequence<UInt8>) -> Progress {
        for octet in octets {
            if case .done(let progress) = state { return progress }
            take(octet)
        }
        if case .done(let progress) = state { return progress }
        return .incomplete
    }

    private mutating func take(_ octet: UInt8) {
        count += 1
        guard count <= Limits.headOctets else { return fail("head over \(Limits.headOctets) octets") }
        switch state {
        case .statusLine(let line) where octet == newline:
            endStatusLine(afterReturn ? line.dropLast() : line[...])
        case .statusLine(var line):
            // The buffer must have one owner while it grows.
            state = .done(.incomplete)
            line.append(octet)
            guard line.count <= Limits.statusLineOctets else {
                return fail("status line over \(Limits.statusLineOctets) octets")
            }
            state = .statusLine(line)
            guard Self.canBegin(line) else { return fail("not an HTTP/1 response") }
        case .headers(let status, let reason, let line) where octet == newline:
            if line == 0 || line == 1 && afterReturn {
                endHead(status, reason)
            } else {
                endHeaderLine()
                state = .headers(status: status, reason: reason, line: 0)
            }
        case .headers(let status, let reason, let line):
            guard line < Limits.headerLineOctets else {
                return fail("header line over \(Limits.headerLineOctets) octets")
            }
            if line < Limits.keptHeaderOctets { kept.append(octet) }
            state = .headers(status: status, reason: reason, line: line + 1)
        case .done:
            return
        }
        afterReturn = octet == UInt8(ascii: "\r")
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }

    private mutating func fail(_ reason: String) { state = .done(.malformed(reason)) }

    private mutating func endStatusLine(_ line: ArraySlice<UInt8>) {
        guard let (status, reason) = Self.statusLine(Array(line)) else {
            return fail("malformed status line")
        }
        state = .headers(status: status, reason: reason, line: 0)
    }

    private mutating func endHeaderLine() {
        defer { kept.removeAll(keepingCapacity: true) }
        guard let colon = kept.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: kept[..<colon], as: UTF8.self).lowercased()
        guard name == "content-length" || name == "transfer-encoding" else { return }
        let blanks: Set = [Self.blank, UInt8(ascii: "\t"), UInt8(ascii: "\r")]
        let value = String(
            decoding: kept[(colon + 1)...].drop { blanks.contains($0) }.reversed().drop {
                blanks.contains($0)
            }
            .reversed(), as: UTF8.self)
        if name == "transfer-encoding" {
            if value.lowercased() == "chunked" {
                isChunked = true
            } else if value.lowercased() != "identity" {
                doubt = "unknown transfer encoding"
            }
        } else if let count = Int(value), count >= 0, value.utf8.count <= 18, length == nil || length == count
        {
            length = count
        } else {
            doubt = "malformed Content-Length"
        }
    }

    private mutating func endHead(_ status: UInt16, _ reason: String) {
        let interim = (100...199).contains(status) && status != 101
        kept = []
        if interim { (length, isChunked, doubt) = (nil, false, nil) }
        state = interim ? .statusLine([]) : .done(.complete(status: status, reason: reason))
    }

    private static let version = Array("HTTP/1.".utf8)

    /// False as soon as `line` can no longer become a status line: a server of another protocol is told at
    /// once.
    private static func canBegin(_ line: [UInt8]) -> Bool {
        let count = min(line.count, version.count)
        return line[..<count] == version[..<count]
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason]`. The blank before an empty reason is often left out, and accepted so.
    private static func statusLine(_ line: [UInt8]) -> (status: UInt16, reason: String)? {
        guard line.count >= 12, line.starts(with: version), digit(line[7]) != nil, line[8] == blank else {
            return nil
        }
        guard let hundreds = digit(line[9]), let tens = digit(line[10]), let ones = digit(line[11]) else {
            return nil
        }
        let status = hundreds * 100 + tens * 10 + ones
        guard status >= 100, line.count == 12 || line[12] == blank else { return nil }
        let reason = line.dropFirst(13)
        guard reason.allSatisfy({ $0 >= blank && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else { return nil }
        return (status, printable(reason, limit: Limits.reasonCharacters))
    }

    private static let blank = UInt8(ascii: " ")

    private static func digit(_ octet: UInt8) -> UInt16? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) ? UInt16(octet - UInt8(ascii: "0")) : nil
    }
}
