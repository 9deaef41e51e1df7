import FoundationEssentials
import LinuxIO

extension GuestKernel {
    /// The guest's first root: busybox, the modules it needs to reach the host's files, the scripts and the
    /// job.
    func initialFiles(for job: GuestJob, nonce: String) throws -> [UInt8] {
        var archive = CpioArchive()
        archive.addDirectory("bin")
        archive.addFile("bin/busybox", try Self.content(busybox), executable: true)
        archive.addLink("bin/sh", to: "busybox")
        archive.addFile("init", Array(GuestScripts.initialize.utf8), executable: true)
        archive.addFile("supervise", Array(GuestScripts.supervise.utf8))
        archive.addFile("job", Array(job.jobScript(nonce: nonce).utf8))
        archive.addFile("command", Array(job.commandScript.utf8))
        archive.addDirectory("modules")
        let paths = try modulePaths()
        var names: [String] = []
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            archive.addFile("modules/\(name)", try Self.content(path))
            names.append(name)
        }
        archive.addFile("modules/order", Array((names.joined(separator: "\n") + "\n").utf8))
        return archive.finished()
    }

    /// The files of `GuestScripts.modules` and all they depend on, in loading order.
    private func modulePaths() throws -> [String] {
        let modprobe = try HostPrograms.require("modprobe", package: "kmod")
        var paths: [String] = []
        for module in GuestScripts.modules {
            let answer = try HostPrograms.run(
                modprobe, ["-d", "\(folder)/unpacked", "-S", release, "--show-depends", module])
            for path in Self.modulePaths(fromDependencies: answer) where !paths.contains(path) {
                paths.append(path)
            }
        }
        return paths
    }

    /// The paths of `insmod PATH` lines, as `modprobe --show-depends` prints them; built-in modules have
    /// none.
    static func modulePaths(fromDependencies text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count >= 2 && words[0] == "insmod" ? String(words[1]) : nil
        }
    }

    private static func content(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LabError("cannot read \(path)")
        }
        return Array(data)
    }
}
