import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Holdfast and keepalived with the authentication of RFC 2338.
@Suite(.serialized) struct PasswordInteropTests {
    private let vip = "192.0.2.100"

    private func configuration(priority: Int, type: String, password: String) -> String {
        """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            priority \(priority)
            authentication {
                auth_type \(type)
                auth_pass \(password)
            }
            virtual_ipaddress {
                \(vip)/24
            }
        }

        """
    }

    @Test(arguments: ["PASS", "AH"])
    func `a shared password is accepted and another one is not`(type: String) throws {
        let bench = try InteropBench()
        let (ours, theirs) = (bench.segment.a, bench.segment.b)
        let peer = try bench.startKeepalived(
            on: theirs, configuration(priority: 150, type: type, password: "secret"))
        #expect(try Tools.wait(.seconds(40)) { try theirs.holds(vip) } != nil)
        let director = try bench.startOurs(
            on: ours, configuration(priority: 100, type: type, password: "secret"))
        usleep(5_000_000)
        #expect(try !ours.holds(vip), "the same password: we wait\n\(bench.logs)")
        bench.stop(director)
        _ = try bench.startOurs(on: ours, configuration(priority: 100, type: type, password: "other"))
        #expect(
            try Tools.wait(.seconds(40)) { try ours.holds(vip) } != nil,
            "its adverts are dropped\n\(bench.logs)")
        #expect(bench.logs.contains("wrong password"), "\(bench.logs)")
        bench.stop(peer)
    }

    @Test func `a vrrp role that is killed goes on with numbers that keepalived accepts`() throws {
        let bench = try InteropBench()
        let (ours, theirs) = (bench.segment.a, bench.segment.b)
        let director = try bench.startOurs(on: ours, configuration(priority: 150, type: "AH", password: "s"))
        #expect(try Tools.wait(.seconds(40)) { try ours.holds(vip) } != nil, "\(bench.logs)")
        let peer = try bench.startKeepalived(
            on: theirs, configuration(priority: 100, type: "AH", password: "s"))
        // It has heard numbers above those that a new role would begin with.
        usleep(4_000_000)
        try Signal.kill.send(to: try #require(try role("vrrp", on: ours)))
        let taken = try Tools.wait(.seconds(6)) { try theirs.holds(vip) }
        #expect(taken == nil, "\(bench.logs)")
        #expect(try ours.holds(vip) && !theirs.holds(vip), "\(bench.logs)")
        #expect(!bench.logs.contains("already processed"), "\(bench.logs)")
        bench.stop(director)
        bench.stop(peer)
    }

    /// The process of a role of holdfastd.
    private func role(_ name: String, on host: Segment.Host) throws -> pid_t? {
        let list = try Tools.ip(["netns", "pids", host.name]).output.text
        return try list.split(separator: "\n").compactMap { pid_t($0) }.first {
            let line = try Files.read("/proc/\($0)/cmdline", limit: 4096)
            return String(decoding: line, as: UTF8.self).contains("--role\0\(name)")
        }
    }
}
