import HealthChecks
import LoadBalancing
import NetTypes
import Testing

@Suite struct VirtualServerTests {
    @Test func `a service is named by its mark or its endpoint`() throws {
        #expect("\(service())" == "192.0.2.100:80/tcp")
        #expect("\(try marked(3))" == "fwmark:3")
        #expect("\(try marked(3, .inet6))" == "fwmark:3/inet6")
    }

    @Test(arguments: [
        "192.0.2.100:80/tcp", "[2001:db8::1]:53/udp", "192.0.2.100:0/sctp", "fwmark:3",
        "fwmark:4294967295/inet6",
    ])
    func `a name reads back`(text: String) throws {
        let service = try #require(ServiceIdentity(text))
        #expect(service.description == text)
    }

    @Test(arguments: [
        "", "/", "192.0.2.100:80", "192.0.2.100:80/", "192.0.2.100:80/TCP", "192.0.2.100/tcp", "fwmark:0",
        "fwmark:", "fwmark:03", "fwmark:+3", "fwmark:3/inet", "fwmark:3/", "fwmark:4294967296", "web",
    ])
    func `anything else is no name`(text: String) { #expect(ServiceIdentity(text) == nil) }

    @Test func `a service has the family of its address or mark`() throws {
        let v6 = Endpoint(try #require(IPAddress("2001:db8::1")), port: 80)
        #expect(service().family == .inet)
        #expect(ServiceIdentity.address(.udp, v6).family == .inet6)
        #expect(try marked(3, .inet6).family == .inet6)
    }

    @Test mutating func `services sort by mark and family, then protocol, address and port`() throws {
        let v6 = Endpoint(try #require(IPAddress("2001:db8::1")), port: 1)
        let sorted: [ServiceIdentity] = [
            try marked(3), try marked(3, .inet6), try marked(4), .address(.tcp, endpoint(99, 443)),
            .address(.tcp, endpoint(100, 80)), .address(.tcp, endpoint(100, 81)), .address(.tcp, v6),
            .address(.udp, endpoint(1, 1)),
        ]
        for left in sorted.indices {
            for right in sorted.indices {
                #expect((sorted[left] < sorted[right]) == (left < right))
            }
        }
        #expect(sorted.shuffled(using: &random).sorted() == sorted)
    }

    var random = PlanDiffPropertyTests.Random(state: 7)

    @Test func `forwarding methods have the kernel's numbers`() {
        #expect(ForwardingMethod.masquerade.rawValue == 0)
        #expect(ForwardingMethod.tunnel.rawValue == 2)
        #expect(ForwardingMethod.directRouting.rawValue == 3)
    }

    @Test func `what is not configured has keepalived's default`() {
        let server = RealServer(endpoint: endpoint(21))
        #expect(server.weight == 1 && server.forwarding == nil && !server.inhibitOnFailure)
        #expect(server.checks.isEmpty)
        let web = VirtualServer(identity: service(), forwarding: .directRouting, realServers: [server])
        #expect(web.scheduler == "wlc" && web.quorum == 1)
        #expect(web.sorryServer == nil && web.persistence == nil && web.guardMark == nil)
        #expect(Persistence(prefixLength: 32).timeoutSeconds == 360)
    }

    @Test func `a mask is a prefix length, unless it has gaps`() {
        for length in 0...32 as ClosedRange<UInt8> {
            let prefix = Persistence(timeoutSeconds: 1, prefixLength: length)
            #expect(prefix == Persistence(timeoutSeconds: 1, mask: prefix.mask) && prefix.gappedMask == nil)
        }
        #expect(Persistence(prefixLength: 24).mask == 0xFFFF_FF00)
        #expect(Persistence(prefixLength: 0).mask == 0 && Persistence(prefixLength: 32).mask == .max)
        for mask in [24, 0xFF00_FF00, 0x0000_FFFF] as [UInt32] {
            let gapped = Persistence(timeoutSeconds: 1, mask: mask)
            #expect(gapped.mask == mask && gapped.gappedMask == mask)
            #expect(gapped != Persistence(timeoutSeconds: 1, prefixLength: gapped.prefixLength))
        }
    }
}
