import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct AddressAnnouncerTests {
    private func announce(_ address: IPAddress, at mac: MACAddress, on interface: Int32) throws {
        let announcer = AddressAnnouncer(adopting: try AddressAnnouncer.makeSocket())
        try announcer.announce(address, at: mac, on: interface)
    }

    @Test func `the other end captures the announcement with a time stamp`() throws {
        try TestNetwork.with { network in
            let capture = try network.there {
                try PacketSocket(capturing: .etherType(0x0806), on: try HostFacts.interfaceIndex("eth0"))
            }
            let mac = try #require(MACAddress("02:00:00:00:00:01"))
            let before = Clock.wallTime()
            try announce(
                .v4(IPv4Address(192, 0, 2, 100)), at: mac, on: try HostFacts.interfaceIndex("eth0"))
            let frame = try awaiting(capture.descriptor) { () -> CapturedFrame? in
                guard let frame = try capture.receive() else { return nil }
                return frame.octets.dropFirst(38).prefix(4) == [192, 0, 2, 100] ? frame : nil
            }
            #expect(frame.octets == GratuitousARP.frame(announcing: IPv4Address(192, 0, 2, 100), at: mac))
            #expect(frame.length == 42 && frame.direction == .broadcast)
            #expect(frame.time.nanoseconds >= before.nanoseconds)
            #expect(frame.time.nanoseconds <= Clock.wallTime().nanoseconds)
        }
    }

    @Test func `a neighbour's cache follows the announcement`() throws {
        try TestNetwork.with { network in
            let index = try HostFacts.interfaceIndex("eth0")
            let vip = try #require(IPAddress("192.0.2.100"))
            let (route, monitor) = try network.there { (try RouteSocket(), try RouteMonitor([.neighbours])) }
            let thereIndex = try network.there { try HostFacts.interfaceIndex("eth0") }
            try network.there {
                try network.ip("neighbour add 192.0.2.100 lladdr 02:00:00:00:00:99 dev eth0 nud stale")
            }
            let mac = try #require(MACAddress("02:00:00:00:00:01"))
            try announce(.v4(IPv4Address(192, 0, 2, 100)), at: mac, on: index)
            try awaiting(monitor.descriptor) {
                _ = try monitor.drain()
                return try route.neighbour(of: vip, on: thereIndex)?.usableMAC == mac ? () : nil
            }
        }
    }

    @Test func `a neighbour's cache follows the announcement of an IPv6 address, too`() throws {
        try TestNetwork.with { network in
            let index = try HostFacts.interfaceIndex("eth0")
            let address = "2001:db8::64"
            let vip = try #require(IPAddress(address))
            let (route, monitor) = try network.there { (try RouteSocket(), try RouteMonitor([.neighbours])) }
            let thereIndex = try network.there { try HostFacts.interfaceIndex("eth0") }
            try network.there {
                try network.ip("neighbour add \(address) lladdr 02:00:00:00:00:99 dev eth0 nud stale")
            }
            let mac = try #require(MACAddress("02:00:00:00:00:01"))
            try announce(vip, at: mac, on: index)
            try awaiting(monitor.descriptor) {
                _ = try monitor.drain()
                return try route.neighbour(of: vip, on: thereIndex)?.usableMAC == mac ? () : nil
            }
        }
    }
}
