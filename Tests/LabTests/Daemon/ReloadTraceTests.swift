import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// What a reload has on the wire and in the kernel of what it does not change: nothing.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct ReloadTraceTests {
    private static let rounds = 5
    private static let others = "192.0.2.101"
    private static let first = DirectorBench.instance(150).replacing(
        "advert_int 1", with: "advert_int 1\n    garp_master_delay 1")
    private static let second = DirectorBench.instance(150, vip: others).replacing("VI_1", with: "VI_2")
        .replacing("router_id 51", with: "router_id 52")
        .replacing("advert_int 1", with: "version 3\n    advert_int 0.1")

    private let bench: DirectorBench

    init() throws { bench = try DirectorBench() }

    /// Gratuitous ARP for `address`, and answers of who has it.
    private func claims(of address: String, in trace: PacketTrace) -> [CapturedFrame] {
        guard let address = IPv4Address(address) else { return [] }
        return trace.frames.filter {
            $0.octets.count >= 42 && $0.octets[12...13] == [0x08, 0x06]
                && Array($0.octets[28..<32]) == address.octets
        }
    }

    /// Adverts of a virtual router.
    private func adverts(of router: UInt8, in trace: PacketTrace) -> [CapturedFrame] {
        trace.adverts(from: bench.a.address).filter { $0.octets[35] == router }
    }

    /// What the kernel has said of addresses.
    private var news: [Substring] {
        let text = (try? Files.read("\(bench.directory)/monitor.log", limit: 1 << 20)) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    private func reload(_ text: String) throws {
        _ = try bench.write("a", text)
        #expect(try bench.holdfast(bench.a, "reload", "--wait").status == .exited(0), "\(bench.log("a"))")
    }

    @Test func `another instance comes, changes and goes: nobody hears anything new of the first one`() throws
    {
        _ = try bench.start("a", on: bench.a, Self.first, flags: ["-P"])
        let before = try PacketTrace(on: bench.b)
        // All that it says of itself after it became master: at once, and again a second later.
        let isMaster = try Tools.wait(.seconds(60)) {
            try before.collect()
            return claims(of: DirectorBench.vip, in: before).count >= 10
        }
        #expect(isMaster != nil, "\(bench.log("a"))")
        _ = try bench.a.start(
            Tools.ipPath, ["monitor", "address"], log: "\(bench.directory)/monitor.log")
        var strangers = 0
        let isMonitored = try Tools.wait(.seconds(60)) {
            strangers += 1
            try Tools.ip(["-n", bench.a.name, "address", "add", "198.51.100.\(strangers)/32", "dev", "lo"])
            return !news.isEmpty
        }
        #expect(isMonitored != nil, "\(bench.log("a"))")
        let trace = try PacketTrace(on: bench.b)
        for round in 0..<Self.rounds {
            try reload(Self.first + Self.second)
            // Its own words, and the kernel's: the traces would show those of the first one, too.
            let isHeard = try Tools.wait(.seconds(60)) {
                try trace.collect()
                return adverts(of: 52, in: trace).count { $0.octets[36] == 150 } > round
                    && claims(of: Self.others, in: trace).count >= 5 * (round + 1)
                    && news.count { $0.contains(Self.others) && !$0.contains("Deleted") } > round
            }
            #expect(isHeard != nil, "\(round): \(trace.frames.count)\n\(news)\n\(bench.log("a"))")
            try reload(Self.first + Self.second.replacing("priority 150", with: "priority 149"))
            let isLower = try Tools.wait(.seconds(60)) {
                try trace.collect()
                return adverts(of: 52, in: trace).count { $0.octets[36] == 149 } > round
            }
            #expect(isLower != nil, "\(bench.log("a"))")
            try reload(Self.first)
        }
        let isGone = try Tools.wait(.seconds(60)) {
            try trace.collect()
            return news.count { $0.contains(Self.others) && $0.contains("Deleted") } == Self.rounds
        }
        #expect(isGone != nil, "\(news)\n\(bench.log("a"))")
        let own = adverts(of: 51, in: trace)
        let first = try #require(own.first)
        let last = try #require(own.last)
        // One a second, none because of a reload, none missed for so long that a peer would take over; a busy
        // machine has some later, never more.
        let span = (last.time.nanoseconds - first.time.nanoseconds) / 1_000_000_000
        #expect(own.count <= Int(span) + 2, "\(own.count) in \(span) s")
        for (one, next) in zip(own, own.dropFirst()) {
            #expect(next.time.nanoseconds - one.time.nanoseconds < 3_000_000_000)
        }
        // Each says what the one before said; only IP counts its packets.
        let said = Set(own.map { $0.octets[34...] })
        #expect(said.count == 1, "\(said)")
        #expect(claims(of: DirectorBench.vip, in: trace).isEmpty)
        #expect(!news.contains { $0.contains(DirectorBench.vip + "/") }, "\(news)")
        #expect(try bench.a.holds(DirectorBench.vip))
    }
}
