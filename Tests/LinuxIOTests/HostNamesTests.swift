import LinuxIO
import NetTypes
import Testing

/// Only what needs no name server: /etc/hosts and /etc/services.
@Suite struct HostNamesTests {
    private static let loopback = IPAddress.v4(IPv4Address(127, 0, 0, 1))

    @Test func `an address is its own name`() {
        #expect(HostNames.address(of: "192.0.2.21") == IPv4Address(192, 0, 2, 21))
        #expect(HostNames.address(of: "127.0.0.1") == IPv4Address(127, 0, 0, 1))
    }

    @Test func `localhost is here`() throws {
        try #require(Files.exists("/etc/hosts"))
        #expect(HostNames.address(of: "localhost") == IPv4Address(127, 0, 0, 1))
        #expect(HostNames.host(at: Self.loopback)?.isEmpty == false)
    }

    @Test func `services have the ports of the host's list`() throws {
        guard Files.exists("/etc/services") else { return }
        #expect(HostNames.port(of: "http", .tcp) == 80)
        #expect(HostNames.port(of: "domain", .udp) == 53)
        #expect(HostNames.service(at: 80, .tcp) == "http")
        #expect(HostNames.service(at: 53, .udp) == "domain")
    }

    @Test func `threads that ask at once get each its own answer`() async throws {
        guard Files.exists("/etc/services") else { return }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let (name, port) = number % 2 == 0 ? ("http", UInt16(80)) : ("ssh", 22)
                    return (0..<200).allSatisfy { _ in HostNames.port(of: name, .tcp) == port }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func `what nobody has named has no name`() {
        #expect(HostNames.port(of: "no-such-service", .tcp) == nil)
        #expect(HostNames.port(of: "", .tcp) == nil)
        #expect(HostNames.service(at: 1, .sctp) == nil)
        #expect(HostNames.service(at: 0, .tcp) == nil)
        #expect(HostNames.address(of: "") == nil)
        #expect(HostNames.address(of: "no such host") == nil)
    }

    @Test func `the order of a port's octets is the network's`() throws {
        guard Files.exists("/etc/services") else { return }
        // 80 with its octets exchanged is 20480, which is nobody's.
        #expect(HostNames.service(at: 20480, .tcp) != "http")
    }
}
