import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import SimulationKit

@Suite struct SimulatedNetworkTests {
    private let message: [UInt8] = [0x21, 51, 100, 0]
    private let source = IPAddress.v4(IPv4Address(192, 0, 2, 2))
    private var datagrams: [ReceivedDatagram] {
        (0..<3).map { node in
            ReceivedDatagram(
                payload: message, timeToLive: 255, source: source, destination: Scenario.address(of: node))
        }
    }

    private func flights(_ faults: NetworkFaults, seed: UInt64 = 1, times: Int = 1) -> [Flight] {
        var network = SimulatedNetwork(count: 3, faults: faults)
        var random = SeededGenerator(seed: seed)
        return (0..<times).flatMap { _ in
            network.transmit(datagrams, from: 0, at: Instant(nanoseconds: 0), random: &random)
        }
    }

    @Test func `without faults everybody else hears everything once and in order`() {
        let all = flights(NetworkFaults(), times: 100)
        #expect(all.count == 200)
        #expect(Set(all.map(\.to)) == [1, 2])
        #expect(all.allSatisfy { $0.datagram.payload == message && !$0.corrupted })
        #expect(all.allSatisfy { $0.datagram.source == source && $0.datagram.timeToLive == 255 })
        #expect(all.allSatisfy { $0.datagram.destination == Scenario.address(of: $0.to) })
        #expect(all.allSatisfy { $0.after == .microseconds(100) })
    }

    @Test func `loss, doubles and echoes come at their rates`() {
        var faults = NetworkFaults()
        faults.loss = 1000
        #expect(flights(faults, times: 20).isEmpty)
        faults = NetworkFaults()
        faults.duplication = 1000
        #expect(flights(faults, times: 20).count == 80)
        faults = NetworkFaults()
        faults.echo = 1000
        #expect(Set(flights(faults).map(\.to)) == [0, 1, 2])
    }

    @Test func `a damaged packet differs in one bit`() {
        var faults = NetworkFaults()
        faults.corruption = 1000
        for flight in flights(faults, times: 50) {
            let difference = zip(flight.datagram.payload, message).map { ($0 ^ $1).nonzeroBitCount }
            #expect(difference.reduce(0, +) == 1)
            #expect(flight.corrupted)
        }
    }

    @Test func `a blocked link carries nothing one way and everything the other`() {
        var network = SimulatedNetwork(count: 2, faults: NetworkFaults())
        var random = SeededGenerator(seed: 3)
        let now = Instant(nanoseconds: 5)
        network.block(0, 1, true, at: now)
        #expect(network.transmit(datagrams, from: 0, at: now, random: &random).isEmpty)
        #expect(network.transmit(datagrams, from: 1, at: now, random: &random).count == 1)
        #expect(network.mutuallyGoodSince(0, 1) == nil)
        network.block(0, 1, false, at: Instant(nanoseconds: 9))
        #expect(network.mutuallyGoodSince(0, 1) == Instant(nanoseconds: 9))
    }

    @Test func `a link is good since its last loss`() {
        var network = SimulatedNetwork(count: 2, faults: NetworkFaults())
        #expect(network.mutuallyGoodSince(0, 1) == Instant(nanoseconds: 0))
        network.lost(1, 0, at: Instant(nanoseconds: 40))
        network.lost(0, 1, at: Instant(nanoseconds: 30))
        #expect(network.mutuallyGoodSince(1, 0) == Instant(nanoseconds: 40))
    }

    @Test func `after calm only what is on the way is slow`() {
        var faults = NetworkFaults()
        faults.delayHigh = .seconds(2)
        faults.loss = 500
        var network = SimulatedNetwork(count: 2, faults: faults)
        network.calm(at: Instant(nanoseconds: 0) + .seconds(10))
        #expect(network.faults == NetworkFaults())
        #expect(network.longestDelay(at: Instant(nanoseconds: 0) + .seconds(11)) == .seconds(2))
        #expect(network.longestDelay(at: Instant(nanoseconds: 0) + .seconds(13)) == .microseconds(100))
    }
}
