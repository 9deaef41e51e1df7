import LinuxIO
import Testing
import Timekeeping

/// What `track_file` makes of an election, by us and by the distribution's keepalived. Needs root and
/// namespaces, no IPVS.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct TrackFileTests {
    /// The weights by which three instances track one file; the fourth's is a fault when the number is not 0.
    static let weights = ["1", "-3", "2 reverse", "0"]

    private func configuration(_ bench: DirectorBench) -> String {
        Self.weights.enumerated().map { index, weight in
            """
            track_file f\(index) {
                file \(bench.directory)/number
                weight \(weight)
            }
            vrrp_instance VI_\(index) {
                state BACKUP
                interface eth0
                virtual_router_id \(index + 1)
                priority 100
                advert_int 1
                track_file {
                    f\(index)
                }
                virtual_ipaddress {
                    192.0.2.10\(index)/24
                }
            }

            """
        }.joined()
    }

    /// The priorities that each instance advertised, without repetition, while the file was written.
    private func play(_ path: String, _ flags: (String) -> [String]) throws -> [[UInt8]] {
        let bench = try DirectorBench()
        let trace = try PacketTrace(on: bench.b)
        let file = try bench.write("a", configuration(bench))
        let director = try bench.a.start(
            path, ["-n", "-l", "-D", "-P", "-f", file] + flags("\(bench.directory)/a"),
            log: "\(bench.directory)/a.log")
        func settle(_ time: Interval) throws {
            _ = try Tools.wait(time) {
                try trace.collect()
                return false
            }
        }
        #expect(
            try Tools.wait(.seconds(30)) { try (0...3).allSatisfy { try bench.a.holds("192.0.2.10\($0)") } }
                != nil,
            "\(bench.log("a"))")
        for text in ["10\n", "-5", "0x10\n", "none", "0\n"] {
            try Files.replace("\(bench.directory)/number", with: Array(text.utf8))
            try settle(.seconds(6))
        }
        try Files.replace("\(bench.directory)/number", with: Array("7\n".utf8))
        try settle(.seconds(3))
        try Files.remove("\(bench.directory)/number")
        try settle(.seconds(6))
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(bench.log("a"))")
        try settle(.seconds(1))
        return (1...4).map { id in
            trace.adverts(from: bench.a.address).filter { $0.octets[35] == UInt8(id) }.map { $0.octets[36] }
                .reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        }
    }

    @Test func `the same numbers make the same priorities as with keepalived`() throws {
        let ours = try play(Tools.holdfastd) { ["-p", "\($0).pid"] }
        #expect(
            ours == [
                [100, 110, 95, 116, 100, 107, 100, 0], [100, 70, 115, 52, 100, 79, 100, 0],
                [100, 80, 110, 68, 100, 86, 100, 0], [100, 0, 100, 0, 100, 0],
            ])
        guard fullMatrix else { return }
        let theirs = try play("/usr/sbin/keepalived") { ["-p", "\($0).pid", "-r", "\($0).vrrp.pid"] }
        #expect(ours == theirs)
    }
}
