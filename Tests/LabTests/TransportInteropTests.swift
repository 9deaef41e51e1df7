import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Holdfast and keepalived share a virtual router over IPv6, by unicast, and in a group of their own: both
/// roles.
@Suite(.serialized) struct TransportInteropTests {
    /// A way to carry adverts that both must understand.
    enum Way: String, CaseIterable, CustomTestStringConvertible {
        case unicast2 = "unicast, version 2"
        case unicast3 = "unicast, version 3"
        case checked = "unicast, TTL and source checked"
        case group = "another group and source"
        case ipv6 = "IPv6"
        case ipv6Unicast = "IPv6 unicast"

        var testDescription: String { rawValue }

        /// The address whose place tells who is master.
        var vip: String {
            switch self {
            case .unicast2, .unicast3, .checked, .group: "192.0.2.100"
            case .ipv6, .ipv6Unicast: "2001:db8::100"
            }
        }

        private var addresses: String {
            switch self {
            case .unicast2, .unicast3, .checked, .group: "\(vip)/24"
            case .ipv6, .ipv6Unicast: "fe80::100/64\n\(vip)/64"
            }
        }

        private func lines(own: String, peer: String) -> String {
            let unicast = "unicast_src_ip \(own)\nunicast_peer {\n\(peer)\n}"
            return switch self {
            case .unicast2: unicast
            case .unicast3: "version 3\n" + unicast
            case .checked: unicast.replacing("\n}", with: " min_ttl 255\n}")
            case .group: "mcast_dst_ip 224.0.0.19\nmcast_src_ip \(own)"
            case .ipv6: ""
            case .ipv6Unicast: unicast
            }
        }

        func configuration(priority: Int, own: Int, peer: Int) -> String {
            let network = self == .ipv6Unicast ? "2001:db8::" : "192.0.2."
            return """
                vrrp_instance VI_1 {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority \(priority)
                    \(lines(own: "\(network)\(own)", peer: "\(network)\(peer)"))
                    virtual_ipaddress {
                        \(addresses)
                    }
                }

                """
        }
    }

    private func bench(_ way: Way) throws -> InteropBench {
        let bench = try InteropBench()
        for (host, number) in [(bench.segment.a, 2), (bench.segment.b, 3)] {
            try Tools.ip([
                "-n", host.name, "address", "add", "2001:db8::\(number)/64", "dev", "eth0", "nodad",
            ])
            // A link-local address is of use once the kernel has found that nobody else has it.
            _ = try Tools.wait(.seconds(5)) {
                let list = try host.run(Tools.ipPath, "-6", "-o", "address", "show", "dev", "eth0")
                return list.output.text.contains("fe80") && !list.output.text.contains("tentative")
            }
        }
        return bench
    }

    private func holds(_ host: Segment.Host, _ way: Way) throws -> Bool {
        try host.run(Tools.ipPath, "-o", "address", "show").output.text.contains(" \(way.vip)/")
    }

    @Test(arguments: Way.allCases)
    func `we follow a better keepalived and take over when it resigns`(way: Way) throws {
        let bench = try bench(way)
        let (ours, theirs) = (bench.segment.a, bench.segment.b)
        _ = try bench.startOurs(on: ours, way.configuration(priority: 100, own: 2, peer: 3))
        #expect(try Tools.wait(.seconds(10)) { try holds(ours, way) } != nil, "alone\n\(bench.logs)")
        let peer = try bench.startKeepalived(on: theirs, way.configuration(priority: 150, own: 3, peer: 2))
        #expect(
            try Tools.wait(.seconds(12)) { try holds(theirs, way) && !holds(ours, way) } != nil,
            "\(bench.logs)")
        usleep(4_500_000)
        #expect(try !holds(ours, way), "we hear its adverts\n\(bench.logs)")
        bench.stop(peer)
        let takeover = try Tools.wait(.seconds(6)) { try holds(ours, way) }
        #expect(takeover.map { $0 < .seconds(3) } == true, "it resigned: \(takeover as Any)\n\(bench.logs)")
    }

    @Test(arguments: Way.allCases)
    func `keepalived follows us and takes over when we resign`(way: Way) throws {
        let bench = try bench(way)
        let (ours, theirs) = (bench.segment.a, bench.segment.b)
        let director = try bench.startOurs(on: ours, way.configuration(priority: 150, own: 2, peer: 3))
        #expect(try Tools.wait(.seconds(10)) { try holds(ours, way) } != nil, "alone\n\(bench.logs)")
        _ = try bench.startKeepalived(on: theirs, way.configuration(priority: 100, own: 3, peer: 2))
        usleep(7_000_000)
        #expect(try holds(ours, way) && !holds(theirs, way), "it hears our adverts\n\(bench.logs)")
        bench.stop(director)
        #expect(try !holds(ours, way), "a clean stop leaves no address behind\n\(bench.logs)")
        let takeover = try Tools.wait(.seconds(6)) { try holds(theirs, way) }
        #expect(takeover.map { $0 < .seconds(3) } == true, "we resigned: \(takeover as Any)\n\(bench.logs)")
    }
}
