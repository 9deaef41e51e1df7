// What the supervisor and its roles say to each other. A star: roles talk to the supervisor alone. Commands
// go to a role, reports come from it. Every value is Codable; `RoleChannel` puts them on the wire.

import ConfigModel
import HealthChecks
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

/// The roles that live as long as the supervisor; the raw value is the argument of `--role` and the name in
/// logs.
package enum RoleName: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case vrrp
    case lvs
    case checker

    /// The raw value.
    package var description: String { rawValue }

    /// The role puts things into the kernel, which it writes down before.
    package var hasLedger: Bool { self != .checker }
}

/// What the vrrp role is to do: nothing else ever reaches it.
package struct VRRPAssignment: Hashable, Sendable, Codable {
    /// The instances, in configured order.
    package var routers: [RouterConfiguration]
    /// The `vrrp_sync_group`s.
    package var groups: [SyncGroup] = []
    /// What is held whoever is master.
    package var statics = Statics()
    /// `interface_up_down_delays`.
    package var linkDelays: [LinkDelay] = []
    /// What a predecessor wrote down as its own, in this boot and namespace.
    package var claims: [Claim] = []
    /// When the predecessor last advertised, for instances that were master when it died.
    package var masters: [String: Instant] = [:]
    /// The numbers of those adverts, where they bear any.
    package var sequences: [String: UInt32] = [:]
    /// What is known of what they track.
    package var tracked = TrackedValues()
    /// Those that have handed over on request, and do not preempt until they have become master again.
    package var yielding: Set<String> = []
    /// `vrrp_startup_delay`, `vrrp_delay_after_boot`: instances that are new begin no earlier.
    package var beginAt = Instant(nanoseconds: .min)
    /// `vrrp_garp_interval` and `vrrp_gna_interval`.
    package var announcementGaps = AnnouncementGaps()
}

/// To the vrrp role.
package enum VRRPCommand: Hashable, Sendable, Codable {
    /// The first message, and again at every reload.
    case configure(VRRPAssignment)
    /// This is known now of what the instances track.
    case tracked(TrackedValues)
    /// These masters are to hand over and go on as backups: `Router.Event.switchOver`. Each is answered by
    /// another `state`, or by `kept`.
    case switchOver([String])
    /// These need not wait any more for nobody else to be master; no answer.
    case reclaim([String])
    /// Tell what is known of every instance: `VRRPReport.described`.
    case describe
    /// Resign, remove the addresses, report `stopped`, end.
    case stop
}

/// From the vrrp role.
package enum VRRPReport: Hashable, Sendable, Codable {
    /// The first assignment is in force.
    case ready
    /// An instance is in another state, for a reason as the log says it; the kernel already agrees.
    case state(instance: String, Router.StateName, because: String? = nil)
    /// An instance claims this priority from now on, since what it tracks has changed.
    case priority(instance: String, UInt8)
    /// An instance that was to hand over has not; says why.
    case kept(instance: String, because: String)
    /// The answer to `VRRPCommand.describe`, in configured order; and what the link of each interface of
    /// `interface_up_down_delays` counts as.
    case described(
        [InstanceFacts], delayedLinks: [String: Bool] = [:], health: RoleHealth = RoleHealth())
    /// Nothing of ours is left in the kernel.
    case stopped
}

/// What the lvs role is to do.
package struct LVSAssignment: Hashable, Sendable, Codable {
    /// Every virtual server, in configured order.
    @PackedServices package var virtualServers: [VirtualServer] = []
    /// `lvs_sync_daemon`.
    package var syncDaemon: SyncDaemonConfiguration?
    /// `lvs_timeouts`, in seconds.
    package var timeouts: [IPVSTimeout: UInt32] = [:]
    /// `lvs_sync_threshold` and so on, as the kernel writes them.
    package var settings: [IPVSSetting: String] = [:]
    /// The addresses of all instances.
    package var held: Set<IPAddress> = []
    /// `loop_guard`.
    package var loopGuard: LoopGuardConfiguration?
    /// `loop_guard_backend`.
    package var guardBackend = LoopGuardBackend.iptables
    /// The sync daemon's role governs all virtual servers, so `net.ipv4.vs.backup_only` may be set.
    package var mayUseBackupOnly = false
    /// `lvs_flush`, at the daemon's first start only: services of others go too.
    package var flushes = false
    /// `lvs_flush_on_stop`: services of others go at the end, too.
    package var flushesAtStop = false
    /// What a predecessor wrote down as its own, in this boot and namespace.
    package var claims: [Claim] = []
    /// The last known state of every instance.
    package var states: [String: Router.StateName] = [:]
    /// The last known verdicts.
    package var verdicts: [CheckVerdict] = []
    /// What operators want of servers.
    package var orders: [ServerName: ServerOrder] = [:]
    /// What a predecessor knew of the guard's peers.
    package var peers: PeerTable?
    /// The services whose quorum was lost, by the names they are configured with.
    package var lost: Set<ServiceIdentity> = []
}

