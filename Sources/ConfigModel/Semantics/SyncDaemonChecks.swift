import ConfigSyntax
import LoadBalancing

/// `lvs_sync_daemon` against the instances, and what depends on it.
enum SyncDaemonChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkInstance(draft, &reader)
        checkSettings(draft.global, &reader)
    }

    private static func checkSettings(_ global: GlobalDraft, _ reader: inout SchemaReader) {
        guard global.syncDaemon == nil, global.origin.isAbsent("lvs_sync_daemon") else { return }
        for setting in IPVSSetting.allCases where setting.isOfSync {
            guard let place = global.settings[setting]?.span else { continue }
            reader.report(
                .keywordWithoutEffect, "lvs_\(setting.rawValue) has no effect without lvs_sync_daemon",
                at: place, help: ["add to global_defs: lvs_sync_daemon INTERFACE INSTANCE"])
        }
    }

    private static func checkInstance(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
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
