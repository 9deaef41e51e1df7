import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// `global_defs` as written.
struct GlobalDraft: Draft {
    var origin: Origin
    var routerID: Located<String>?
    var scriptUser: Located<String>?
    var scriptSecurity: Located<Bool>?
    var syncDaemon: Located<SyncDaemonDraft>?
    var timeouts: Located<[IPVSTimeout: UInt32]>?
    var flush: Located<Bool>?
    var flushAtStop: Located<Bool>?
    var dynamicInterfaces: Located<Bool>?
    var controlAdminGroup: Located<String>?
    var controlReaderGroup: Located<String>?
    var version: Located<ProtocolVersion>?
    var election = ElectionDraft()
    var isStrict: Located<Bool>?
    var pacing = PacingDraft()
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
    var groups: [ServiceGroupDraft] = []
    /// Where each group is, once services are read.
    var groupPlaces: [String: Int]?
    /// The groups that services name, and how many members those may still have.
    var usedGroups: Set<String> = []
    var roomForMembers = ServiceMembers.limit
    var loopGuard: LoopGuardDraft?
    var tracked = TrackedObjectsDraft()
    var syncGroups: [SyncGroupDraft] = []

    init(start: Span) {
        let file = Statement(keyword: Word("the configuration", span: start), arguments: [])
        origin = Origin(file)
        global = GlobalDraft(origin: origin)
    }
}
