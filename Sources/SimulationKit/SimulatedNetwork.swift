import NetTypes
import Timekeeping
import VRRP

/// How badly the simulated segment treats packets; rates in permille of packets.
package struct NetworkFaults: Hashable, Sendable {
    /// Packets that vanish.
    package var loss = 0
    /// Packets that arrive twice.
    package var duplication = 0
    /// Packets that arrive with one bit flipped.
    package var corruption = 0
    /// Packets that come back to their sender.
    package var echo = 0
    /// The least time on the way.
    package var delayLow = Interval.microseconds(100)
    /// The greatest; packets less than the difference apart can overtake each other.
    package var delayHigh = Interval.microseconds(100)

    /// A network without faults, which keeps packets in order as a switch does.
    package init() {}
}

/// One packet on its way to one receiver.
struct Flight: Sendable {
    var to: Int
    var after: Interval
    var datagram: ReceivedDatagram
    var corrupted: Bool
}

/// A segment with directed links between directors: what is lost, delayed, doubled or damaged, and since
/// when each link has been in order.
struct SimulatedNetwork: Sendable {
    let count: Int
    private(set) var faults: NetworkFaults
    private var slowUntil: Instant?
    private var slowDelay = Interval.zero
    private var blocked: [Bool]
    private var goodSince: [Instant]

    init(count: Int, faults: NetworkFaults) {
        self.count = count
        self.faults = faults
        blocked = [Bool](repeating: false, count: count * count)
        goodSince = [Instant](repeating: Instant(nanoseconds: 0), count: count * count)
    }

    /// From now on the network is in order; what is on the way still takes its time.
    mutating func calm(at now: Instant) {
        slowDelay = faults.delayHigh
        slowUntil = now + slowDelay
        faults = NetworkFaults()
    }

    /// The longest time that a packet arriving now can have been on the way.
    func longestDelay(at now: Instant) -> Interval {
        if let slowUntil, now <= slowUntil { return max(slowDelay, faults.delayHigh) }
        return faults.delayHigh
    }

    /// Cuts or mends the link in one direction.
    mutating func block(_ from: Int, _ to: Int, _ cut: Bool, at now: Instant) {
        blocked[from * count + to] = cut
        goodSince[from * count + to] = now
    }

    /// Since when nothing was lost between the two, in either direction.
    func mutuallyGoodSince(_ left: Int, _ right: Int) -> Instant? {
        guard !blocked[left * count + right], !blocked[right * count + left] else { return nil }
        return max(goodSince[left * count + right], goodSince[right * count + left])
    }

    /// Something was lost between `from` and `to` for a reason outside the network.
    mutating func lost(_ from: Int, _ to: Int, at now: Instant) { goodSince[from * count + to] = now }

    /// The fates of what `from` sends to everybody; `datagrams` are the ones that each would receive.
    mutating func transmit(
        _ datagrams: [ReceivedDatagram], from: Int, at now: Instant, random: inout SeededGenerator
    ) -> [Flight] {
        var flights: [Flight] = []
        for to in 0..<count {
            if to == from, !random.chance(permille: faults.echo) { continue }
            if blocked[from * count + to] || random.chance(permille: faults.loss) {
                goodSince[from * count + to] = now
                continue
            }
            var flight = Flight(
                to: to, after: random.interval(faults.delayLow, faults.delayHigh),
                datagram: datagrams[to], corrupted: false)
            if random.chance(permille: faults.corruption) {
                let bit = random.below(flight.datagram.payload.count * 8)
                flight.datagram.payload[bit / 8] ^= 1 << UInt8(bit % 8)
                flight.corrupted = true
                goodSince[from * count + to] = now
            }
            flights.append(flight)
            if random.chance(permille: faults.duplication) {
                flight.after = random.interval(faults.delayLow, faults.delayHigh)
                flights.append(flight)
            }
        }
        return flights
    }
}
