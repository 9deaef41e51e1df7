import NetTypes

/// The way from the observed table to the desired one, in an order that never leaves a service with fewer
/// servers than both ends have: additions and raised weights come before lowered weights and removals, and
/// what exists on both sides is edited, never removed and added again (its connections would be lost).
package enum PlanDiff {
    /// The changes to make, in order; empty when nothing differs.
    ///
    /// A service of `observed` that is neither desired nor in `owned` is somebody else's and is left alone.
    /// One that is desired is taken over whoever made it, its destinations included. `owned` are the services
    /// that a former plan put there; give all of `observed` to flush the table.
    package static func changes(
        observed: [IPVSService], desired: [ServiceIdentity: IPVSService], owned: Set<ServiceIdentity>
    ) -> [ServiceChange] {
        var present: [ServiceIdentity: IPVSService] = [:]
        for service in observed { present[service.identity] = service }
        var changes: [ServiceChange] = []
        // What is in order, and after a reload that is nearly everything, needs none.
        let different = desired.values.filter { present[$0.identity] != $0 }
        for service in different.sorted(by: { $0.identity < $1.identity }) {
            let identity = service.identity
            if let old = present[identity] {
                if old.settings != service.settings {
                    changes.append(.editService(from: old.settings, to: service.settings))
                }
            } else {
                changes.append(.addService(service.settings))
            }
            changes += destinationChanges(
                of: identity, from: present[identity]?.destinations ?? [:], to: service.destinations)
        }
        // Last: where a service changes its name (guard switched on, port moved), the new one stands by now.
        for identity in present.keys.sorted() where desired[identity] == nil && owned.contains(identity) {
            changes.append(.deleteService(identity))
        }
        return changes
    }

    private static func destinationChanges(
        of identity: ServiceIdentity, from old: [Endpoint: IPVSDestination],
        to new: [Endpoint: IPVSDestination]
    ) -> [ServiceChange] {
        var additions: [ServiceChange] = []
        var raised: [ServiceChange] = []
        var lowered: [ServiceChange] = []
        for destination in new.values.sorted(by: { $0.endpoint < $1.endpoint }) {
            guard let known = old[destination.endpoint] else {
                additions.append(.addDestination(destination, to: identity))
                continue
            }
            guard !known.isEquivalent(to: destination) else { continue }
            let edit = ServiceChange.editDestination(from: known, to: destination, of: identity)
            if destination.weight >= known.weight { raised.append(edit) } else { lowered.append(edit) }
        }
        let removals = old.keys.filter { new[$0] == nil }.sorted()
            .map { ServiceChange.deleteDestination($0, from: identity) }
        return additions + raised + lowered + removals
    }
}

extension IPVSDestination {
    /// Equal as far as packets are concerned: the encapsulation counts in TUN only.
    fileprivate func isEquivalent(to other: IPVSDestination) -> Bool {
        guard forwarding == other.forwarding, forwarding != .tunnel else { return self == other }
        var copy = other
        copy.encapsulation = encapsulation
        return self == copy
    }
}
