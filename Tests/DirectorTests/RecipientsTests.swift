import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct RecipientsTests {
    private static let (first, second) = (IPv4Address(192, 0, 2, 11), IPv4Address(192, 0, 2, 12))

    private func instance(
        _ name: String, id: UInt8 = 51, peer: IPv4Address? = nil, timeToLive: UInt8 = 255,
        interface: String = "eth0"
    ) -> Instance {
        var configuration = router(name, interface: interface, id: id)
        if let peer {
            configuration.transport = .unicast(
                UnicastTransport(peers: [UnicastPeer(.v4(peer))], timeToLive: timeToLive))
        }
        return Instance(configuration)
    }

    private func names(
        _ id: UInt8 = 51, from source: IPv4Address, like place: Int = 0, _ instances: [Instance]
    ) -> [String] {
        let line = Line(instances[place].configuration)
        return Recipients.places(id, from: .v4(source), on: line, in: instances).map { instances[$0].name }
    }

    @Test func `an advert is for the instance with its VRID on that interface`() {
        let instances = [instance("A"), instance("B", id: 52), instance("C", interface: "eth1")]
        #expect(names(from: Self.first, instances) == ["A"])
        #expect(names(52, from: Self.first, instances) == ["B"])
        #expect(names(from: Self.first, like: 2, instances) == ["C"])
        #expect(names(53, from: Self.first, instances).isEmpty)
    }

    @Test func `what comes by another interface, or over the other family, is for nobody`() {
        var six = router("S", addresses: ["fe80::64/64"])
        six.transport = .multicast(group: VRRPNumbers.group6)
        let instances = [instance("A"), Instance(six)]
        #expect(names(from: Self.first, instances) == ["A"])
        #expect(names(from: Self.first, like: 1, instances) == ["S"])
        var elsewhere = router(interface: "eth1")
        #expect(
            Recipients.places(51, from: .v4(Self.first), on: Line(elsewhere), in: instances).isEmpty)
        elsewhere.transport = .multicast(group: VRRPNumbers.group6)
        #expect(
            Recipients.places(51, from: .v4(Self.first), on: Line(elsewhere), in: instances).isEmpty)
        // Listening for adverts in an Authentication Header is another conversation, too.
        var keyed = router()
        keyed.authentication = .header(key: [1])
        #expect(Recipients.places(51, from: .v4(Self.first), on: Line(keyed), in: instances).isEmpty)
    }

    @Test func `of one VRID with several peers it is for the one whose peer speaks`() {
        let instances = [instance("A", peer: Self.first), instance("B", peer: Self.second)]
        #expect(names(from: Self.first, instances) == ["A"])
        #expect(names(from: Self.second, instances) == ["B"])
        #expect(names(from: IPv4Address(192, 0, 2, 99), instances) == ["A", "B"], "a stranger: each judges")
    }

    /// Two sockets, and each of them hears every peer.
    @Test func `and of no other whose adverts leave with another TTL`() {
        let instances = [
            instance("A", peer: Self.first), instance("B", peer: Self.second, timeToLive: 64),
        ]
        #expect(names(from: Self.first, like: 1, instances).isEmpty, "it is A's")
        #expect(names(from: Self.second, like: 1, instances) == ["B"])
        #expect(names(from: Self.second, like: 0, instances).isEmpty)
    }

    @Test func `what is sent to a group is for who joined it, though the sender is another's peer`() {
        let instances = [instance("A"), instance("B", peer: Self.first)]
        #expect(names(from: Self.first, instances) == ["A"])
        #expect(names(from: Self.first, like: 1, instances) == ["B"])
        #expect(names(from: Self.second, like: 1, instances) == ["B"], "a stranger: it judges")
    }
}
