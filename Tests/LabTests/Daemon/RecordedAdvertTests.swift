import ControlProtocol
import KernelNet
import LinuxIO
import Testing
import Timekeeping

/// Somebody has recorded a master's adverts, which `auth_type AH` numbers, and plays them again.
@Suite(.serialized, .enabled(if: mayMakeNamespaces, "needs root")) struct RecordedAdvertTests {
    private static func text(_ priority: Int) -> String {
        let header = "authentication {\n        auth_type AH\n        auth_pass secret\n    }\n    advert_int"
        return DirectorBench.instance(priority).replacing("advert_int", with: header)
    }

    /// So many frames with an Authentication Header (protocol 51) as `host` hears them on its bridge.
    private func record(_ count: Int, at host: Segment.Host) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        try inNetwork(of: host) { index in
            let socket = try PacketSocket(capturing: .etherType(0x0800), on: index)
            _ = try Tools.wait(.seconds(40)) {
                while let frame = try socket.receive() {
                    if frame.octets.count > 34, frame.octets[23] == 51 { frames.append(frame.octets) }
                }
                return frames.count >= count
            }
        }
        return frames
    }

    private func inNetwork(of host: Segment.Host, _ body: (_ bridge: Int32) throws -> Void) throws {
        let home = try host.enter()
        defer { try? home.enter() }
        try body(try HostFacts.interfaceIndex("br0"))
    }

    @Test func `adverts that were recorded keep no dead master alive`() throws {
        let bench = try DirectorBench(withClient: true)
        let client = try #require(bench.segment.client)
        _ = try bench.start("a", on: bench.a, Self.text(150), flags: ["-P"])
        #expect(try bench.waitForAddress(bench.a), "\(bench.log("a"))")
        _ = try bench.start("b", on: bench.b, Self.text(100), flags: ["-P"])
        #expect(bench.waitForLog("b", "Entering BACKUP STATE"), "\(bench.log("b"))")
        let recorded = try record(3, at: client)
        #expect(recorded.count >= 3)
        try Tools.ip(["-n", client.name, "link", "set", "port0", "down"])
        try inNetwork(of: client) { index in
            let socket = try PacketSocket(capturing: .nothing)
            let isMaster = Tools.wait(.seconds(40)) {
                for frame in recorded { try? socket.send(frame, on: index) }
                return bench.log("b").contains("Entering MASTER STATE")
            }
            #expect(isMaster != nil, "\(bench.log("b"))")
        }
        #expect(try bench.waitForAddress(bench.b))
        let status = try JSONReader.read(try bench.holdfast(bench.b, "status", "--json").output.text)
        let dropped = status["vrrp"]?[0]?["counters"]?["dropped-replay"]?.integer ?? 0
        #expect(dropped >= recorded.count, "\(dropped)\n\(bench.log("b"))")
    }
}
