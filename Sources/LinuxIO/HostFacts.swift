import CLinux
import Glibc

/// Facts about the machine and the place this process runs in.
package enum HostFacts {
    /// The kernel's release, such as `6.1.0-18-amd64`; empty where /proc is not there.
    package static var kernelRelease: String {
        let octets = (try? Files.read("/proc/sys/kernel/osrelease", limit: 200)) ?? []
        return String(decoding: octets.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// The C library's version, such as `2.36`.
    package static var libraryVersion: String { unsafe String(cString: hf_library_version()) }

    /// The calling thread's network namespace. Not /proc/self: that is the first thread's.
    package static var networkNamespacePath: String { "/proc/thread-self/ns/net" }

    /// The kernel's random id of this boot: what was written down under another one is void.
    package static func bootID() throws(SystemError) -> String {
        let octets = try Files.read("/proc/sys/kernel/random/boot_id", limit: 100)
        return String(decoding: octets.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// The inode of the network namespace: with the boot id it names one set of interfaces and tables.
    package static func networkNamespace() throws(SystemError) -> UInt64 {
        let inode = unsafe hf_inode(networkNamespacePath)
        guard inode >= 0 else {
            throw SystemError(
                "look at the network namespace", Errno(rawValue: CInt(truncatingIfNeeded: -inode)))
        }
        return UInt64(inode)
    }

    /// The network namespace's number (SO_NETNS_COOKIE), which is never given to another one in this boot;
    /// nil before Linux 5.14.
    package static func networkNamespaceCookie() -> UInt64? {
        var cookie: UInt64 = 0
        return unsafe hf_namespace_cookie(&cookie) < 0 ? nil : cookie
    }

    /// Whether standard error is the stream that `name` says by its device and inode, as the service manager
    /// says it in JOURNAL_STREAM (systemd.exec(5)). All sockets have one device: the inode is compared.
    package static func isStandardError(_ name: String) -> Bool {
        let parts = name.split(separator: ":")
        guard parts.count == 2, let inode = Int64(parts[1]) else { return false }
        return unsafe hf_inode("/proc/self/fd/2") == inode
    }

    /// The host name up to its first dot; `localhost` when there is none. The default of `router_id`.
    package static var shortHostName: String {
        var size: CInt = 0
        let octets = unsafe [CChar](unsafeUninitializedCapacity: 256) { buffer, count in
            size = unsafe hf_host_name(buffer.baseAddress, 256)
            count = size < 0 ? 0 : 256
        }
        let name = octets.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 && $0 != UInt8(ascii: ".") }
        return name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self)
    }

    /// This process's id.
    package static var process: Int32 { getpid() }

    /// The parent's process id; 1 when it has died.
    package static var parentProcess: Int32 { getppid() }

    /// The path of the running executable, for starting it again in another role; it is the kernel's link,
    /// which still leads to the same file after a package upgrade has replaced it.
    package static var ownExecutable: String { "/proc/self/exe" }

    /// The index of the interface called `name` in this network namespace.
    package static func interfaceIndex(_ name: String) throws(SystemError) -> Int32 {
        try SystemError.naming("find interface \(name)") { () throws(Errno) in
            try Errno.check(unsafe hf_interface_index(name))
        }
    }

    /// The variable `name` of this process's environment; nil when there is none.
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe hf_environment(name) else { return nil }
        return unsafe String(cString: value)
    }
}
