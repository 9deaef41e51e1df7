import Glibc
import NetTypes
import Synchronization

/// Names of hosts and of services, as this host's resolver knows them (nsswitch.conf(5)). A question may wait
/// for a name server: never ask in the daemon.
package enum HostNames {
    /// The C library answers all threads in one and the same place.
    private static let answers = Mutex(())

    /// The first IPv4 address of `host`; nil when there is none.
    package static func address(of host: String) -> IPv4Address? {
        answers.withLock { _ in
            guard let entry = unsafe gethostbyname(host), unsafe entry.pointee.h_addrtype == AF_INET,
                unsafe entry.pointee.h_length == 4, let first = unsafe entry.pointee.h_addr_list?.pointee
            else { return nil }
            let octets = unsafe UnsafeRawBufferPointer(start: first, count: 4)
            return unsafe IPv4Address(octets[0], octets[1], octets[2], octets[3])
        }
    }

    /// The name of the host at `address`; nil when it has none.
    package static func host(at address: IPAddress) -> String? {
        let octets = address.octets
        let family = address.family == .inet ? AF_INET : AF_INET6
        return answers.withLock { _ in
            guard let entry = unsafe gethostbyaddr(octets, socklen_t(octets.count), family),
                let name = unsafe entry.pointee.h_name
            else { return nil }
            return unsafe String(cString: name)
        }
    }

    /// The port of the service called `name` (services(5)); nil when there is none.
    package static func port(of name: String, _ transport: TransportProtocol) -> UInt16? {
        answers.withLock { _ in
            guard let entry = unsafe getservbyname(name, transport.description) else { return nil }
            return UInt16(bigEndian: UInt16(truncatingIfNeeded: unsafe entry.pointee.s_port))
        }
    }

    /// The name of the service at `port` (services(5)); nil when it has none.
    package static func service(at port: UInt16, _ transport: TransportProtocol) -> String? {
        answers.withLock { _ in
            guard let entry = unsafe getservbyport(CInt(port.bigEndian), transport.description),
                let name = unsafe entry.pointee.s_name
            else { return nil }
            return unsafe String(cString: name)
        }
    }
}
