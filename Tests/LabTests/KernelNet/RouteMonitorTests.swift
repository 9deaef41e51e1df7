import KernelNet
import LinuxIO
import NetTypes
import Testing
import Timekeeping

@Suite(.enabled(if: mayMakeNamespaces, "needs root")) struct RouteMonitorKernelTests {
    @Test func `changes of links and addresses are told, whoever made them`() throws {
        try TestNetwork.with { network in
            let monitor = try RouteMonitor([.links, .addresses])
            let route = try RouteSocket()
            let index = try HostFacts.interfaceIndex("eth0")
            _ = try monitor.drain()
            try network.ip("address add 198.51.100.1/32 dev eth0")
            let prefix = try #require(Prefix("198.51.100.1/32"))
            // The kernel may yet tell of the link, which has only just come up.
            func ofAddress() throws -> RouteEvent? {
                try monitor.drain().first {
                    if case .linkChanged = $0 { false } else { true }
                }
            }
            let added = try awaiting(monitor.descriptor) { try ofAddress() }
            #expect(
                added
                    == .addressChanged(
                        InterfaceAddress(interface: index, prefix: prefix, label: "eth0", flags: 0x80)))
            try route.remove(InterfaceAddress(interface: index, prefix: prefix))
            let removed = try awaiting(monitor.descriptor) { try ofAddress() }
            guard case .addressRemoved(let address) = removed else {
                Issue.record("\(removed)")
                return
            }
            #expect(address.prefix == prefix)
            try network.there { try network.ip("link set eth0 down") }
            // The cable's other end is down: no carrier here any more.
            try awaiting(monitor.descriptor) {
                try monitor.drain().contains {
                    guard case .linkChanged(let link) = $0 else { return false }
                    return link.name == "eth0" && link.isUp && !link.isRunning && !link.hasCarrier
                } ? () : nil
            }
            try network.ip("link delete eth0")
            try awaiting(monitor.descriptor) {
                try monitor.drain().contains {
                    guard case .linkRemoved(let link) = $0 else { return false }
                    return link.index == index
                } ? () : nil
            }
        }
    }

    @Test func `an overrun is told once and the events after it arrive`() throws {
        try TestNetwork.with { _ in
            let monitor = try RouteMonitor([.addresses], receiveBuffer: 4096)
            let route = try RouteSocket()
            let index = try HostFacts.interfaceIndex("eth0")
            let prefixes = (0..<500).map {
                Prefix(host: .v4(IPv4Address(rawValue: 0x0A00_0000 + UInt32($0))))
            }
            for prefix in prefixes { try route.add(InterfaceAddress(interface: index, prefix: prefix)) }
            let events = try monitor.drain()
            #expect(events.filter { $0 == .overrun }.count == 1)
            let last = try #require(Prefix("10.99.0.1/32"))
            try route.add(InterfaceAddress(interface: index, prefix: last))
            let event = try awaiting(monitor.descriptor) { try monitor.drain().first }
            guard case .addressChanged(let address) = event else {
                Issue.record("\(event)")
                return
            }
            #expect(address.prefix == last)
        }
    }
}
