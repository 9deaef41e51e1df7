import NetTypes

/// A server of a virtual server, by what both are configured as.
package struct ServerName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The virtual server.
    package var service: ServiceIdentity
    /// The real server.
    package var server: Endpoint

    /// A name.
    package init(service: ServiceIdentity, server: Endpoint) {
        self.service = service
        self.server = server
    }

    /// `192.0.2.21:80@192.0.2.100:80/tcp`.
    package var description: String { "\(server)@\(service)" }

    /// By service, then by server.
    package static func < (left: Self, right: Self) -> Bool {
        (left.service, left.server) < (right.service, right.server)
    }
}

extension VirtualServer {
    /// What one of its servers is called.
    package func name(of server: RealServer) -> ServerName {
        ServerName(service: identity, server: server.endpoint)
    }
}

/// The servers that an operator means: those with an address, or with an address and a port, in every service
/// or in one. Never a part of a name: nothing is to be taken out by mistake.
package struct ServerTarget: Hashable, Sendable {
    private enum Place: Hashable, Sendable {
        case anywhere
        case service(ServiceIdentity)
        /// Whatever the protocol.
        case endpoint(Endpoint)
    }

    private let address: IPAddress
    private let port: UInt16?
    private let place: Place

    /// Reads `192.0.2.21`, `192.0.2.21:80`, `[2001:db8::21]:80`, each perhaps with `@192.0.2.100:80/tcp`,
    /// `@192.0.2.100:80` or `@fwmark:3` behind it; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        if let endpoint = Endpoint(first) {
            (address, port) = (endpoint.address, endpoint.port)
        } else if let address = IPAddress(first) {
            (self.address, port) = (address, nil)
        } else {
            return nil
        }
        guard parts.count > 1 else {
            place = .anywhere
            return
        }
        if let service = ServiceIdentity(parts[1]) {
            place = .service(service)
        } else if let endpoint = Endpoint(parts[1]) {
            place = .endpoint(endpoint)
        } else {
            return nil
        }
    }

    /// True when `name` is one of them.
    package func means(_ name: ServerName) -> Bool {
        guard name.server.address == address, port == nil || port == name.server.port else { return false }
        switch (place, name.service) {
        case (.anywhere, _): return true
        case (.service(let service), let other): return service == other
        case (.endpoint(let endpoint), .address(_, let other)): return endpoint == other
        case (.endpoint, .mark): return false
        }
    }
}
