import HealthChecks
import LoadBalancing
import NetTypes
import VRRP

/// What changes do to what runs.
struct ReloadEffects {
    /// A sentence, and whether clients may lose connections or find the addresses elsewhere.
    typealias Effect = (text: String, interrupts: Bool)

    private let facts: LiveFacts
    private let oldServices: [String: VirtualServer]
    private let newServices: [String: VirtualServer]
    private let old: InstanceClaims
    private let new: InstanceClaims

    init(old: Configuration, new: Configuration, facts: LiveFacts) {
        self.facts = facts
        func byName(_ configuration: Configuration) -> [String: VirtualServer] {
            Dictionary(configuration.virtualServers.map { ("virtual_server \($0.title)", $0) }) { $1 }
        }
        oldServices = byName(old)
        newServices = byName(new)
        self.old = InstanceClaims(of: old, knowing: facts)
        self.new = InstanceClaims(of: new, knowing: facts)
    }

    /// Of an object that comes or goes.
    func ofWhole(_ object: String, isNew: Bool) -> ReloadChange {
        let effect: Effect =
            if let service = oldServices[object] ?? newServices[object] {
                isNew ? ("programmed with its servers", false) : removal(of: service)
            } else if let instance = old.instances[object] ?? new.instances[object] {
                isNew ? joining(instance) : leaving(instance)
            } else if let group = new.groups[object] {
                binding(group)
            } else if object.hasPrefix("vrrp_sync_group ") {
                ("each of its members goes its own way", false)
            } else if object.hasPrefix("static_"), !isNew {
                ("its addresses, routes and rules go", true)
            } else {
                (isNew ? "in force at once" : "over at once", false)
            }
        return ReloadChange(
            object: object, item: nil, kind: isNew ? .add : .remove, detail: "", effect: effect.text,
            interrupts: effect.interrupts)
    }

    /// Of the parts of an object that stays, and of its quorum, where one of them loses or regains it.
    func of(_ differences: [DumpDifference], in object: String) -> [ReloadChange] {
        guard let old = oldServices[object], let new = newServices[object] else {
            let changes = differences.map { change(in: object, by: $0, effect: of($0, in: object)) }
            return changes + consequences(for: object, besides: differences)
        }
        let shift = QuorumShift(from: old, to: new, knowing: facts)
        let changes = differences.map { difference in
            change(in: object, by: difference, effect: ofService(difference, from: old, to: new, shift))
        }
        let tells = differences.contains { $0.keyword == "quorum" || $0.keyword == "hysteresis" }
        guard shift.isOne, !tells else { return changes }
        let effect = shift.effect
        return changes + [
            ReloadChange(
                object: object, item: "quorum", kind: .change,
                detail: shift.after.hasQuorum ? "lost -> reached" : "reached -> lost", effect: effect.text,
                interrupts: effect.interrupts)
        ]
    }

    private func change(
        in object: String, by difference: DumpDifference, effect: Effect
    ) -> ReloadChange {
        let kind: ReloadChange.Kind =
            difference.old == nil ? .add : difference.new == nil ? .remove : .change
        return ReloadChange(
            object: object, item: difference.isNamed ? difference.name : difference.keyword, kind: kind,
            detail: difference.detail, effect: effect.text, interrupts: effect.interrupts)
    }

    /// What becomes of an object without that one of `differences` tells it, each a part of it.
    func consequences(for object: String, besides differences: [DumpDifference] = []) -> [ReloadChange] {
        guard let before = old.instances[object], let after = new.instances[object],
            before.describesSameRouter(as: after)
        else { return [] }
        let change = shift(from: before, to: after).change(of: object, besides: differences)
        return change.map { [$0] } ?? []
    }

    private func shift(from former: RouterConfiguration, to latter: RouterConfiguration) -> FitnessShift {
        FitnessShift(from: former, of: old, to: latter, of: new, knowing: facts)
    }

    private func of(_ difference: DumpDifference, in object: String) -> Effect {
        if let before = old.instances[object], let after = new.instances[object] {
            return ofInstance(difference, from: before, to: after)
        }
        return ofOther(difference, in: object)
    }

    // MARK: Services

    private func removal(of service: VirtualServer) -> Effect {
        ("clients reach it no more; \(cut(of: service.realServers, in: service))", true)
    }

    private func cut(of servers: [RealServer], in service: VirtualServer) -> String {
        LiveFacts.cut(facts.connections(to: servers, of: service))
    }

