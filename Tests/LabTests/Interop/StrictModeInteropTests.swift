import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// What strict mode changes at runtime (docs/strict-mode.md), of Holdfast and of keepalived at once: each is
/// master of a virtual router of its own, and hears the adverts of a third host.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct StrictModeInteropTests {
    /// A master, as the third host sees it.
    private struct Side {
        let host: Segment.Host
        let virtualRouterID: UInt8
        let vip: IPv4Address
        let source: IPv4Address

        /// The second burst of gratuitous ARP comes early, so that later ones have another cause.
        func text(_ isStrict: Bool) -> String {
            let options = isStrict ? "strict_mode on" : "higher_prio_send_advert on"
            return DirectorBench.instance(150, vip: "\(vip)")
                .replacing("id 51", with: "id \(virtualRouterID)")
                .replacing("advert_int 1", with: "version 3\nadvert_int 1\ngarp_master_delay 1\n\(options)")
        }
    }

    /// The third host's ear and voice, on the bridge.
    private final class Wire {
        private let source: AdvertSource
        private let trace: PacketTrace

        init(_ client: Segment.Host) throws {
            source = try AdvertSource(client)
            trace = try PacketTrace(on: client)
        }

        private func adverts(of side: Side) throws -> [CapturedFrame] {
            try trace.collect()
            return trace.adverts(from: "\(side.source)").filter { $0.interface == source.index }
        }

        private func announcements(of side: Side) throws -> [CapturedFrame] {
            try trace.collect()
            return trace.frames.filter { frame in
                let octets = frame.octets
                return frame.interface == source.index && octets.count >= 42
                    && octets[12...13] == [0x08, 0x06]
                    && Array(octets[28..<32]) == side.vip.octets && Array(octets[38..<42]) == side.vip.octets
            }
        }

        /// What a master of priority 150 sends because it hears an advert of this priority: all before its
        /// next advert would be due anyway.
        func answer(of side: Side, to priority: UInt8) throws -> (adverts: Int, announcements: Int) {
            let before = try adverts(of: side).count
            let heard = try Tools.wait(.seconds(3)) { try adverts(of: side).count > before }
            try #require(heard != nil, "no advert")
            let last = try #require(try adverts(of: side).last).time.nanoseconds
            _ = Tools.wait(.milliseconds(350)) { false }
            let counts = (try adverts(of: side).count, try announcements(of: side).count)
            try source.send(
                source.advert(
                    priority, router: side.virtualRouterID, of: "\(side.vip)", centiseconds: 100))
            _ = Tools.wait(.milliseconds(300)) { false }
            func new(_ frames: [CapturedFrame], _ count: Int) -> Int {
                frames.dropFirst(count).count { $0.time.nanoseconds - last < 950_000_000 }
            }
            return (new(try adverts(of: side), counts.0), new(try announcements(of: side), counts.1))
        }
    }

    private let bench: DirectorBench

    init() throws { bench = try DirectorBench(withClient: true) }

    private var logs: String { "ours:\n\(bench.log("ours"))\nkeepalived:\n\(bench.log("theirs"))" }

    private func startKeepalived(_ side: Side, _ isStrict: Bool) throws {
        let pids = ["-p", "k", "-r", "kv", "-c", "kc"].map {
            $0.hasPrefix("-") ? $0 : "\(bench.directory)/\($0).pid"
        }
        _ = try side.host.start(
            "/usr/sbin/keepalived",
            ["-n", "-l", "-D", "-P", "-f", try bench.write("theirs", side.text(isStrict))] + pids,
            log: "\(bench.directory)/theirs.log")
    }

    /// A client gets an answer from the address, if only a refusal.
    private func isAnswered(_ side: Side) throws -> Bool {
        let client = try #require(bench.segment.client)
        let script = "timeout 1 bash -c 'echo > /dev/tcp/\(side.vip)/9' 2>&1; :"
        return try client.run("/bin/bash", "-c", script).output.text.contains("refused")
    }

    @Test(arguments: [true, false])
    func `a strict master answers no loser, yields without a word, and its address answers nobody`(
        isStrict: Bool
    ) throws {
        let client = try #require(bench.segment.client)
        let ours = Side(
            host: bench.a, virtualRouterID: 51, vip: IPv4Address(192, 0, 2, 101),
            source: IPv4Address(192, 0, 2, 2))
        let theirs = Side(
            host: bench.b, virtualRouterID: 52, vip: IPv4Address(192, 0, 2, 102),
            source: IPv4Address(192, 0, 2, 3))
        let director = try bench.start("ours", on: ours.host, ours.text(isStrict), flags: ["-P"])
        try startKeepalived(theirs, isStrict)
        for side in [ours, theirs] {
            let held = try Tools.wait(.seconds(40)) { try side.host.holds("\(side.vip)") }
            try #require(held != nil, "\(logs)")
        }
        if isStrict { #expect(bench.waitForLog("ours", "of inet in place"), "\(logs)") }
        let wire = try Wire(client)
        for (name, side) in [("ours", ours), ("keepalived", theirs)] {
            let loser = try wire.answer(of: side, to: 100)
            #expect((loser.adverts > 0) != isStrict, "\(name) to a loser: \(loser)\n\(logs)")
            #expect((loser.announcements > 0) != isStrict, "\(name) to a loser: \(loser)\n\(logs)")
            #expect(try isAnswered(side) != isStrict, "\(name)\n\(logs)")
            let winner = try wire.answer(of: side, to: 200)
            #expect((winner.adverts > 0) != isStrict, "\(name) to a winner: \(winner)\n\(logs)")
            #expect(try Tools.wait(.seconds(1)) { try !side.host.holds("\(side.vip)") } != nil, "\(logs)")
        }
        director.send(.terminate)
        #expect(bench.end(director) == .exited(0), "\(logs)")
    }
}
