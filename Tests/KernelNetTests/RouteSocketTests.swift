import KernelNet
import NetTypes
import Testing

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
}
