import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct PackedServicesTests {
    /// Services of which no two are alike in what is said of them.
    static let services: [VirtualServer] = {
        var marked = virtualServer("2001:db8::1", port: 0, sorry: realServer("2001:db8::99"))
        marked.identity = FirewallMark(7).map { .mark(.inet6, $0) } ?? marked.identity
        marked.quorum = 3
        var marked4 = virtualServer(servers: [])
        marked4.identity = FirewallMark(.max).map { .mark(.inet, $0) } ?? marked4.identity
        var grouped = virtualServer("192.0.2.200", port: 443, guardMark: mark(9))
        grouped.identity = .address(.sctp, endpoint("192.0.2.200", 443))
        grouped.group = ServiceGroup(
            name: "web", transport: .sctp, family: .inet,
            lines: FirewallMark(3).map { [.mark($0, .inet6)] } ?? [])
        var unlike = realServer("192.0.2.31", inhibit: true)
        (unlike.weight, unlike.upperThreshold, unlike.forwarding) = (0, 7, .tunnel)
        unlike.encapsulation = Encapsulation(type: Encapsulation.gue, port: 6080, flags: 1)
        unlike.checks += [scriptCheck(), tcpCheck("192.0.2.31", port: 8080)]
        return [virtualServer(), marked, marked4, grouped, virtualServer(port: 81, servers: [unlike])]
    }()

    /// A check of each kind that has a target, and of two that have none.
    static let checks: [CheckSpecification] = {
        let place = endpoint("2001:db8::5", 53)
        let kinds: [CheckSpecification.Kind] = [
            .tcp(TCPCheck(target: place)), .http(HTTPCheck(target: place, urls: [HTTPURL(path: "/x")])),
            .smtp(SMTPCheck(target: place)), .dns(DNSCheck(target: place)), .udp(UDPCheck(target: place)),
            .file(FileCheck(name: "f", weight: 2)),
        ]
        return kinds.map { CheckSpecification(kind: $0, schedule: CheckSchedule(delayLoop: .seconds(7))) }
            + [scriptCheck(), tcpCheck("192.0.2.1"), tcpCheck("192.0.2.2"), tcpCheck("192.0.2.1")]
    }()

    private func reread<Subject: Codable>(_ subject: Subject) throws -> Subject {
        try BinaryCoder.decode(Subject.self, from: BinaryCoder.encode(subject))
    }

    @Test func `services come back as they were`() throws {
        #expect(try reread(PackedServices(wrappedValue: Self.services)).wrappedValue == Self.services)
        #expect(try reread(PackedServices(wrappedValue: [])).wrappedValue.isEmpty)
    }

    @Test func `checks come back as they were`() throws {
        #expect(try reread(PackedChecks(wrappedValue: Self.checks)).wrappedValue == Self.checks)
    }

    @Test func `of ten thousand servers with a check of their own each costs a few octets`() throws {
        let services = (0..<100).map { number in
            virtualServer(
                port: UInt16(number + 1), servers: (0..<100).map { realServer("10.1.\(number).\($0)") })
        }
        let octets = try BinaryCoder.encode(PackedServices(wrappedValue: services))
        #expect(octets.count < 10_000 * 40)
        #expect(try BinaryCoder.decode(PackedServices.self, from: octets).wrappedValue == services)
    }

    @Test func `places that do not exist are refused`() throws {
        let octets = try BinaryCoder.encode(PackedServices(wrappedValue: [virtualServer(servers: [])]))
        // At the end: the services' number, the place, the name in three, no sorry server, no servers.
        let tail: [UInt8] = [3, 1, 3, 0, 3, 6, 3]
        let start = try #require(
            octets.indices.last { octets[$0...].starts(with: tail) }, "another layout than this test knows")
        for (offset, value) in [(1, 2), (3, 1), (5, 2), (5, 5)] {
            var damaged = octets
            damaged[start + offset] = UInt8(value)
            #expect(throws: (any Error).self) { try BinaryCoder.decode(PackedServices.self, from: damaged) }
        }
        #expect(throws: (any Error).self) {
            try BinaryCoder.decode(PackedServices.self, from: BinaryCoder.encode([1, 2, 3]))
        }
        #expect(throws: (any Error).self) {
            try BinaryCoder.decode(PackedChecks.self, from: BinaryCoder.encode("text"))
        }
    }

    @Test(arguments: 0..<300) func `damaged lists never trap`(_ seed: Int) throws {
        var random = SmallRandom(seed: UInt64(seed))
        var octets = try BinaryCoder.encode(PackedServices(wrappedValue: Self.services))
        for _ in 0...(seed % 5) {
            octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        if let read = try? BinaryCoder.decode(PackedServices.self, from: octets) {
            #expect(throws: Never.self) { try BinaryCoder.encode(read) }
        }
    }
}
