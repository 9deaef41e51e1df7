import NetTypes
import Testing

@testable import KernelNet

@Suite struct NeighbourTests {
    /// Linux 6.18, `ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:0b dev v0 nud reachable`.
    private let payload = wire(
        "02 00 0000",  // AF_INET
        "03000000",  // interface 3
        "0200 00 01",  // NUD_REACHABLE, no flags, unicast
        "0800 0100 c0000202",  // NDA_DST
        "0a00 0200 02000000000b 0000",  // NDA_LLADDR
        "0800 0400 00000000")  // NDA_PROBES

    @Test func `a neighbour is decoded`() throws {
        let neighbour = try #require(Neighbour(payload: payload))
        let mac = MACAddress("02:00:00:00:00:0b")
        #expect(
            neighbour
                == Neighbour(
                    interface: 3, address: .v4(IPv4Address(192, 0, 2, 2)), mac: mac, state: .reachable))
        #expect(neighbour.usableMAC == mac)
        for length in 0..<20 { #expect(Neighbour(payload: Array(payload.prefix(length))) == nil) }
    }

    @Test(arguments: [
        (Neighbour.State.reachable, true), (.stale, true), (.delay, true), (.probe, true), (.permanent, true),
        (.incomplete, false), (.failed, false), (Neighbour.State([]), false),
    ])
    func `an address is used only in a state the kernel would use it in`(state: Neighbour.State, isUsed: Bool)
    {
        let mac = MACAddress(rawValue: 0x0200_0000_000B)
        let neighbour = Neighbour(
            interface: 1, address: .v4(IPv4Address(192, 0, 2, 2)), mac: mac, state: state)
        #expect(neighbour.usableMAC == (isUsed ? mac : nil))
    }

    @Test func `a bridge's forwarding entry is no neighbour`() {
        var entry = payload
        entry[0] = 7  // AF_BRIDGE
        #expect(Neighbour(payload: entry) == nil)
    }

    @Test func `a request names the address, the interface and the flags`() throws {
        #expect(
            Neighbour.request(.v4(IPv4Address(192, 0, 2, 2)), on: 3, flags: 1)
                == wire("02 00 0000 03000000 0000 01 00", "0800 0100 c0000202"))
        let address = try #require(IPAddress("2001:db8::1"))
        #expect(
            Neighbour.request(address, on: 3)
                == wire("0a 00 0000 03000000 0000 00 00", "1400 0100 20010db8000000000000000000000001"))
    }
}
