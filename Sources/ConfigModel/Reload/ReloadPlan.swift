import HealthChecks
import LoadBalancing
import NetTypes
import VRRP

/// What a reload would change, object by object. It is taken from the dumps of both configurations: whatever
/// a dump tells is compared.
package struct ReloadPlan: Hashable, Sendable {
    /// In the order of the new configuration, then what goes.
    package let changes: [ReloadChange]

    /// From the configuration in force to another one.
    package init(from old: Configuration, to new: Configuration, knowing facts: LiveFacts = LiveFacts()) {
        let (former, latter) = Self.withoutWhatStays(old, new)
        let (before, after) = (Self.objects(of: former), Self.objects(of: latter))
        var objects = after.map(\.name)
        let known = Set(objects)
        objects += before.map(\.name).filter { !known.contains($0) }
        let (olds, news) = (Self.byName(before), Self.byName(after))
        let effects = ReloadEffects(old: old, new: new, facts: facts)
        changes = objects.flatMap { name -> [ReloadChange] in
            guard olds[name] != news[name] else { return effects.consequences(for: name) }
            guard let was = olds[name], let becomes = news[name] else {
                return [effects.ofWhole(name, isNew: olds[name] == nil)]
            }
            return effects.of(DumpDifference.between(was.children, becomes.children), in: name)
        }
    }

    /// Both without the services that are the same, of which there may be many. What other blocks of a dump
    /// are taken from stays: services of groups that others name, and the first with a client certificate.
    private static func withoutWhatStays(
        _ old: Configuration, _ new: Configuration
    ) -> (Configuration, Configuration) {
        guard (old.notifications.mail == nil) == (new.notifications.mail == nil) else { return (old, new) }
        let known = Dictionary(old.virtualServers.map { ($0.identity, $0) }) { first, _ in first }
        let stays = new.virtualServers.filter {
            known[$0.identity] == $0
                && old.notifications.services[$0.identity] == new.notifications.services[$0.identity]
        }
        var names = Set(stays.map(\.identity))
        let all = old.virtualServers + new.virtualServers
        let groups = Set(all.filter { !names.contains($0.identity) }.compactMap(\.group?.name))
        for service in stays where service.group.map({ groups.contains($0.name) }) ?? false {
            names.remove(service.identity)
        }
        for services in [old.virtualServers, new.virtualServers] {
            let bearer = services.first { service in
                service.realServers.contains { $0.checks.contains { $0.kind.identity != nil } }
            }
            if let bearer { names.remove(bearer.identity) }
        }
        var (former, latter) = (old, new)
        former.virtualServers.removeAll { names.contains($0.identity) }
        latter.virtualServers.removeAll { names.contains($0.identity) }
        return (former, latter)
    }

    private typealias Object = (name: String, statement: DumpStatement)

    private static func byName(_ objects: [Object]) -> [String: DumpStatement] {
        Dictionary(objects.map { ($0.name, $0.statement) }) { first, _ in first }
    }

    /// Services go by what names them, which is more than their header; their servers by address and port.
    private static func objects(of configuration: Configuration) -> [Object] {
        var services = configuration.virtualServers[...]
        return DumpStatement.all(of: configuration).map { statement in
            guard statement.keyword == "virtual_server", let service = services.popFirst() else {
                return (statement.shown, statement)
            }
            var named = statement
            var servers = service.realServers[...]
            for place in named.children.indices where named.children[place].keyword == "real_server" {
                guard let server = servers.popFirst() else { continue }
                named.children[place].line = "real_server \(server.endpoint)"
                named.children[place].shown = named.children[place].line
            }
            return ("virtual_server \(service.title)", named)
        }
    }
}
