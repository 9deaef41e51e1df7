import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct RouteSocketKernelTests {
    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    private func eth0(_ route: RouteSocket) throws -> Link {
        try #require(try route.links().first { $0.name == "eth0" })
    }

    @Test func `links are listed with name, flags, address and kind`() throws {
        try TestNetwork.with { network in
            let route = try RouteSocket()
            let links = try route.links()
            #expect(links.map(\.name).contains("lo"))
            let lo = try #require(links.first { $0.name == "lo" })
            #expect(lo.isLoopback && lo.isUp && lo.index == 1)
            let link = try eth0(route)
            #expect(link.mac == MACAddress("02:00:00:00:00:01"))
            #expect(link.kind == "veth" && link.isMulticast && link.mtu == 1500)
            #expect(try HostFacts.interfaceIndex("eth0") == link.index)
            try network.ip("link set eth0 down")
            #expect(try !eth0(route).isUp)
        }
    }

    @Test func `an address is added, seen with all its properties, refused twice and removed`() throws {
        try TestNetwork.with { network in
            let route = try RouteSocket()
            let link = try eth0(route)
            let address = InterfaceAddress(
                interface: link.index, prefix: try prefix("192.0.2.100/32"), label: "eth0:vip",
                origin: .holdfast)
            try route.add(address)
            let seen = try #require(try route.addresses().first { $0.prefix == address.prefix })
            #expect(seen.interface == link.index && seen.label == "eth0:vip" && seen.scope == .global)
            #expect(seen.origin == .holdfast)
            #expect(try network.ip("-4 address show dev eth0").contains("192.0.2.100/32"))
            let again = #expect(throws: RouteError.self) { try route.add(address) }
            #expect(again?.errno == .exists)
            try route.remove(address)
            #expect(try !route.addresses().contains { $0.prefix == address.prefix })
            let gone = #expect(throws: RouteError.self) { try route.remove(address) }
            #expect(gone?.errno == .addressNotAvailable)
            #expect(route.refusals == 0, "it was as it was to be")
            let nowhere = InterfaceAddress(interface: 99, prefix: address.prefix)
            #expect(throws: RouteError.self) { try route.add(nowhere) }
            #expect(route.refusals == 1)
        }
    }

    @Test func `an address in the subnet becomes secondary and makes no second route`() throws {
        try TestNetwork.with { network in
            let route = try RouteSocket()
            let link = try eth0(route)
            try route.add(InterfaceAddress(interface: link.index, prefix: try prefix("192.0.2.100/24")))
            let seen = try #require(try route.addresses().first { $0.prefix.description == "192.0.2.100/24" })
            #expect(seen.isSecondary && seen.origin == .unspecified)
            // The interface's name stands for a label that was not given.
            #expect(seen.label == "eth0")
            // A new subnet brings its own route: `noprefixroute` is not set.
            try route.add(InterfaceAddress(interface: link.index, prefix: try prefix("198.51.100.9/24")))
            #expect(try network.ip("route show").contains("198.51.100.0/24 dev eth0"))
        }
    }

    @Test func `an IPv6 address is added without duplicate detection when told so`() throws {
        try TestNetwork.with { _ in
            let route = try RouteSocket()
            let link = try eth0(route)
            let address = InterfaceAddress(
                interface: link.index, prefix: try prefix("2001:db8::100/64"), origin: .holdfast, flags: 0x02)
            try route.add(address)
            let seen = try #require(try route.addresses().first { $0.prefix == address.prefix })
            #expect(!seen.isTentative && seen.origin == .holdfast && seen.label == nil)
            try route.remove(address)
        }
    }

    @Test func `a refusal names the address, the interface and the reason`() throws {
        try TestNetwork.with { _ in
            let route = try RouteSocket()
            let address = InterfaceAddress(interface: 4711, prefix: try prefix("192.0.2.100/32"))
            let error = #expect(throws: RouteError.self) { try route.add(address) }
            #expect(error?.errno == .noDevice)
            #expect(
                error?.description.hasPrefix(
                    "cannot add 192.0.2.100/32 on interface 4711: No such device (ENODEV)")
                    == true)
        }
    }

    @Test func `many addresses are listed whole`() throws {
        try TestNetwork.with { _ in
            let route = try RouteSocket()
            let link = try eth0(route)
            let prefixes = (0..<1000).map {
                Prefix(host: .v4(IPv4Address(rawValue: 0x0A00_0000 + UInt32($0))))
            }
            for prefix in prefixes { try route.add(InterfaceAddress(interface: link.index, prefix: prefix)) }
            let seen = Set(try route.addresses().map(\.prefix))
            #expect(seen.isSuperset(of: prefixes))
            for prefix in prefixes {
                try route.remove(InterfaceAddress(interface: link.index, prefix: prefix))
            }
            #expect(
                try route.addresses().filter { $0.interface == link.index && $0.prefix.length == 32 }.isEmpty)
        }
    }

    @Test func `a neighbour is unknown, solicited, and known with its address`() throws {
        try TestNetwork.with { _ in
            let route = try RouteSocket()
            let monitor = try RouteMonitor([.neighbours])
            let link = try eth0(route)
            let peer = try #require(IPAddress("192.0.2.2"))
            #expect(try route.neighbour(of: peer, on: link.index) == nil)
            try route.solicit(peer, on: link.index)
            let found = try awaiting(monitor.descriptor) {
                try monitor.drain().lazy.compactMap { event -> Neighbour? in
                    guard case .neighbourChanged(let neighbour) = event else { return nil }
                    return neighbour.usableMAC == nil ? nil : neighbour
                }.first
            }
            #expect(found.mac == MACAddress("02:00:00:00:00:02"))
            #expect(found.address == peer && found.interface == link.index)
            #expect(try route.neighbour(of: peer, on: link.index)?.usableMAC == found.mac)
            #expect(try route.neighbours().contains { $0.address == peer })
        }
    }
}