    private func ofService(
        _ difference: DumpDifference, from old: VirtualServer, to new: VirtualServer, _ shift: QuorumShift
    ) -> Effect {
        switch difference.keyword {
        case "real_server": return ofServer(difference, from: old, to: new, shift)
        case "loop_guard", "loop_guard_mark":
            let isSame = Set(old.programmedIdentities) == Set(new.programmedIdentities)
            return isSame
                ? ("in place", false) : ("another service for the kernel: its connections are cut", true)
        case "sorry_server":
            return ofSorryServer(from: old, to: new, shift)
        case "lb_algo", "ops", "flag-1", "flag-2", "flag-3", "persistence_timeout", "persistence_granularity",
            "persistence_engine", "protocol":
            return ("in place, no connection touched", false)
        case "lb_kind": return ("in place; open connections go on as they are", false)
        case "quorum", "hysteresis": return shift.effect
        default: return ("from now on", false)
        }
    }

    /// One that comes, goes or has another address: who has the traffic now, and who will.
    private func ofSorryServer(
        from old: VirtualServer, to new: VirtualServer, _ shift: QuorumShift
    ) -> Effect {
        let former = old.sorryServer.flatMap { sorry in
            sorry.endpoint == new.sorryServer?.endpoint ? nil : facts.connections(to: [sorry], of: old)
        }
        let isUsed = shift.before.usesSorryServer
        let isKept = old.sorryServer != nil && old.sorryServer?.endpoint == new.sorryServer?.endpoint
        // What a lost or regained quorum does has a line of its own.
        if isKept { return (isUsed ? "in place, no connection touched" : "from now on", false) }
        guard new.sorryServer != nil else {
            let text = LiveFacts.cut(former)
            return isUsed
                ? ("the servers that are up take the traffic back; of it \(text)", former != 0)
                : (text, former != 0)
        }
        guard shift.after.usesSorryServer, shift.before.hasQuorum == shift.after.hasQuorum else {
            return old.sorryServer == nil
                ? ("takes the traffic when no server is up", false) : (LiveFacts.cut(former), former != 0)
        }
        if old.sorryServer != nil {
            return (
                "takes the traffic over from the other one, of which \(LiveFacts.cut(former))", former != 0
            )
        }
        let text = "takes the traffic at once, since the quorum is lost"
        return shift.leaving.isEmpty
            ? (text, false)
            : ("\(text): of the servers that are up \(shift.loss.text)", shift.loss.interrupts)
    }

    private func ofServer(
        _ difference: DumpDifference, from old: VirtualServer, to new: VirtualServer, _ shift: QuorumShift
    ) -> Effect {
        // Thousands may differ: what is compared for each of them are values, not texts made anew.
        let endpoint = Endpoint(difference.name.dropFirst("real_server ".count))
        func server(of service: VirtualServer) -> RealServer? {
            service.realServers.first { $0.endpoint == endpoint }
        }
        switch (difference.old, difference.new) {
        case (let was?, let becomes?):
            let words = Set(DumpDifference.between(was.children, becomes.children).map(\.keyword))
            let inPlace: Set = ["weight", "uthreshold", "lthreshold", "inhibit_on_failure"]
            if words.contains("lb_kind") { return ("in place; open connections go on as they are", false) }
            if words.contains("inhibit_on_failure"), let server = server(of: old), server.inhibitOnFailure,
                !server.isUp(facts.verdicts)
            {
                let open = facts.connections(to: [server], of: old)
                return ("it is down and leaves the table: \(LiveFacts.cut(open))", open != 0)
            }
            if words.isSubset(of: inPlace) { return ("in place, no connection touched", false) }
            if words.contains(where: { $0.hasSuffix("_CHECK") || $0.hasSuffix("_GET") }) {
                return ("the check begins anew; what is known of the server stays", false)
            }
            return ("from now on", false)
        case (nil, _):
            if shift.after.usesSorryServer { return ("in service once the quorum is reached", false) }
            let checks = server(of: new)?.checks ?? []
            if checks.isEmpty { return ("in service at once: it has no check", false) }
            return checks.contains { $0.schedule.startsDown }
                ? ("in service after its first good check", false)
                : ("in service at once, until a check fails", false)
        case (_, nil):
            let open = server(of: old).flatMap { facts.connections(to: [$0], of: old) }
            let address = difference.name.dropFirst("real_server ".count)
            let cure = open == 0 ? "" : ". help: holdfast drain \(address) --wait 10m"
            return (LiveFacts.cut(open) + cure, open != 0)
        }
    }

    // MARK: Instances

    private func joining(_ instance: RouterConfiguration) -> Effect {
        new.claim(of: instance).fault.map { ("begins in fault: \($0) forbids it to be master", false) }
            ?? ("begins as backup, and takes over when no better one is master", false)
    }

