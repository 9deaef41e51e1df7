import VRRP

/// The instances of one configuration, with what each may claim by all that it tracks as far as it is known.
struct InstanceClaims {
    /// What an instance may claim.
    struct Claim: Hashable {
        var priority: UInt8
        /// What keeps it from being master, as a sentence begins: `track_interface eth3`.
        var fault: String?
    }

    /// By `vrrp_instance NAME`.
    let instances: [String: RouterConfiguration]
    /// By `vrrp_sync_group NAME`.
    let groups: [String: SyncGroup]
    /// By the name of the instance, without what other members of its group do to it.
    private let own: [String: Claim]
    /// The members that are in fault by themselves, by the name of their group.
    private let faulty: [String: [String]]

    init(of configuration: Configuration, knowing facts: LiveFacts) {
        let groups = Dictionary(configuration.syncGroups.map { ($0.name, $0) }) { $1 }
        let delayed = Set(configuration.linkDelays.map(\.interface))
        // What a delay holds up or down is as it is once there is no delay any more.
        let isUp: (String) -> Bool = { name in
            (delayed.contains(name) ? facts.delayedLinks[name] : nil)
                ?? facts.usableInterfaces?.contains(name) ?? true
        }
        let own = Dictionary(
            configuration.instances.map { router in
                (router.name, Self.claim(of: router, in: groups, knowing: facts.tracked, isUp: isUp))
            }
        ) { $1 }
        faulty = groups.mapValues { group in group.members.filter { own[$0]?.fault != nil } }
        self.own = own
        instances = Dictionary(configuration.instances.map { ("vrrp_instance \($0.name)", $0) }) { $1 }
        self.groups = Dictionary(configuration.syncGroups.map { ("vrrp_sync_group \($0.name)", $0) }) { $1 }
    }

    private static func claim(
        of router: RouterConfiguration, in groups: [String: SyncGroup], knowing tracked: TrackedValues,
        isUp: (String) -> Bool
    ) -> Claim {
        let fitness = Fitness(
            of: router, in: router.group.flatMap { groups[$0] }, knowing: tracked, isUp: isUp)
        let isLinkDown = !router.tracking.ignoresOwnInterface && !isUp(router.interface)
        return Claim(
            priority: fitness.priority,
            fault: isLinkDown
                ? "interface \(router.interface)" : fitness.fault.map { "\($0.kind.rawValue) \($0.name)" })
    }

    /// What `router`, one of them, may claim in its group.
    func claim(of router: RouterConfiguration) -> Claim {
        var claim = own[router.name] ?? Claim(priority: router.priority)
        let other = router.group.flatMap { faulty[$0]?.first { $0 != router.name } }
        claim.fault = claim.fault ?? other.map { "the fault of \($0)" }
        return claim
    }
}

/// What a reload makes of the claim of one instance that goes on, whatever part of it brings that about: what
/// it or its group tracks, an address on another interface, a delay that is over.
struct FitnessShift {
    let before: InstanceClaims.Claim
    /// Of the running one the claim is known; what makes it differ from what is seen here goes on counting.
    let after: InstanceClaims.Claim
    /// What it claims now, as it says itself.
    private let live: UInt8
    private let new: RouterConfiguration
    private let facts: LiveFacts

    init(
        from old: RouterConfiguration, of formers: InstanceClaims, to new: RouterConfiguration,
        of successors: InstanceClaims, knowing facts: LiveFacts
    ) {
        (self.new, self.facts) = (new, facts)
        before = formers.claim(of: old)
        live = facts.priorities[old.name] ?? before.priority
        var claim = successors.claim(of: new)
        if new.priority < 255, old.priority < 255 {
            claim.priority = UInt8(min(max(Int(claim.priority) + Int(live) - Int(before.priority), 1), 254))
        }
        after = claim
    }

    private var isMaster: Bool { facts.masters.contains(new.name) }
    private var isInFault: Bool { facts.faults.contains(new.name) }

    /// The line of its own that it is told by where the parts of `differences` do not tell it.
    func change(of object: String, besides differences: [DumpDifference]) -> ReloadChange? {
        let words = Set(differences.map(\.keyword))
        guard words.isDisjoint(with: Tracked.Kind.own.map(\.rawValue)) else { return nil }
        let (item, detail): (String, String)
        if after.fault != nil, before.fault == nil, !isInFault {
            (item, detail) = ("state", "\(isMaster ? "master" : "backup") -> fault")
        } else if after.fault == nil, before.fault != nil, !isMaster {
            (item, detail) = ("state", "fault -> \(new.priority == 255 ? "master" : "backup")")
        } else if after.priority != live, !words.contains("priority") {
            (item, detail) = ("priority", "\(live) -> \(after.priority)")
        } else {
            return nil
        }
        return ReloadChange(
            object: object, item: item, kind: .change, detail: detail, effect: effect.text,
            interrupts: effect.interrupts)
    }

    /// Of what is tracked, with what is known of it now.
    var effect: ReloadEffects.Effect {
        if let fault = after.fault, before.fault == nil {
            let text = "\(fault) forbids it to be master"
            return isMaster
                ? ("\(text): it hands over, and its addresses go", true) : ("\(text): it is in fault", false)
        }
        if before.fault != nil, after.fault == nil {
            if new.priority == 255 {
                let text = "nothing tracked keeps it in fault any more: it takes over"
                return ("\(text) at once\(new.group == nil ? "" : ", if all of its group may")", true)
            }
            return ("nothing tracked keeps it in fault any more: it begins as backup", false)
        }
        return after.priority == live ? ("from now on", false) : ofPriority
    }

    /// Of another priority.
    var ofPriority: ReloadEffects.Effect {
        if isInFault || after.fault != nil { return ofUnfit }
        guard isMaster else { return preempting }
        let told =
            after.priority == new.priority
            ? "peers hear it at once"
            : "with what it tracks it claims \(after.priority), which peers hear at once"
        return after.priority < live
            ? ("\(told); one that is better now takes over, without a gap", true) : (told, false)
    }

    private var ofUnfit: ReloadEffects.Effect {
        ("it is in fault, and claims \(after.priority) when it is fit again", false)
    }

    /// Of a backup that would be the better master.
    var preempting: ReloadEffects.Effect {
        if after.fault != nil { return ofUnfit }
        let claim = after.priority
        let stays = claim == new.priority ? "" : ": with what it tracks it claims \(claim)"
        guard let followed = facts.followed[new.name], claim > followed, new.preempts || claim == 255
        else { return ("it goes on as backup\(stays)", false) }
        guard !facts.yielding.contains(new.name) || claim == 255 else {
            return ("it goes on as backup: it has handed over, and takes nothing back", false)
        }
        return ("it takes over from the master, whose priority is \(followed)", true)
    }
}
