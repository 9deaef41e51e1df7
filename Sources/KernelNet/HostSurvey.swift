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
        let listed = ["modules.dep", "modules.builtin"].map(listedModules)
        for name in questions.modules { host.modules[name] = module(name, listed[0], builtIn: listed[1]) }
        for path in questions.settings {
            guard let octets = try? Files.read("/proc/sys/" + path, limit: 4096) else { continue }
            host.settings[path] = String(decoding: octets.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }
        return host
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

    /// The names in a list that depmod(8) made for this kernel; nil where there is no such list.
    private static func listedModules(_ list: String) -> Set<Substring>? {
        guard let release = try? Files.read("/proc/sys/kernel/osrelease", limit: 256) else { return nil }
        let version = String(decoding: release.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
        guard let octets = try? Files.read("/lib/modules/\(version)/\(list)", limit: listLimit) else {
            return nil
        }
        return modules(in: String(decoding: octets, as: UTF8.self))
    }

    /// The modules of a list with one path a line, `kernel/net/a-b.ko.xz: ...`: names with underscores.
    static func modules(in list: String) -> Set<Substring> {
        var names: Set<Substring> = []
        for line in list.split(separator: "\n") {
            let path = line.prefix { $0 != ":" }
            guard let file = path.split(separator: "/").last, let name = file.split(separator: ".").first
            else {
                continue
            }
            names.insert(Substring(name.map { $0 == "-" ? "_" : String($0) }.joined()))
        }
        return names
    }

    private static func module(
        _ name: String, _ listed: Set<Substring>?, builtIn: Set<Substring>?
    ) -> HostDescription.Answer<HostDescription.Module>? {
        if Files.exists("/sys/module/\(name)") || builtIn?.contains(Substring(name)) == true {
            return .present(.loaded)
        }
        // Whatever is in the kernel may have no directory there; of IPVS there is always this.
        if name == "ip_vs" {
            if Files.exists("/proc/net/ip_vs") { return .present(.loaded) }
            return listed?.contains("ip_vs") == true ? .present(.loadable) : .absent
        }
        guard let listed else { return nil }
        return listed.contains(Substring(name)) ? .present(.loadable) : .absent
    }
}
