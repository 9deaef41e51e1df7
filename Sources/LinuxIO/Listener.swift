import CLinux
import Glibc
import NetTypes

/// A listening TCP socket; for tests, the lab's little servers and tools.
package final class Listener {
    /// One accepted connection.
    package struct Accepted {
        /// The connection.
        package let socket: StreamSocket
        /// The client's address and port.
        package let peer: Endpoint
    }

    private let fd: OwnedFD

    /// The address and port it listens on, with the port the kernel chose for 0.
    package let endpoint: Endpoint

    /// Listens on `local`. With `freely`, also on an address this host does not have yet (IP_FREEBIND), as a
    /// real server's or a standby director's virtual address.
    package init(on local: Endpoint, freely: Bool = false, backlog: Int32 = 128) throws(SystemError) {
        do throws(Errno) {
            fd = OwnedFD(
                adopting: try Errno.check(
                    hf_socket(local.address.family.number, CInt(SOCK_STREAM.rawValue), CInt(IPPROTO_TCP))))
            let number = fd.descriptor.rawValue
            try Errno.check(hf_set_option(number, SOL_SOCKET, SO_REUSEADDR, 1))
            if local.address.family == .inet6 {
                try Errno.check(hf_set_option(number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1))
            }
            if freely { try Errno.check(hf_set_option(number, CInt(IPPROTO_IP), IP_FREEBIND, 1)) }
            try Errno.check(unsafe local.passed { unsafe hf_bind(number, $0, $1, $2) })
            try Errno.check(hf_listen(number, backlog))
            var buffer = AddressBuffer()
            try Errno.check(unsafe buffer.fill { unsafe hf_local_address(number, $0, $1, $2) })
            endpoint = buffer.endpoint ?? local
        } catch {
            throw SystemError("listen on \(local)", error)
        }
    }

    /// For the event loop: readable when a connection waits.
    package var descriptor: Descriptor { fd.descriptor }

    /// The next connection; nil when none waits, or when it was gone before it could be accepted.
    package func accept() throws(Errno) -> Accepted? {
        var buffer = AddressBuffer()
        let result = unsafe buffer.fill { unsafe hf_accept(fd.descriptor.rawValue, $0, $1, $2) }
        if result == -EAGAIN || result == -ECONNABORTED { return nil }
        let socket = StreamSocket(adopting: OwnedFD(adopting: try Errno.check(result)))
        guard let peer = buffer.endpoint else { return nil }
        return Accepted(socket: socket, peer: peer)
    }
}
