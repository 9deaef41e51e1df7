import ConfigModel
import LinuxIO
import NetTypes

/// Finds out what a configuration asks of this host. Whatever cannot be found out is left open. Needs no
/// privilege; reads small files, the user database and the lists of interfaces and addresses, once each.
package enum HostSurvey {
    /// The most that is read of modprobe's lists; those of a distribution have about 1 MiB.
    private static var listLimit: Int { 16 << 20 }

    /// What this host says to `questions`.
    package static func answer(_ questions: HostQuestions) -> HostDescription {
        var host = HostDescription()
        host.interfaces = try? interfaces()
        for path in questions.paths { host.files[path] = file(path) }
        for name in questions.users { host.users[name] = user(name) }
        for name in questions.groups { host.groups[name] = group(name) }
        if host.groups.values.contains(.absent) { host.knownGroups = localGroups() }
        for name in questions.modules where isLoaded(name) { host.modules[name] = .present(.loaded) }
        let unseen = questions.modules.filter { host.modules[$0] == nil }
        // Thousands of lines, which a host whose modules are loaded need not read.
        if !unseen.isEmpty {
            let loadable = listed(unseen, in: "modules.dep")
            let builtIn = listed(unseen, in: "modules.builtin") ?? []
            for name in unseen { host.modules[name] = module(name, loadable, builtIn: builtIn) }
        }
        for path in questions.settings {
            guard let octets = try? Files.read("/proc/sys/" + path, limit: 4096) else { continue }
            host.settings[path] = String(decoding: octets.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }
        // They matter where an interface tells servers of them.
        if host.settings.contains(where: { $0.key.hasSuffix("/send_redirects") && $0.value == "1" }) {
            host.ways = ways(to: questions.ways)
        }
        return host
    }

    /// The interfaces by which this host reaches these addresses; those of which the kernel does not say it
    /// are missing.
    private static func ways(to addresses: Set<IPAddress>) -> [IPAddress: String] {
        guard !addresses.isEmpty, let socket = try? RouteSocket(), let links = try? socket.links() else {
            return [:]
        }
        let names = Dictionary(links.map { ($0.index, $0.name) }) { $1 }
        var ways: [IPAddress: String] = [:]
        for address in addresses {
            ways[address] = (try? socket.interface(to: address)).flatMap { $0 }.flatMap { names[$0] }
        }
        return ways
    }

    /// Other rules than the kernel's own choose among routing tables, in IPv4; nil when they could not be
    /// listed.
    package static var hasRoutingRules: Bool? {
        (try? RouteSocket().rules()).map { rules in
            rules.contains { $0.family == .inet && !$0.isDefault }
        }
    }

    /// The interfaces of the main table's best default routes, in IPv4; nil when they could not be listed. Of
    /// a route by several next hops the kernel lists the first one alone.
    package static var defaultInterfaces: Set<String>? {
        guard let octets = try? Files.read("/proc/net/route", limit: listLimit) else { return nil }
        return defaultInterfaces(in: String(decoding: octets, as: UTF8.self))
    }

    /// From lines such as `eth0 00000000 010200C0 0003 0 0 100 00000000 0 0 0`: destination and mask are 0,
    /// and of the metric, the seventh, the least counts. One that is to be unreachable has no interface: `*`.
    static func defaultInterfaces(in text: String) -> Set<String> {
        let routes = text.split(separator: "\n").compactMap { line -> (name: String, metric: UInt32)? in
            let words = line.split { $0 == "\t" || $0 == " " }
            guard words.count > 7, words[1] == "00000000", words[7] == "00000000", words[0] != "*",
                let metric = UInt32(words[6])
            else { return nil }
            return (String(words[0]), metric)
        }
        let best = routes.map(\.metric).min()
        return Set(routes.filter { $0.metric == best }.map(\.name))
    }

    /// Packets of IPv4 that were dropped since the way back to their source is another interface
    /// (IPReversePathFilter), since the network namespace is there; 0 where the kernel does not tell.
    package static var misdirected: UInt64 {
        let octets = (try? Files.read("/proc/net/netstat", limit: 1 << 16)) ?? []
        return counter("IPReversePathFilter", in: String(decoding: octets, as: UTF8.self)) ?? 0
    }

    /// From pairs of lines, of which the first one names what the second one counts.
    static func counter(_ name: String, in text: String) -> UInt64? {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        for (names, values) in zip(lines, lines.dropFirst()) where names.first == values.first {
            guard let place = names.firstIndex(where: { $0 == name }), place < values.count else { continue }
            return UInt64(values[place])
        }
        return nil
    }

    /// The interfaces that are up and have a carrier; nil when they could not be listed.
    package static var usableInterfaces: Set<String>? {
        (try? RouteSocket().links()).map { links in Set(links.filter(\.isUsable).map(\.name)) }
    }

    private static func interfaces() throws -> [HostDescription.Interface] {
        let socket = try RouteSocket()
        let addresses = Dictionary(grouping: try socket.addresses(), by: \.interface)
        return try socket.links().map { link in
            HostDescription.Interface(
                link.name, isLoopback: link.isLoopback,
                addresses: (addresses[link.index] ?? []).map(\.prefix), mtu: link.mtu)
        }
    }

    private static func file(_ path: String) -> HostDescription.Answer<HostDescription.File>? {
        do throws(SystemError) {
            let status = try Files.status(of: path)
            return .present(
                HostDescription.File(
                    isDirectory: status.isDirectory, mode: status.mode, owner: status.owner,
                    group: status.group))
        } catch {
            return error.errno == .notFound ? .absent : nil
        }
    }

    private static func user(_ name: String) -> HostDescription.Answer<HostDescription.Account>? {
        do throws(SystemError) {
            guard let account = try UserAccount.find(name) else { return .absent }
            return .present(HostDescription.Account(user: account.user, groups: Set(account.groups)))
        } catch {
            return nil
        }
    }

    private static func group(_ name: String) -> HostDescription.Answer<UInt32>? {
        do throws(SystemError) {
            return try UserAccount.group(name).map { .present($0) } ?? .absent
        } catch {
            return nil
        }
    }

    /// The groups of group(5), of whatever else name services know none.
    private static func localGroups() -> [String] {
        let octets = (try? Files.read("/etc/group", limit: listLimit)) ?? []
        return octets.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        }
    }

    /// Of these modules, those in a list that depmod(8) made for this kernel; nil where there is no such
    /// list.
    private static func listed(_ names: some Collection<String>, in list: String) -> Set<String>? {
        guard let release = try? Files.read("/proc/sys/kernel/osrelease", limit: 256) else { return nil }
        let version = String(decoding: release.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
        return (try? Files.read("/lib/modules/\(version)/\(list)", limit: listLimit))
            .map { modules(names, in: $0) }
    }

    /// Of these modules, those in a list with one path a line, `kernel/net/a-b.ko.xz: ...`: names with
    /// underscores.
    static func modules(_ names: some Collection<String>, in list: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for line in list.split(separator: UInt8(ascii: "\n")) {
            let path = line.prefix { $0 != UInt8(ascii: ":") }
            let file = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
            let name = file.prefix { $0 != UInt8(ascii: ".") }.lazy
                .map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
            for wanted in names where wanted.utf8.elementsEqual(name) { found.insert(wanted) }
        }
        return found
    }

    /// Whatever is in the kernel may have no directory of its own; of IPVS there is always a file.
    private static func isLoaded(_ name: String) -> Bool {
        Files.exists("/sys/module/\(name)") || name == "ip_vs" && Files.exists("/proc/net/ip_vs")
    }

    private static func module(
        _ name: String, _ loadable: Set<String>?, builtIn: Set<String>
    ) -> HostDescription.Answer<HostDescription.Module>? {
        if builtIn.contains(name) { return .present(.loaded) }
        guard let loadable else { return name == "ip_vs" ? .absent : nil }
        return loadable.contains(name) ? .present(.loadable) : .absent
    }
}
