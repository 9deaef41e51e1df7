import NetTypes
import Testing
import Timekeeping

@testable import Lab

@Suite struct SightingTests {
    static let all: [Sighting] = [
        .ready("client"),
        .probe(start: Sample.at(1), end: Sample.at(1.5), .timedOut, server: "-"),
        .probe(start: Sample.at(1), end: Sample.at(1.5), .answered, server: "rs1"),
        .exchange(connection: 3, sent: Sample.at(2), received: Sample.at(2.25), server: "rs1"),
        .lost(connection: 0, at: Sample.at(3), .reset),
        .advert(at: Sample.at(4), source: IPv4Address(192, 0, 2, 2), router: 51, priority: 150),
        .announcement(
            at: Sample.at(5), mac: MACAddress(rawValue: 0x0200_0000_000A),
            address: IPv4Address(192, 0, 2, 100)),
        .holding(at: Sample.at(6), director: "director-a", address: Sample.virtualAddress, held: true),
        .holding(at: Sample.at(6), director: "director-a", address: Sample.virtualAddress, held: false),
        .table(
            at: Sample.at(7), director: "director-b", destinations: ["192.0.2.21:80*1", "192.0.2.22:80*0"]),
        .table(at: Sample.at(7), director: "director-b", destinations: []),
        .revisit(at: Sample.at(8), director: "director-a", packet: "192.0.2.10:4000/1/2"),
    ]

    @Test(arguments: all)
    func `a sighting survives its line`(sighting: Sighting) {
        #expect(Sighting(line: sighting.line) == sighting)
    }

    @Test(arguments: all)
    func `a cut line is refused or still a sighting, never a trap`(sighting: Sighting) {
        for length in 0..<sighting.line.count { _ = Sighting(line: sighting.line.prefix(length)) }
    }

    @Test(arguments: [
        "", "r", "z 1", "p 1 2 answered", "p x 2 answered rs1", "p 1 2 perhaps rs1", "a 1 1.2.3 51 1",
        "a 1 1.2.3.4 51 256", "h 1 a 1.2.3.4", "g 1 02:00 1.2.3.4", "x a 1 2 rs1", "x 1 1 2", "l 1 2",
        "noise from elsewhere",
    ])
    func `a line that no agent writes is refused`(line: String) {
        #expect(Sighting(line: line) == nil)
    }
}
