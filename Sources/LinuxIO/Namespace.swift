import CLinux

/// Kernel namespaces of the calling thread (namespaces(7)); for the lab and for `net_namespace`.
package struct NamespaceKinds: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: Int32
    /// A set from its bits.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Interfaces, addresses, routes, sockets, IPVS and netfilter tables.
    package static let network = NamespaceKinds(rawValue: Int32(HF_NAMESPACE_NETWORK))
    /// Mounts.
    package static let mount = NamespaceKinds(rawValue: Int32(HF_NAMESPACE_MOUNT))
    /// The host name.
    package static let hostName = NamespaceKinds(rawValue: Int32(HF_NAMESPACE_UTS))
}

/// An open namespace: it lives as long as this does, even without a process in it.
package final class Namespace {
    private let fd: OwnedFD
    private let path: String

    /// Opens the namespace at `path`, such as /run/netns/NAME or /proc/PID/ns/net.
    package init(path: String) throws(SystemError) {
        self.path = path
        fd = try SystemError.naming("open namespace \(path)") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_open(path, CInt(HF_OPEN_READ), 0, 0)))
        }
    }

    /// For handing to a child that is to enter it.
    package var descriptor: Descriptor { fd.descriptor }

    /// The network namespace of the calling thread.
    package static func currentNetwork() throws(SystemError) -> Namespace {
        try Namespace(path: HostFacts.networkNamespacePath)
    }

    /// Moves the calling thread into the namespace, whose kinds MUST be as told; needs CAP_SYS_ADMIN.
    package func enter(_ kinds: NamespaceKinds = .network) throws(SystemError) {
        try SystemError.naming("enter namespace \(path)") { () throws(Errno) in
            try Errno.check(hf_set_namespace(fd.descriptor.rawValue, kinds.rawValue))
        }
    }

    /// Moves the calling thread into new namespaces of these kinds; needs CAP_SYS_ADMIN.
    package static func unshare(_ kinds: NamespaceKinds) throws(SystemError) {
        try SystemError.naming("create a namespace") { () throws(Errno) in
            try Errno.check(hf_unshare(kinds.rawValue))
        }
    }
}
