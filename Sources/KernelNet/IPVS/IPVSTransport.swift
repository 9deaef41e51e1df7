import CNetlink
import Glibc
import LinuxIO

/// Where requests go and replies come from: the kernel, or a test's script.
package protocol IPVSTransport: AnyObject {
    /// Hands over a datagram of whole messages. The kernel has carried all of them out when this returns.
    func send(_ datagram: [UInt8]) throws(Errno)
    /// The next datagram; ENOBUFS when some were lost, EAGAIN when none comes.
    func receive() throws(Errno) -> [UInt8]
}

extension IPVSTransport {
    /// Sends a request and hands `body` every object that answers it, up to the end of the dump or the
    /// acknowledgement. Objects are not kept: a large table comes in many datagrams.
    func ask(
        _ request: GenericRequest, family: UInt16, version: UInt8, sequence: UInt32,
        _ body: (ArraySlice<UInt8>) -> Void
    ) throws(Errno) {
        var datagram: [UInt8] = []
        request.append(to: &datagram, family: family, version: version, sequence: sequence)
        try send(datagram)
        while true {
            for reply in NetlinkReply.messages(in: try receive()) where reply.sequence == sequence {
                switch reply.content {
                case .object(_, let attributes): body(attributes)
                case .result(0), .done(0): return
                case .result(let number), .done(let number): throw Errno(rawValue: number)
                case .other: throw .badMessage
                }
            }
        }
    }
}

/// libnl's generic netlink socket. Bytes go past libnl's message functions: they send one message at a time
/// and fold several of the kernel's error numbers into one of their own.
@safe final class GenericNetlinkSocket: IPVSTransport {
    private let socket: OpaquePointer
    private let descriptor: CInt
    /// The number the kernel gave the family this time.
    let family: UInt16

    /// The largest datagram a dump may come in: netlink_dump() allocates at most 32 KiB.
    private static let largestDatagram = 64 << 10
    /// Room for the answers to a whole batch, each with the kernel's bookkeeping of about 1 KiB.
    private static let receiveBuffer: CInt = 2 << 20
    /// The kernel answers within the system call that asks; this only bounds a defect.
    private static let patience = timeval(tv_sec: 5, tv_usec: 0)

    /// Opens a socket and finds the family `name`; nil when the kernel has no such family and could not load
    /// it.
    init?(family name: String) throws(Errno) {
        guard let socket = unsafe nl_socket_alloc() else { throw Errno(rawValue: ENOMEM) }
        guard unsafe genl_connect(socket) == 0 else {
            let error = Errno(rawValue: errno)
            unsafe nl_socket_free(socket)
            throw error
        }
        // The name is a module alias: the kernel loads the module on this very question.
        let number = unsafe genl_ctrl_resolve(socket, name)
        guard number >= 0 else {
            unsafe nl_socket_free(socket)
            if let error = Self.failure(ofResolving: number) { throw error }
            return nil
        }
        unsafe self.socket = socket
        family = UInt16(truncatingIfNeeded: number)
        descriptor = unsafe nl_socket_get_fd(socket)
        let room = Self.receiveBuffer
        if !set(SOL_SOCKET, SO_RCVBUFFORCE, room) { _ = set(SOL_SOCKET, SO_RCVBUF, room) }
        // Errors come back without a copy of the request (NETLINK_CAP_ACK, Linux 4.3).
        _ = set(SOL_NETLINK, NETLINK_CAP_ACK, 1 as CInt)
        _ = set(SOL_SOCKET, SO_RCVTIMEO, Self.patience)
    }

    /// What libnl's answer to a question for a family means: nil when the kernel has none (ENOENT), otherwise
    /// why it could not be asked (netlink/errno.h).
    static func failure(ofResolving number: CInt) -> Errno? {
        switch -number {
        case NLE_OBJ_NOTFOUND: nil
        case NLE_NOMEM: Errno(rawValue: ENOMEM)
        case NLE_PERM: .notPermitted
        case NLE_NOACCESS: .accessDenied
        case NLE_AGAIN, NLE_INTR: .wouldBlock
        default: Errno(rawValue: EIO)
        }
    }

    deinit { unsafe nl_socket_free(socket) }

    private func set<Value>(_ level: CInt, _ option: CInt, _ value: Value) -> Bool {
        unsafe withUnsafeBytes(of: value) { octets in
            unsafe setsockopt(descriptor, level, option, octets.baseAddress, socklen_t(octets.count)) == 0
        }
    }

    func send(_ datagram: [UInt8]) throws(Errno) {
        while true {
            let count = unsafe datagram.withUnsafeBytes { octets in
                unsafe Glibc.send(descriptor, octets.baseAddress, octets.count, 0)
            }
            if count == datagram.count { return }
            guard count < 0, errno == EINTR else {
                throw count < 0 ? Errno(rawValue: errno) : .messageTooLong
            }
        }
    }

    func receive() throws(Errno) -> [UInt8] {
        while true {
            var failure: CInt = 0
            let datagram = unsafe [UInt8](unsafeUninitializedCapacity: Self.largestDatagram) {
                buffer, count in
                // With MSG_TRUNC the kernel tells the true length.
                let length = unsafe recv(
                    descriptor, buffer.baseAddress, buffer.count, CInt(MSG_TRUNC))
                if length < 0 { failure = errno }
                if length > buffer.count { failure = EMSGSIZE }
                count = max(0, min(length, buffer.count))
            }
            if failure == 0 { return datagram }
            guard failure == EINTR else { throw Errno(rawValue: failure) }
        }
    }
}
