import ConfigSyntax
import LoadBalancing

/// What came of reading a configuration.
package struct LoadResult: Sendable {
    /// nil when there is any error: a bad file changes nothing.
    package let configuration: Configuration?
    /// The same, whatever is known of the host.
    package let model: Configuration?
    /// Errors and warnings in reading order, at most `Diagnostics.limit`.
    package let diagnostics: [Diagnostic]
    /// How many more there were.
    package let dropped: Int
    /// The files that were read, for the renderer.
    package let sources: SourceMap
    /// What was written, for comparisons that point at it; nil for a file without any statement.
    let draft: ConfigurationDraft?
    /// What the next reading need not read again.
    let memory: ServiceMemory

    /// True when the configuration is refused.
    package var hasErrors: Bool { configuration == nil }

    /// What `-t` exits with, keepalived's values: 4 when the daemon would not start (a missing or empty file
    /// included, which keepalived accepts), 5 when something on this host is missing, 6 when scripts are less
    /// secure than they can be, 0 otherwise, warnings or not.
    package var exitCode: Int32 {
        if hasErrors { return 4 }
        let codes = Set(diagnostics.map(\.code))
        let security: Set<DiagnosticCode> = [.insecureScript, .scriptSecurityOff]
        if codes.subtracting(security).contains(where: { $0.severity == .error }) { return 5 }
        return codes.isDisjoint(with: security) ? 0 : 6
    }

    /// What has to be known of the host for `seen(on:)`.
    package var questions: HostQuestions {
        guard let draft else { return HostQuestions() }
        var questions = HostQuestions(draft)
        questions.ask(for: draft.secrets.compactMap { sources.file(of: sources.written($0).span)?.name })
        return questions
    }

    /// The same, with the findings that `host` adds, without the guesses that it answers, and with the paths
    /// of programs that are written by name.
    package func seen(on host: HostDescription) -> LoadResult {
        guard let draft else { return self }
        var all = Diagnostics()
        for finding in diagnostics where !HostChecks.isAnswered(finding.code, by: host) {
            all.report(finding)
        }
        let found = HostChecks.run(draft, on: host)
        for finding in found.all { all.report(sources.written(finding)) }
        for finding in exposedSecrets(draft, on: host) { all.report(finding) }
        all = all.allowed(by: sources)
        return LoadResult(
            configuration: configuration?.located(on: host), model: model, diagnostics: all.sorted,
            dropped: dropped + all.dropped + found.dropped, sources: sources, draft: draft, memory: memory)
    }

    /// The first password of each file that everybody may read.
    private func exposedSecrets(_ draft: ConfigurationDraft, on host: HostDescription) -> [Diagnostic] {
        var told = Set<String>()
        return draft.secrets.compactMap { secret -> Diagnostic? in
            let place = sources.written(secret).span
            guard let name = sources.file(of: place)?.name, told.insert(name).inserted,
                case .present(let file)? = host.files[name], file.mode & 0o004 != 0
            else { return nil }
            return Diagnostic(
                .exposedSecret, "everybody on this host may read the password in \(name)", at: Label(place),
                help: ["chmod 640 \(name)"])
        }
    }

    /// `file:line:column: severity: message [code]` for each, for logs.
    package var lines: [String] { lines(limit: .max) }

    /// The same with no more than `limit` of each kind, and a sentence about the others of that kind: in a
    /// log hundreds of equal warnings hide the one that matters.
    package func lines(limit: Int) -> [String] {
        let renderer = DiagnosticRenderer(sources)
        var counts: [DiagnosticCode: Int] = [:]
        var lines: [String] = []
        for diagnostic in diagnostics {
            let count = counts[diagnostic.code, default: 0] + 1
            counts[diagnostic.code] = count
            if count <= limit { lines.append(renderer.line(diagnostic)) }
        }
        for (code, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > limit {
            lines.append("\(count - limit) more like these [\(code.rawValue)]: see `holdfastd -t`")
        }
        return lines
    }

    /// All of them with source lines and a closing count, for people; empty when there is nothing to say.
    package var text: String {
        diagnostics.isEmpty ? "" : DiagnosticRenderer(sources).text(diagnostics, dropped: dropped)
    }
}

/// Reads a configuration: text to tree, tree to drafts along the schema, drafts to a checked and resolved
/// value, block by block.
package enum ConfigurationLoader {
    /// More services than this are refused.
    package static let maximumServices = 65_536

    /// Loads the file at `path` and what it includes. `surroundings`, and `problem` for the expressions of
    /// checks, are the only ways out of this pure code. What came of a `former` reading in the same
    /// surroundings only makes it faster.
    package static func load(
        path: String, _ surroundings: Surroundings, problem: @escaping PatternExaminer = { _ in nil },
        after former: LoadResult? = nil
    ) -> LoadResult {
        if let former, !former.memory.isEmpty {
            var reading = ConfigurationReading(surroundings, problem, after: former)
            if reading.begin(path) {
                let result = reading.finish()
                // What is wrong is found by who reads everything.
                if reading.isSound, !result.hasErrors { return result }
            }
        }
        var reading = ConfigurationReading(surroundings, problem, after: nil)
        _ = reading.begin(path)
        return reading.finish()
    }

    /// Loads a file in surroundings that have nothing but files.
    package static func load(path: String, configID: String, read: @escaping FileReader) -> LoadResult {
        load(path: path, Surroundings(configID: configID, read: read))
    }
}
