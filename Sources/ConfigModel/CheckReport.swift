import ConfigSyntax

/// What `holdfast check` says about some files, and with which exit status.
package struct CheckReport: Sendable {
    /// How findings are written.
    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// With the source lines, for people.
        case human
        /// `file:line:column: severity: message [code]`, for editors.
        case short
        /// One JSON array with an object a file, see docs/diagnostics-json.md.
        case json
    }

    private let parts: [(result: LoadResult, findings: [Diagnostic])]

    /// A report on `results`; the first is compared with `peer`, which is reported on as well. Warnings of
    /// the codes in `allowed`, and those that their own lines allow, are left out; errors never are.
    package init(
        _ results: [LoadResult], peer: LoadResult? = nil, allowing allowed: Set<DiagnosticCode> = []
    ) {
        var parts = results.map { (result: $0, findings: $0.diagnostics) }
        if let peer, let first = results.first {
            parts.append((peer, peer.diagnostics))
            if first.model != nil, peer.model != nil {
                for index in [0, parts.count - 1] {
                    parts[index].findings.removeAll { PairChecks.isAnswered($0.code) }
                }
            }
            parts[0].findings += PairChecks.run(first, against: peer)
        }
        self.parts = parts.map { part in
            let kept = part.findings.filter { finding in
                finding.severity == .error
                    || !allowed.contains(finding.code) && !part.result.sources.allows(finding)
            }
            return (part.result, kept)
        }
    }

    /// 0 when every file can run, 1 otherwise; with `strict` a warning counts as an error.
    package func exitStatus(strict: Bool) -> Int32 {
        let findings = parts.flatMap(\.findings)
        let isBad =
            parts.contains(where: \.result.hasErrors)
            || findings.contains { strict || $0.severity == .error }
        return isBad ? 1 : 0
    }

    /// The findings; empty when there are none, but for JSON. Only the human format has colours.
    package func text(_ format: Format, isColoured: Bool = false) -> String {
        switch format {
        case .human:
            return parts.filter { !$0.findings.isEmpty }.map { part in
                DiagnosticRenderer(part.result.sources, isColoured: isColoured)
                    .text(part.findings, dropped: part.result.dropped)
            }.joined(separator: "\n")
        case .short:
            return parts.flatMap { part in
                part.findings.map { DiagnosticRenderer(part.result.sources).line($0) + "\n" }
            }.joined()
        case .json:
            let objects = parts.map { part in
                DiagnosticRenderer(part.result.sources).json(part.findings, dropped: part.result.dropped)
            }
            return "[\n" + objects.joined(separator: ",\n") + "]\n"
        }
    }
}