    private func leaving(_ instance: RouterConfiguration) -> Effect {
        isMaster(instance)
            ? ("hands over, and its addresses go", true) : ("is backup here, and ends", false)
    }

    private func isMaster(_ instance: RouterConfiguration) -> Bool { facts.masters.contains(instance.name) }

    private func ofInstance(
        _ difference: DumpDifference, from old: RouterConfiguration, to new: RouterConfiguration
    ) -> Effect {
        let isMaster = isMaster(old)
        let other = "the other director must say the same"
        switch difference.keyword {
        case "interface", "version", "virtual_router_id", "use_vmac", "vmac_xmit_base", "unicast_peer",
            "mcast_dst_ip", "unicast_fault_no_peer":
            guard !old.describesSameRouter(as: new) else { return ("in place; \(other)", false) }
            return isMaster
                ? ("another virtual router: it hands over and begins anew; \(other)", true)
                : ("another virtual router: it begins anew; \(other)", false)
        case "priority": return shift(from: old, to: new).ofPriority
        case "nopreempt" where new.preempts && !isMaster: return shift(from: old, to: new).preempting
        case "track_interface", "track_script", "track_process", "track_file":
            return shift(from: old, to: new).effect
        case "virtual_ipaddress":
            let goes = Set(old.virtualAddresses.map(\.prefix)).subtracting(new.virtualAddresses.map(\.prefix))
            let peers = "a peer that is keepalived drops adverts until it has the same list: reload it first"
            return (goes.isEmpty ? peers : "clients lose what goes; \(peers)", isMaster)
        case "virtual_ipaddress_excluded", "virtual_routes", "virtual_rules":
            return isMaster ? ("at once; what goes is lost", difference.loses) : ("while it is master", false)
        case "advert_int", "authentication", "v3_checksum_as_v2", "down_timer_adverts":
            return ("peers may drop adverts, and take over, until they say the same", isMaster)
        case "no_accept": return ("the rules for its addresses follow at once", false)
        case "state": return ("counts at a start only", false)
        default: return ("from now on", false)
        }
    }

    /// Of a group that comes, or has other members. One that is backup follows another master, and the others
    /// go with it.
    private func binding(_ group: SyncGroup) -> Effect {
        let running = group.members.filter { old.instances["vrrp_instance \($0)"] != nil }
        let masters = running.filter(facts.masters.contains)
        guard let master = masters.first, let other = running.first(where: { !masters.contains($0) }) else {
            return ("its members are master together, or none is", false)
        }
        return ("\(master) is master here and \(other) is not: none of its members is master then", true)
    }

    // MARK: The rest

    private func ofOther(_ difference: DumpDifference, in object: String) -> Effect {
        switch (object.prefix { $0 != " " }, difference.keyword) {
        case ("virtual_server_group", _):
            return difference.new == nil
                ? ("its services go, and their connections are cut", true)
                : ("programmed with its servers", false)
        case ("static_ipaddress", _), ("static_routes", _), ("static_rules", _):
            return difference.new == nil ? ("it goes at once", true) : ("at once", false)
        case ("vrrp_sync_group", "group"):
            guard let group = new.groups[object] else { return ("from now on", false) }
            return binding(group)
        case ("vrrp_script", _), ("vrrp_track_process", _), ("track_file", _):
            return ("looked at anew; instances that track it may change their priority", false)
        case ("global_defs", "lvs_sync_daemon"):
            return ("the kernel's sync threads are started anew", false)
        case ("global_defs", "vrrp_startup_delay"), ("global_defs", "vrrp_delay_after_boot"),
            ("global_defs", "lvs_flush"):
            return ("counts at a start only", false)
        default: return ("from now on", false)
        }
    }
}

extension DumpDifference {
    /// A part that goes by more than its keyword.
    fileprivate var isNamed: Bool { (new ?? old)?.isBlock ?? false }

    /// Something goes, or becomes something else.
    fileprivate var loses: Bool {
        guard let old, let new else { return new == nil }
        guard new.isBlock else { return true }
        return DumpDifference.between(old.children, new.children).contains { $0.loses }
    }

    /// How it differs, without what it is called.
    fileprivate var detail: String {
        switch (old, new) {
        case (let old?, let new?) where new.isBlock:
            return String(text.dropFirst("\(old.shown): ".count))
        case (let old?, let new?):
            return old.shown == new.shown ? "changed" : "\(old.value) -> \(new.value)"
        case (let one?, nil), (nil, let one?):
            return one.isBlock ? "" : String(one.value)
        case (nil, nil): return ""
        }
    }
}
