import LoopGuard
import NetTypes
import Testing

@Suite struct PeerTableTests {
    static let first = Peer.address(.v4(IPv4Address(192, 0, 2, 3)), interface: nil)
    static let second = Peer.address(.v4(IPv4Address(198, 51, 100, 3)), interface: "eth1")
    static let mac = MACAddress(rawValue: 0x0200_0000_000B)
    static let other = MACAddress(rawValue: 0x0200_0000_000C)

    @Test func `a peer given by link-layer address is known at once`() {
        let table = PeerTable(LoopGuardConfiguration(peers: [.mac(Self.mac)]))
        #expect(table.exemptions == [Self.mac])
        #expect(table.permitsMarks)
        #expect(table.unresolved.isEmpty && table.watched.isEmpty)
    }

    @Test func `nothing may be marked before every peer is known or silent`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first, Self.second]))
        #expect(!table.permitsMarks)
        #expect(table.unresolved == [Self.first, Self.second])
        let first = table.learned(Self.mac, of: Self.first)
        #expect(first)
        #expect(!table.permitsMarks)
        let second = table.unanswered(by: Self.second)
        #expect(second)
        #expect(table.permitsMarks)
        #expect(table.exemptions == [Self.mac])
        #expect(table.unresolved == [Self.second])
        #expect(table.watched == [Self.first, Self.second])
    }

    @Test func `a silent peer is known when it speaks`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first]))
        _ = table.unanswered(by: Self.first)
        #expect(table[Self.first] == .silent)
        let spoken = table.learned(Self.mac, of: Self.first)
        #expect(spoken)
        #expect(table[Self.first] == .known(Self.mac))
    }

    @Test func `a known peer that falls silent stays known, and a new address replaces the old`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first]))
        _ = table.learned(Self.mac, of: Self.first)
        let silenced = table.unanswered(by: Self.first)
        let again = table.learned(Self.mac, of: Self.first)
        #expect(!silenced && !again)
        #expect(table.exemptions == [Self.mac])
        let news = table.learned(Self.other, of: Self.first)
        #expect(news)
        #expect(table.exemptions == [Self.other])
    }

    @Test func `strangers and group addresses are not learned`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first, .mac(Self.mac)]))
        let stranger = table.learned(Self.other, of: Self.second)
        let group = table.learned(MACAddress.broadcast, of: Self.first)
        let zero = table.learned(MACAddress(rawValue: 0), of: Self.first)
        let fixed = table.learned(Self.other, of: .mac(Self.mac))
        #expect(!stranger && !group && !zero && !fixed)
        #expect(table.exemptions == [Self.mac])
        #expect(table[Self.second] == nil)
    }

    @Test func `who is asked for is told`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first, Self.second, .mac(Self.mac)]))
        #expect(table.asking == [Self.first, Self.second])
        _ = table.learned(Self.mac, of: Self.first)
        #expect(table.asking == [Self.second])
        _ = table.unanswered(by: Self.second)
        #expect(table.asking.isEmpty)
        #expect(table.permitsMarks)
    }

    @Test func `a reload keeps what is known of the peers that stay`() {
        var table = PeerTable(LoopGuardConfiguration(peers: [Self.first]))
        _ = table.learned(Self.mac, of: Self.first)
        let next = PeerTable(LoopGuardConfiguration(peers: [Self.first, Self.second]), keeping: table)
        #expect(next[Self.first] == .known(Self.mac))
        #expect(next[Self.second] == .asking)
    }

    @Test func `peers read as they are configured`() {
        #expect(
            "\(Self.first), \(Self.second), \(Peer.mac(Self.mac))"
                == "192.0.2.3, 198.51.100.3 dev eth1, 02:00:00:00:00:0b")
    }
}
