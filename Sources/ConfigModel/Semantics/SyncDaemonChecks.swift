import ConfigSyntax

/// `lvs_sync_daemon` against the instances.
enum SyncDaemonChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard let instance = draft.global.syncDaemon?.value.instance else { return }
        let names = draft.instances.map(\.name.value)
        // One whose name could not be read may be the one that is meant.
        guard !names.contains(instance.value), draft.origin.isAbsent("vrrp_instance") else { return }
        let near = Suggestion.nearest(to: instance.value, among: names)
        reader.report(
            .unknownSyncInstance, "there is no vrrp_instance \(instance.value)",
            at: instance.span,
            notes: ["the sync daemon would never know whether to send or to listen"], suggestion: near)
    }
}