/// What a check says, with the probe that made it say so; nil after a restart.
package struct CheckVerdict: Hashable, Sendable, Codable {
    /// The check.
    package var check: CheckSpecification
    /// What it says.
    package var verdict: Verdict
    /// The deciding probe.
    package var report: ProbeReport?
    /// The weight that the target asks for (`misc_dynamic`), or what the number in a file adds
    /// (`FILE_CHECK`); nil for what is configured.
    package var weight: Int32?
}

/// To the lvs role.
package enum LVSCommand: Hashable, Sendable, Codable {
    /// The first message, and again at every reload.
    case configure(LVSAssignment)
    /// The same on a channel that had one before: without virtual servers and verdicts, which these make of
    /// the former ones. `SaidLists` makes it of the other.
    case reconfigure(
        LVSAssignment, services: [ListEdit<VirtualServer>], verdicts: [ListEdit<CheckVerdict>])
    /// An instance is in another state.
    case state(instance: String, Router.StateName)
    /// Verdicts that are new.
    case verdicts([CheckVerdict])
    /// All that operators want of servers now.
    case orders([ServerName: ServerOrder])
    /// The answer to `LVSReport.tables`.
    case tables(TablesAnswer)
    /// Tell what the kernel has: `LVSReport.described`.
    case describe
    /// Remove everything of ours, report `stopped`, end.
    case stop
}

/// One run of an iptables program, or of nft, which the supervisor does for the lvs role.
package enum TablesRequest: Hashable, Sendable, Codable {
    /// `iptables-save -t TABLE` or `ip6tables-save -t TABLE`.
    case save(AddressFamily, PacketTable = .mangle)
    /// `iptables-restore --noflush` with this input, one transaction.
    case restore(AddressFamily, String)
    /// `nft list table FAMILY holdfast`; nothing when there is no such table.
    case list(AddressFamily)
    /// `nft -f -` with this input, one transaction.
    case load(AddressFamily, String)

    /// The family whose rules it is about.
    package var family: AddressFamily {
        switch self {
        case .save(let family, _), .restore(let family, _), .list(let family), .load(let family, _): family
        }
    }
}

/// How such a run ended.
package enum TablesAnswer: Hashable, Sendable, Codable {
    /// Exit status 0 and what it wrote.
    case done(String)
    /// Why it did not, as a sentence that names the program.
    case failed(String)
}

/// From the lvs role.
package enum LVSReport: Hashable, Sendable, Codable {
    /// The table is as the first assignment wants it.
    case ready
    /// Run this; one request at a time, answered by `LVSCommand.tables`.
    case tables(TablesRequest)
    /// What is known of the guard's peers is this now: what a successor goes on with.
    case peers(PeerTable)
    /// A part of the answer to `LVSCommand.describe`; the services of others are told, too.
    case described([ServiceReading], isLast: Bool, health: RoleHealth = RoleHealth())
    /// This host has these of the addresses that suspending services have.
    case present(Set<IPAddress>)
    /// These services are without their quorum now.
    case lost(Set<ServiceIdentity>)
    /// It cannot work at all (no IPVS in the kernel); a sentence.
    case failed(String)
    /// Nothing of ours is left in the kernel.
    case stopped
}

/// What the checker is to do. It names checks by their place in `checks`, so that it cannot ask for anything
/// that is not configured.
package struct CheckerAssignment: Hashable, Sendable, Codable {
    /// Counts assignments; reports about an older one are ignored.
    package var generation: UInt64
    /// Every check, without repetition.
    @PackedChecks package var checks: [CheckSpecification]
    /// What is already known, by place in `checks`.
    package var known: [Int: Verdict] = [:]
    /// The weights that their targets asked for last, by place in `checks`.
    package var weights: [Int: UInt8] = [:]
    /// Where mails go; nil for nowhere.
    package var mail: MailSettings?
    /// The director's name in their subjects.
    package var director = ""
    /// What the files of the checks' certificate hold, which the checker may not read; nil without one.
    package var credentials: TLSCredentials?
}

/// The certificate and the key that checks show.
package enum TLSCredentials: Hashable, Sendable, Codable {
    /// The contents of the two files.
    case files(certificate: [UInt8], key: [UInt8])
    /// Why there are none.
    case missing(String)
}

