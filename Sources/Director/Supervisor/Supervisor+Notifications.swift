import ConfigModel
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
                priority: router.priority)
        }
        for name in names { departed[name] = nil }
    }

    /// Tells of a removed instance that has ended.
    mutating func tellDeparture(of name: String) -> [Action] {
        guard let gone = departed.removeValue(forKey: name) else { return [] }
        return [
            .notify(Notification(instance: name, .deleted, priority: gone.priority, telling: gone.scripts))
        ]
    }

    /// Tells of an instance's new state, if it is one. `initialize` is the end: of the daemon, or of an
    /// instance that becomes another router of the same name.
    func tell(_ name: String, was old: Router.StateName?, is new: Router.StateName) -> [Action] {
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

    /// Tells of the end of every instance whose role could not say it itself.
    mutating func tellStops() -> [Action] {
        configuration.instances.flatMap { router -> [Action] in
            guard let state = states.updateValue(.initialize, forKey: router.name) else {
                states[router.name] = nil
                return []
            }
            return tell(router.name, was: state, is: .initialize)
        }
    }

    /// Tells of what became of a configured instance.
    func tell(_ name: String, _ transition: Notification.Transition) -> [Action] {
        guard let router = configuration.instances.first(where: { $0.name == name }),
            let scripts = configuration.notifications.instances[name]
        else { return [] }
        return [
            .notify(
                Notification(instance: name, transition, priority: router.priority, telling: scripts))
        ]
    }
}
