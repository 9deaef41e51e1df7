import LoadBalancing
import NetTypes
import Testing

@testable import KernelNet

@Suite struct IPVSReadingTests {
    /// A nest of 64-bit counters as the kernel writes it: 1 connection, 2 packets in, 3 out, 4 octets in,
    /// 5 out, and a rate, which is not looked at.
    static func counters(_ type: String) -> String {
        let fields = (1...5).map { "0C 00 0\($0) 00 0\($0) 00 00 00 00 00 00 00" }.joined(separator: "\n")
        return "4C 00 \(type) 80\n\(fields)\n0C 00 06 00 63 00 00 00 00 00 00 00\n"
    }

    static let expected = {
        var counters = IPVSCounters()
        (counters.connections, counters.packetsIn, counters.packetsOut) = (1, 2, 3)
        (counters.octetsIn, counters.octetsOut) = (4, 5)
        return counters
    }()

    static func nest(_ type: UInt8, _ text: String) -> [UInt8] {
        let octets = hex(text)
        return [UInt8(octets.count + 4), 0, type, 0] + octets
    }

    static let settings = """
        08 00 06 00 77 6C 63 00
        0C 00 07 00 02 00 00 00 FF FF FF FF

        """

    @Test func `a service's counters are read`() {
        let text = IPVSObjectsTests.head + Self.settings + Self.counters("0C")
        let service = ServiceReading(attributes: Self.nest(1, text)[...])
        #expect(service?.identity == IPVSRequestsTests.web)
        #expect(service?.counters == Self.expected)
        #expect(service?.destinations == [])
    }

    @Test func `a kernel without them counts nothing`() {
        let service = ServiceReading(attributes: Self.nest(1, IPVSObjectsTests.head + Self.settings)[...])
        #expect(service?.counters == IPVSCounters())
    }

    static let destination = """
        14 00 01 00 C0 00 02 15 00 00 00 00 00 00 00 00 00 00 00 00
        06 00 02 00 1F 90 00 00
        08 00 03 00 03 00 00 00
        08 00 04 00 07 00 00 00
        08 00 07 00 0B 00 00 00
        08 00 08 00 0C 00 00 00

        """

    @Test func `a destination's connections are read`() {
        let octets = Self.nest(2, Self.destination + Self.counters("0C"))
        let reading = DestinationReading(attributes: octets[...], family: .inet)
        #expect(reading?.endpoint == IPVSRequestsTests.server)
        #expect(reading?.weight == 7 && reading?.active == 11 && reading?.inactive == 12)
        #expect(reading?.counters == Self.expected)
    }

    @Test func `a destination cut or damaged anywhere is read without harm`() {
        let whole = Self.nest(2, Self.destination + Self.counters("0C"))
        for length in 0..<whole.count {
            #expect(DestinationReading(attributes: whole.prefix(length), family: .inet) == nil)
        }
        for index in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[index] ^= 1 << bit
                let reading = DestinationReading(attributes: damaged[...], family: .inet)
                #expect(reading == nil || reading?.counters.connections != 99)
            }
        }
    }

    @Test func `the whole table is read once, in the order of the services`() throws {
        let web = IPVSService(
            identity: IPVSRequestsTests.web, scheduler: "rr",
            destinations: [
                IPVSRequestsTests.server: IPVSDestination(
                    endpoint: IPVSRequestsTests.server, forwarding: .directRouting, weight: 5)
            ])
        let mark = IPVSService(identity: try IPVSRequestsTests.mark(3), scheduler: "wlc")
        let kernel = FakeIPVS([web, mark])
        var dumps = 0
        kernel.beforeDump = { _ in dumps += 1 }
        let readings = try IPVSClient(transport: kernel, family: FakeIPVS.family).readings()
        #expect(readings.map(\.identity) == [mark.identity, web.identity])
        #expect(
            readings[1].destinations == [DestinationReading(endpoint: IPVSRequestsTests.server, weight: 5)])
        #expect(dumps == 1)
    }
}
