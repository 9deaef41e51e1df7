import ConfigSyntax

/// What `vrrp_strict` does that few who write it expect.
enum StrictChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let isGlobal = draft.global.isStrict?.value == true
        let concerned = draft.instances.filter { $0.extras.isStrict?.value ?? isGlobal }
        if let place = draft.global.isStrict, isGlobal,
            concerned.contains(where: { $0.extras.isStrict == nil })
        {
            report("vrrp_strict", at: place.span, concerned.filter { $0.extras.isStrict == nil }, &reader)
        }
        for instance in concerned {
            guard let place = instance.extras.isStrict else { continue }
            report("strict_mode", at: place.span, [instance], &reader)
        }
    }

    private static func report(
        _ name: String, at span: Span, _ instances: [InstanceDraft], _ reader: inout SchemaReader
    ) {
        let forbidden = instances.flatMap(\.forbiddenByStrict)
        reader.report(
            .strictMode, "with \(name) the virtual addresses answer nobody: no ping, no connection",
            at: span, related: forbidden.prefix(3).map { Label($0, "strict mode forbids this") },
            notes: ["keepalived drops what is sent to them before it is balanced"])
    }
}

extension InstanceDraft {
    /// What is written and strict mode does not allow.
    fileprivate var forbiddenByStrict: [Span] {
        let lines = [
            authentication?.origin.header, preemptDelay?.span, noVirtualAddresses?.span,
            transport.peers.first?.span,
        ]
        return lines.compactMap { $0 }
    }
}
