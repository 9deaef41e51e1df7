import CLinux
import CNetlink
import Glibc
import LinuxIO
import Timekeeping

/// A refused request to the kernel's network configuration.
package struct RouteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted, as it follows "cannot": `add 192.0.2.100/24 on interface 2`.
    package let operation: String
    /// The kernel's error number, unchanged.
    package let errno: Errno
    /// The kernel's own words (NLMSGERR_ATTR_MSG), when it gave any.
    package let detail: String?

    /// The failure of `operation`.
    package init(_ operation: String, _ errno: Errno, detail: String? = nil) {
        self.operation = operation
        self.errno = errno
        self.detail = detail
    }

    /// `cannot add 192.0.2.100/24 on interface 9: No such device (ENODEV)`, with the kernel's words at the
    /// end.
    package var description: String { "cannot \(operation): \(errno)" + (detail.map { ": \($0)" } ?? "") }
}

/// One datagram from the kernel, or why there is none.
enum NetlinkArrival {
    case messages([NetlinkMessage?])
    case wouldBlock
}

/// A NETLINK_ROUTE socket of libnl. Octets are received by recvfrom(2) and not by libnl, which folds error
/// numbers into its own (an overrun, ENOBUFS, becomes "out of memory").
@safe final class NetlinkSocket {
    private let socket: OpaquePointer
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Opens the socket, with a time limit on every call; nil makes it non-blocking.
    init(timeout: Interval?, receiveBuffer: Int32) throws(Errno) {
        guard let allocated = unsafe nl_socket_alloc() else { throw Errno(rawValue: ENOMEM) }
        unsafe socket = unsafe allocated
        guard unsafe nl_connect(socket, NETLINK_ROUTE) == 0 else {
            // libnl reports its own number; errno still says what the system call met.
            let error = Errno(rawValue: errno)
            unsafe nl_socket_free(socket)
            throw error
        }
        let number = descriptor.rawValue
        do throws(Errno) {
            // Room for bursts of notifications; without CAP_NET_ADMIN the system's limit applies and that is
            // fine.
            if hf_set_option(number, SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer) < 0 {
                try Errno.check(hf_set_option(number, SOL_SOCKET, SO_RCVBUF, receiveBuffer))
            }
            // Errors with words and without a copy of the request; older kernels know neither.
            _ = hf_set_option(number, SOL_NETLINK, NETLINK_EXT_ACK, 1)
            _ = hf_set_option(number, SOL_NETLINK, NETLINK_CAP_ACK, 1)
            // A dump lists what is asked for instead of everything (Linux 4.20).
            _ = hf_set_option(number, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
            if let timeout {
                try Errno.check(hf_set_timeouts(number, max(1_000_000, timeout.nanoseconds)))
            } else {
                try Errno.check(hf_set_blocking(number, 0))
            }
        } catch {
            unsafe nl_socket_free(socket)
            throw error
        }
    }

    deinit { unsafe nl_socket_free(socket) }

    var descriptor: Descriptor { unsafe Descriptor(rawValue: nl_socket_get_fd(socket)) }

    /// Joins a multicast group (RTNLGRP_).
    func join(_ group: UInt32) throws(Errno) {
        try Errno.check(hf_set_option(descriptor.rawValue, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, CInt(group)))
    }

    /// Sends one message to the kernel.
    func send(_ message: NetlinkMessage) throws(Errno) {
        var octets = message.encoded
        let result = unsafe octets.withUnsafeMutableBytes {
            unsafe nl_sendto(socket, $0.baseAddress, $0.count)
        }
        guard result >= 0 else { throw Errno(rawValue: errno) }
    }

    /// The next datagram; messages that another process sent us are not the kernel's and are dropped.
    func receive() throws(Errno) -> NetlinkArrival {
        while true {
            var sender: UInt32 = 0
            let number = descriptor.rawValue
            let result = unsafe buffer.withUnsafeMutableBytes {
                unsafe hf_netlink_receive(number, $0.baseAddress, $0.count, &sender)
            }
            if result == -Int64(EAGAIN) { return .wouldBlock }
            let count = try Errno.check(result)
            guard sender == 0 else { continue }
            // The kernel builds dumps in pieces of at most 32 KiB, and no notification comes near our room.
            guard count <= buffer.count else { throw .messageTooLong }
            return .messages(NetlinkMessage.split(Array(buffer.prefix(count))))
        }
    }
}
