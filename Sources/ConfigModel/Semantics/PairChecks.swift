import ConfigSyntax
import LoadBalancing
import NetTypes
import Timekeeping
import VRRP

/// Two directors' configurations against each other: what each alone cannot show. Findings stand in the first
/// one's files; notes say where the peer's counterpart is.
package enum PairChecks {
    /// What is wrong with `local` as seen next to `peer`; nothing when either cannot be understood.
    package static func run(_ local: LoadResult, against peer: LoadResult) -> [Diagnostic] {
        guard let mine = local.draft, let configuration = local.model, let theirs = peer.draft,
            let other = peer.model
        else { return [] }
        var check = PairCheck(peer: peer)
        let drafts = Array(zip(mine.instances, configuration.instances))
        let others = Array(zip(theirs.instances, other.instances))
        for (draft, router) in drafts {
            let candidates = others.filter { $0.1.virtualRouterID == router.virtualRouterID }
            guard
                let match = candidates.count == 1
                    ? candidates.first : candidates.first(where: { $0.1.interface == router.interface })
            else {
                check.report(
                    .pairInstanceMissing, "the peer has no instance with VRID \(router.virtualRouterID)",
                    at: draft.virtualRouterID?.span ?? draft.origin.header,
                    note: "nobody takes over its addresses when this director fails", in: nil)
                continue
            }
            check.compare(draft, router, match.0, match.1)
        }
        check.compareServices(mine, configuration, theirs, other)
        check.compareSync(mine, configuration, theirs, other)
        return check.found.map(local.sources.written)
    }
}

/// Collects the findings of one comparison.
private struct PairCheck {
    let peer: LoadResult
    var found: [Diagnostic] = []

    mutating func report(
        _ code: DiagnosticCode, _ message: String, at span: Span, note: String, in place: Span?
    ) {
        let there = place.map { ["the peer's is at \(peer.sources.location(of: $0))"] } ?? []
        found.append(Diagnostic(code, message, at: Label(span), notes: [note] + there))
    }

    mutating func compare(
        _ draft: InstanceDraft, _ mine: RouterConfiguration, _ theirDraft: InstanceDraft,
        _ theirs: RouterConfiguration
    ) {
        let (header, there) = (draft.origin.header, theirDraft.origin.header)
        if mine.version != theirs.version {
            report(
                .pairVersion,
                "\(mine.name) speaks version \(mine.version.rawValue), the peer \(theirs.version.rawValue)",
                at: draft.version?.span ?? header,
                note: "each drops the other's adverts, and both become master",
                in: theirDraft.version?.span ?? there)
        } else if mine.advertisementInterval != theirs.advertisementInterval {
            report(
                mine.version == .v2 ? .pairInterval : .pairIntervalLearnt,
                "advert_int is \(Self.seconds(mine)) here and \(Self.seconds(theirs)) there",
                at: draft.interval?.span ?? header,
                note: mine.version == .v2
                    ? "version 2 drops adverts of another interval, and both become master"
                    : "the backup learns the master's, so failover takes as long as the other file says",
                in: theirDraft.interval?.span ?? there)
        }
        if mine.authentication != theirs.authentication {
            report(
                .pairAuthentication, "the peer authenticates \(mine.name) differently",
                at: draft.authentication?.origin.header ?? header,
                note: "each drops the other's adverts, and both become master",
                in: theirDraft.authentication?.origin.header ?? there)
        }
        compareAddresses(draft, mine, theirDraft, theirs)
        if mine.priority == theirs.priority {
            report(
                .pairPriority, "both have priority \(mine.priority) for VRID \(mine.virtualRouterID)",
                at: draft.priority?.span ?? header,
                note: mine.priority == 255
                    ? "both claim to own the addresses, and neither yields"
                    : "the higher address of the interface decides who is master",
                in: theirDraft.priority?.span ?? there)
        }
    }

    private mutating func compareAddresses(
        _ draft: InstanceDraft, _ mine: RouterConfiguration, _ theirDraft: InstanceDraft,
        _ theirs: RouterConfiguration
    ) {
        let lists = (
            mine.virtualAddresses.map(\.prefix.address), theirs.virtualAddresses.map(\.prefix.address)
        )
        guard lists.0 != lists.1 else { return }
        let there = theirDraft.addresses.first?.span ?? theirDraft.origin.header
        for address in draft.addresses where !lists.1.contains(address.value.prefix.address) {
            report(
                .pairAddresses,
                "the peer has no \(address.value.prefix.address) in VRID \(mine.virtualRouterID)",
                at: address.span, note: "it is gone while the peer is master", in: there)
        }
        guard Set(lists.0) == Set(lists.1) else { return }
        report(
            .pairAddressOrder, "the addresses of VRID \(mine.virtualRouterID) are in another order there",
            at: draft.addresses.first?.span ?? draft.origin.header,
            note: "adverts carry them in this order, and some routers compare", in: there)
    }

    private static func seconds(_ router: RouterConfiguration) -> String {
        ValueType.seconds(router.advertisementInterval.nanoseconds / 1000) + " s"
    }

    mutating func compareServices(
        _ mine: ConfigurationDraft, _ configuration: Configuration, _ theirs: ConfigurationDraft,
        _ other: Configuration
    ) {
        var byIdentity: [ServiceIdentity: Int] = [:]
        for (index, service) in other.virtualServers.enumerated() { byIdentity[service.identity] = index }
        for (draft, service) in zip(mine.virtualServers, configuration.virtualServers) {
            let header = draft.origin.header
            guard let index = byIdentity[service.identity] else {
                report(
                    .pairServiceMissing, "the peer does not have \(draft.origin.title)", at: header,
                    note: "clients are refused while the peer is master", in: nil)
                continue
            }
            let (match, there) = (other.virtualServers[index], theirs.virtualServers[index].origin.header)
            let servers = (Set(service.realServers.map(\.endpoint)), Set(match.realServers.map(\.endpoint)))
            if service.forwarding != match.forwarding || service.scheduler != match.scheduler {
                report(
                    .pairServiceDiffers, "the peer balances \(draft.origin.title) differently", at: header,
                    note: "lb_algo or lb_kind are not the same", in: there)
            } else if servers.0 != servers.1 {
                report(
                    .pairServiceDiffers, "the peer has other real servers for \(draft.origin.title)",
                    at: header,
                    note: "connections that are synchronised to the peer find no server there", in: there)
            }
        }
    }

    mutating func compareSync(
        _ mine: ConfigurationDraft, _ configuration: Configuration, _ theirs: ConfigurationDraft,
        _ other: Configuration
    ) {
        guard let place = mine.global.syncDaemon?.span, let daemon = configuration.global.syncDaemon else {
            return
        }
        guard let match = other.global.syncDaemon else {
            return report(
                .pairSync, "the peer has no lvs_sync_daemon", at: place,
                note: "established connections end with a failover", in: nil)
        }
        guard daemon.syncID != match.syncID || daemon.port != match.port || daemon.group != match.group else {
            return
        }
        report(
            .pairSync, "the peer's lvs_sync_daemon has another id, port or group", at: place,
            note: "each ignores what the other sends", in: theirs.global.syncDaemon?.span)
    }
}
