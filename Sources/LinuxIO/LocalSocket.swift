import CLinux

/// Who is at the other end of a local socket, as the kernel knows it (unix(7), SO_PEERCRED and
/// SO_PEERGROUPS): the process that connected, as it was then.
package struct LocalPeer: Hashable, Sendable {
    /// The process id; 0 for a process of another pid namespace.
    package let process: Int32
    /// The user id.
    package let user: UInt32
    /// All group ids, the primary one first; at most `groupLimit`.
    package let groups: [UInt32]

    /// So many groups are looked at.
    private static var groupLimit: Int { 1024 }

    /// Somebody.
    package init(process: Int32, user: UInt32, groups: [UInt32]) {
        self.process = process
        self.user = user
        self.groups = groups
    }

    init(of descriptor: Descriptor) throws(Errno) {
        var (process, user): (CInt, UInt32) = (0, 0)
        var count: CInt = 0
        let groups = unsafe [UInt32](unsafeUninitializedCapacity: Self.groupLimit) { room, filled in
            count = unsafe hf_local_peer(
                descriptor.rawValue, &process, &user, room.baseAddress, CInt(Self.groupLimit))
            filled = max(0, Int(count))
        }
        try Errno.check(count)
        self.init(process: process, user: user, groups: groups)
    }
}

/// A listening stream socket in the file system. The file is removed with it.
package final class LocalListener {
    /// One accepted connection.
    package struct Accepted {
        /// The connection.
        package let socket: StreamSocket
        /// Who connected.
        package let peer: LocalPeer
    }

    private let fd: OwnedFD
    private let path: String

    /// Listens at `path`, in the place of what a former process left there. `mode` says who may connect:
    /// those who may write the file. ENAMETOOLONG above 107 octets.
    package init(at path: String, mode: UInt32, backlog: Int32 = 16) throws(SystemError) {
        try Files.remove(path)
        fd = try SystemError.naming("listen at \(path)") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_local_listen(path, mode, backlog)))
        }
        self.path = path
    }

    deinit { try? Files.remove(path) }

    /// For the event loop: readable when a connection waits.
    package var descriptor: Descriptor { fd.descriptor }

    /// The next connection; nil when none waits, or when it was gone before it could be accepted.
    package func accept() throws(Errno) -> Accepted? {
        var buffer = AddressBuffer()
        let result = unsafe buffer.fill { unsafe hf_accept(fd.descriptor.rawValue, $0, $1, $2) }
        if Errno(rawValue: -result) == .wouldBlock { return nil }
        let connection = OwnedFD(adopting: try Errno.check(result))
        guard let peer = try? LocalPeer(of: connection.descriptor) else { return nil }
        return Accepted(socket: StreamSocket(adopting: connection), peer: peer)
    }
}

extension StreamSocket {
    /// Connects to the local socket at `path`. ENOENT: nobody has listened there; ECONNREFUSED: nobody
    /// listens any more; EACCES: this user may not; EAGAIN: too many wait already.
    package convenience init(connectingTo path: String) throws(SystemError) {
        self.init(
            adopting: try SystemError.naming("connect to \(path)") { () throws(Errno) in
                OwnedFD(adopting: try Errno.check(unsafe hf_local_stream(path)))
            })
    }
}
