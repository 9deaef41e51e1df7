import Glibc
import LinuxIO
import NetTypes
import Testing
import Timekeeping

/// Holdfast shares one virtual router with each other implementation in every way both know, in both roles.
/// What is measured is on the wire, so a busy machine lengthens nothing but the waiting.
@Suite(.serialized) struct InteropMatrixTests {
    /// More than the protocol allows, for a machine with other things to do.
    private static let margin = Interval.milliseconds(1500)
    /// Less than the protocol demands: timers of other implementations count in whole centiseconds.
    private static let tolerance = Interval.milliseconds(25)

    @Test(arguments: InteropCase.chosen)
    func `exactly one is master, and each takes over in time`(chosen: InteropCase) throws {
        let pairing = chosen.pairing
        let bench = try InteropBench()
        try bench.prepareAddresses()
        let trace = try PacketTrace(on: bench.segment.a)
        let ours = InteropSide(bench, pairing, peer: nil, priority: chosen.areWeBetter ? 150 : 100)
        let theirs = InteropSide(
            bench, pairing, peer: pairing.peer, priority: chosen.areWeBetter ? 100 : 150)
        let (better, worse) = chosen.areWeBetter ? (ours, theirs) : (theirs, ours)
        let limit = pairing.down(priority: 100) + .seconds(8)

        try worse.start()
        try #require(try Tools.wait(limit) { try worse.holds } != nil, "alone it is master\n\(bench.logs)")
        try expectHandOver(better, worse, limit, bench)
        try better.kill()
        #expect(try Tools.wait(limit) { try worse.holds } != nil, "the better one is gone\n\(bench.logs)")
        rest(pairing, intervals: 2)
        try expectHandOver(better, worse, limit, bench)
        better.stop()
        #expect(try Tools.wait(limit) { try worse.holds } != nil, "it resigned\n\(bench.logs)")
        #expect(try !better.holds, "it let the address go")
        rest(pairing, intervals: 2)

        try trace.collect()
        try expectTiming(trace, chosen, bench)
        try judge(trace.frames, pairing, in: bench.directory)
    }

    /// The better one comes, and is the only master while it is there.
    private func expectHandOver(
        _ better: InteropSide, _ worse: InteropSide, _ limit: Interval, _ bench: InteropBench
    ) throws {
        try better.start()
        let time = try Tools.wait(limit) { try better.holds && !worse.holds }
        try #require(time != nil, "the better one preempts\n\(bench.logs)")
        rest(better.pairing, intervals: 5)
        #expect(try better.holds && !worse.holds, "one master alone\n\(bench.logs)")
    }

    private func rest(_ pairing: InteropPairing, intervals: Int64) {
        usleep(UInt32(pairing.interval.nanoseconds * intervals / 1000))
    }

    private func expectTiming(
        _ trace: PacketTrace, _ chosen: InteropCase, _ bench: InteropBench
    ) throws {
        let pairing = chosen.pairing
        let history = AdvertHistory(
            trace.frames.compactMap(AdvertHistory.Advert.init), silence: pairing.interval.nanoseconds * 5 / 2,
            grace: Self.margin.nanoseconds)
        let reigns = history.reigns
        let story = "\(reigns)\n\(bench.logs)"
        try #require(reigns.map(\.priority) == [100, 150, 100, 150, 100], "\(story)")
        #expect(history.strays == 0, "who yields is silent")
        let resigned = try #require(reigns[3].resigned, "a clean stop says so")

        let crash = Interval(nanoseconds: reigns[2].first - reigns[1].last)
        let resignation = Interval(nanoseconds: reigns[4].first - resigned)
        let (down, skew) = (pairing.down(priority: 100), pairing.skew(priority: 100))
        print(
            "interop: \(chosen.testDescription): crash \(crash) of \(down), resignation \(resignation)"
                + " of \(skew)")
        #expect(crash > down - Self.tolerance && crash < down + Self.margin, "\(crash) of \(down)\n\(story)")
        #expect(
            resignation > skew - Self.tolerance && resignation < skew + Self.margin,
            "\(resignation) of \(skew)\n\(story)")
    }

    /// tshark finds every advert of both well-formed, with a right checksum, TTL 255 and nothing to remark
    /// on.
    private func judge(_ frames: [CapturedFrame], _ pairing: InteropPairing, in directory: String) throws {
        let adverts = frames.filter { $0.vrrpOffset != nil }
        let fields = [
            "vrrp.version", "vrrp.virt_rtr_id", "ip.ttl", "ipv6.hlim", "vrrp.checksum.status",
            "_ws.malformed",
        ]
        // A group of one's own on the segment is remarked on, since only well-known ones may have TTL 255.
        let remarks = pairing.transport == .group ? [] : ["_ws.expert.message"]
        let lines = try PacketTrace.dissect(adverts, fields: fields + remarks, in: directory)
        let hops = pairing.family == .ipv4 ? "255|" : "|255"
        #expect(lines.count == adverts.count)
        var good: Set = ["\(pairing.version)|51|\(hops)|1|" + (remarks.isEmpty ? "" : "|")]
        // keepalived 2.2.7 sends to IPv6 peers with the kernel's hop limit.
        if pairing.family == .ipv6, pairing.transport == .unicast { good.insert("3|51||64|1||") }
        #expect(good.isSuperset(of: lines))
    }

    @Test func `the page of interoperability names every pairing`() throws {
        let octets = try Files.read("docs/interoperability.md", limit: 1 << 16)
        let lines = String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(InteropPairing.table.filter { !lines.contains($0) } == [])
        #expect(lines.count { $0.hasPrefix("|") } == InteropPairing.table.count)
    }
}
