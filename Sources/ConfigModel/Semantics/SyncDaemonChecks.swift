import ConfigSyntax
import LoadBalancing
import NetTypes
import Timekeeping

/// `lvs_sync_daemon` against the instances, and what depends on it.
enum SyncDaemonChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        checkInstance(draft, &reader)
        checkSettings(draft.global, &reader)
        checkFamilies(draft, &reader)
        for instance in draft.instances { checkPreemption(of: instance, draft, &reader) }
    }

    /// `preempt_after_sync` needs a daemon that listens while the instance is backup, and a time after which
    /// the master has told of every connection.
    private static func checkPreemption(
        of instance: InstanceDraft, _ draft: ConfigurationDraft, _ reader: inout SchemaReader
    ) {
        let global = draft.global
        guard let flag = instance.preemptsAfterSync, flag.value else { return }
        func refuse(_ message: String, _ related: Span?, _ help: String) {
            reader.report(
                .preemptionWithoutSync, message, at: flag.span,
                related: related.map { [Label($0)] } ?? [], help: [help])
        }
        if global.origin.isAbsent("lvs_sync_daemon"),
            global.syncDaemon.map({ !draft.listens($0.value, to: instance.name.value) }) ?? true
        {
            refuse(
                "no sync daemon listens while \(instance.name.value) is backup", global.syncDaemon?.span,
                "write in global_defs: lvs_sync_daemon INTERFACE \(instance.name.value)")
        } else if global.syncRefreshPeriod == nil, global.origin.isAbsent("lvs_sync_refresh_period") {
            refuse(
                "preempt_after_sync without lvs_sync_refresh_period",
                global.settings[.syncRefreshPeriod]?.span,
                "add to global_defs: lvs_sync_threshold 1 0, and lvs_sync_refresh_period 10")
        } else if global.settings[.syncThreshold]?.value.hasSuffix(" 0") != true,
            global.origin.isAbsent("lvs_sync_threshold")
        {
            let period = global.settings[.syncThreshold]?.value.split(separator: " ").last ?? "50"
            reader.report(
                .sparseSync, "the master tells of a connection at every \(period)th packet alone",
                at: flag.span,
                related: global.settings[.syncThreshold].map { [Label($0.span)] } ?? [],
                notes: ["lvs_sync_refresh_period counts for such packets only"],
                help: ["write in global_defs: lvs_sync_threshold 1 0, on both directors"])
        }
        if let wait = global.syncWait, wait > longestWait {
            reader.report(
                .longSyncWait, "preempt_after_sync waits \(wait.nanoseconds / 1_000_000_000) s",
                at: flag.span,
                related: global.settings[.syncRefreshPeriod].map { [Label($0.span)] } ?? [],
                notes: ["it is twice lvs_sync_refresh_period and 3 s; preempt_delay is 1000 s at most"],
                help: ["write a shorter lvs_sync_refresh_period, on both directors"])
        }
    }

    /// The kernel has either, whichever came first (ip_vs_ctl.c, ip_vs_sync.c): it refuses the other.
    private static func checkFamilies(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        guard let daemon = draft.global.syncDaemon else { return }
        for service in draft.virtualServers where service.isKnown {
            for server in service.realServers + [service.sorryServer].compactMap({ $0 })
            where service.forwarding(to: server) == .tunnel {
                guard let address = server.address, address.value.family != service.family else { continue }
                reader.report(
                    .mixedFamilies,
                    "the kernel syncs no connections beside a server of another family than its service",
                    at: address.span,
                    related: [Label(service.origin.header, "the service"), Label(daemon.span)],
                    help: ["write an address of the service's family, or leave out lvs_sync_daemon"])
                return
            }
        }
    }

    /// As `preempt_delay` has it.
    private static let longestWait = Interval.seconds(1000)

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

extension ConfigurationDraft {
    /// The daemon listens while `name` is backup: it is its instance, or one that is master with it, or it
    /// has none and always listens.
    fileprivate func listens(_ daemon: SyncDaemonDraft, to name: String) -> Bool {
        guard let instance = daemon.instance?.value else { return true }
        return instance == name || (groupOf[name] != nil && groupOf[name] == groupOf[instance])
    }
}
