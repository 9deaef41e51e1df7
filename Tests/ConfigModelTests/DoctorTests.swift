import LoadBalancing
import NetTypes
import Testing

@testable import ConfigModel

/// What the doctor says of a director with 192.0.2.2/24 on eth0, whose peer is 192.0.2.3.
func doctorFinding(
    _ number: Int, _ text: String, _ change: (inout HostDescription, inout LiveHost) -> Void = { _, _ in }
) throws -> DoctorFinding {
    var host = HostDescription()
    let network = try #require(Prefix("192.0.2.2/24"))
    host.interfaces = [
        HostDescription.Interface(
            "lo", isLoopback: true, addresses: [try #require(Prefix("127.0.0.1/8"))]),
        HostDescription.Interface("eth0", addresses: [network]),
    ]
    var live = LiveHost()
    live.isRunning = true
    live.masters = [try #require(IPAddress("192.0.2.3"))]
    change(&host, &live)
    let configuration = try #require(Sample.load(text).configuration)
    let findings = Doctor(configuration, on: host, running: live).findings
    #expect(findings.map(\.number) == Array(1...14))
    return try #require(findings.first { $0.number == number })
}

@Suite struct DoctorTests {
    private func finding(
        _ number: Int, _ text: String, _ change: (inout HostDescription, inout LiveHost) -> Void = { _, _ in }
    ) throws -> DoctorFinding { try doctorFinding(number, text, change) }

    private func service(_ servers: [String], kind: String = "DR") -> String {
        Sample.service(kind: kind, servers: servers.map { Sample.server("\($0) 80") }.joined())
    }

    @Test func `a pair without pitfalls is well`() throws {
        for number in [1, 2, 3, 7, 8, 9, 11] {
            let found = try finding(number, Sample.instance() + service(["192.0.2.21", "192.0.2.22"]))
            #expect(found.level == .ok && found.cure == nil, "\(found)")
        }
        #expect(try finding(4, service(["192.0.2.21"])).level == .info, "no NAT")
        #expect(try finding(1, Sample.instance()).level == .info, "no service")
    }

    @Test func `another port than the service's is a pitfall of direct routing alone`() throws {
        func text(_ kind: String) -> String {
            Sample.service(
                kind: kind,
                servers: Sample.server("192.0.2.21 8080") + Sample.server("192.0.2.22 80"))
        }
        let refused = Sample.load(text("DR"))
        let found = Doctor.findings(ofRefused: refused)
        #expect(found.map(\.number) == [1] && found.map(\.level) == [.failure])
        #expect(
            found.first?.evidence == refused.lines.first && found.first?.cure?.contains("use NAT") == true)
        #expect(try finding(1, text("NAT")).level == .info)
        #expect(Doctor.findings(ofRefused: Sample.load("nonsense {\n}\n")).isEmpty)
    }

    @Test(arguments: ["192.0.2.2", "192.0.2.3"])
    func `a director among the real servers is a pitfall without the guard`(address: String) throws {
        let found = try finding(2, service([address, "192.0.2.21"]))
        #expect(found.level == .failure && found.evidence.hasPrefix("\(address) is a director"))
        #expect(found.cure?.contains("loop_guard") == true)
        #expect(try finding(2, service([address], kind: "NAT")).level == .ok)
    }

    @Test func `two of them are a loop`() throws {
        #expect(try finding(7, service(["192.0.2.2", "192.0.2.3"])).level == .failure)
        #expect(try finding(7, service(["192.0.2.2", "192.0.2.21"])).level == .ok)
        let guarded =
            "loop_guard {\npeer 192.0.2.3\n}\n"
            + Sample.service(
                lines: "protocol TCP\nloop_guard",
                servers: Sample.server("192.0.2.2 80") + Sample.server("192.0.2.3 80"))
        #expect(try finding(7, guarded).level == .ok)
        #expect(try finding(2, guarded).level == .ok)
    }

    @Test func `a server in another network is out of reach of direct routing`() throws {
        let found = try finding(3, service(["192.0.2.21", "203.0.113.21"]))
        #expect(found.level == .failure && found.evidence.hasPrefix("203.0.113.21: in no network"))
        #expect(try finding(3, service(["203.0.113.21"], kind: "TUN")).level == .info)
        let unknown = try finding(3, service(["192.0.2.21"])) { host, _ in host.interfaces = nil }
        #expect(unknown.level == .unknown)
    }

    @Test func `replies that do not come back through NAT are missed`() throws {
        let text = service(["192.0.2.21"], kind: "NAT")
        let name = ServerName(
            service: .address(.tcp, Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: 80)),
            server: Endpoint(.v4(IPv4Address(192, 0, 2, 21)), port: 80))
        func level(_ packetsIn: UInt64, _ packetsOut: UInt64) throws -> DoctorFinding.Level {
            try finding(4, text) { _, live in
                live.traffic[name] = LiveHost.Traffic(packetsIn: packetsIn, packetsOut: packetsOut)
            }.level
        }
        #expect(try level(4120, 0) == .warning)
        #expect(try level(4120, 4000) == .ok)
        #expect(try level(99, 0) == .info, "too little to tell")
        #expect(try level(100, 0) == .warning)
        #expect(try finding(4, text) { $1.isRunning = false }.level == .unknown)
        let forwarding = try finding(4, text) { host, _ in host.settings["net/ipv4/ip_forward"] = "0" }
        #expect(forwarding.level == .failure && forwarding.cure == "sysctl -w net.ipv4.ip_forward=1")
    }

    @Test func `what the host and the wire say is told`() throws {
        let text = Sample.instance()
        #expect(try finding(8, text) { $1.complaints = ["eth7 is missing"] }.evidence == "eth7 is missing")
        let drops = try finding(9, text) {
            $1.drops = ["VI_1": ["auth-type": 3, "ttl": 0, "own-address": 9]]
        }
        #expect(drops.level == .warning && drops.evidence == "adverts are dropped: VI_1: 3 auth-type")
        let old = try finding(9, text) {
            $1.drops = ["VI_1": ["auth-type": 3]]
            $1.newDrops = ["VI_1": ["auth-type": 0, "vrid": 2]]
        }
        #expect(old.level == .info && old.evidence.hasSuffix("since the daemon began: VI_1: 3 auth-type"))
        let growing = try finding(9, text) {
            $1.drops = ["VI_1": ["auth-type": 3, "ttl": 9]]
            $1.newDrops = ["VI_1": ["auth-type": 2]]
        }
        #expect(growing.level == .warning && growing.evidence == "adverts are dropped: VI_1: 2 auth-type")
        #expect(Doctor.mayDrop(["VI_1": ["ttl": 1]]) && !Doctor.mayDrop(["VI_1": ["ttl": 0, "vrid": 9]]))
        let shared = try finding(9, text) { $1.drops = ["VI_1": ["vrid": 4_000]] }
        #expect(shared.level == .ok, "another pair by another number on the same network")
        #expect(try finding(9, text) { $1.isRunning = false }.level == .unknown)
        #expect(try finding(11, text) { $1.otherDaemons = ["keepalived"] }.level == .warning)
    }
}
