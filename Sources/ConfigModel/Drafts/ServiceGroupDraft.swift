import ConfigSyntax
import LoadBalancing
import NetTypes

/// `virtual_server_group` as written.
struct ServiceGroupDraft: Draft {
    var origin: Origin
    var name: Located<String>
    var lines: [Located<ServiceGroup.Line>] = []
}

/// The members of a group, ranges written out, with what is asked of them again and again. Shared, since few
/// services have any.
final class ServiceMembers: Sendable {
    /// Members of all the groups of a configuration together: each is a service of the kernel.
    static let limit = 65_536

    /// At least one, in written order; each points at its line.
    let list: [Located<ServiceHeader>]
    /// As written.
    let lines: [Located<ServiceGroup.Line>]
    /// The ports of the members that are addresses, each once and with its line, in written order.
    let ports: [Located<UInt16>]
    /// The members that are addresses.
    let endpoints: Set<Endpoint>
    /// The first family that is written.
    let family: AddressFamily?

    /// No member is an address.
    var isMarked: Bool { ports.isEmpty }
    /// The port that all have; 0 where they differ.
    var port: UInt16 { ports.count == 1 ? ports[0].value : 0 }

    /// The first `limit` members of a group; nil when it has none.
    init?(_ group: ServiceGroupDraft, limit: Int = limit) {
        var (list, ports, endpoints) = (
            [] as [Located<ServiceHeader>], [] as [Located<UInt16>], [] as Set<Endpoint>
        )
        for line in group.lines {
            switch line.value {
            case .addresses(let range, let port):
                if !ports.contains(where: { $0.value == port }) { ports.append(Located(port, at: line.span)) }
                for address in range.addresses(limit: limit - list.count) {
                    list.append(Located(.address(address, port: port), at: line.span))
                    endpoints.insert(Endpoint(address, port: port))
                }
            case .mark(let mark, let family):
                if list.count < limit { list.append(Located(.mark(mark, family), at: line.span)) }
            }
        }
        guard !list.isEmpty else { return nil }
        lines = group.lines
        family = group.lines.lazy.compactMap(\.value.family).first
        (self.list, self.ports, self.endpoints) = (list, ports, endpoints)
    }
}

extension ServiceGroup.Line {
    /// The family that is written: of addresses always, of a mark perhaps.
    var family: AddressFamily? {
        switch self {
        case .addresses(let range, _): range.first.family
        case .mark(_, let family): family
        }
    }

    /// How many members it makes.
    var count: Int { if case .addresses(let range, _) = self { range.count } else { 1 } }
}
