import LinuxIO
import NetTypes
import Testing

@testable import KernelNet

@Suite struct RouteMonitorTests {
    private func event(_ type: UInt16, _ payload: [UInt8]) -> RouteEvent? {
        RouteEvent(NetlinkMessage(type: type, payload: payload))
    }

    @Test func `each type of message is its event`() throws {
        let link = wire("00 00 0100 03000000 43100100 00000000", "0700 0300 76300000")
        let thing = try #require(Link(payload: link))
        #expect(event(16, link) == .linkChanged(thing))
        #expect(event(17, link) == .linkRemoved(thing))
        let address = InterfaceAddress(interface: 3, prefix: Prefix(host: .v4(IPv4Address(192, 0, 2, 1))))
        #expect(event(20, address.payload()) == .addressChanged(address))
        #expect(event(21, address.payload()) == .addressRemoved(address))
        let neighbour = Neighbour(interface: 3, address: address.prefix.address, mac: nil, state: [])
        let payload = Neighbour.request(neighbour.address, on: 3)
        #expect(event(28, payload) == .neighbourChanged(neighbour))
        #expect(event(29, payload) == .neighbourRemoved(neighbour))
    }

    @Test func `of routes and rules only the removal is news, and what takes another's place`() throws {
        var route = Route(Route.Identity(destination: try #require(Prefix("198.51.100.0/24"))))
        var rule = RoutingRule(family: .inet, action: 1, priority: 5)
        #expect(event(25, route.payload()) == .routingRemoved(isOurs: true))
        #expect(event(33, rule.payload) == .routingRemoved(isOurs: true))
        #expect(event(24, route.payload()) == nil && event(32, rule.payload) == nil)
        let replacing = NetlinkMessage(type: 24, flags: 0x100, payload: route.payload())
        let replaced = try #require(Route(payload: route.payload()))
        #expect(RouteEvent(replacing) == .routeReplaced(replaced))
        route.origin = 3
        rule.origin = 18
        #expect(event(25, route.payload()) == .routingRemoved(isOurs: false))
        #expect(event(33, rule.payload) == .routingRemoved(isOurs: false))
        #expect(event(25, []) == nil && event(33, []) == nil)
    }

    @Test func `a bridge port's notification is not the link's`() {
        let port = wire("07 00 0100 03000000 43100100 00000000", "0700 0300 76300000")
        #expect(event(16, port) == nil && event(17, port) == nil)
    }

    @Test func `other and malformed messages are no events`() {
        for type in [0, 3, 16, 17, 20, 21, 24, 28, 29, 99] as [UInt16] { #expect(event(type, [0]) == nil) }
    }

    @Test func `groups have the kernel's numbers`() {
        #expect(RouteMonitor.Groups.links.numbers == [1])
        #expect(RouteMonitor.Groups([.neighbours, .addresses, .addresses6]).numbers == [5, 9, 3])
    }

    @Test func `listening needs no privilege and says nothing by itself`() throws {
        let monitor = try RouteMonitor([.links])
        #expect(monitor.descriptor.rawValue >= 0)
        #expect(try monitor.drain().filter { $0 == .overrun }.isEmpty)
    }
}
