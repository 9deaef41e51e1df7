/// How a probe ended: a closed list, with the names that HAProxy's operators know.
package enum ProbeOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// A connection could be made.
    case connected = "L4OK"
    /// The connection was refused, or the target cannot be reached.
    case connectionFailed = "L4CON"
    /// No connection within the deadline.
    case connectTimedOut = "L4TOUT"
    /// TLS could not be established: a garbled answer, no common version, a certificate that is not accepted.
    case handshakeFailed = "L6RSP"
    /// Connected, but no TLS within the deadline.
    case handshakeTimedOut = "L6TOUT"
    /// Every url answered with an accepted status.
    case accepted = "L7OK"
    /// A url answered with a status that is not accepted.
    case wrongStatus = "L7STS"
    /// The answer is not a response, not the one that is expected, exceeds a limit, or broke off.
    case badResponse = "L7RSP"
    /// Connected, but no whole answer within the deadline.
    case responseTimedOut = "L7TOUT"
    /// The program exited with 0.
    case programSucceeded = "PROCOK"
    /// The program exited with another status, or by a signal.
    case programFailed = "PROCERR"
    /// The program did not end in time and was told to.
    case programTimedOut = "PROCTOUT"
    /// The number in a file says up, or changes the weight.
    case fileSaysUp = "FILEOK"
    /// The number in a file says down.
    case fileSaysDown = "FILEERR"
    /// The probe could not be made for a reason of this host (no descriptors, no process): nothing was
    /// learnt.
    case notProbed = "SOCKERR"

    /// What a result means for a verdict.
    package enum Meaning: Hashable, Sendable {
        case good
        case bad
        case unknown
    }

    /// good: the target works; bad: it does not; unknown: a failure of this host, which never changes a
    /// verdict.
    package var meaning: Meaning {
        switch self {
        case .connected, .accepted, .programSucceeded, .fileSaysUp: .good
        case .connectionFailed, .connectTimedOut, .handshakeFailed, .handshakeTimedOut, .wrongStatus,
            .badResponse, .responseTimedOut,
            .programFailed, .programTimedOut, .fileSaysDown:
            .bad
        case .notProbed: .unknown
        }
    }
}

/// What one probe found out.
package struct ProbeResult: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name of what happened.
    package let outcome: ProbeOutcome
    /// A few words for people, at most 120 printable ASCII characters: "connection refused", "status 503".
    package let detail: String
    /// What the target asks for as its weight, 0...253 (`misc_dynamic`); nil for what is configured.
    package let weight: UInt8?

    /// Keeps the beginning of `detail`; anything but printable ASCII becomes "?", since texts of strangers go
    /// in.
    package init(_ outcome: ProbeOutcome, _ detail: String, weight: UInt8? = nil) {
        self.outcome = outcome
        self.weight = weight
        let isFit = detail.utf8.count <= Limits.detailCharacters && detail.utf8.allSatisfy(isPrintable)
        self.detail = isFit ? detail : printable(detail.utf8, limit: Limits.detailCharacters)
    }

    /// What another process sent is made to keep to the same rules.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(ProbeOutcome.self, forKey: .outcome),
            try container.decode(String.self, forKey: .detail),
            weight: try container.decodeIfPresent(UInt8.self, forKey: .weight))
    }

    /// `L4CON connection refused`.
    package var description: String { "\(outcome.rawValue) \(detail)" }
}

/// The first `limit` octets as text, with "?" for whatever is not printable ASCII.
func printable(_ octets: some Collection<UInt8>, limit: Int) -> String {
    String(decoding: octets.prefix(limit).map { isPrintable($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}

private func isPrintable(_ octet: UInt8) -> Bool { (0x20...0x7E).contains(octet) }
