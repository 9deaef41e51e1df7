import NetTypes
import Testing

@testable import VRRP

/// How routers count together, as keepalived's do.
@Suite struct RouterNumberingTests {
    private typealias Packet = AuthenticatedPacket
    private let configuration = RouterConfiguration.make(
        priority: 100, addresses: virtual(Packet.vip), authentication: .header(key: Packet.key))

    private func started() -> Router {
        var router = Router(configuration: configuration, digest: Packet.digest)
        _ = router.handle(.startup(primaryAddress: Packet.neighbour), at: at(0))
        return router
    }

    private func datagram(_ priority: UInt8, _ sequence: UInt32) throws -> ReceivedDatagram {
        let packet = Packet.packet(Packet.advertisement(priority: priority, sequence: sequence))
        return try #require(packet.flatMap { ReceivedDatagram(ipPacket: $0) })
    }

    private func numbers(_ actions: [Router.Action]) -> [UInt32] {
        actions.compactMap { if case .send(let advertisement) = $0 { advertisement.sequence } else { nil } }
    }

    @Test func `adverts are numbered from 1, and others not at all`() throws {
        var router = started()
        let due = try #require(router.nextDeadline)
        #expect(numbers(router.handle(.timer, at: due)) == [1])
        let next = try #require(router.nextDeadline)
        #expect(numbers(router.handle(.timer, at: next)) == [2])
        #expect(numbers(router.handle(.shutdown, at: next)) == [3])
        var (open, since) = Router.master(.make())
        #expect(numbers(open.handle(.shutdown, at: since)) == [0])
    }

    @Test func `an owner that starts again is no repetition of itself`() throws {
        var router = started()
        router.beginNumbering(after: 1_800_000_000)
        _ = router.receive(try datagram(200, 40), at: at(1))
        #expect(router.sequence == 40)
        let due = try #require(router.nextDeadline)
        #expect(numbers(router.handle(.timer, at: due)) == [1_800_000_001])
        var behind = started()
        behind.beginNumbering(after: 30)
        _ = behind.receive(try datagram(200, 40), at: at(1))
        let later = try #require(behind.nextDeadline)
        #expect(numbers(behind.handle(.timer, at: later)) == [41])
    }

    @Test func `a calendar in a far future leaves numbers that peers accept`() throws {
        var router = started()
        router.beginNumbering(after: .max)
        let due = try #require(router.nextDeadline)
        let first = try #require(numbers(router.handle(.timer, at: due)).first)
        let later = try #require(router.nextDeadline)
        let next = try #require(numbers(router.handle(.timer, at: later)).first)
        #expect(first > 1_800_000_000 && next == first + 1 && Numbering().accepts(next + 100_000_000))
    }

    @Test func `who takes over goes on counting where the master ended`() throws {
        var router = started()
        _ = router.receive(try datagram(200, 40), at: at(1))
        #expect(router.sequence == 40)
        _ = router.receive(try datagram(0, 41), at: at(2))
        let due = try #require(router.nextDeadline)
        #expect(numbers(router.handle(.timer, at: due)) == [42])
    }

    @Test func `a repetition keeps no master alive`() throws {
        var router = started()
        let advert = try datagram(200, 40)
        _ = router.receive(advert, at: at(1))
        let deadline = router.nextDeadline
        for second in 2...3 { _ = router.receive(advert, at: at(Double(second))) }
        #expect(router.nextDeadline == deadline)
        #expect(router.statistics[dropped: .replay] == 2)
        _ = router.receive(try datagram(200, 39), at: at(3.5))
        #expect(router.statistics[dropped: .replay] == 3 && router.sequence == 40)
    }

    @Test func `a forged number moves nothing`() throws {
        var router = started()
        let other = Packet.advertisement(priority: 200, sequence: 4_000_000, key: [1])
        let packet = try #require(Packet.packet(other))
        _ = router.receive(try #require(ReceivedDatagram(ipPacket: packet)), at: at(1))
        #expect(router.sequence == 0 && router.statistics[dropped: .integrityCheck] == 1)
    }

    @Test func `a better router that begins at 1 again is heard after one round`() throws {
        // It came back while we were master: at first all it says was there before.
        var router = started()
        _ = router.receive(try datagram(90, 70), at: at(1))
        let due = try #require(router.nextDeadline)
        #expect(numbers(router.handle(.timer, at: due)) == [71])
        #expect(router.receive(try datagram(200, 1), at: due).effects.isEmpty)
        #expect(router.state.name == .master)
        // It has heard us meanwhile, and counts on.
        _ = router.receive(try datagram(200, 72), at: due)
        #expect(router.state.name == .backup)
    }

    @Test func `a successor of a process that died leaves room for what was not reported`() throws {
        var router = Router(configuration: configuration, digest: Packet.digest)
        router.continueNumbering(after: 1000)
        let sent = numbers(router.handle(.adopt(primaryAddress: Packet.neighbour), at: at(0)))
        #expect(sent.count == 1 && sent.allSatisfy { $0 > 1010 })
        router.continueNumbering(after: 5)
        #expect(router.sequence > 1000, "never back")
        router.continueNumbering(after: .max)
        #expect(router.sequence == .max)
    }
}
