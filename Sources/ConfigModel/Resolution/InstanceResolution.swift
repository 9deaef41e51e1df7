import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

extension RouterConfiguration {
    /// The instance with every default applied; nil when something required is not there.
    init?(_ draft: InstanceDraft, _ global: GlobalDraft) {
        guard let interface = draft.interface, let id = draft.virtualRouterID else { return nil }
        let startsAsMaster = draft.startsAsMaster?.value ?? false
        let preempts = startsAsMaster || draft.nopreempt == nil
        let delays = preempts && !startsAsMaster
        let version = draft.version(global)
        let options = draft.election.inheriting(global.election)
        self.init(
            name: draft.name.value, interface: interface.value, version: version, virtualRouterID: id.value,
            priority: draft.effectivePriority,
            advertisementInterval: draft.interval?.value ?? .seconds(1),
            virtualAddresses: draft.addresses.map(\.value), excludedAddresses: draft.excluded.map(\.value),
            preempts: preempts, preemptDelay: delays ? draft.preemptDelay?.value ?? .zero : .zero,
            startsAsMaster: startsAsMaster,
            authentication: version == .v2 ? Authentication(draft.authentication) : .none,
            checksum: options.messageOnlyChecksum?.value == true ? .messageOnly : .pseudoHeader,
            announcements: AnnouncementSchedule(draft.announcements, global.announcements))
        election = draft.electionOptions(global)
        if preempts, draft.preemptsAfterSync?.value == true, let wait = global.syncWait { syncWait = wait }
        if draft.extras.isStrict(global) {
            // The RFCs announce nothing after the advert of a losing master.
            (announcements.lowerPriorityRepeats, announcements.lowerPriorityDelay) = (0, .zero)
        }
        transport = draft.transport(global)
        sourceAddress = draft.transport.source?.value
        refusesTraffic = draft.refusesTraffic(global)
        virtualInterface = VirtualInterface(draft, on: interface.value, id.value, family)
        if virtualInterface != nil {
            // A peer that is spoken to alone would learn the Ethernet address for our own address.
            let isUnicast = if case .unicast = transport { true } else { false }
            sendsFromBase = isUnicast || draft.extras.sendsFromBase?.value == true
        }
        (routes, rules) = (draft.extras.routes.map(\.value), draft.extras.rules.map(\.value))
    }
}

extension GlobalDraft {
    /// `lvs_sync_refresh_period`; nil where connections in use are not told of again.
    var syncRefreshPeriod: Interval? {
        guard let seconds = settings[.syncRefreshPeriod].flatMap({ Int64($0.value) }), seconds > 0
        else { return nil }
        return .seconds(seconds)
    }

    /// The wait of `preempt_after_sync`. A connection that was told of right before is told of again by its
    /// first packet after the refresh period; one with a packet in each such time has that within another.
    var syncWait: Interval? { syncRefreshPeriod.map { $0 * 2 + SyncRole.delivery } }
}

extension Authentication {
    /// The block's password, cut to 8 octets as keepalived does; `none` without a block.
    init(_ draft: AuthenticationDraft?) {
        guard let password = draft?.password, let type = draft?.type else {
            self = .none
            return
        }
        let octets = Array(password.value.utf8.prefix(8))
        self =
            switch type.value {
            case .password: .password(octets)
            case .header: .header(key: octets)
            }
    }
}

extension AnnouncementSchedule {
    /// The instance's values, else the global ones, else keepalived's. What follows the advert of a losing
    /// master is by default as the global burst, not as the instance's own.
    init(_ own: AnnouncementDraft, _ global: AnnouncementDraft) {
        let standard =
            global.isMinimal?.value == true
            ? AnnouncementSchedule(repeats: 1, secondBurstDelay: .zero) : AnnouncementSchedule()
        self.init(
            repeats: own.repeats?.value ?? global.repeats?.value ?? standard.repeats,
            secondBurstDelay: own.delay?.value ?? global.delay?.value ?? standard.secondBurstDelay,
            refresh: own.refresh?.value ?? global.refresh?.value ?? standard.refresh,
            refreshRepeats: own.refreshRepeats?.value ?? global.refreshRepeats?.value
                ?? standard.refreshRepeats,
            lowerPriorityRepeats: own.lowerPriorityRepeats?.value ?? global.lowerPriorityRepeats?.value
                ?? global.repeats?.value ?? standard.repeats,
            lowerPriorityDelay: own.lowerPriorityDelay?.value ?? global.lowerPriorityDelay?.value
                ?? global.delay?.value ?? standard.secondBurstDelay)
    }
}
