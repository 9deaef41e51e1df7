import ConfigModel
import Testing

@testable import Director

@Suite struct BinaryCoderTests {
    @Test func `a message comes back as it was`() throws {
        #expect(try BinaryCoder.decode(Shapes.self, from: BinaryCoder.encode(Shapes())) == Shapes())
    }

    @Test func `a whole configuration comes back as it was`() throws {
        let configuration = pair(servers: [
            virtualServer(guardMark: mark(7)),
            virtualServer(
                "192.0.2.101",
                servers: [realServer("192.0.2.9", checks: [scriptCheck(), tcpCheck("192.0.2.9")])]),
        ])
        #expect(
            try BinaryCoder.decode(Configuration.self, from: BinaryCoder.encode(configuration))
                == configuration)
    }

    @Test func `a frame above the limit is refused unread`() throws {
        let octets = try BinaryCoder.encode("0123456789")
        #expect(try BinaryCoder.decode(String.self, from: octets, limit: octets.count) == "0123456789")
        #expect(throws: MalformedMessage.tooLong) {
            try BinaryCoder.decode(String.self, from: octets, limit: octets.count - 1)
        }
    }

    @Test(arguments: 0..<300) func `damaged messages never trap`(_ seed: Int) throws {
        var random = SmallRandom(seed: UInt64(seed))
        var octets = try BinaryCoder.encode(pair())
        for _ in 0...(seed % 5) {
            octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        if let read = try? BinaryCoder.decode(Configuration.self, from: octets) {
            #expect(throws: Never.self) { try BinaryCoder.encode(read) }
        }
    }

    @Test func `a server costs little in a message`() throws {
        let servers = (0..<1000).map { number in
            virtualServer(
                "198.51.100.1", port: UInt16(number + 1),
                servers: [realServer("192.0.2.21"), realServer("192.0.2.22")])
        }
        let octets = try BinaryCoder.encode(pair(servers: servers))
        #expect(octets.count / 2000 < 250)
    }
}
