import LoadBalancing
import Testing

@Suite struct IPVSTimeoutTests {
    @Test func `only what differs is written`() {
        let observed: [IPVSTimeout: UInt32] = [.tcp: 900, .tcpFin: 120, .udp: 300]
        #expect(IPVSTimeout.changes(observed: observed, wanted: [:]) == [:])
        #expect(IPVSTimeout.changes(observed: observed, wanted: [.tcp: 900, .udp: 10]) == [.udp: 10])
        #expect(IPVSTimeout.changes(observed: [:], wanted: [.udp: 10]) == [.udp: 10])
    }

    @Test func `words stand in keepalived's order`() {
        #expect(
            IPVSTimeout.words([.udp: 3, .tcp: 1, .tcpFin: 2]) == ["tcp", "1", "tcpfin", "2", "udp", "3"])
        #expect(IPVSTimeout.words([:]) == [])
    }
}
