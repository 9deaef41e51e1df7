import LoadBalancing
import NetTypes
import VRRP

// What the links of this host carry, and what its clock follows.

extension Doctor {
    /// A service uses NAT: what interfaces send matters.
    package static func usesNAT(_ configuration: Configuration) -> Bool {
        configuration.virtualServers.contains { service in
            service.realServers.contains { ($0.forwarding ?? service.forwarding) == .masquerade }
        }
    }

    var throughput: DoctorFinding {
        let name = "NAT throughput"
        guard !servers(.masquerade).isEmpty else { return finding(5, name, .info, "no service uses NAT") }
        let loads = live.loads.filter { $0.capacity > 0 }
        guard let most = loads.max(by: { $0.percent < $1.percent }) else {
            return finding(5, name, .info, "no interface tells its speed")
        }
        let evidence =
            "\(most.interface) sends \(most.bitsPerSecond / 1_000_000) of \(most.capacity / 1_000_000) Mbit/s"
        guard most.percent >= 70 else { return finding(5, name, .ok, evidence) }
        return finding(
            5, name, .warning, "\(evidence): with NAT every reply goes through this director",
            cure: "use DR or TUN, whose servers answer clients themselves, or a faster link")
    }

    var clock: DoctorFinding {
        let name = "clock"
        guard let isSynchronized = live.isClockSynchronized else {
            return finding(13, name, .unknown, "the kernel did not tell what its clock follows")
        }
        guard !isSynchronized else { return finding(13, name, .ok, "the clock is synchronized") }
        // chrony without rtcsync, among others, leaves the kernel's mark alone.
        guard live.timekeepers.isEmpty else {
            return finding(
                13, name, .info,
                "\(Self.list(Array(live.timekeepers))) runs, and does not tell the kernel that it does",
                cure:
                    "chronyc tracking, or timedatectl, says how far it is off; with chrony rtcsync tells the "
                    + "kernel")
        }
        return finding(
            13, name, .warning, "nothing sets the clock: the logs of two directors cannot be compared",
            cure: "run chrony or systemd-timesyncd; elections and checks do not depend on it")
    }

    /// The octets that a tunnel adds to each packet.
    private static func overhead(of encapsulation: Encapsulation, to server: IPAddress) -> UInt32 {
        let outer: UInt32 = server.family == .inet ? 20 : 40
        switch encapsulation.type {
        // UDP and GUE's own header.
        case Encapsulation.gue:
            return outer + 8 + 4 + (encapsulation.flags & Encapsulation.remoteChecksum == 0 ? 0 : 8)
        case Encapsulation.gre: return outer + 4 + (encapsulation.flags & Encapsulation.checksum == 0 ? 0 : 4)
        default: return outer
        }
    }

    var tunnelSize: DoctorFinding {
        let name = "TUN and MTU"
        let tunnels = servers(.tunnel)
        guard !tunnels.isEmpty else { return finding(14, name, .info, "no service uses tunnels") }
        let links = (host.interfaces ?? []).filter { !$0.isLoopback }
        func size(towards address: IPAddress) -> UInt32? {
            links.first { $0.addresses.contains { $0.contains(address) } }?.mtu
        }
        // What clients send, mostly. Of a server behind a router the way is not known.
        let sizes = tunnels.compactMap {
            service, server -> (server: IPAddress, has: UInt32, needs: UInt32)? in
            let address = server.endpoint.address
            guard let has = size(towards: address) else { return nil }
            let encapsulation = server.forwarding == nil ? service.encapsulation : server.encapsulation
            return (address, has, 1500 + Self.overhead(of: encapsulation, to: address))
        }
        guard !sizes.isEmpty else {
            return finding(
                14, name, .info, "every server is behind a router: its MTU is not known here")
        }
        let narrow = sizes.filter { $0.has < $0.needs }
        guard let first = narrow.first else {
            return finding(14, name, .ok, "packets of 1500 octets from clients fit into the tunnels")
        }
        // The usual MTU is what most networks have; there the cure is the servers', and not seen from here.
        return finding(
            14, name, narrow.contains { $0.has < 1500 } ? .warning : .info,
            "\(Self.list(narrow.map { "\($0.server)" })): the MTU on its way is \(first.has), and a packet "
                + "of 1500 octets in its tunnel takes \(first.needs)",
            cure:
                "an MTU of \(first.needs) on that way, or a lower MSS on the servers (ip route ... advmss); "
                + "clients must get ICMP's fragmentation needed")
    }
}
