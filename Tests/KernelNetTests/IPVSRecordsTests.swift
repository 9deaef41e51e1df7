import LinuxIO
import LoadBalancing
import NetTypes
import Testing

@testable import KernelNet

@Suite struct IPVSRecordsTests {
    /// Counters as those of IPVSReadingTests, with all five rates: 6, 7, 8, 9 and 10.
    private static let numbers: String = {
        let fields = (1...10).map { number in
            let digits = String(number, radix: 16)
            return "0C 00 0\(digits) 00 0\(digits) 00 00 00 00 00 00 00"
        }
        return "7C 00 0C 80\n" + fields.joined(separator: "\n") + "\n"
    }()

    private static let rates = {
        var rates = IPVSRates()
        (rates.connections, rates.packetsIn, rates.packetsOut) = (6, 7, 8)
        (rates.octetsIn, rates.octetsOut) = (9, 10)
        return rates
    }()

    @Test func `a service's settings, counters and rates are read`() {
        let text = IPVSObjectsTests.head + IPVSReadingTests.settings + Self.numbers
        let record = ServiceRecord(attributes: IPVSReadingTests.nest(1, text)[...])
        #expect(record?.settings == IPVSService(identity: IPVSRequestsTests.web, scheduler: "wlc"))
        #expect(record?.counters == IPVSReadingTests.expected)
        #expect(record?.rates == Self.rates)
        #expect(record?.destinations == [])
    }

    @Test func `a kernel without numbers counts nothing`() {
        let text = IPVSObjectsTests.head + IPVSReadingTests.settings
        let record = ServiceRecord(attributes: IPVSReadingTests.nest(1, text)[...])
        #expect(record?.counters == IPVSCounters() && record?.rates == IPVSRates())
    }

    /// The destination of IPVSReadingTests, and 13 clients that are bound to it.
    private static let destination = IPVSReadingTests.destination + "08 00 09 00 0D 00 00 00\n"

    @Test func `a destination's settings, connections and rates are read`() {
        let octets = IPVSReadingTests.nest(2, Self.destination + Self.numbers)
        let record = DestinationRecord(attributes: octets[...], family: .inet)
        let settings = IPVSDestination(
            endpoint: IPVSRequestsTests.server, forwarding: .directRouting, weight: 7)
        #expect(record?.destination == settings && record?.isLocal == false)
        #expect(record?.active == 11 && record?.inactive == 12 && record?.persistent == 13)
        #expect(record?.counters == IPVSReadingTests.expected && record?.rates == Self.rates)
    }

    @Test func `what the kernel calls local is known as such`() {
        let text = Self.destination.replacing("08 00 03 00 03", with: "08 00 03 00 01")
        let record = DestinationRecord(attributes: IPVSReadingTests.nest(2, text)[...], family: .inet)
        #expect(record?.isLocal == true && record?.destination.forwarding == .directRouting)
    }

    @Test func `objects cut or damaged anywhere are read without harm`() {
        let service = IPVSReadingTests.nest(
            1, IPVSObjectsTests.head + IPVSReadingTests.settings + Self.numbers)
        let destination = IPVSReadingTests.nest(2, Self.destination + Self.numbers)
        for length in 0..<service.count { #expect(ServiceRecord(attributes: service.prefix(length)) == nil) }
        for length in 0..<destination.count {
            #expect(DestinationRecord(attributes: destination.prefix(length), family: .inet) == nil)
        }
        for index in destination.indices {
            var damaged = destination
            damaged[index] ^= 0xFF
            let record = DestinationRecord(attributes: damaged[...], family: .inet)
            #expect(record == nil || record?.destination.endpoint.address.family == .inet)
        }
    }

    private static let full = IPVSService(
        identity: IPVSRequestsTests.web, scheduler: "rr",
        persistence: Persistence(timeoutSeconds: 50, mask: 0xFF00_FF00),
        destinations: [
            IPVSRequestsTests.server: IPVSDestination(
                endpoint: IPVSRequestsTests.server, forwarding: .masquerade, weight: 5, upperThreshold: 9)
        ])

    @Test func `the table is read with its servers`() throws {
        let mark = IPVSService(identity: try IPVSRequestsTests.mark(3), scheduler: "wlc")
        let (_, client) = IPVSClientTests.make([Self.full, mark])
        let records = try client.records()
        #expect(Set(records.map(\.settings)) == [Self.full.settings, mark])
        let web = try #require(records.first { $0.settings.identity == IPVSRequestsTests.web })
        #expect(web.destinations.map(\.destination) == Array(Self.full.destinations.values))
    }

    @Test func `one service is read by its name`() throws {
        let (_, client) = IPVSClientTests.make([Self.full])
        let record = try client.record(of: IPVSRequestsTests.web)
        #expect(record.settings == Self.full.settings && record.destinations.count == 1)
        let missing = try IPVSRequestsTests.mark(9)
        #expect(throws: IPVSError.failed(SystemError("read service fwmark:9", .noProcess))) {
            try client.record(of: missing)
        }
    }
}
