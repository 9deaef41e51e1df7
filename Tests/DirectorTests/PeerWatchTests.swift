import KernelNet
import LoopGuard
import NetTypes
import Testing

@testable import Director

@Suite struct PeerWatchTests {
    private let links = [link(1, "lo"), link(2, "eth0"), link(3, "eth1")]
    private let addresses = [
        address(1, "127.0.0.1/8"), address(2, "198.51.100.100/32"), address(2, "192.0.2.2/24"),
        address(3, "198.51.100.2/24"), address(3, "2001:db8::2/64"),
    ]

    static let places: [(address: String, name: String?, index: Int32?)] = [
        ("192.0.2.3", nil, 2), ("198.51.100.3", nil, 3), ("198.51.100.100", nil, 3),
        ("203.0.113.1", nil, nil),
        ("192.0.2.3", "eth1", 3), ("192.0.2.3", "eth9", nil), ("2001:db8::3", nil, 3),
        ("2001:db9::3", nil, nil),
    ]

    @Test(arguments: places) func `a peer is on the named interface, or on the one whose network it is in`(
        address: String, name: String?, index: Int32?
    ) {
        #expect(
            PeerWatch.interface(of: v4(address), named: name, links: links, addresses: addresses) == index)
    }

    @Test func `a peer in a network that no interface has was never asked, so nothing is marked`() throws {
        let watch = try PeerWatch(log: quietLog())
        var table = PeerTable(
            LoopGuardConfiguration(peers: [.address(v4("192.0.2.77"), interface: "no-such-if")]))
        #expect(!table.permitsMarks)
        #expect(!watch.poll(&table, at: at(0)))
        #expect(!table.permitsMarks)
        #expect(watch.unreachable == table.asking)
    }

    @Test func `a known peer is asked again before its time when news was lost`() throws {
        let watch = try PeerWatch(log: quietLog())
        let peer = Peer.address(v4("192.0.2.77"), interface: "no-such-if")
        var table = PeerTable(LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 7))]))
        _ = watch.poll(&table, at: at(0))
        table = PeerTable(LoopGuardConfiguration(peers: [peer]))
        _ = table.learned(MACAddress(rawValue: 5), of: peer)
        // Who was asked shows in who could not be.
        _ = watch.poll(&table, at: at(1))
        #expect(watch.unreachable.isEmpty, "it is known, and its time has not come")
        watch.askAgain()
        _ = watch.poll(&table, at: at(2))
        #expect(watch.unreachable == [peer])
    }

    @Test func `a peer by MAC needs no asking`() throws {
        let watch = try PeerWatch(log: quietLog())
        var table = PeerTable(LoopGuardConfiguration(peers: [.mac(MACAddress(rawValue: 5))]))
        #expect(!watch.poll(&table, at: at(0)))
        #expect(table.permitsMarks)
    }

    @Test func `news of an interface the peer is not on is not believed`() throws {
        let watch = try PeerWatch(log: quietLog())
        let peer = Peer.address(v4("192.0.2.77"), interface: nil)
        var table = PeerTable(LoopGuardConfiguration(peers: [peer]))
        let stranger = Neighbour(
            interface: 9, address: v4("192.0.2.77"), mac: MACAddress(rawValue: 0x0200_0000_0001),
            state: .reachable)
        #expect(!watch.apply(stranger, to: &table))
        #expect(table[peer] == .asking)
    }
}
