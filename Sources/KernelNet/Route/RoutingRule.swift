import CNetlink
import NetTypes

/// One rule that says which table routes a packet (linux/fib_rules.h).
package struct RoutingRule: Hashable, Sendable, CustomStringConvertible {
    /// A range of numbers, both ends in it.
    package struct Span: Hashable, Sendable {
        /// The first.
        package var first: UInt32
        /// The last.
        package var last: UInt32

        /// A range.
        package init(_ first: UInt32, _ last: UInt32) { (self.first, self.last) = (first, last) }
    }

    /// Whose packets.
    package var family: AddressFamily
    /// FR_ACT_ number: 1 asks a table, 2 goes to another rule.
    package var action: UInt8
    /// Rules are asked in its order.
    package var priority: UInt32
    /// Who made it (RTPROT_), since Linux 4.17.
    package var origin = AddressProtocol.holdfast.rawValue
    /// The table that is asked; 0 where none is.
    package var table: UInt32 = 0
    /// The priority of the rule that is gone to.
    package var target: UInt32?
    /// Packets from there; nil for all.
    package var source: Prefix?
    /// Packets to there; nil for all.
    package var destination: Prefix?
    /// The type of service; 0 for all.
    package var typeOfService: UInt8 = 0
    /// Their mark, as far as the mask goes.
    package var mark: UInt32?
    /// 0 without a mark.
    package var markMask: UInt32 = 0
    /// The name of the interface they came by.
    package var incoming: String?
    /// The name of the interface their socket is bound to.
    package var outgoing: String?
    /// The users whose sockets they come from.
    package var users: Span?
    /// Their transport protocol.
    package var transport: UInt8?
    /// Their source ports.
    package var sourcePorts: Span?
    /// Their destination ports.
    package var destinationPorts: Span?
    /// Routes whose prefix is no longer than this do not count.
    package var suppressedLength: UInt32?

    /// A rule of ours for all packets of a family.
    package init(family: AddressFamily, action: UInt8, priority: UInt32) {
        (self.family, self.action, self.priority) = (family, action, priority)
    }

    /// One of the three that the kernel begins with: all packets by the tables local, main and default.
    var isDefault: Bool {
        let tables: [UInt32: UInt32] = [0: 255, 32766: 254, 32767: 253]
        var plain = RoutingRule(family: family, action: 1, priority: priority)
        (plain.origin, plain.table) = (origin, table)
        return self == plain && tables[priority] == table
    }

    /// `rule 500 from 192.0.2.100/32`.
    package var description: String {
        "\(family == .inet ? "" : "IPv6 ")rule \(priority)" + (source.map { " from \($0)" } ?? "")
            + (destination.map { " to \($0)" } ?? "")
    }

    private enum Attribute {
        static let (destination, source, incoming) = (UInt16(1), UInt16(2), UInt16(3))
        static let (target, priority, mark) = (UInt16(4), UInt16(6), UInt16(10))
        static let (suppressedLength, table, mask) = (UInt16(14), UInt16(15), UInt16(16))
        static let (outgoing, users, origin) = (UInt16(17), UInt16(20), UInt16(21))
        static let (transport, sourcePorts, destinationPorts) = (UInt16(22), UInt16(23), UInt16(24))
    }

    /// The rule of an RTM_NEWRULE or RTM_DELRULE payload (struct fib_rule_hdr); nil when malformed or of
    /// another family.
    package init?(payload: [UInt8]) {
        let octets = payload[...]
        guard octets.count >= 12, octets[0] == 2 || octets[0] == 10 else { return nil }
        let attributes = NetlinkAttributes(octets.dropFirst(12))
        self.init(
            family: octets[0] == 2 ? .inet : .inet6, action: octets[7],
            priority: attributes.word(Attribute.priority) ?? 0)
        func network(_ type: UInt16, _ length: UInt8) -> Prefix? {
            attributes[type].flatMap { IPAddress(family: octets[0], octets: $0) }
                .flatMap { Prefix($0, length: length) }
        }
        func ports(_ type: UInt16) -> Span? {
            guard let value = attributes[type], let first = HostOrder.short(value, at: 0),
                let last = HostOrder.short(value, at: 2)
            else { return nil }
            return Span(UInt32(first), UInt32(last))
        }
        origin = attributes.octet(Attribute.origin) ?? 0
        destination = network(Attribute.destination, octets[1])
        source = network(Attribute.source, octets[2])
        typeOfService = octets[3]
        table = attributes.word(Attribute.table) ?? UInt32(octets[4])
        target = attributes.word(Attribute.target)
        markMask = attributes.word(Attribute.mask) ?? 0
        mark = attributes.word(Attribute.mark) ?? (markMask == 0 ? nil : 0)
        incoming = attributes.text(Attribute.incoming)
        outgoing = attributes.text(Attribute.outgoing)
        users = attributes[Attribute.users].flatMap { value in
            guard let first = HostOrder.word(value, at: 0), let last = HostOrder.word(value, at: 4) else {
                return nil
            }
            return Span(first, last)
        }
        transport = attributes.octet(Attribute.transport)
        sourcePorts = ports(Attribute.sourcePorts)
        destinationPorts = ports(Attribute.destinationPorts)
        suppressedLength = attributes.word(Attribute.suppressedLength).flatMap { $0 == .max ? nil : $0 }
    }

    /// The payload of a request to add or to remove this rule.
    package var payload: [UInt8] {
        var octets: [UInt8] = [
            family == .inet ? 2 : 10, destination?.length ?? 0, source?.length ?? 0, typeOfService,
            table < 256 ? UInt8(table) : 0, 0, 0, action, 0, 0, 0, 0,
        ]
        func add(_ type: UInt16, _ value: [UInt8]?) {
            if let value { octets += NetlinkAttributes.encoded(type, value) }
        }
        func ports(_ span: Span) -> [UInt8] {
            [span.first, span.last].flatMap { HostOrder.octets(UInt16(truncatingIfNeeded: $0)) }
        }
        add(Attribute.destination, destination?.address.octets)
        add(Attribute.source, source?.address.octets)
        add(Attribute.incoming, incoming.map { Array($0.utf8) + [0] })
        add(Attribute.outgoing, outgoing.map { Array($0.utf8) + [0] })
        add(Attribute.target, target.map { HostOrder.octets($0) })
        add(Attribute.priority, HostOrder.octets(priority))
        add(Attribute.mark, mark.map { HostOrder.octets($0) })
        add(Attribute.mask, mark == nil ? nil : HostOrder.octets(markMask))
        add(Attribute.suppressedLength, suppressedLength.map { HostOrder.octets($0) })
        add(Attribute.table, HostOrder.octets(table))
        add(Attribute.users, users.map { HostOrder.octets($0.first) + HostOrder.octets($0.last) })
        add(Attribute.origin, [origin])
        add(Attribute.transport, transport.map { [$0] })
        add(Attribute.sourcePorts, sourcePorts.map(ports))
        add(Attribute.destinationPorts, destinationPorts.map(ports))
        return octets
    }
}
