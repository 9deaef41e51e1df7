/// The last line of every answer: how it ended.
package struct ControlEnd: Hashable, Sendable {
    /// What became of the request.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// All of it is done or told.
        case done
        /// The daemon will not do it, and nothing has changed.
        case refused
        /// Whoever asks may not.
        case denied
        /// This is no request of the protocol.
        case malformed
        /// Too many clients are being answered.
        case busy
        /// It is under way and did not come to its end in time.
        case unfinished

        /// What `holdfast` exits with: 0 done, 1 refused, 70 for what only a bug brings about, 75 to try
        /// again, 77 for missing permission (sysexits.h).
        package var exitStatus: Int32 {
            switch self {
            case .done: 0
            case .refused: 1
            case .malformed: 70
            case .busy, .unfinished: 75
            case .denied: 77
            }
        }
    }

    /// What became of the request.
    package var outcome: Outcome
    /// A sentence for people; nil when there is nothing to say.
    package var message: String?
    /// What is wrong with the configuration, as `file:line:column: error: text [code]`.
    package var findings: [String]

    /// An end.
    package init(_ outcome: Outcome, _ message: String? = nil, findings: [String] = []) {
        self.outcome = outcome
        self.message = message
        self.findings = findings
    }

    /// The line.
    package var json: JSONValue {
        [
            "kind": "end", "outcome": .string(outcome.rawValue),
            "message": JSONValue(message) { .string($0) },
            "findings": .array(findings.map { .string($0) }),
        ]
    }

    /// Reads the line; nil when it is another one.
    package init?(json: JSONValue) {
        guard json["kind"] == "end",
            let outcome = json["outcome"]?.text.flatMap({ Outcome(rawValue: $0) })
        else { return nil }
        self.init(
            outcome, json["message"]?.text, findings: json["findings"]?.elements.compactMap(\.text) ?? [])
    }
}
