import ConfigSyntax

/// One thing that `holdfast doctor` has looked at.
package struct DoctorFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Level: String, Hashable, Sendable, CaseIterable {
        case ok
        /// It is not so here, or only to be known.
        case info
        case warning
        case failure
        /// It could not be found out.
        case unknown
    }

    /// The same for ever: documentation and monitoring name it.
    package var number: Int
    /// What was looked at.
    package var name: String
    /// How bad it is.
    package var level: Level
    /// What was seen.
    package var evidence: String
    /// What to do about it; nil when there is nothing to do.
    package var cure: String?

    /// What the command exits with, as Nagios plugins do: 0 well, 1 a warning, 2 a failure, 3 when something
    /// could not be found out and nothing is worse.
    package static func exitStatus(of findings: [DoctorFinding]) -> Int32 {
        let levels = Set(findings.map(\.level))
        if levels.contains(.failure) { return 2 }
        if levels.contains(.warning) { return 1 }
        return levels.contains(.unknown) ? 3 : 0
    }

    /// One JSON object (RFC 8259), as docs/doctor.schema.json describes it; ends in "\n".
    package static func json(of findings: [DoctorFinding]) -> String {
        let list = findings.map { finding in
            "    "
                + JSONString.object([
                    ("number", String(finding.number)), ("name", JSONString.quoted(finding.name)),
                    ("level", JSONString.quoted(finding.level.rawValue)),
                    ("evidence", JSONString.quoted(finding.evidence)),
                    ("cure", finding.cure.map(JSONString.quoted) ?? "null"),
                ])
        }
        return "{\n  \"schema\": 1,\n  \"findings\": [\n" + list.joined(separator: ",\n") + "\n  ]\n}\n"
    }

    /// For people: a line each, and what to do under it; lines end in "\n".
    package static func text(of findings: [DoctorFinding]) -> String {
        func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
            let blanks = String(repeating: " ", count: max(0, width - text.count))
            return left ? blanks + text : text + blanks
        }
        let width = findings.map(\.name.count).max() ?? 0
        return findings.map { finding in
            let number = padded("\(finding.number)", 2, left: true)
            let head = "\(number) \(padded(finding.level.rawValue, 7))  \(padded(finding.name, width))  "
            let cure = finding.cure.map { String(repeating: " ", count: head.count) + "cure: \($0)\n" }
            return head + finding.evidence + "\n" + (cure ?? "")
        }.joined()
    }
}
