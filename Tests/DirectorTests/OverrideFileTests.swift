import ControlProtocol
import LinuxIO
import LoadBalancing
import NetTypes
import SimulationKit
import Testing
import Timekeeping

@testable import Director

@Suite struct OverrideFileTests {
    private static let home = "4026531840 cookie 1"
    private static let times = ReportTimes(
        now: at(100), wall: WallTime(nanoseconds: 1_800_000_000_000_000_000))

    private static func entries() throws -> [ServerOverride] {
        let web = virtualServer().identity
        let v6 = Endpoint(try #require(IPAddress("2001:db8::21")), port: 80)
        return [
            ServerOverride(
                ServerName(service: web, server: endpoint("192.0.2.21", 80)), .drain, by: "uid 1000",
                reason: "kernel \"update\"", since: at(40), until: at(400)),
            ServerOverride(
                ServerName(service: web, server: endpoint("192.0.2.22", 80)), .maintenance, by: "uid 0",
                since: at(99)),
            ServerOverride(
                ServerName(service: .mark(.inet6, try #require(mark(3))), server: v6), .weight(2_147_483_647),
                by: "uid 0", since: at(99)),
        ]
    }

    private func read(_ text: String, _ times: ReportTimes = times) throws -> [ServerOverride] {
        try OverrideFile.overrides(in: Array(text.utf8), namespace: Self.home, times)
    }

    @Test func `what is written reads back`() throws {
        for list in [[], try Self.entries()] {
            let text = OverrideFile.text(list, namespace: Self.home, Self.times)
            #expect(try read(text) == list)
            #expect(text.split(separator: "\n").count == list.count + 2)
        }
    }

    @Test func `times go on by the wall clock, whatever the other one says`() throws {
        let text = OverrideFile.text(try Self.entries(), namespace: Self.home, Self.times)
        // A minute later in a process that counts from somewhere else.
        let later = ReportTimes(
            now: at(5000), wall: WallTime(nanoseconds: 1_800_000_060_000_000_000))
        let entry = try #require(try read(text, later).first)
        #expect(entry.since == at(4880) && entry.until == at(5240))
    }

    @Test func `of another network namespace nothing is taken`() throws {
        let text = OverrideFile.text(try Self.entries(), namespace: "9", Self.times)
        #expect(try read(text) == [])
    }

    @Test(arguments: [
        ("\"version\": 1", "\"version\": 2", "its form is 2"), ("holdfast-overrides", "other", "no file of"),
        ("[\n", "[\n5,\n", "override 1 makes no sense"), ("\"drain\"", "\"stop\"", "override 1"),
        ("\"maint\", \"weight\": null", "\"maint\", \"weight\": 3", "override 2"),
        ("2147483647", "2147483648", "override 3"), ("2147483647", "null", "override 3"),
        ("192.0.2.21:80", "192.0.2.21", "override 1"), ("100:80/tcp", "100:80", "override 1"),
        ("uid 1000", String(repeating: "u", count: 201), "override 1"),
        ("\"by\": \"uid 1000\"", "\"by\": null", "override 1"),
        ("\"until\": null}", "\"until\": \"soon\"}", "override 2"),
        ("\"until\": null}", "\"until\": null, \"more\": 1}", "override 2"), ("]}", "]", "stops being JSON"),
    ])
    func `a file that is not as it was written is refused whole`(
        old: String, new: String, reason: String
    ) throws {
        let text = OverrideFile.text(try Self.entries(), namespace: Self.home, Self.times)
        let damaged = text.replacing(old, with: new, maxReplacements: 1)
        #expect(damaged != text)
        let error = #expect(throws: OverrideFile.Malformed.self) { try read(damaged) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `a file that is cut or damaged anywhere does no harm`() throws {
        let whole = Array(OverrideFile.text(try Self.entries(), namespace: Self.home, Self.times).utf8)
        for length in 0..<whole.count - 2 {
            #expect(throws: OverrideFile.Malformed.self) {
                try OverrideFile.overrides(
                    in: Array(whole.prefix(length)), namespace: Self.home, Self.times)
            }
        }
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5000 {
            var damaged = whole
            for _ in 0...generator.below(4) {
                damaged[generator.below(damaged.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            let list = (try? OverrideFile.overrides(in: damaged, namespace: Self.home, Self.times)) ?? []
            #expect(list.count <= 3)
        }
    }

    @Test func `there are no more of them than can be`() throws {
        let one = try Self.entries()[0]
        let many = Array(repeating: one, count: ServerOverrides.limit)
        let text = OverrideFile.text(many, namespace: Self.home, Self.times)
        #expect(text.utf8.count < OverrideFile.limit)
        #expect(try read(text).count == ServerOverrides.limit)
        #expect(throws: OverrideFile.Malformed.self) {
            try read(OverrideFile.text(many + [one], namespace: Self.home, Self.times))
        }
    }

    @Test func `the longest of all fit what is read`() throws {
        var one = try Self.entries()[2]
        one.reason = String(repeating: "\\", count: ServerOverride.textLimit)
        one.until = at(1)
        let line = OverrideFile.text([one], namespace: Self.home, Self.times).utf8.count
        #expect(line * ServerOverrides.limit < OverrideFile.limit)
    }
}
