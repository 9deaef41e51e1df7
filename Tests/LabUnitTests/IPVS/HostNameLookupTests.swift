import IPVSAdmin
import Lab
import LinuxIO
import NetTypes
import Testing

@Suite struct HostNameLookupTests {
    private static let loopback = IPAddress.v4(IPv4Address(127, 0, 0, 1))

    @Test func `the host's names are used`() throws {
        try #require(Files.exists("/etc/services") && Files.exists("/etc/hosts"))
        let names = NameLookup.host()
        #expect(names.address("localhost") == IPv4Address(127, 0, 0, 1))
        #expect(names.port("http", .tcp) == 80)
        #expect(names.service(80, .tcp) == "http")
        #expect(names.host(Self.loopback) == HostNames.host(at: Self.loopback))
    }

    @Test func `asked again, it answers the same`() throws {
        try #require(Files.exists("/etc/services"))
        let names = NameLookup.host()
        for _ in 0..<3 {
            #expect(names.service(53, .udp) == "domain")
            #expect(names.service(53, .sctp) == HostNames.service(at: 53, .sctp))
            #expect(names.service(0, .tcp) == nil)
            #expect(names.host(Self.loopback) == HostNames.host(at: Self.loopback))
        }
    }
}
