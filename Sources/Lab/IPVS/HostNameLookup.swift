import IPVSAdmin
import LinuxIO
import NetTypes

extension NameLookup {
    /// What this host's resolver and services(5) know. The name of an address or of a port is asked for once.
    package static func host() -> NameLookup {
        let known = KnownNames()
        return NameLookup(
            address: { HostNames.address(of: $0) }, port: { HostNames.port(of: $0, $1) },
            host: { known.host(at: $0) }, service: { known.service(at: $0, $1) })
    }
}

/// Answers that were given before: a listing has the same addresses and ports over and over, and a name
/// server that is not there takes seconds to be found missing.
private final class KnownNames {
    private struct Port: Hashable {
        var number: UInt16
        var transport: TransportProtocol
    }

    private var hosts: [IPAddress: String?] = [:]
    private var services: [Port: String?] = [:]

    func host(at address: IPAddress) -> String? {
        if let known = hosts[address] { return known }
        let name = HostNames.host(at: address)
        hosts.updateValue(name, forKey: address)
        return name
    }

    func service(at port: UInt16, _ transport: TransportProtocol) -> String? {
        let key = Port(number: port, transport: transport)
        if let known = services[key] { return known }
        let name = HostNames.service(at: port, transport)
        services.updateValue(name, forKey: key)
        return name
    }
}
