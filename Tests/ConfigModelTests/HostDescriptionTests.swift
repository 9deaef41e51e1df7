import NetTypes
import Testing

@testable import ConfigModel

@Suite struct HostDescriptionTests {
    private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    @Test func `interfaces are found by name and by address`() throws {
        var host = HostDescription()
        let address = try prefix("192.0.2.1").address
        #expect(host.interface("eth0") == nil && host.interfaces(with: address).isEmpty)
        host.interfaces = [
            HostDescription.Interface("lo", isLoopback: true, addresses: [try prefix("192.0.2.9/32")]),
            HostDescription.Interface(
                "eth0", addresses: [try prefix("192.0.2.1/24"), try prefix("192.0.2.9/24")]),
        ]
        #expect(host.interface("eth0")?.addresses.count == 2)
        #expect(host.interface("eth1") == nil)
        #expect(host.interfaces(with: try prefix("192.0.2.9").address).map(\.name) == ["lo", "eth0"])
        #expect(host.interfaces(with: try prefix("192.0.2.2").address).isEmpty)
    }

    @Test func `a file is a program of root unless told otherwise`() {
        let file = HostDescription.File()
        #expect(!file.isDirectory && file.mode == 0o755 && file.owner == 0 && file.group == 0)
    }
}
