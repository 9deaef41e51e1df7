import CLinux
import Glibc
import NetTypes

/// A non-blocking TCP connection. Nothing here waits: `connect` starts, the event loop tells when the socket
/// is writable, `finishConnecting` tells how it went.
package final class StreamSocket {
    /// What a socket is bound to before it connects.
    package struct Options: Hashable, Sendable {
        /// Source address and port (0: any); keyword `bindto` / `bind_port`.
        package var source: Endpoint?
        /// The interface packets leave by (SO_BINDTODEVICE, needs CAP_NET_RAW before kernel 5.7); keyword
        /// `bind_if`.
        package var device: String?
        /// The firewall mark of packets sent (SO_MARK, needs CAP_NET_ADMIN); keyword `fwmark`.
        package var mark: UInt32?

        /// Nothing special by default.
        package init(source: Endpoint? = nil, device: String? = nil, mark: UInt32? = nil) {
            self.source = source
            self.device = device
            self.mark = mark
        }
    }

    private let fd: OwnedFD

    /// True until `finishConnecting` has succeeded or `connect` needed no waiting.
    package private(set) var isConnecting: Bool

    /// Takes over a connected socket.
    package init(adopting fd: consuming OwnedFD) {
        self.fd = fd
        isConnecting = false
    }

    /// Starts a connection to `remote`. Refusals that the kernel knows at once (no route, a refused
    /// connection on this host) are thrown.
    package convenience init(connectingTo remote: Endpoint, _ options: Options = Options()) throws(Errno) {
        try self.init(adopting: Self.prepare(remote.address.family, options), connectingTo: remote)
    }

    /// A socket that is not connected yet, for `init(adopting:connectingTo:)`, perhaps of another process.
    package static func prepare(_ family: AddressFamily, _ options: Options) throws(Errno) -> OwnedFD {
        let fd = OwnedFD(
            adopting: try Errno.check(
                hf_socket(family.number, CInt(SOCK_STREAM.rawValue), CInt(IPPROTO_TCP))))
        // One probe after the other uses the port; what is left of the last must not stand in the way.
        if options.source.map({ $0.port != 0 }) ?? false {
            try Errno.check(hf_set_option(fd.descriptor.rawValue, SOL_SOCKET, SO_REUSEADDR, 1))
        }
        try options.apply(to: fd.descriptor)
        return fd
    }

    /// Starts a connection to `remote` on a socket that was prepared.
    package init(adopting prepared: consuming OwnedFD, connectingTo remote: Endpoint) throws(Errno) {
        fd = prepared
        isConnecting = false
        try connect(to: remote)
    }

    /// Starts a connection to `remote`, of the socket's family, on a socket that has none.
    package func connect(to remote: Endpoint) throws(Errno) {
        let number = fd.descriptor.rawValue
        let result = unsafe remote.passed { unsafe hf_connect(number, $0, $1, $2) }
        guard result == 0 || result == -EINPROGRESS else { throw Errno(rawValue: -result) }
        isConnecting = result != 0
    }

    /// Ends an established connection by RST, as a close after `resetOnClose` does, and keeps the socket for
    /// `connect`: what makes a new one costs more than a connection. The event loop finds a socket without a
    /// connection hung up.
    package func disconnect() throws(Errno) { try Errno.check(hf_disconnect(fd.descriptor.rawValue)) }

    /// For the event loop.
    package var descriptor: Descriptor { fd.descriptor }

    /// Call when writable: returns when the connection stands, throws why it does not (SO_ERROR). `hasFailed`
    /// is what the event loop found: a socket that is writable and without an error stands, and need not be
    /// asked.
    package func finishConnecting(hasFailed: Bool = true) throws(Errno) {
        guard isConnecting else { return }
        let error = hasFailed ? try Errno.check(hf_socket_error(fd.descriptor.rawValue)) : 0
        guard error == 0 else { throw Errno(rawValue: error) }
        isConnecting = false
    }

    /// Reads at most `limit` octets.
    package func read(limit: Int = 65_536) throws(Errno) -> ReadResult {
        let number = fd.descriptor.rawValue
        return try unsafe ReadResult.reading(limit: limit) {
            unsafe hf_receive(number, $0.baseAddress, limit)
        }
    }

    /// Sends as much of `octets` as fits now; the count, nil when it would block.
    package func write(_ octets: ArraySlice<UInt8>) throws(Errno) -> Int? {
        let number = fd.descriptor.rawValue
        let result = unsafe octets.withUnsafeBytes { unsafe hf_send(number, $0.baseAddress, $0.count) }
        return try OwnedFD.unlessBlocked(result)
    }

    /// Ends our half of the stream; the peer reads an end of file.
    package func shutdownWriting() throws(Errno) {
        guard shutdown(fd.descriptor.rawValue, CInt(SHUT_WR)) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Makes the close send RST instead of FIN, so that a probe leaves no TIME_WAIT socket behind. What the
    /// peer has not yet read may be lost.
    package func resetOnClose() { _ = hf_reset_on_close(fd.descriptor.rawValue) }

    /// The address and port on this side.
    package func localEndpoint() throws(Errno) -> Endpoint? {
        var buffer = AddressBuffer()
        try Errno.check(unsafe buffer.fill { unsafe hf_local_address(fd.descriptor.rawValue, $0, $1, $2) })
        return buffer.endpoint
    }
}

extension StreamSocket.Options {
    /// Makes a socket so before it connects.
    func apply(to socket: Descriptor) throws(Errno) {
        let number = socket.rawValue
        if let mark { try Errno.check(hf_set_option(number, SOL_SOCKET, SO_MARK, CInt(bitPattern: mark))) }
        if let device { try Errno.check(unsafe hf_bind_to_device(number, device)) }
        if let source { try Errno.check(unsafe source.passed { unsafe hf_bind(number, $0, $1, $2) }) }
    }
}
