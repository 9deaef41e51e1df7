import Glibc
import Testing
import Timekeeping

/// Holdfast and keepalived with the authentication of RFC 2338.
@Suite(.serialized) struct PasswordInteropTests {
    private let vip = "192.0.2.100"

    private func configuration(priority: Int, password: String) -> String {
        """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            priority \(priority)
            authentication {
                auth_type PASS
                auth_pass \(password)
            }
            virtual_ipaddress {
                \(vip)/24
            }
        }

        """
    }

    @Test func `a shared password is accepted and another one is not`() throws {
        let bench = try InteropBench()
        let (ours, theirs) = (bench.segment.a, bench.segment.b)
        let peer = try bench.startKeepalived(on: theirs, configuration(priority: 150, password: "secret"))
        #expect(try Tools.wait(.seconds(10)) { try theirs.holds(vip) } != nil)
        let director = try bench.startOurs(on: ours, configuration(priority: 100, password: "secret"))
        usleep(5_000_000)
        #expect(try !ours.holds(vip), "the same password: we wait\n\(bench.logs)")
        bench.stop(director)
        _ = try bench.startOurs(on: ours, configuration(priority: 100, password: "other"))
        #expect(
            try Tools.wait(.seconds(10)) { try ours.holds(vip) } != nil,
            "its adverts are dropped\n\(bench.logs)")
        bench.stop(peer)
    }
}
