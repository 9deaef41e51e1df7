import FoundationEssentials
import LinuxIO
import Timekeeping

/// The lab's namespaces in the kernel. Needs root. Whoever builds one MUST call `remove`, whatever happens
/// between.
package final class LabNetwork {
    /// The machines.
    package let plan: LabPlan
    /// Names and commands.
    package let script: LabScript
    private let ip: String
    private let home: Namespace
    /// An `ip -batch` that waits for commands in the switch, so that a link goes down within a millisecond.
    private let cableCutter: ChildProcess

    /// Namespaces are named after this process, so that what a killed run left behind can be told from a
    /// live one.
    private static let namePrefix = "hf"

    /// Builds the lab; on failure nothing is left.
    package init(_ plan: LabPlan) throws {
        self.plan = plan
        ip = try HostPrograms.require("ip", package: "iproute2")
        home = try Namespace.currentNetwork()
        let prefix = "\(Self.namePrefix)\(ProcessInfo.processInfo.processIdentifier)"
        script = LabScript(plan, prefix: prefix)
        try Self.removeAbandoned(ip)
        do {
            try HostPrograms.run(ip, ["-batch", "-"], input: script.creation)
            try HostPrograms.run(
                ip, ["-n", script.namespace(LabScript.hub), "-batch", "-"], input: script.wiring)
            for node in plan.nodes {
                let settings = script.settings(node)
                try Self.within(script.namespace(node.name), home) { try Self.apply(settings) }
                try HostPrograms.run(
                    ip, ["-n", script.namespace(node.name), "-batch", "-"], input: script.addressing(node))
            }
            cableCutter = try ChildProcess(
                Program(
                    ip, ["-n", script.namespace(LabScript.hub), "-force", "-batch", "-"],
                    environment: HostPrograms.environment), ChildStreams(input: .pipe))
        } catch {
            Self.remove(script.namespaces, ip)
            throw error
        }
    }

    /// Ends every process of the lab and removes the namespaces.
    package func remove() {
        cableCutter.sendToGroup(.kill)
        Self.remove(script.namespaces, ip)
        _ = try? cableCutter.reap()
    }

    /// The path by which a node's namespace can be entered.
    package func path(_ node: String) -> String { Self.folder + script.namespace(node) }

    /// Runs `body` with this thread in a node's namespace: sockets it opens stay there.
    package func within<T>(_ node: String, _ body: () throws -> T) throws -> T {
        try Self.within(script.namespace(node), home, body)
    }

    /// The program that runs `arguments` in a node's namespace.
    package func program(in node: String, _ arguments: [String], directory: String? = nil) -> Program {
        Program(
            ip, ["netns", "exec", script.namespace(node)] + arguments, environment: HostPrograms.environment,
            directory: directory)
    }

    /// Pulls (or plugs) all cables of a node; returns at once, the kernel does it within a millisecond or so.
    package func setCables(_ node: String, up: Bool) throws(Errno) {
        let commands = (plan.node(node)?.links ?? []).map {
            "link set \(LabScript.port(node, $0.network)) \(up ? "up" : "down")\n"
        }
        _ = try cableCutter.writeInput(Array(commands.joined().utf8)[...])
    }

    /// The processes of a node, whoever started them.
    package func processes(in node: String) -> [Int32] { Self.processes(inNamespace: script.namespace(node)) }

    // MARK: - Namespaces

    private static let folder = "/run/netns/"

    private static func within<T>(_ namespace: String, _ home: Namespace, _ body: () throws -> T) throws -> T
    {
        let target = try Namespace(path: folder + namespace)
        try target.enter()
        let result = Result { try body() }
        try home.enter()
        return try result.get()
    }

    private static func apply(_ settings: [(path: String, value: String)]) throws {
        for setting in settings {
            do {
                try Data(setting.value.utf8).write(to: URL(filePath: "/proc/sys/\(setting.path)"))
            } catch {
                // A kernel without IPv6 or without tunnels loaded lacks the file; what needs it will say so.
                continue
            }
        }
    }

    private static func processes(inNamespace name: String) -> [Int32] {
        let files = FileManager.default
        guard let inode = Files.inode(of: folder + name) else { return [] }
        let wanted = "net:[\(inode)]"
        return ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { entry in
            guard let pid = Int32(entry) else { return nil }
            let link = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/net")
            return link == wanted ? pid : nil
        }
    }

    private static func remove(_ namespaces: [String], _ ip: String) {
        for namespace in namespaces {
            // A process may be starting another one at this moment: look again until there is none.
            for _ in 0..<20 {
                let processes = processes(inNamespace: namespace)
                if processes.isEmpty { break }
                for process in processes { try? Signal.kill.send(to: process) }
                Scheduling.sleep(.milliseconds(20))
            }
        }
        let commands = namespaces.filter { FileManager.default.fileExists(atPath: folder + $0) }
            .map { "netns delete \($0)\n" }
        _ = try? HostPrograms.run(ip, ["-force", "-batch", "-"], input: commands.joined())
    }

    /// Removes labs whose process no longer exists: it was killed before it could clean up.
    private static func removeAbandoned(_ ip: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let abandoned = names.filter { name in
            guard let process = owner(ofNamespace: name) else { return false }
            return !FileManager.default.fileExists(atPath: "/proc/\(process)")
        }
        if !abandoned.isEmpty { remove(abandoned, ip) }
    }

    /// The process that a namespace's name says has made it; nil for a name that is not of a lab.
    static func owner(ofNamespace name: String) -> Int32? {
        guard name.hasPrefix(namePrefix), let dash = name.firstIndex(of: "-") else { return nil }
        return Int32(name[name.index(name.startIndex, offsetBy: namePrefix.count)..<dash])
    }
}
