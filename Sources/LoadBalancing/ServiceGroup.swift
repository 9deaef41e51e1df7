import NetTypes

/// The members of a `virtual_server_group`: each is a service of the kernel, and all of them have one set of
/// real servers, checks and one quorum.
package struct ServiceGroup: Hashable, Sendable, Codable {
    /// One line of the block.
    package enum Line: Hashable, Sendable, Codable {
        /// `RANGE [PORT]`: each address is a member; 0 for every port.
        case addresses(AddressRange, port: UInt16)
        /// `fwmark MARK [inet|inet6]`.
        case mark(FirewallMark, AddressFamily?)
    }

    /// What the block is called.
    package var name: String
    /// `protocol` of the virtual server; nil when every member is a mark.
    package var transport: TransportProtocol?
    /// Of marks that say none.
    package var family: AddressFamily
    /// At least one, in configured order.
    package var lines: [Line]

    /// A group.
    package init(name: String, transport: TransportProtocol?, family: AddressFamily, lines: [Line]) {
        self.name = name
        self.transport = transport
        self.family = family
        self.lines = lines
    }

    /// Every member, in order. The configuration bounds their number.
    package var members: [ServiceIdentity] {
        lines.flatMap { line -> [ServiceIdentity] in
            switch line {
            case .addresses(let range, let port):
                guard let transport else { return [] }
                return range.addresses(limit: .max).map { .address(transport, Endpoint($0, port: port)) }
            case .mark(let mark, let family): return [.mark(family ?? self.family, mark)]
            }
        }
    }
}

extension VirtualServer {
    /// What the kernel has to know for this virtual server: the members of its group, or itself.
    package var identities: [ServiceIdentity] { group?.members ?? [identity] }

    /// `protocol`; nil of a mark.
    package var transport: TransportProtocol? {
        if let group { return group.transport }
        if case .address(let transport, _) = identity { return transport }
        return nil
    }

    /// The addresses that clients use; none of a mark.
    package var addresses: Set<IPAddress> {
        Set(
            identities.compactMap { identity in
                if case .address(_, let endpoint) = identity { endpoint.address } else { nil }
            })
    }

    /// Its checks rest while the host has `present` alone (`ha_suspend`).
    package func isSuspended(having present: Set<IPAddress>) -> Bool {
        suspendsChecks && addresses.isDisjoint(with: present)
    }

    /// As messages name it: `198.51.100.10:80/tcp`, `group web/tcp`.
    package var title: String {
        guard let group else { return identity.description }
        return "group \(group.name)" + (group.transport.map { "/\($0)" } ?? "")
    }
}
