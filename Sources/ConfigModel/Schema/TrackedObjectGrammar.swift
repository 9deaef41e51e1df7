import ConfigSyntax
import VRRP

/// Keywords of the blocks that name what can be tracked.
enum TrackedObjectGrammar {
    static let script = BlockGrammar<TrackScriptDraft>(
        .trackScript,
        [
            .value(
                "script", \.command, .command, "The program, by absolute path or name, and its arguments.",
                tier: .common, required: "there is nothing to run"),
            .value(
                "interval", \.interval, .seconds(microseconds: 1_000...86_400_000_000), default: "1",
                "From one start to the next.", tier: .common),
            .value(
                "timeout", \.timeout, .seconds(microseconds: 1_000...86_400_000_000), default: "interval",
                "A run that takes longer is ended and has failed.", tier: .common),
            weight(\.weight, limit: 253, default: "0"),
            .value(
                "rise", \.rise, .integer(1...1_000_000), default: "1",
                "So many successes in a row make it good.", tier: .common),
            .value(
                "fall", \.fall, .integer(1...1_000_000), default: "1",
                "So many failures in a row make it bad.", tier: .common),
            GlobalGrammar.account("user", \.user, tier: .common),
            .flag("init_fail", \.startsFailed, "Bad until it has succeeded.", tier: .rare),
        ])

    static let process = BlockGrammar<TrackProcessDraft>(
        .trackProcess,
        [
            Keyword(
                "process", arguments: "PROGRAM [PARAMETER ...]", "What must run.", tier: .common,
                requirement: Keyword.Requirement(effect: "there is nothing to look for") { $0.command != nil }
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                var words: [String] = []
                // What is quoted is one word, spaces and all.
                repeat {
                    guard let part = arguments.next(.element, &reader) else { return false }
                    words.append(part.value)
                } while arguments.peeked != nil
                reader.noteRepeat(of: statement, earlier: draft.command?.span)
                draft.command = Located(words, at: statement.header)
                return true
            },
            Keyword(
                "param_match", arguments: "[initial|partial]", default: "all of them, when any are given",
                "How its parameters are compared; without parameters it must have none.", tier: .rare
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                let match = arguments.nextIfAny(parameterMatch, &reader)
                guard match != .bad, arguments.finish(&reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.match?.span)
                draft.match = Located(match.found?.value ?? .partial, at: statement.header)
                return true
            },
            weight(\.weight, limit: 254, default: "0"),
            .value(
                "quorum", \.quorum, .integer(0...65535), default: "1", "At least so many must run.",
                tier: .rare),
            .value(
                "quorum_max", \.quorumMaximum, .integer(0...65535), default: "any number",
                "At most so many may run.", tier: .rare),
            .value(
                "delay", \.delay, .delay, default: "0",
                "How long either must hold before it counts: both delays below.", tier: .common),
            .value(
                "fork_delay", \.forkDelay, .delay, default: "delay",
                "How long enough of them must run before that counts.", tier: .rare),
            .value(
                "terminate_delay", \.terminateDelay, .delay, default: "delay",
                "How long too few must run before that counts.", tier: .rare),
            .flag(
                "full_command", \.comparesCommandLine,
                "Compares the command line instead of the program's name.", tier: .rare),
        ])

    private static let parameterMatch = ValueType<TrackProcess.ParameterMatch>.choice(
        "a match", [("initial", .initial), ("partial", .partial)])

    static let file = BlockGrammar<TrackFileDraft>(
        .trackFile,
        [
            .value(
                "file", \.path, .path, "The file, by absolute path; it holds a number.", tier: .common,
                required: "there is nothing to read"),
            weight(\.weight, limit: 2_147_483_647, default: "1"),
            Keyword(
                "init_file", arguments: "[VALUE] [overwrite]", default: "no file is made",
                "Writes the number at start, with overwrite also into a file that is there.", tier: .rare
            ) { draft, statement, reader in
                var arguments = Arguments(statement)
                var initial = TrackFile.InitialValue()
                if let word = arguments.peeked, word.text != "overwrite" {
                    guard let value = arguments.next(.integer(Int32.min...Int32.max), &reader) else {
                        return false
                    }
                    initial.value = value.value
                }
                initial.overwrites = arguments.skip("overwrite")
                guard arguments.finish(&reader) else { return false }
                reader.noteRepeat(of: statement, earlier: draft.initialValue?.span)
                draft.initialValue = Located(initial, at: statement.header)
                return true
            },
        ])

    static func weight<D: Draft>(
        _ path: any WritableKeyPath<D, Located<WeightDraft>?> & Sendable, limit: Int,
        default defaultText: String,
        _ meaning: String =
            "What a line that tracks it and says no weight counts for; 0 makes its loss a fault.",
        tier: Tier = .common
    ) -> Keyword<D> {
        Keyword(
            "weight", arguments: "\(-limit)...\(limit) [reverse]", default: defaultText,
            meaning, tier: tier
        ) { draft, statement, reader in
            var arguments = Arguments(statement)
            guard let value = arguments.next(.integer(-limit...limit), &reader) else { return false }
            let isReversed = TrackingGrammar.reversal(&arguments) ?? false
            guard arguments.finish(&reader) else { return false }
            reader.noteRepeat(of: statement, earlier: draft[keyPath: path]?.span)
            draft[keyPath: path] = Located(
                WeightDraft(value: value.value, isReversed: isReversed), at: statement.header)
            return true
        }
    }
}

extension ValueType<String> {
    /// One word of a command line, whatever it holds.
    fileprivate static let element = ValueType(name: "PROGRAM") { word, _ in word.text }
}
