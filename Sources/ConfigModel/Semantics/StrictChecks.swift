import ConfigSyntax
import NetTypes
import Timekeeping
import VRRP

/// Strict mode (keywords `vrrp_strict`, `strict_mode`): what it does not allow, and what it does that few who
/// write it expect.
enum StrictChecks {
    static func run(_ draft: ConfigurationDraft, _ reader: inout SchemaReader) {
        let strict = draft.instances.filter { $0.extras.isStrict(draft.global) }
        for instance in strict {
            let word = instance.extras.isStrict ?? draft.global.isStrict
            for (what, place) in instance.forbiddenByStrict(draft.global) {
                forbid(what, at: place, word, &reader)
            }
        }
        checkDefaults(draft.global, of: strict, &reader)
        let silent = strict.filter { $0.extras.refusesTraffic == nil && $0.effectivePriority < 255 }
        if let place = draft.global.isStrict, silent.contains(where: { $0.extras.isStrict == nil }) {
            warn("vrrp_strict", at: place.span, &reader)
        }
        for place in silent.compactMap(\.extras.isStrict) { warn("strict_mode", at: place.span, &reader) }
    }

    private static func forbid(
        _ what: String, at place: Span, _ word: Located<Bool>?, _ reader: inout SchemaReader
    ) {
        reader.report(
            .forbiddenByStrict, "strict mode does not allow \(what)", at: place,
            related: word.map { [Label($0.span, "asked for here")] } ?? [])
    }

    private static func warn(_ name: String, at span: Span, _ reader: inout SchemaReader) {
        reader.report(
            .strictMode, "with \(name) the virtual addresses answer nobody: no ping, no connection",
            at: span, notes: ["keepalived drops what is sent to them before it is balanced"])
    }

    /// What `global_defs` says for instances that do not say it themselves.
    private static func checkDefaults(
        _ global: GlobalDraft, of strict: [InstanceDraft], _ reader: inout SchemaReader
    ) {
        if let adverts = global.election.downTimerAdverts, adverts.value != 3,
            let heir = strict.first(where: { $0.election.downTimerAdverts == nil })
        {
            let word = heir.extras.isStrict ?? global.isStrict
            forbid("vrrp_down_timer_adverts \(adverts.value)", at: adverts.span, word, &reader)
        }
        for (name, place) in global.overruledByStrict where !strict.isEmpty {
            reader.report(
                .keywordWithoutEffect, "\(name) has no effect in strict mode", at: place,
                notes: ["keepalived's strict mode has its own, too"])
        }
    }
}

extension ElectionDraft {
    /// What both blocks have of what strict mode decides, without `vrrp_`.
    fileprivate var againstStrict: [(String, Span)] {
        var found: [(String, Span)] = []
        if let flag = lowerPriorityNoAdvert, !flag.value {
            found.append(("lower_prio_no_advert off", flag.span))
        }
        if let flag = higherPrioritySendAdvert, flag.value {
            found.append(("higher_prio_send_advert", flag.span))
        }
        return found
    }
}

extension AnnouncementDraft {
    /// The same.
    fileprivate var againstStrict: [(String, Span)] {
        var found: [(String, Span)] = []
        if let repeats = lowerPriorityRepeats, repeats.value > 0 {
            found.append(("garp_lower_prio_repeat \(repeats.value)", repeats.span))
        }
        if let delay = lowerPriorityDelay, delay.value > .zero {
            found.append(("garp_lower_prio_delay", delay.span))
        }
        return found
    }
}

extension GlobalDraft {
    /// Defaults that a strict instance does not take over.
    fileprivate var overruledByStrict: [(String, Span)] {
        (election.againstStrict + announcements.againstStrict).map { ("vrrp_" + $0.0, $0.1) }
    }
}

extension InstanceDraft {
    /// What is written and strict mode does not allow, as a phrase, each with its place.
    fileprivate func forbiddenByStrict(_ global: GlobalDraft) -> [(String, Span)] {
        var found: [(String, Span)] = []
        func forbid(_ phrase: String, _ place: Span?) {
            if let place { found.append((phrase, place)) }
        }
        forbid("unicast_peer", transport.peers.first?.span)
        if transport.peers.isEmpty { forbid("unicast_fault_no_peer", transport.faultsWithoutPeer?.span) }
        forbid("authentication", authentication?.origin.header)
        forbid("no_virtual_ipaddress", noVirtualAddresses?.span)
        if addresses.isEmpty, noVirtualAddresses == nil, origin.isAbsent("virtual_ipaddress") {
            forbid("virtual_ipaddress_excluded alone", excluded.first?.span)
        }
        if let first = addresses.first, case .v6(let address) = first.value.prefix.address,
            !address.isLinkLocal
        {
            forbid("a first IPv6 address that is not link-local", first.span)
        }
        if let delay = preemptDelay, delay.value > .zero { forbid("preempt_delay", delay.span) }
        if let flag = preemptsAfterSync, flag.value { forbid("preempt_after_sync", flag.span) }
        if let adverts = election.downTimerAdverts, adverts.value != 3 {
            forbid("down_timer_adverts \(adverts.value)", adverts.span)
        }
        found += election.againstStrict + announcements.againstStrict
        forbidOwnership(global, &found)
        if let flag = extras.sendsFromBase, flag.value { forbid("vmac_xmit_base", flag.span) }
        if let virtual = extras.virtualMAC, let mac = virtual.value.mac, let id = virtualRouterID?.value,
            mac != VirtualInterface.mac(of: id, family)
        {
            forbid("another Ethernet address than the virtual router's", virtual.span)
        }
        return found
    }

    /// `state` is the owner's word in the RFCs, and version 2 knows only owners that accept.
    private func forbidOwnership(_ global: GlobalDraft, _ found: inout [(String, Span)]) {
        guard origin.isAbsent("priority") else { return }
        let isOwner = effectivePriority == 255
        if let state = startsAsMaster, state.value != isOwner {
            found.append(
                (
                    state.value ? "state MASTER below priority 255" : "state BACKUP with priority 255",
                    state.span
                ))
        }
        if let word = extras.refusesTraffic, !word.value, !isOwner, version(global) == .v2 {
            found.append(("accept with version 2", word.span))
        }
    }
}
