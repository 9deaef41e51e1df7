/// What tracking makes of an instance: the priority it may claim, and whether it may claim any.
///
/// The arithmetic is keepalived's (measured with 2.2.7): a positive weight is added while the thing is good,
/// a negative one while it is bad, `reverse` turns the sign of what is added, a file's number is multiplied
/// by its weight, and the sum stays within 1...254. Priority 255 never moves.
package struct Fitness: Hashable, Sendable {
    /// What adverts, scripts and FIFOs say.
    package var priority: UInt8
    /// The first line by which the instance must not be master; nil when it may.
    package var fault: Tracked?
    /// A line without weight of which nothing is known yet: an instance does not begin before.
    package var awaited: Tracked?
    /// What each line makes of it, in order.
    package var effects: [TrackingEffect] = []

    /// The sum beyond which a process or a file makes a fault, whatever the priority is.
    static let faultBelow: Int64 = -253

    /// The fitness of `router`, a member of `group` if of any; `isUp` says whether an interface is usable.
    package init(
        of router: RouterConfiguration, in group: SyncGroup?, knowing values: TrackedValues,
        isUp: (String) -> Bool
    ) {
        priority = router.priority
        var sum = Int64(router.priority)
        for item in Self.lines(router, group) {
            guard let value = values.value(of: item, isUp: isUp) else {
                if item.weight == 0, awaited == nil { awaited = item }
                effects.append(TrackingEffect(item: item, effect: .unknown))
                continue
            }
            let change = item.change(for: value)
            guard change >= Self.faultBelow else {
                fault = fault ?? item
                effects.append(TrackingEffect(item: item, effect: .fault))
                continue
            }
            let added = min(change, 1000)
            effects.append(TrackingEffect(item: item, effect: .added(Int(added))))
            sum += added
        }
        if router.priority != 255 { priority = UInt8(min(max(sum, 1), 254)) }
    }

    /// What counts: in a group the weights of single members do not, unless `sync_group_tracking_weight` says
    /// so, and what the group tracks every member does. What an instance holds on other interfaces than its
    /// own makes it track them.
    static func lines(_ router: RouterConfiguration, _ group: SyncGroup?) -> [Tracked] {
        let lines = written(router, group)
        let implied = router.impliedInterfaces.filter { name in
            !lines.contains { $0.kind == .interface && $0.name == name }
        }
        return lines + implied.map { Tracked(.interface, $0) }
    }

    private static func written(_ router: RouterConfiguration, _ group: SyncGroup?) -> [Tracked] {
        guard let group else { return router.tracking.items }
        let own = router.tracking.items.filter { $0.weight == 0 || group.keepsMemberWeights }
        let shared = group.tracked.filter { line in
            !own.contains { $0.kind == line.kind && $0.name == line.name }
        }
        return own + shared
    }
}

/// What one tracked line makes of an instance.
package struct TrackingEffect: Hashable, Sendable, Codable {
    /// Its kinds.
    package enum Effect: Hashable, Sendable, Codable {
        /// Nothing is known of it yet.
        case unknown
        /// It forbids the instance to be master.
        case fault
        /// So much is added to the configured priority: -253...1000, 0 for nothing.
        case added(Int)
    }

    /// The line.
    package var item: Tracked
    /// What it does now.
    package var effect: Effect

    /// The effect of a line.
    package init(item: Tracked, effect: Effect) {
        self.item = item
        self.effect = effect
    }
}

extension Tracked {
    /// What is added to the priority; below `Fitness.faultBelow` for a fault.
    fileprivate func change(for value: TrackedValue) -> Int64 {
        let sign: Int64 = isReversed ? -1 : 1
        switch value {
        case .number(let number):
            if weight == 0 { return (number != 0) != isReversed ? .min : 0 }
            // 32 bits each, so that the product fits.
            return Int64(number) * Int64(weight) * sign
        case .good: return weight == 0 ? (isReversed ? .min : 0) : Int64(max(weight, 0)) * sign
        case .bad: return weight == 0 ? (isReversed ? 0 : .min) : Int64(min(weight, 0)) * sign
        }
    }
}
