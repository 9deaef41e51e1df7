// Where the guest's kernel comes from: the distribution's own package, downloaded and unpacked as an
// ordinary user, never installed. Everything is made in a folder of this process and renamed when complete,
// so that two first runs at once do the work twice and disturb nobody; no lock can be left behind.

import FoundationEssentials
import LinuxIO
import Timekeeping

/// An unpacked kernel that guests can boot.
package struct GuestKernel: Hashable, Sendable {
    /// The folder that holds it.
    let folder: String
    /// What `uname -r` says in the guest.
    package let release: String

    /// The boot image.
    var image: String { "\(folder)/vmlinuz" }
    /// The modules, as in /lib/modules/RELEASE.
    var modules: String { "\(folder)/unpacked/lib/modules/\(release)" }
    /// A busybox that needs no libraries.
    var busybox: String { "\(folder)/unpacked/bin/busybox" }
}

/// Kernels and the folders of running guests under $XDG_CACHE_HOME/holdfast.
package struct GuestCache: Sendable {
    /// The cache's own folder.
    package let folder: String

    /// A cache in `folder`.
    package init(folder: String) { self.folder = folder }

    /// $XDG_CACHE_HOME/holdfast, by default ~/.cache/holdfast.
    package static func standard(environment: [String: String]) throws(LabError) -> GuestCache {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return GuestCache(folder: "\(cache)/holdfast")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw LabError(
                "neither XDG_CACHE_HOME nor HOME is set, so there is no place for the guest's kernel")
        }
        return GuestCache(folder: "\(home)/.cache/holdfast")
    }

    private static let complete = "complete"

    /// The newest kernel of the cache; nil when there is none yet.
    package func newestKernel() -> GuestKernel? {
        let kernels = "\(folder)/kernels"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: kernels)) ?? []
        let dated = names.compactMap { name -> (Date, GuestKernel)? in
            let marker = "\(kernels)/\(name)/\(Self.complete)"
            guard let facts = try? FileManager.default.attributesOfItem(atPath: marker),
                let date = facts[.modificationDate] as? Date,
                let release = FileManager.default.contents(atPath: marker)
            else { return nil }
            let kernel = GuestKernel(
                folder: "\(kernels)/\(name)", release: String(decoding: release, as: UTF8.self))
            return (date, kernel)
        }
        return dated.max { $0.0 < $1.0 }?.1
    }

    /// The kernel to boot, downloaded when the cache is empty or `refresh` asks for the distribution's
    /// newest. `report` is told what takes long.
    package func kernel(refresh: Bool = false, report: (String) -> Void) throws -> GuestKernel {
        if !refresh, let kernel = newestKernel() { return kernel }
        let package = try Self.kernelPackage()
        let target = "\(folder)/kernels/\(package)"
        let partial = "\(folder)/partial/\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.createDirectory(
            atPath: "\(folder)/kernels", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: partial) }
        report("downloading \(package) and busybox-static for the guest (about 70 MB, once)")
        let release = try Self.unpack(package, into: partial)
        try Data(release.utf8).write(to: URL(filePath: "\(partial)/\(Self.complete)"))
        // A whole one that another first run made meanwhile may be in use.
        let isWhole = FileManager.default.fileExists(atPath: "\(target)/\(Self.complete)")
        if FileManager.default.fileExists(atPath: target), refresh || !isWhole {
            try FileManager.default.removeItem(atPath: target)
        }
        do {
            try FileManager.default.moveItem(atPath: partial, toPath: target)
        } catch {
            // Another first run was quicker; its result is as good as ours.
            guard FileManager.default.fileExists(atPath: "\(target)/\(Self.complete)") else { throw error }
        }
        return GuestKernel(folder: target, release: release)
    }

    /// The package that the distribution's kernel meta-package stands for. Its "cloud" sister has no 9p.
    private static func kernelPackage() throws -> String {
        let apt = try HostPrograms.require("apt-cache", package: "apt")
        let answer = try HostPrograms.run(apt, ["depends", "linux-image-amd64"])
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "Depends:", words[1].hasPrefix("linux-image-") {
                return String(words[1])
            }
        }
        throw LabError("apt knows no package linux-image-amd64; apt-get update may help")
    }

    /// Downloads and unpacks; the kernel's release.
    private static func unpack(_ package: String, into folder: String) throws -> String {
        let apt = try HostPrograms.require("apt-get", package: "apt")
        let dpkg = try HostPrograms.require("dpkg", package: "dpkg")
        let depmod = try HostPrograms.require("depmod", package: "kmod")
        do {
            try HostPrograms.run(
                apt, ["-q", "download", package, "busybox-static"], directory: folder, timeout: .seconds(900))
        } catch {
            throw LabError("the guest's kernel could not be downloaded (apt-get update may help): \(error)")
        }
        let root = "\(folder)/unpacked"
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: folder) where name.hasSuffix(".deb") {
            try HostPrograms.run(dpkg, ["-x", name, root], directory: folder, timeout: .seconds(300))
            try files.removeItem(atPath: "\(folder)/\(name)")
        }
        guard let release = try files.contentsOfDirectory(atPath: "\(root)/lib/modules").first else {
            throw LabError("\(package) has no modules")
        }
        try files.moveItem(atPath: "\(root)/boot/vmlinuz-\(release)", toPath: "\(folder)/vmlinuz")
        discardUnused("\(root)/lib/modules/\(release)/kernel")
        try HostPrograms.run(depmod, ["-b", root, release])
        return release
    }

    /// Drops drivers of hardware that no guest has: three quarters of the folder.
    private static func discardUnused(_ kernel: String) {
        let files = FileManager.default
        let kept: Set<String> = ["block", "char", "crypto", "net", "virtio"]
        for name in (try? files.contentsOfDirectory(atPath: "\(kernel)/drivers")) ?? []
        where !kept.contains(name) {
            try? files.removeItem(atPath: "\(kernel)/drivers/\(name)")
        }
        try? files.removeItem(atPath: "\(kernel)/sound")
    }
}
