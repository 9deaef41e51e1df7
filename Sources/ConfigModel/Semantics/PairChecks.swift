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
        check.compareInstances(mine, configuration, theirs, other)
        check.compareServices(mine, configuration, theirs, other)
        check.compareGuards(mine, theirs)
        check.compareSync(mine, configuration, theirs, other)
        check.compareStatics(mine, theirs)
        return check.found.map(local.sources.written)
    }

    /// Guesses of one file alone that a look at the other answers.
    static func isAnswered(_ code: DiagnosticCode) -> Bool { code == .narrowWeight }
}

/// Collects the findings of one comparison.
struct PairCheck {
    let peer: LoadResult
    private(set) var found: [Diagnostic] = []

    init(peer: LoadResult) { self.peer = peer }

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
        if mine.version == .v3, theirs.version == .v3, mine.checksum != theirs.checksum {
            report(
                .pairChecksum, "v3_checksum_as_v2 is not the same for \(mine.name) on both",
                at: draft.election.messageOnlyChecksum?.span ?? header,
                note: "each drops the other's adverts, and both become master",
                in: theirDraft.election.messageOnlyChecksum?.span ?? there)
        }
        if mine.startsAsMaster, theirs.startsAsMaster, mine.priority != theirs.priority {
            report(
                .pairBothMaster, "both start \(mine.name) as master",
                at: draft.startsAsMaster?.span ?? header,
                note: "after a power cut both hold the addresses until they hear each other",
                in: theirDraft.startsAsMaster?.span ?? there)
        }
        compareTransport(draft, mine, theirDraft, theirs)
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

    private mutating func compareTransport(
        _ draft: InstanceDraft, _ mine: RouterConfiguration, _ theirDraft: InstanceDraft,
        _ theirs: RouterConfiguration
    ) {
        let (header, there) = (draft.origin.header, theirDraft.origin.header)
        if mine.election.downTimerAdverts != theirs.election.downTimerAdverts {
            let (own, other) = (mine.election.downTimerAdverts, theirs.election.downTimerAdverts)
            report(
                .pairDownTimer, "down_timer_adverts is \(own) here and \(other) there",
                at: draft.election.downTimerAdverts?.span ?? header,
                note: "all directors of a virtual router must wait for as many adverts",
                in: theirDraft.election.downTimerAdverts?.span ?? there)
        }
        let place = (draft.transport.peers.first?.span ?? draft.transport.group?.span) ?? header
        switch (mine.transport, theirs.transport) {
        case (.multicast(let group), .multicast(let other)) where group != other:
            report(
                .pairTransport, "\(mine.name) sends to \(group), the peer to \(other)", at: place,
                note: "neither hears the other, and both become master",
                in: theirDraft.transport.group?.span ?? there)
        case (.multicast, .multicast): break
        case (.unicast(let own), .unicast):
            guard let source = theirs.sourceAddress, own.peer(source) == nil else { return }
            report(
                .pairTransport, "the peer's \(source) is not among the peers of \(mine.name)", at: place,
                note: "it hears nothing from here, and becomes master",
                in: theirDraft.transport.source?.span ?? there)
        case (.multicast, .unicast), (.unicast, .multicast):
            report(
                .pairTransport, "one side of \(mine.name) sends to a group, the other to peers", at: place,
                note: "each drops the other's adverts, and both become master",
                in: theirDraft.transport.peers.first?.span ?? there)
        }
    }

    private mutating func compareAddresses(
        _ draft: InstanceDraft, _ mine: RouterConfiguration, _ theirDraft: InstanceDraft,
        _ theirs: RouterConfiguration
    ) {
        let lists = (
            mine.virtualAddresses.map(\.prefix.address), theirs.virtualAddresses.map(\.prefix.address)
        )
        comparePrefixes(draft.addresses + draft.excluded, theirDraft.addresses + theirDraft.excluded)
        compareExcluded(draft, theirDraft)
        guard lists.0 != lists.1 else { return }
        let there = theirDraft.addresses.first?.span ?? theirDraft.origin.header
        for address in draft.addresses where !lists.1.contains(address.value.prefix.address) {
            report(
                .pairAddresses,
                "the peer has no \(address.value.prefix.address) in VRID \(mine.virtualRouterID)",
                at: address.span, note: "it is gone while the peer is master", in: there)
        }
        for address in theirDraft.addresses where !lists.0.contains(address.value.prefix.address) {
            report(
                .pairAddresses,
                "only the peer has \(address.value.prefix.address) in VRID \(mine.virtualRouterID)",
                at: draft.addresses.last?.span ?? draft.origin.header,
                note: "it is gone while this director is master", in: address.span)
        }
        guard Set(lists.0) == Set(lists.1) else { return }
        report(
            .pairAddressOrder, "the addresses of VRID \(mine.virtualRouterID) are in another order there",
            at: draft.addresses.first?.span ?? draft.origin.header,
            note: "adverts carry them in this order, and some routers compare", in: there)
    }

    /// Addresses that adverts do not carry: nothing but a comparison of the files shows a difference.
    private mutating func compareExcluded(_ draft: InstanceDraft, _ theirDraft: InstanceDraft) {
        let mine = Set(draft.excluded.map(\.value.prefix.address))
        let theirs = Set(theirDraft.excluded.map(\.value.prefix.address))
        for address in draft.excluded where !theirs.contains(address.value.prefix.address) {
            report(
                .pairExcluded, "the peer does not exclude \(address.value.prefix.address)", at: address.span,
                note: "it is gone while the peer is master, unless it is elsewhere there",
                in: theirDraft.origin.header)
        }
        for address in theirDraft.excluded where !mine.contains(address.value.prefix.address) {
            report(
                .pairExcluded, "only the peer excludes \(address.value.prefix.address)",
                at: draft.excluded.last?.span ?? draft.origin.header,
                note: "it is gone while this director is master, unless it is elsewhere here",
                in: address.span)
        }
    }

    private mutating func comparePrefixes(
        _ mine: [Located<VirtualAddress>], _ theirs: [Located<VirtualAddress>]
    ) {
        for address in mine {
            let prefix = address.value.prefix
            guard let other = theirs.first(where: { $0.value.prefix.address == prefix.address }),
                other.value.prefix.length != prefix.length
            else { continue }
            report(
                .pairPrefix,
                "\(prefix.address) is /\(prefix.length) here and /\(other.value.prefix.length) there",
                at: address.span, note: "the routes to its network depend on who is master", in: other.span)
        }
    }

    private static func seconds(_ router: RouterConfiguration) -> String {
        ValueType.seconds(router.advertisementInterval.nanoseconds / 1000) + " s"
    }
}
