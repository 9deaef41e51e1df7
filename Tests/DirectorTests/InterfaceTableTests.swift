import KernelNet
import NetTypes
import Testing
import VRRP

@testable import Director

/// IFF_UP and IFF_RUNNING.
private let working: UInt32 = 0x41

func link(_ index: Int32, _ name: String, flags: UInt32 = 0x41) -> Link {
    Link(index: index, name: name, flags: flags, mac: MACAddress(rawValue: UInt64(index)))
}

func address(
    _ index: Int32, _ text: String, origin: AddressProtocol = .unspecified, flags: UInt32 = 0,
    scope: AddressScope = .global
) -> InterfaceAddress {
    InterfaceAddress(interface: index, prefix: prefix(text), scope: scope, origin: origin, flags: flags)
}

@Suite struct InterfaceTableTests {
    private func table(_ links: [Link], _ addresses: [InterfaceAddress]) -> InterfaceTable {
        var table = InterfaceTable()
        table.replace(links: links, addresses: addresses)
        return table
    }

    private func usability(
        _ links: [Link], _ addresses: [InterfaceAddress], virtual: Set<IPAddress> = [],
        _ configuration: RouterConfiguration = router()
    ) -> InterfaceTable.Usability {
        table(links, addresses).usability(for: configuration, virtual: virtual)
    }

    @Test func `a link with delays is what it counts as`() {
        var down = table([link(2, "eth0", flags: 0)], [address(2, "192.0.2.2/24")])
        down.debounced = ["eth0": true]
        #expect(down.isUsable("eth0") && !down.isUsable("eth1"))
        #expect(down.usability(for: router(), virtual: []) == .usable(primary: v4("192.0.2.2")))
        var up = table([link(2, "eth0")], [address(2, "192.0.2.2/24")])
        up.debounced = ["eth0": false]
        #expect(!up.isUsable("eth0"))
        #expect(up.usability(for: router(), virtual: []) == .settling)
        up.debounced = [:]
        #expect(up.isUsable("eth0"))
        var gone = table([], [])
        gone.debounced = ["eth0": true]
        #expect(!gone.isUsable("eth0") && gone.usability(for: router(), virtual: []) == .missing)
    }

    @Test func `an address is found while it is there, on its interface, as it last was`() {
        var table = table([link(2, "eth0"), link(3, "eth1")], [address(2, "192.0.2.2/24")])
        table.insert(address(2, "192.0.2.9/32", flags: 0x40))
        table.insert(address(2, "192.0.2.9/32", flags: 0x80))
        table.insert(address(3, "192.0.2.9/32"))
        #expect(table.address(prefix("192.0.2.9/32"), on: "eth0")?.flags == 0x80)
        #expect(table.all.map(\.interface) == ["eth0", "eth0", "eth1"])
        #expect(table.address(prefix("192.0.2.9/24"), on: "eth0") == nil)
        table.remove(address(2, "192.0.2.9/32"))
        table.remove(address(2, "192.0.2.9/32"))
        #expect(table.address(prefix("192.0.2.9/32"), on: "eth0") == nil)
        #expect(table.address(prefix("192.0.2.9/32"), on: "eth1") != nil)
        _ = table.apply(.linkRemoved(link(3, "eth1")))
        _ = table.apply(.linkChanged(link(3, "eth1")))
        #expect(table.address(prefix("192.0.2.9/32"), on: "eth1") == nil && table.all.count == 1)
        table.replace(links: [link(2, "eth0")], addresses: [])
        #expect(table.address(prefix("192.0.2.2/24"), on: "eth0") == nil)
    }

    @Test func `an address of ours is a source when it is static`() {
        var own = address(2, "192.0.2.2/24")
        own.origin = .holdfast
        let table = table([link(2, "eth0")], [own])
        #expect(table.usability(for: router(), virtual: []) == .noAddress)
        let usable = table.usability(for: router(), virtual: [], statics: [v4("192.0.2.2")])
        #expect(usable == .usable(primary: v4("192.0.2.2")))
    }

