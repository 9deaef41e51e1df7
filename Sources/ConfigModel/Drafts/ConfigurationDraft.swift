import ConfigSyntax
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// `global_defs` as written.
struct GlobalDraft: Draft {
    var origin: Origin
    var routerID: Located<String>?
    var scriptUser: Located<ScriptUser>?
    var scriptSecurity: Located<Bool>?
    var syncDaemon: Located<SyncDaemonDraft>?
    var timeouts: Located<[IPVSTimeout: UInt32]>?
    /// Each as the kernel writes it.
    var settings: [IPVSSetting: Located<String>] = [:]
    var flush: Located<Bool>?
    var flushAtStop: Located<Bool>?
    var logsAllFailures: Located<Bool>?
    var failureGuard: Located<FailureGuard.Setting>?
    var guardBackend: Located<LoopGuardBackend>?
    var dynamicInterfaces: Located<Bool>?
    var defaultInterface: Located<String>?
    var controlAdminGroup: Located<String>?
    var controlReaderGroup: Located<String>?
    var version: Located<ProtocolVersion>?
    var election = ElectionDraft()
    var isStrict: Located<Bool>?
    /// `vmac_prefix`.
    var virtualInterfacePrefix: Located<String>?
    var pacing = PacingDraft()
    var dumps = DumpFilesDraft()
    var transport = TransportDefaultsDraft()
    var announcements = AnnouncementDraft()
    var notifications = GlobalNotificationDraft()
}

/// `lvs_sync_daemon` as written: the id's default depends on the instance.
struct SyncDaemonDraft: Sendable {
    var interface: String
    var instance: Located<String>?
    var syncID: UInt8?
    var maximumLength: UInt16?
    var port: UInt16?
    var ttl: UInt8?
    var group: IPAddress?
}

/// `loop_guard { ... }` as written.
struct LoopGuardDraft: Draft {
    var origin: Origin
    var peers: [Located<Peer>] = []
}

/// A whole file as written, before defaults.
struct ConfigurationDraft: Draft {
    var origin: Origin
    var global: GlobalDraft
    var tls: TLSDraft?
    var instances: [InstanceDraft] = []
    var virtualServers: [VirtualServerDraft] = []
    /// Of all services that were taken in, the checks that others are concerned with, and the programs of
    /// `notify_*` and `quorum_*`.
    private(set) var checks: [CheckDraft] = []
    private(set) var serviceScripts: [Located<NotifyScript>] = []
    var groups: [ServiceGroupDraft] = []
    /// Where each group is, once services are read.
    var groupPlaces: [String: Int]?
    /// The groups that services name, and how many members those may still have.
    var usedGroups: Set<String> = []
    var roomForMembers = ServiceMembers.limit
    var loopGuard: LoopGuardDraft?
    var tracked = TrackedObjectsDraft()
    var syncGroups: [SyncGroupDraft] = []
    /// The place of the first group of each instance that is in one, by the instance's name.
    private(set) var groupOf: [String: Int] = [:]
    var linkDelays: [Located<LinkDelay>] = []
    var statics = StaticsDraft()
    var trackGroups: [TrackGroupDraft] = []

    init(start: Span) {
        let file = Statement(keyword: Word("the configuration", span: start), arguments: [])
        origin = Origin(file)
        global = GlobalDraft(origin: origin)
    }

    /// Takes note of what is looked up by name, once all blocks but services are read: there may be
    /// thousands.
    mutating func index() {
        tracked.indexWeights()
        for (place, group) in syncGroups.enumerated() {
            for member in group.members where groupOf[member.value] == nil { groupOf[member.value] = place }
        }
    }

    /// Adds a service that was checked and resolved by itself. It loses its checks but those that will be
    /// asked about: there may be a hundred thousand.
    mutating func take(_ service: inout VirtualServerDraft) {
        // In place: a copy of a server costs more than all that is done here.
        for server in service.realServers.indices {
            service.realServers[server].checks.removeAll { !$0.concernsOthers }
        }
        takeAgain(service)
    }

    /// Adds a service that another draft took before.
    mutating func takeAgain(_ service: VirtualServerDraft) {
        serviceScripts += [service.quorumUp, service.quorumDown].compactMap { $0 }
        for server in service.realServers.indices {
            checks += service.realServers[server].checks
            if let script = service.realServers[server].notifyUp { serviceScripts.append(script) }
            if let script = service.realServers[server].notifyDown { serviceScripts.append(script) }
        }
        virtualServers.append(service)
    }
}
