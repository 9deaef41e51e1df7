import LoadBalancing
import NetTypes
import Testing

@Suite struct ServerNameTests {
    private static let name = ServerName(
        service: .address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)),
        server: Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 8080))

    @Test func `a name is the server's, at the service's`() {
        #expect("\(Self.name)" == "192.0.2.21:8080@192.0.2.100:80/tcp")
        var other = Self.name
        other.server = Endpoint(.v4(IPv4Address(192, 0, 2, 20)), port: 8080)
        #expect(other < Self.name)
        other.service = .address(.udp, Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 1))
        #expect(Self.name < other, "the service counts first")
        let web = VirtualServer(
            identity: Self.name.service, forwarding: .directRouting,
            realServers: [RealServer(endpoint: Self.name.server)])
        #expect(web.realServers.map(web.name) == [Self.name])
    }

    @Test(arguments: [
        ("192.0.2.21", true), ("192.0.2.21:8080", true), ("192.0.2.21@192.0.2.100:80/tcp", true),
        ("192.0.2.21:8080@192.0.2.100:80/tcp", true), ("192.0.2.21@192.0.2.100:80", true),
        ("192.0.2.2", false), ("192.0.2.22", false), ("192.0.2.21:80", false), ("192.0.2.100", false),
        ("192.0.2.21@192.0.2.100:80/udp", false), ("192.0.2.21@192.0.2.101:80/tcp", false),
        ("192.0.2.21@fwmark:3", false),
    ])
    func `words mean a server by all of its address`(words: String, isMeant: Bool) throws {
        #expect(try #require(ServerTarget(words)).means(Self.name) == isMeant)
    }

    @Test func `a service by mark is meant by its family`() throws {
        let mark = try #require(FirewallMark(3))
        let v6 = try #require(IPAddress("2001:db8::21"))
        let name = ServerName(service: .mark(.inet6, mark), server: Endpoint(v6, port: 80))
        for (words, isMeant) in [
            ("2001:db8::21", true), ("2001:DB8:0::21", true), ("[2001:db8::21]:80", true),
            ("[2001:db8::21]:80@fwmark:3/inet6", true), ("2001:db8::21@fwmark:3", false),
            ("2001:db8::21@192.0.2.100:80", false),
        ] {
            #expect(try #require(ServerTarget(words)).means(name) == isMeant, "\(words)")
        }
    }

    @Test(arguments: [
        "", "@", "192.0.2.21@", "@192.0.2.100:80/tcp", "web", "192.0.2.", "192.0.2.21:", "192.0.2.0/24",
        "192.0.2.21@192.0.2.100", "192.0.2.21@web", "192.0.2.21@192.0.2.100:80/tcp@192.0.2.100:80/tcp",
        "192.0.2.100:80/tcp", " 192.0.2.21", "[2001:db8::21]",
    ])
    func `anything else means nobody`(words: String) { #expect(ServerTarget(words) == nil) }
}
