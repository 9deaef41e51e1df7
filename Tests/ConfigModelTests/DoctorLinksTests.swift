import NetTypes
import Testing

@testable import ConfigModel

@Suite struct DoctorLinksTests {
    private func throughput(_ rates: [(UInt64, UInt64)], kind: String = "NAT") throws -> DoctorFinding {
        try doctorFinding(5, Sample.service(kind: kind)) { _, live in
            live.loads = rates.enumerated().map { place, rate in
                LiveHost.Load(
                    interface: "eth\(place)", bitsPerSecond: rate.0 * 1_000_000, capacity: rate.1 * 1_000_000)
            }
        }
    }

    @Test func `a link that is nearly full is where NAT ends`() throws {
        let full = try throughput([(100, 10_000), (7100, 10_000)])
        #expect(full.level == .warning && full.cure?.contains("DR or TUN") == true)
        #expect(full.evidence.hasPrefix("eth1 sends 7100 of 10000 Mbit/s"))
        let idle = try throughput([(690, 1000)])
        #expect(idle.level == .ok && idle.evidence == "eth0 sends 690 of 1000 Mbit/s")
        #expect(try throughput([(700, 1000)]).level == .warning)
    }

    @Test func `without NAT, or a speed, there is nothing to say`() throws {
        #expect(try throughput([(990, 1000)], kind: "DR").level == .info)
        #expect(try throughput([(990, 0)]).level == .info)
        #expect(try throughput([]).level == .info)
        for (kind, wanted) in [("NAT", true), ("DR", false)] {
            let configuration = try #require(Sample.load(Sample.service(kind: kind)).configuration)
            #expect(Doctor.usesNAT(configuration) == wanted)
        }
        #expect(LiveHost.Load(interface: "a", bitsPerSecond: 9, capacity: 0).percent == 0)
        #expect(LiveHost.Load(interface: "a", bitsPerSecond: 9, capacity: 10).percent == 9)
    }

    static let clocks: [(isSynchronized: Bool?, level: DoctorFinding.Level)] = [
        (true, .ok), (false, .warning), (nil, .unknown),
    ]

    @Test(arguments: clocks)
    func `a clock that nothing sets is told`(isSynchronized: Bool?, level: DoctorFinding.Level) throws {
        let found = try doctorFinding(13, Sample.instance()) { $1.isClockSynchronized = isSynchronized }
        #expect(found.level == level && (found.cure == nil) == (level != .warning))
        let kept = try doctorFinding(13, Sample.instance()) {
            $1.isClockSynchronized = isSynchronized
            $1.timekeepers = ["chronyd"]
        }
        #expect(kept.level == (isSynchronized == false ? .info : level))
        #expect(kept.level != .info || kept.evidence.hasPrefix("chronyd runs"))
    }

    private func tunnel(
        _ mtu: UInt32, server: String = "192.0.2.21 80", kind: String = "TUN"
    ) throws -> DoctorFinding {
        let text = Sample.service(kind: kind, servers: Sample.server(server))
        return try doctorFinding(14, text) { host, _ in host.interfaces?[1].mtu = mtu }
    }

    @Test func `a way that is as wide as the clients' is too narrow for a tunnel`() throws {
        let narrow = try tunnel(1500)
        #expect(narrow.level == .info && narrow.cure?.hasPrefix("an MTU of 1520") == true)
        #expect(
            narrow.evidence
                == "192.0.2.21: the MTU on its way is 1500, and a packet of 1500 octets in its tunnel takes "
                + "1520")
        #expect(try tunnel(1519).level == .info)
        #expect(try tunnel(1499).level == .warning)
        #expect(try tunnel(1520).level == .ok)
    }

    @Test(arguments: [
        ("gue port 6080", UInt32(1532)), ("gue port 6080 remcsum", 1540), ("gre", 1524), ("gre csum", 1528),
    ])
    func `each encapsulation takes its own`(type: String, needed: UInt32) throws {
        let kind = "TUN type \(type)"
        #expect(try tunnel(needed - 1, kind: kind).level == .info)
        #expect(try tunnel(needed, kind: kind).level == .ok)
    }

    @Test func `what is behind a router is not known`() throws {
        #expect(try tunnel(1500, server: "203.0.113.21 80").level == .info)
        #expect(try doctorFinding(14, Sample.service()).level == .info, "no tunnel")
    }
}