    @Test func `an interface is usable when it runs and has an address of its own`() {
        let own = IPAddress.v4(IPv4Address(192, 0, 2, 2))
        #expect(usability([link(2, "eth0")], [address(2, "192.0.2.2/24")]) == .usable(primary: own))
        #expect(usability([], []) == .missing)
        #expect(usability([link(2, "eth1")], [address(2, "192.0.2.2/24")]) == .missing)
        #expect(usability([link(2, "eth0", flags: 0)], [address(2, "192.0.2.2/24")]) == .down)
        #expect(usability([link(2, "eth0", flags: 1)], [address(2, "192.0.2.2/24")]) == .noCarrier)
        #expect(usability([link(2, "eth0")], []) == .noAddress)
        #expect(usability([link(2, "eth0")], [address(3, "192.0.2.2/24")]) == .noAddress)
        #expect(usability([link(2, "eth0")], [address(2, "2001:db8::2/64")]) == .noAddress)
        #expect(usability([link(2, "eth0")], [address(2, "127.0.0.1/8", scope: .host)]) == .noAddress)
    }

    @Test func `every reason against an interface is a sentence`() {
        let reasons: [InterfaceTable.Usability] = [
            .missing, .down, .noCarrier, .noAddress, .noPeer, .noVirtualInterface,
        ]
        #expect(Set(reasons.map(\.description)).count == reasons.count)
        #expect(InterfaceTable.Usability.noVirtualInterface.description.contains("virtual Ethernet address"))
    }

