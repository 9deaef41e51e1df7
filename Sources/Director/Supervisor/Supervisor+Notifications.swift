import ConfigModel
import HealthChecks
import LoadBalancing
import VRRP

// Who is told of what happens to instances.

extension Supervisor {
    /// An instance that a reload has removed, until its role says that it has ended.
    struct Departed: Hashable, Sendable {
        var scripts: TransitionScripts
        var priority: UInt8
    }

    /// The instances that `new` no longer has are told of when the role has let go of them.
    mutating func noteDepartures(to new: Configuration) {
        let names = Set(new.instances.map(\.name))
        for router in configuration.instances
        where !names.contains(router.name) && states[router.name] != nil {
            departed[router.name] = Departed(
                scripts: configuration.notifications.instances[router.name] ?? TransitionScripts(),
                priority: priority(of: router))
        }
        for name in names { departed[name] = nil }
    }

    /// What an instance claims from now on, told where that is asked for. What it claims at first is no
    /// change.
    mutating func noted(_ priority: UInt8, of name: String) -> [Action] {
        guard let router = configuration.instances.first(where: { $0.name == name }) else { return [] }
        let isChange = priority != self.priority(of: router)
        priorities[name] = priority
        guard isChange, let state = states[name], state != .initialize,
            configuration.notifications.instances[name]?.tellsPriorities == true
        else { return [] }
        return tell(Notification(priority: priority, of: name, isMaster: state == .master))
    }

    /// Another priority in the file is no news (measured with keepalived 2.2.7).
    mutating func forgetPriorities(changedIn new: Configuration) {
        let wanted = Dictionary(new.instances.map { ($0.name, $0.priority) }) { first, _ in first }
        for router in configuration.instances {
            guard let claimed = priorities[router.name], wanted[router.name] != router.priority
            else { continue }
            guard let priority = wanted[router.name], priority < 255, router.priority < 255 else {
                priorities[router.name] = nil
                continue
            }
            // What is tracked counts as before.
            let shifted = Int(claimed) + Int(priority) - Int(router.priority)
            priorities[router.name] = UInt8(min(max(shifted, 1), 254))
        }
    }

    /// The actions, and after each that tells something its mail, which the checker sends.
    func withMails(_ actions: [Action]) -> [Action] {
        guard let settings = configuration.notifications.mail else { return actions }
        return actions.flatMap { action -> [Action] in
            guard case .notify(let notification) = action, let mail = notification.mail,
                settings.tellsFaults || !notification.isFault
            else { return [action] }
            return [action] + send(.checker(.mail(mail)))
        }
    }

    /// Tells of a removed instance that has ended.
    mutating func tellDeparture(of name: String) -> [Action] {
        guard let gone = departed.removeValue(forKey: name) else { return [] }
        return tell(Notification(instance: name, .deleted, priority: gone.priority, telling: gone.scripts))
    }

    /// Tells of an instance's new state, if it is one. `initialize` is the end: of the daemon, or of an
    /// instance that becomes another router of the same name.
    mutating func tell(_ name: String, was old: Router.StateName?, is new: Router.StateName) -> [Action] {
        guard new != old else { return [] }
        let transition: Notification.Transition =
            switch new {
            case .master: .master
            case .backup: .backup
            case .fault: .fault
            case .initialize: isStopping ? .stop : .deleted
            }
        return tell(name, transition)
    }

    /// Tells of the end: of every instance whose role could not say it itself, and of services with `omega`.
    mutating func tellStops() -> [Action] {
        let instances = configuration.instances.flatMap { router -> [Action] in
            guard let state = states.updateValue(.initialize, forKey: router.name) else {
                states[router.name] = nil
                return []
            }
            return tell(router.name, was: state, is: .initialize)
        }
        return instances + services.finish().flatMap(tell)
    }

    /// Tells of what became of a configured instance.
    mutating func tell(_ name: String, _ transition: Notification.Transition) -> [Action] {
        guard let router = configuration.instances.first(where: { $0.name == name }) else { return [] }
        let scripts = configuration.notifications.instances[name] ?? TransitionScripts()
        toldTransitions[name] = transition
        return tell(
            Notification(instance: name, transition, priority: priority(of: router), telling: scripts))
            + tellGroup(of: router)
    }

    /// Tells of a group when the last of its members has become what the others are.
    private mutating func tellGroup(of router: RouterConfiguration) -> [Action] {
        guard let group = configuration.syncGroups.first(where: { $0.name == router.group }),
            let transition = toldTransitions[router.name], transition != .deleted,
            toldGroups[group.name] != transition,
            group.members.allSatisfy({ toldTransitions[$0] == transition })
        else { return [] }
        toldGroups[group.name] = transition
        let scripts = configuration.notifications.groups[group.name] ?? TransitionScripts()
        return tell(Notification(group: group.name, transition, telling: scripts))
    }

    /// The action, if anybody listens.
    func tell(_ notification: Notification) -> [Action] {
        let hasPipe = configuration.notifications.pipes.keys.contains { $0.takes(notification.subject) }
        let isHeard = hasPipe || !notification.scripts.isEmpty || notification.mail != nil
        return isHeard ? [.notify(notification)] : []
    }

    /// After a reload: where everybody is, for those who read FIFOs.
    func repeatStates() -> [Action] {
        guard configuration.notifications.repeatsStatesOnReload else { return [] }
        let instances = configuration.instances.flatMap { router -> [Action] in
            let transition: Notification.Transition? =
                switch states[router.name] {
                case .master: .master
                case .backup: .backup
                case .fault: .fault
                case .initialize, nil: nil
                }
            guard let transition else { return [] }
            return tell(Notification(repeating: transition, of: router.name, priority: priority(of: router)))
        }
        return instances
            + configuration.syncGroups.flatMap { group -> [Action] in
                guard let transition = toldGroups[group.name] else { return [] }
                return tell(Notification(group: group.name, transition, telling: TransitionScripts()))
            }
    }

    /// Tells what the configuration makes news of, once the services stand.
    mutating func tellServices() -> [Action] {
        guard wantsChecks, hasFlushed, !isStopping else { return [] }
        return services.configure(
            configuration, knowing: verdicts, weights: weights, orders: overrides.orders
        ).flatMap(tell)
    }

    /// Tells what new verdicts make news of.
    mutating func tellServices(changedBy checks: [CheckSpecification]) -> [Action] {
        guard !isStopping else { return [] }
        return services.update(checks, knowing: verdicts, weights: weights).flatMap(tell)
    }

    /// What the instance claims.
    private func priority(of router: RouterConfiguration) -> UInt8 {
        priorities[router.name] ?? router.priority
    }
}
