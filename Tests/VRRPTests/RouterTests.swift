import NetTypes
import Testing
import Timekeeping
import VRRP

/// The border to the shell: datagrams in, counters, notes and deadlines out.
@Suite struct RouterTests {
    @Test func `a good datagram restarts the timer and is counted`() {
        var router = Router.backup(.make(priority: 100))
        let actions = router.receive(.make(Advertisement.make(priority: 150).sent()), at: at(1))
        #expect(actions.isEmpty)
        #expect(router.nextDeadline == at(1 + 3.609375))
        #expect(router.statistics.accepted == 1)
        #expect(router.statistics.dropped == 0)
    }

    @Test(arguments: [(ProtocolVersion.v2, ProtocolVersion.v3), (.v3, .v2)])
    func `a better master of the other version is not followed, but warned of`(
        ours: ProtocolVersion, theirs: ProtocolVersion
    ) throws {
        var router = Router.backup(.make(version: ours))
        let deadline = try #require(router.nextDeadline)
        let advert = Advertisement.make(version: theirs, priority: 254).sent()
        let actions = router.receive(.make(advert), at: at(1))
        #expect(actions.effects.isEmpty && router.nextDeadline == deadline)
        #expect(actions.notes.count == 1 && "\(actions.notes[0])".contains("both may be master"))
        _ = router.handle(.timer, at: deadline)
        #expect(router.state.name == .master)
        #expect(router.receive(.make(advert), at: deadline + .seconds(1)).effects.isEmpty)
        #expect(router.statistics[dropped: .version] == 2)
    }

    @Test func `a v2 master with another interval is not followed, but warned of`() throws {
        var router = Router.backup(.make(priority: 100))
        let deadline = try #require(router.nextDeadline)
        let advert = Advertisement.make(priority: 254, interval: .seconds(2)).sent()
        let actions = router.receive(.make(advert), at: at(1))
        #expect(actions.effects.isEmpty && router.nextDeadline == deadline)
        #expect(actions.notes == [.dropped(.interval, from: peer)])
        #expect("\(actions.notes[0])".contains("both may be master"))
        #expect(router.handle(.timer, at: deadline).sentPriorities == [100])
        #expect(router.receive(.make(advert), at: deadline + .milliseconds(1)).effects.isEmpty)
        #expect(router.statistics[dropped: .interval] == 2 && router.statistics.accepted == 0)
    }

    @Test func `a v3 master with another list is followed, and said once a minute`() {
        var router = Router.backup(.make(version: .v3, priority: 100))
        let other = Advertisement.make(version: .v3, addresses: [IPv4Address(10, 99, 0, 101)]).sent()
        var notes: [Note] = []
        for second in 1...59 {
            notes += router.receive(.make(other), at: at(Double(second))).notes
            #expect(router.nextDeadline == at(Double(second) + 3.609375))
        }
        #expect(notes == [.otherAddresses(from: peer)])
        #expect(router.statistics.otherAddresses == 59 && router.statistics.dropped == 0)
        var (master, since) = Router.master(.make(version: .v3, priority: 100))
        _ = master.receive(.make(other), at: since + .milliseconds(1))
        #expect(master.backupState?.master?.priority == 150)
    }

    @Test func `a dropped datagram changes nothing but counters`() {
        let bad: [ReceivedDatagram] = [
            .make(Advertisement.make(priority: 0).sent(), ttl: 64),
            .make(Advertisement.make(version: .v3, priority: 255).sent()),
            .make(Advertisement.make(priority: 255, interval: .seconds(2)).sent()),
            .make(Advertisement.make(priority: 255).sent(by: own), source: own),
            .make(Advertisement.make(priority: 254, addresses: []).sent()),
            .make([]), .make([0x21]), .make(octets("2133960100013e04 0a630064 0000000000000000")),
        ]
        for start in [Router.backup(.make()), Router.master(.make()).router] {
            var router = start
            for datagram in bad {
                #expect(router.receive(datagram, at: at(3.5)).effects.isEmpty)
                #expect(router.state == start.state)
                #expect(router.nextDeadline == start.nextDeadline)
            }
            #expect(router.statistics.dropped == UInt64(bad.count))
            #expect(router.statistics.accepted == 0)
            #expect(router.statistics[dropped: .length] == 2)
        }
    }

    @Test func `notes are limited to one of a kind a minute, counters are not`() {
        var router = Router.backup(.make())
        let forged = ReceivedDatagram.make(Advertisement.make(priority: 254).sent(), ttl: 1)
        var notes = 0
        for step in 0..<1000 { notes += router.receive(forged, at: at(Double(step) * 0.1)).notes.count }
        #expect(notes == 2)
        #expect(router.statistics[dropped: .timeToLive] == 1000)
        // Another reason is not silenced by the first.
        #expect(router.receive(.make([]), at: at(1)).notes == [.dropped(.length, from: peer)])
    }