    @Test func `a virtual address is never the source, wherever it stands in the list`() {
        let addresses = [
            address(2, "192.0.2.100/24"), address(2, "192.0.2.101/24", origin: .holdfast),
            address(2, "192.0.2.2/24"),
        ]
        let own = IPAddress.v4(IPv4Address(192, 0, 2, 2))
        #expect(
            usability([link(2, "eth0")], addresses, virtual: [v4("192.0.2.100")]) == .usable(primary: own))
        #expect(
            usability([link(2, "eth0")], [addresses[1]], virtual: [v4("192.0.2.100")]) == .noAddress)
    }

    @Test func `an owner's own address is the source where there is no other, ours is not`() {
        let interface = [link(2, "eth0")]
        let vip: Set<IPAddress> = [v4("192.0.2.100")]
        let addresses = [address(2, "192.0.2.100/24")]
        let owned = IPAddress.v4(IPv4Address(192, 0, 2, 100))
        #expect(usability(interface, addresses, virtual: vip) == .usable(primary: owned))
        let ours = table(interface, addresses).usability(for: router(), virtual: vip) { _ in true }
        #expect(ours == .noAddress, "claimed by the ledger where the kernel keeps no number")
        #expect(
            usability(interface, [address(2, "192.0.2.100/24", origin: .holdfast)], virtual: vip)
                == .noAddress)
        #expect(
            usability(interface, addresses + [address(2, "192.0.2.2/24")], virtual: vip)
                == .usable(primary: .v4(IPv4Address(192, 0, 2, 2))))
    }

    @Test func `an IPv6 instance sends from the link-local address, once it is known to be alone`() {
        var six = router(addresses: ["fe80::64/64"])
        six.transport = .multicast(group: VRRPNumbers.group6)
        let interface = [link(2, "eth0")]
        let (own, other) = (address(2, "fe80::1/64"), address(2, "2001:db8::1/64"))
        #expect(usability(interface, [address(2, "192.0.2.2/24"), other], six) == .noAddress)
        #expect(usability(interface, [other, own], six) == .usable(primary: v4("fe80::1")))
        #expect(usability(interface, [address(2, "fe80::1/64", flags: 0x40)], six) == .noAddress)
        #expect(usability(interface, [address(2, "fe80::1/64", flags: 0x08)], six) == .noAddress)
        #expect(
            usability(interface, [address(2, "fe80::64/64"), own], virtual: [v4("fe80::64")], six)
                == .usable(primary: v4("fe80::1")))
        six.transport = .unicast(UnicastTransport(peers: [UnicastPeer(v4("2001:db8::2"))]))
        #expect(usability(interface, [other, own], six) == .usable(primary: v4("2001:db8::1")))
    }

    @Test func `a configured source must be there, on any interface`() {
        var configuration = router()
        configuration.sourceAddress = v4("198.51.100.7")
        let interfaces = [link(2, "eth0"), link(3, "lo1")]
        let addresses = [address(2, "192.0.2.2/24"), address(3, "198.51.100.7/32")]
        #expect(usability(interfaces, addresses, configuration) == .usable(primary: v4("198.51.100.7")))
        #expect(usability(interfaces, [addresses[0]], configuration) == .noAddress)
    }

    @Test func `without a peer there is nobody to speak to`() {
        var configuration = router()
        configuration.transport = .unicast(UnicastTransport(peers: []))
        #expect(usability([link(2, "eth0")], [address(2, "192.0.2.2/24")], configuration) == .noPeer)
    }

    @Test func `a primary address takes the secondary ones of its subnet along`() {
        let addresses = [
            address(2, "192.0.2.100/24"), address(2, "192.0.2.7/24", flags: 1), address(2, "192.0.2.8/25"),
            address(2, "198.51.100.7/24", flags: 1), address(3, "192.0.2.9/24", flags: 1),
            address(2, "2001:db8::1/24", flags: 1),
        ]
        let table = table([link(2, "eth0"), link(3, "eth1")], addresses)
        #expect(table.siblings(of: addresses[0]) == [addresses[1]])
        #expect(table.siblings(of: addresses[1]) == [])
        #expect(table.siblings(of: addresses[5]) == [])
    }

    @Test func `a primary address goes before a secondary one`() {
        let addresses = [address(2, "192.0.2.7/24", flags: 1), address(2, "198.51.100.2/24")]
        #expect(
            usability([link(2, "eth0")], addresses) == .usable(primary: .v4(IPv4Address(198, 51, 100, 2))))
        #expect(
            usability([link(2, "eth0")], [addresses[0]]) == .usable(primary: .v4(IPv4Address(192, 0, 2, 7))))
    }

    @Test func `events are followed`() throws {
        var table = table([link(2, "eth0")], [address(2, "192.0.2.2/24")])
        let vip = address(2, "192.0.2.100/24", origin: .holdfast)
        #expect(table.apply(.addressChanged(vip)) == true)
        #expect(table.address(vip.prefix, on: "eth0") == vip)
        #expect(table.apply(.addressRemoved(vip)) == true)
        #expect(table.address(vip.prefix, on: "eth0") == nil)
        #expect(table.apply(.linkChanged(link(2, "lan"))) == true)
        #expect(table.link("eth0") == nil)
        #expect(table.link("lan")?.index == 2)
        #expect(table.link(2)?.name == "lan")
        #expect(table.apply(.linkRemoved(link(2, "lan"))) == true)
        #expect(table.all.isEmpty)
        #expect(table.apply(.overrun) == false)
    }

    @Test func `a repeated address replaces the former`() {
        var table = table([link(2, "eth0")], [address(2, "192.0.2.2/24")])
        table.insert(address(2, "192.0.2.2/24", origin: .holdfast))
        #expect(table.all.count == 1)
        #expect(table.all.first?.address.origin == .holdfast)
    }

    @Test func `addresses are listed with their interface's name`() {
        let table = table(
            [link(3, "b"), link(2, "a")],
            [address(3, "192.0.2.3/24"), address(2, "192.0.2.2/24"), address(9, "192.0.2.9/24")])
        #expect(
            table.all.map { "\($0.interface) \($0.address.prefix)" } == ["a 192.0.2.2/24", "b 192.0.2.3/24"])
    }

    @Test func `the reasons are sentences`() {
        let all: [InterfaceTable.Usability] = [
            .missing, .down, .noCarrier, .noAddress, .noPeer,
            .usable(primary: .v4(IPv4Address(192, 0, 2, 2))),
        ]
        #expect(Set(all.map { "\($0)" }).count == all.count)
        #expect("\(all[0])" == "there is no such interface")
    }

    @Test(arguments: [0, 1, 0x41] as [UInt32])
    func `with dont_track_primary an address is enough`(flags: UInt32) {
        var configuration = router()
        configuration.tracking.ignoresOwnInterface = true
        let own = IPAddress.v4(IPv4Address(192, 0, 2, 2))
        let links = [link(2, "eth0", flags: flags)]
        #expect(usability(links, [address(2, "192.0.2.2/24")], configuration) == .usable(primary: own))
        #expect(usability(links, [], configuration) == .noAddress)
        #expect(usability([], [], configuration) == .missing)
    }
}
