import ConfigSyntax
import VRRP

/// The tracking keywords of `vrrp_instance` and `vrrp_sync_group`.
enum TrackingGrammar {
    static let instance: [Keyword<InstanceDraft>] =
        rows(\.tracking) + [
            .flag(
                "dont_track_primary", \.tracking.ignoresOwnInterface,
                "Goes on when the instance's own interface is down.", tier: .common)
        ]

    /// The four blocks, into the draft at `path`.
    static func rows<D: Draft>(_ path: any WritableKeyPath<D, TrackingDraft> & Sendable) -> [Keyword<D>] {
        [
            row(
                .interface, "{ IF [weight -253...253] [reverse] ... }", 253, path,
                "Interfaces whose loss is a fault, or changes the priority by the weight.", tier: .common),
            row(
                .script, "{ SCRIPT [weight -253...253] [reverse|noreverse] ... }", 253, path,
                "Scripts whose failure is a fault, or changes the priority by the weight.", tier: .common),
            row(
                .process, "{ PROCESS [weight -254...254] [reverse|noreverse] ... }", 254, path,
                "Processes whose absence is a fault, or changes the priority by the weight.", tier: .common),
            row(
                .file, "{ FILE [weight -254...254] [reverse|noreverse] ... }", 254, path,
                "Files whose number, times the weight, is added to the priority.", tier: .rare),
        ]
    }

    private static func row<D: Draft>(
        _ kind: Tracked.Kind, _ arguments: String, _ limit: Int,
        _ path: any WritableKeyPath<D, TrackingDraft> & Sendable, _ meaning: String, tier: Tier
    ) -> Keyword<D> {
        Keyword(
            kind.rawValue, arguments: arguments, body: .names, repeatable: true,
            default: kind == .interface ? "weight 0" : "the weight of its own block", meaning, tier: tier
        ) { draft, statement, reader in
            reader.readLines(of: statement, "a line of \(kind.rawValue)") { line, reader in
                guard let item = item(line, kind, limit, &reader) else { return false }
                draft[keyPath: path].items.append(item)
                return true
            }
        }
    }

    private static func item(
        _ line: Statement, _ kind: Tracked.Kind, _ limit: Int, _ reader: inout SchemaReader
    ) -> TrackedDraft? {
        let type = kind == .interface ? ValueType<String>.interface : .name("NAME")
        guard let name = type.parse(line.keyword, &reader) else { return nil }
        var item = TrackedDraft(kind: kind, name: Located(name, at: line.keyword.span))
        var arguments = Arguments(line)
        if arguments.skip("weight") {
            guard let weight = arguments.next(.integer(-limit...limit), &reader) else { return nil }
            item.weight = weight
        }
        item.isReversed = reversal(&arguments)
        return arguments.finish(&reader, among: ["weight", "reverse", "noreverse"]) ? item : nil
    }

    /// The next word when it is `reverse`, `noreverse` or keepalived's `no_reverse`.
    static func reversal(_ arguments: inout Arguments) -> Bool? {
        if arguments.skip("reverse") { return true }
        return arguments.skip("noreverse") || arguments.skip("no_reverse") ? false : nil
    }
}
