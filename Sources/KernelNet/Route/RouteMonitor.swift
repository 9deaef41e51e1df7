// Listens to what the kernel says of links, addresses and neighbours. Events may be lost: when the socket's
// queue overflows, `.overrun` stands in for whatever is missing, and the owner reads everything anew with
// `RouteSocket`.

import CNetlink
import LinuxIO
import NetTypes

/// Something changed in this network namespace, whoever did it; our own changes are reported too.
package enum RouteEvent: Hashable, Sendable {
    /// A link is new or has changed: name, flags, address, master.
    case linkChanged(Link)
    /// A link is gone, or has moved to another namespace.
    case linkRemoved(Link)
    /// An address is new or has changed.
    case addressChanged(InterfaceAddress)
    /// An address is gone.
    case addressRemoved(InterfaceAddress)
    /// A neighbour is new or has changed.
    case neighbourChanged(Neighbour)
    /// A neighbour is gone.
    case neighbourRemoved(Neighbour)
    /// A route or a rule is gone.
    case routingRemoved(isOurs: Bool)
    /// This route was written in place of one of its identity, of which the kernel says nothing more.
    case routeReplaced(Route)
    /// Events were lost: read everything anew.
    case overrun

    /// The event of one message; nil for those that are of no interest (a bridge's forwarding entries, Wi-Fi
    /// events) or malformed.
    package init?(_ message: NetlinkMessage) {
        switch Int(message.type) {
        case Int(RTM_NEWLINK):
            // A bridge reports its ports in the same type, with a family of its own: those are not the link
            // itself.
            guard message.payload.first == 0, let link = Link(payload: message.payload) else { return nil }
            self = .linkChanged(link)
        case Int(RTM_DELLINK):
            guard message.payload.first == 0, let link = Link(payload: message.payload) else { return nil }
            self = .linkRemoved(link)
        case Int(RTM_NEWADDR):
            guard let address = InterfaceAddress(payload: message.payload) else { return nil }
            self = .addressChanged(address)
        case Int(RTM_DELADDR):
            guard let address = InterfaceAddress(payload: message.payload) else { return nil }
            self = .addressRemoved(address)
        case Int(RTM_NEWNEIGH):
            guard let neighbour = Neighbour(payload: message.payload) else { return nil }
            self = .neighbourChanged(neighbour)
        case Int(RTM_DELNEIGH):
            guard let neighbour = Neighbour(payload: message.payload) else { return nil }
            self = .neighbourRemoved(neighbour)
        case Int(RTM_NEWROUTE):
            // Those that are merely new are many where a routing protocol runs, and are not even read.
            guard Int32(message.flags) & NLM_F_REPLACE != 0, let route = Route(payload: message.payload)
            else { return nil }
            self = .routeReplaced(route)
        case Int(RTM_DELROUTE):
            guard let route = Route(payload: message.payload) else { return nil }
            self = .routingRemoved(isOurs: route.origin == AddressProtocol.holdfast.rawValue)
        case Int(RTM_DELRULE):
            guard let rule = RoutingRule(payload: message.payload) else { return nil }
            self = .routingRemoved(isOurs: rule.origin == AddressProtocol.holdfast.rawValue)
        default: return nil
        }
    }
}

/// The listening side of rtnetlink for the network namespace it was opened in.
package final class RouteMonitor {
    /// What to listen to.
    package struct Groups: OptionSet, Hashable, Sendable {
        /// The bits.
        package let rawValue: UInt8
        /// A set from its bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Interfaces.
        package static let links = Groups(rawValue: 1)
        /// IPv4 addresses.
        package static let addresses = Groups(rawValue: 2)
        /// IPv6 addresses.
        package static let addresses6 = Groups(rawValue: 4)
        /// Neighbours, both families.
        package static let neighbours = Groups(rawValue: 8)

        /// Routes, both families.
        package static let routes = Groups(rawValue: 16)
        /// Rules, both families.
        package static let rules = Groups(rawValue: 32)

        var numbers: [UInt32] {
            let table: [(Groups, UInt32)] = [
                (.links, 1), (.addresses, 5), (.addresses6, 9), (.neighbours, 3), (.routes, 7), (.routes, 11),
                (.rules, 8), (.rules, 19),
            ]
            return table.filter { contains($0.0) }.map(\.1)
        }
    }

    private let socket: NetlinkSocket

    /// Listens to `groups` from now on, with room for about `receiveBuffer` octets of unread messages. Read
    /// the present state after this, not before, or a change between the two is missed.
    package init(_ groups: Groups, receiveBuffer: Int32 = 1 << 20) throws(RouteError) {
        do throws(Errno) {
            socket = try NetlinkSocket(timeout: nil, receiveBuffer: receiveBuffer)
            for group in groups.numbers { try socket.join(group) }
        } catch {
            throw RouteError("listen to changes of interfaces", error)
        }
    }

    /// Listens to these, too, from now on.
    package func add(_ groups: Groups) throws(RouteError) {
        do throws(Errno) {
            for group in groups.numbers { try socket.join(group) }
        } catch {
            throw RouteError("listen to changes of routes", error)
        }
    }

    /// For the event loop.
    package var descriptor: Descriptor { socket.descriptor }

    /// The events that have come, oldest first, from at most `limit` datagrams; what is left keeps the
    /// descriptor readable.
    package func drain(limit: Int = 256) throws(RouteError) -> [RouteEvent] {
        var events: [RouteEvent] = []
        for _ in 0..<limit {
            do throws(Errno) {
                guard case .messages(let messages) = try socket.receive() else { return events }
                for message in messages {
                    // A message that cannot be read may have said anything.
                    guard let message else { throw .badMessage }
                    if let event = RouteEvent(message) { events.append(event) }
                }
            } catch {
                switch error {
                case .noBuffers, .messageTooLong, .badMessage: events.append(.overrun)
                default: throw RouteError("receive changes of interfaces", error)
                }
            }
        }
        return events
    }
}
