import ConfigSyntax
import LoadBalancing
import LoopGuard
import NetTypes
import Timekeeping
import VRRP

// What two directors balance: after a failover clients meet the other's services.

extension PairCheck {
    mutating func compareServices(
        _ mine: ConfigurationDraft, _ configuration: Configuration, _ theirs: ConfigurationDraft,
        _ other: Configuration
    ) {
        // Of groups all members count, whatever they are called and in which order they stand.
        var byIdentity: [Set<ServiceIdentity>: Int] = [:]
        for (index, service) in other.virtualServers.enumerated() {
            byIdentity[Set(service.identities)] = index
        }
        for (draft, service) in zip(mine.virtualServers, configuration.virtualServers) {
            guard let index = byIdentity.removeValue(forKey: Set(service.identities)) else {
                report(
                    .pairServiceMissing, "the peer does not have \(draft.origin.title)",
                    at: draft.origin.header, note: "clients are refused while the peer is master", in: nil)
                continue
            }
            let match = other.virtualServers[index]
            compare(draft, service, theirs.virtualServers[index], match)
        }
        for index in byIdentity.values.sorted() {
            let draft = theirs.virtualServers[index]
            report(
                .pairServiceMissing, "only the peer has \(draft.origin.title)",
                at: mine.virtualServers.last?.origin.header ?? mine.origin.header,
                note: "clients are refused while this director is master", in: draft.origin.header)
        }
    }

    private mutating func compare(
        _ draft: VirtualServerDraft, _ mine: VirtualServer, _ theirDraft: VirtualServerDraft,
        _ theirs: VirtualServer
    ) {
        let (title, header, there) = (draft.origin.title, draft.origin.header, theirDraft.origin.header)
        if mine.guardMark != theirs.guardMark {
            report(
                .pairGuardMark,
                mine.guardMark == nil || theirs.guardMark == nil
                    ? "only one of the two guards \(title)"
                    : "\(title) has the mark \(mine.guardMark?.description ?? "") here, "
                        + "\(theirs.guardMark?.description ?? "") there",
                at: (draft.guardMark?.span ?? draft.loopGuard?.span) ?? header,
                note: "connections that are synchronised carry the mark, and the other has no such service",
                in: (theirDraft.guardMark?.span ?? theirDraft.loopGuard?.span) ?? there)
        }
        if mine.forwarding != theirs.forwarding || mine.scheduler != theirs.scheduler {
            report(
                .pairServiceDiffers, "the peer balances \(title) differently", at: header,
                note: "lb_algo or lb_kind are not the same", in: there)
        } else if mine.sourceTranslation != theirs.sourceTranslation {
            report(
                .pairServiceDiffers, "lb_kind FULLNAT or fullnat_source of \(title) is not the same on both",
                at: (draft.sourceAddress?.span ?? draft.translatesSource?.span) ?? header,
                note: "real servers know a connection by that address: it ends with a failover",
                in: (theirDraft.sourceAddress?.span ?? theirDraft.translatesSource?.span) ?? there)
        } else if mine.persistence != theirs.persistence {
            report(
                .pairServiceDiffers, "\(title) is not persistent in the same way on both",
                at: draft.persistenceTimeout?.span ?? header,
                note: "after a failover clients may meet another server", in: there)
        } else if mine.quorum != theirs.quorum {
            report(
                .pairServiceDiffers,
                "the quorum of \(title) is \(mine.quorum) here and \(theirs.quorum) there",
                at: draft.quorum?.span ?? header, note: "the two give the service up at different times",
                in: theirDraft.quorum?.span ?? there)
        }
        compareServers(draft, mine, theirDraft, theirs)
    }

    private mutating func compareServers(
        _ draft: VirtualServerDraft, _ mine: VirtualServer, _ theirDraft: VirtualServerDraft,
        _ theirs: VirtualServer
    ) {
        let (title, there) = (draft.origin.title, theirDraft.origin.header)
        let endpoints = Set(mine.realServers.map(\.endpoint))
        guard endpoints == Set(theirs.realServers.map(\.endpoint)) else {
            report(
                .pairServiceDiffers, "the peer has other real servers for \(title)", at: draft.origin.header,
                note: "connections that are synchronised to the peer find no server there", in: there)
            return
        }
        let weights = Dictionary(theirs.realServers.map { ($0.endpoint, $0.weight) }) { first, _ in first }
        for (server, resolved) in zip(draft.realServers, mine.realServers) {
            guard let weight = weights[resolved.endpoint], weight != resolved.weight else { continue }
            report(
                .pairServiceDiffers,
                "\(server.origin.title) has weight \(resolved.weight) here and \(weight) there",
                at: server.weight?.span ?? server.origin.header,
                note: "a failover changes each server's share", in: there)
        }
    }

    /// Two directors that name the same single peer: one of them names itself.
    mutating func compareGuards(_ mine: ConfigurationDraft, _ theirs: ConfigurationDraft) {
        guard let own = mine.loopGuard, let other = theirs.loopGuard, own.peers.count == 1,
            let peer = own.peers.first, own.peers.map(\.value) == other.peers.map(\.value)
        else { return }
        report(
            .pairGuardPeer, "both name the same peer, so one of them names itself", at: peer.span,
            note: "that one does not know what the other forwarded to it, and balances it again",
            in: other.peers.first?.span)
    }

    mutating func compareSync(
        _ mine: ConfigurationDraft, _ configuration: Configuration, _ theirs: ConfigurationDraft,
        _ other: Configuration
    ) {
        guard let daemon = configuration.global.syncDaemon, let match = other.global.syncDaemon else {
            if let place = mine.global.syncDaemon?.span {
                report(
                    .pairSync, "the peer has no lvs_sync_daemon", at: place,
                    note: "established connections end with a failover", in: nil)
            } else if let there = theirs.global.syncDaemon?.span {
                report(
                    .pairSync, "only the peer has an lvs_sync_daemon", at: mine.global.origin.header,
                    note: "established connections end with a failover", in: there)
            }
            return
        }
        compare(
            .syncPorts, or: "1", mine.global, theirs.global,
            note: "what is sent to a port that nobody listens on is lost")
        if (configuration.instances + other.instances).contains(where: { $0.syncWait > .zero }) {
            for setting in [IPVSSetting.syncThreshold, .syncRefreshPeriod] {
                compare(
                    setting, mine.global, theirs.global,
                    note: "the master's says how soon the one that waits (preempt_after_sync) knows all")
            }
        }
        guard daemon.syncID != match.syncID || daemon.port != match.port || daemon.group != match.group else {
            return
        }
        report(
            .pairSync, "the peer's lvs_sync_daemon has another id, port or group",
            at: mine.global.syncDaemon?.span ?? mine.global.origin.header,
            note: "each ignores what the other sends", in: theirs.global.syncDaemon?.span)
    }

    /// `usual` is what a file without the keyword means by it; nil: something that no file says.
    private mutating func compare(
        _ setting: IPVSSetting, or usual: String? = nil, _ mine: GlobalDraft, _ theirs: GlobalDraft,
        note: String
    ) {
        let (own, other) = (mine.settings[setting], theirs.settings[setting])
        guard own?.value ?? usual != other?.value ?? usual else { return }
        report(
            .pairSync, "lvs_\(setting.rawValue) is not the same on both",
            at: own?.span ?? mine.origin.header, note: note, in: other?.span)
    }
}