/// To the checker.
package enum CheckerCommand: Hashable, Sendable, Codable {
    /// The first message, and again at every reload.
    case configure(CheckerAssignment)
    /// The same on a channel that had one before: without checks, which these make of the former ones.
    case reconfigure(CheckerAssignment, checks: [ListEdit<CheckSpecification>])
    /// The program of this run has ended.
    case scriptEnded(run: UInt64, ScriptOutcome)
    /// The socket of this number cannot be made; says why, and whether that is the target's fault.
    case socketRefused(UInt64, String, isTargets: Bool)
    /// Make the next probe of the checks at these places of this assignment now.
    case recheck(generation: UInt64, [Int])
    /// Send this mail, if mail is set up; no answer.
    case mail(Mail)
    /// Tell what is known of every check: `CheckerReport.described`.
    case describe
    /// End, as soon as the mails are gone.
    case stop
}

/// How a script's run ended.
package enum ScriptOutcome: Hashable, Sendable, Codable {
    /// Its exit status, 0...255.
    case status(Int32)
    /// The signal that ended it.
    case signal(Int32)
    /// There is no such program, or it cannot be executed; says which.
    case unfit(String)
    /// It could not be started; says why.
    case unavailable(String)
}

/// From the checker.
package enum CheckerReport: Hashable, Sendable, Codable {
    /// Verdicts that are new; all settled ones after an assignment.
    case verdicts(generation: UInt64, [IndexedVerdict])
    /// Start the program of the check at `index`; answered by `scriptEnded`.
    case run(UInt64, generation: UInt64, index: Int)
    /// End the run; no answer.
    case terminate(UInt64)
    /// A part of the answer to `CheckerCommand.describe`.
    case described(
        generation: UInt64, [CheckFacts], isLast: Bool, health: RoleHealth = RoleHealth())
    /// Make the socket that the check at `index` needs; it comes by itself, with this number, or
    /// `socketRefused` does.
    case socket(UInt64, generation: UInt64, index: Int)
}

/// A verdict of the check at a place of the assignment.
package struct IndexedVerdict: Hashable, Sendable, Codable {
    /// Place in `CheckerAssignment.checks`.
    package var index: Int
    /// What the check says.
    package var verdict: Verdict
    /// The deciding probe; nil when the verdict is an inherited one.
    package var report: ProbeReport?
    /// The weight that the target asks for; nil for what is configured.
    package var weight: UInt8?
}

/// A command with the role it is for.
package enum RoleCommand: Hashable, Sendable {
    case vrrp(VRRPCommand)
    case lvs(LVSCommand)
    case checker(CheckerCommand)

    /// Whom it is for.
    package var role: RoleName {
        switch self {
        case .vrrp: .vrrp
        case .lvs: .lvs
        case .checker: .checker
        }
    }

    /// The frame that carries it.
    package func encoded() throws -> [UInt8] {
        switch self {
        case .vrrp(let command): try BinaryCoder.encode(command)
        case .lvs(let command): try BinaryCoder.encode(command)
        case .checker(let command): try BinaryCoder.encode(command)
        }
    }
}

extension RoleCommand {
    /// What asks a role for what it knows.
    static func describe(_ role: RoleName) -> RoleCommand {
        switch role {
        case .vrrp: .vrrp(.describe)
        case .lvs: .lvs(.describe)
        case .checker: .checker(.describe)
        }
    }
}

/// A report with the role it came from.
package enum RoleReport: Hashable, Sendable {
    case vrrp(VRRPReport)
    case lvs(LVSReport)
    case checker(CheckerReport)

    /// Whom it came from.
    package var role: RoleName {
        switch self {
        case .vrrp: .vrrp
        case .lvs: .lvs
        case .checker: .checker
        }
    }

    /// The largest frame that is accepted from a role: the checker talks to strangers and gets little room.
    package static func frameLimit(of role: RoleName) -> Int { role == .checker ? 4 << 20 : 16 << 20 }

    /// Reads a frame that came from `role`; throws for anything that is not a report of that role.
    package init(from role: RoleName, frame: [UInt8]) throws {
        let limit = Self.frameLimit(of: role)
        switch role {
        case .vrrp: self = .vrrp(try BinaryCoder.decode(from: frame, limit: limit))
        case .lvs: self = .lvs(try BinaryCoder.decode(from: frame, limit: limit))
        case .checker: self = .checker(try BinaryCoder.decode(from: frame, limit: limit, isPlain: true))
        }
    }
}
