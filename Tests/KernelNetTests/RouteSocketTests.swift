import NetTypes
import Testing

@testable import KernelNet

@Suite struct RouteSocketTests {
    @Test func `the loopback interface is there for everybody to see`() throws {
        let links = try RouteSocket().links()
        let loopback = try #require(links.first { $0.isLoopback })
        #expect(loopback.name == "lo" && loopback.kind == nil)
        #expect(links.map(\.index) == links.map(\.index).sorted())
    }

    @Test func `addresses and neighbours can be listed without privilege`() throws {
        let route = try RouteSocket()
        let indices = Set(try route.links().map(\.index))
        #expect(try route.addresses().allSatisfy { indices.contains($0.interface) })
        _ = try route.neighbours()
        let nobody = IPAddress.v4(IPv4Address(203, 0, 113, 77))
        #expect(try route.neighbour(of: nobody, on: 1) == nil)
    }

    @Test func `a host without a family has no rules of it, and refuses nothing`() throws {
        let route = try RouteSocket()
        // DECnet, which no kernel has any more.
        #expect(try route.rules(of: nil, in: [12]).isEmpty && route.refusals == 0)
        let all = try route.rules()
        #expect(all.count { $0.family == .inet && $0.isDefault } == 3, "\(all)")
        #expect(try route.rules(of: .holdfast).allSatisfy { $0.origin == AddressProtocol.holdfast.rawValue })
    }

    @Test func `the way to this host itself is the loopback`() throws {
        let route = try RouteSocket()
        let loopback = try #require(route.links().first { $0.isLoopback })
        #expect(try route.interface(to: .v4(IPv4Address(127, 0, 0, 1))) == loopback.index)
    }
}