    @Test func `what v3 accepts but does not like is noted and counted`() {
        var router = Router.backup(.make(version: .v3, priority: 100))
        let odd = Advertisement.make(
            version: .v3, interval: .centiseconds(50), addresses: [IPv4Address(10, 99, 0, 101)])
        let actions = router.receive(.make(odd.sent(checksum: .messageOnly)), at: at(1))
        #expect(
            actions.notes == [.otherInterval(.centiseconds(50), from: peer), .otherAddresses(from: peer)])
        #expect(router.statistics.otherChecksumForm == 1)
        #expect(router.statistics.otherInterval == 1)
        #expect(router.statistics.otherAddresses == 1)
        #expect(router.backupState?.masterInterval == .centiseconds(50))
    }

    @Test func `adverts before the start and in fault are ignored`() {
        var router = Router(configuration: .make())
        #expect(router.hear(255, at: at(1)).isEmpty)
        #expect(router.hear(0, at: at(1)).isEmpty)
        #expect(router.state == .initialize)
        _ = router.handle(.interfaceDown, at: at(2))
        #expect(router.hear(255, at: at(3)).isEmpty)
        #expect(router.state == .fault)
        #expect(router.nextDeadline == nil)
    }

    @Test func `what came before the start, or in fault, shortens and lengthens no wait`() {
        for priority in [0, 150, 255] as [UInt8] {
            var router = Router(configuration: .make(priority: 100))
            _ = router.hear(priority, at: at(1))
            _ = router.handle(.startup(primaryAddress: own), at: at(2))
            #expect(router.nextDeadline == at(2 + 3.609375) && router.backupState?.master == nil)
            _ = router.handle(.interfaceDown, at: at(3))
            _ = router.hear(priority, at: at(4))
            _ = router.handle(.interfaceUp(primaryAddress: own), at: at(5))
            #expect(router.nextDeadline == at(5 + 3.609375) && router.backupState?.master == nil)
        }
        // From then on it counts.
        var router = Router.backup(.make(priority: 100))
        _ = router.hear(150, at: at(1))
        #expect(router.nextDeadline == at(1 + 3.609375))
    }

    @Test func `an advert from our own address is nobody's`() {
        var (router, since) = Router.master(.make(priority: 100))
        let before = router.state
        #expect(router.hear(200, from: own, at: since + .milliseconds(1)).isEmpty)
        #expect(router.hear(0, from: own, at: since + .milliseconds(1)).isEmpty)
        #expect(router.state == before)
    }

    @Test func `after the primary address changed, packets from the old one are a peer's`() {
        var router = Router.backup(.make(priority: 100))
        let message = Advertisement.make(priority: 150)
        #expect(router.receive(.make(message.sent(by: own), source: own), at: at(1)).notes.count == 1)
        _ = router.handle(.interfaceUp(primaryAddress: higherPeer), at: at(2))
        #expect(router.primaryAddress == higherPeer)
        _ = router.receive(.make(message.sent(by: own), source: own), at: at(3))
        #expect(router.backupState?.master?.source == own)
    }

    @Test func `a timer that comes early does nothing`() throws {
        var backup = Router.backup(.make())
        let waiting = backup.state
        #expect(backup.handle(.timer, at: at(1)).isEmpty)
        #expect(backup.state == waiting)
        var (master, since) = Router.master(.make())
        #expect(master.handle(.timer, at: since + .milliseconds(999)).isEmpty)
    }

    @Test func `the advert says what the configuration says`() throws {
        let secret = Authentication.password(Array("secret".utf8))
        let list = virtual(IPv4Address(10, 0, 0, 2), IPv4Address(10, 0, 0, 1))
        var router = Router.backup(.make(priority: 120, addresses: list, authentication: secret))
        let actions = router.handle(.timer, at: at(4))
        #expect(
            actions.first
                == .send(
                    Advertisement(
                        version: .v2, virtualRouterID: 51, priority: 120, interval: .seconds(1),
                        addresses: [.v4(IPv4Address(10, 0, 0, 2)), .v4(IPv4Address(10, 0, 0, 1))],
                        authentication: secret)))
    }

    @Test func `a version 3 advert never carries a password`() {
        var router = Router.backup(
            .make(version: .v3, authentication: .password(Array("secret".utf8))))
        let actions = router.handle(.timer, at: at(4))
        #expect(actions.first == .send(.make(version: .v3)))
    }

    @Test func `statistics tell the story`() {
        var (router, since) = Router.master(.make(priority: 100))
        _ = router.handle(.timer, at: since + .seconds(1))
        _ = router.hear(0, at: since + .milliseconds(1500))
        _ = router.hear(200, at: since + .milliseconds(1600))
        _ = router.hear(0, at: since + .milliseconds(1700))
        _ = router.handle(.timer, at: since + .seconds(3))
        _ = router.handle(.shutdown, at: since + .seconds(4))
        let statistics = router.statistics
        #expect(statistics.becameMaster == 2)
        #expect(statistics.leftMaster == 2)
        #expect(statistics.resignationsReceived == 2)
        #expect(statistics.resignationsSent == 1)
        #expect(statistics.sent == 6)
    }

    @Test func `what is for nobody is counted as often as it came, and only what is malformed is told of`() {
        var router = Router.backup(.make())
        let state = router.state
        #expect(router.refuse(.virtualRouterID, 7, from: peer, at: at(1)).isEmpty)
        #expect(
            router.refuse(.malformed, 3, from: peer, at: at(1)) == [.note(.dropped(.malformed, from: peer))])
        #expect(router.refuse(.malformed, 2, from: nil, at: at(2)).isEmpty)
        #expect(router.statistics[dropped: .virtualRouterID] == 7)
        #expect(router.statistics[dropped: .malformed] == 5 && router.state == state)
    }
}
