import KernelNet
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct AddressPlanTests {
    private let vip = HeldAddress(interface: "eth0", prefix: prefix("192.0.2.100/24"))
    private let other = HeldAddress(interface: "eth0", prefix: prefix("192.0.2.101/24"))

    private func plan(
        _ desired: [HeldAddress], present: [InterfaceAddress] = [], claims: Set<Claim> = []
    ) -> AddressPlan {
        var table = InterfaceTable()
        table.replace(links: [link(2, "eth0")], addresses: [address(2, "192.0.2.2/24")] + present)
        return AddressPlan(
            desired: desired.map { AddressPlan.Addition(address: $0) }, table: table,
            claims: claims)
    }

    @Test func `addresses stand on the virtual interface, but for those that name another`() {
        var configuration = router(addresses: ["192.0.2.100/24", "192.0.2.101/24"])
        configuration.virtualAddresses[1].interface = "eth1"
        configuration.virtualInterface = VirtualInterface(
            name: "vrrp.51", base: "eth0", mac: VirtualInterface.mac(of: 51, .inet))
        let held = AddressPlan.addresses(of: configuration).map(\.address)
        #expect(held.map(\.interface) == ["vrrp.51", "eth1"])
        let lastAdvert = at(1)
        let mayAdopt = Instance.mayAdopt(configuration, lastAdvert: lastAdvert, at: lastAdvert) {
            $0 == held[0]
        }
        #expect(mayAdopt)
    }

    @Test func `what is missing is added, in order and once`() {
        let plan = plan([other, vip, other])
        #expect(plan.additions.map(\.address) == [other, vip])
        #expect(plan.removals.isEmpty && plan.foreign.isEmpty)
    }

    @Test func `what is there stays`() {
        let present = [address(2, "192.0.2.100/24", origin: .holdfast)]
        #expect(
            plan([vip], present: present) == AddressPlan(desired: [], table: InterfaceTable(), claims: []))
    }

    @Test func `what is ours and not wanted goes, by number or by claim`() {
        #expect(plan([], present: [address(2, "192.0.2.100/24", origin: .holdfast)]).removals == [vip])
        #expect(plan([], present: [address(2, "192.0.2.100/24")], claims: [vip.claim]).removals == [vip])
    }

    @Test func `what is not ours is left alone`() {
        #expect(plan([], present: [address(2, "192.0.2.100/24")]).removals.isEmpty)
        let elsewhere = Claim.address(interface: "eth1", prefix("192.0.2.100/24"))
        #expect(plan([], present: [address(2, "192.0.2.100/24")], claims: [elsewhere]).removals.isEmpty)
        #expect(plan([]).removals.isEmpty, "the interface's own address")
    }

    @Test func `what is wanted and there before us is used but not ours`() {
        let plan = plan([vip], present: [address(2, "192.0.2.100/24")])
        #expect(plan.foreign == [vip])
        #expect(plan.additions.isEmpty && plan.removals.isEmpty)
    }

    @Test func `another prefix length is another address`() {
        let plan = plan([vip], present: [address(2, "192.0.2.100/32", origin: .holdfast)])
        #expect(plan.additions.map(\.address) == [vip])
        #expect(plan.removals.map(\.prefix) == [prefix("192.0.2.100/32")])
    }

    @Test func `a claim has served when the address is gone and nothing configures it`() {
        var table = InterfaceTable()
        table.replace(links: [link(2, "eth0")], addresses: [address(2, "192.0.2.101/24")])
        let gone = HeldAddress(interface: "eth0", prefix: prefix("192.0.2.102/24"))
        let claims: Set<Claim> = [vip.claim, other.claim, gone.claim, .chain(.inet)]
        #expect(AddressPlan.settled(claims: claims, configured: [vip], table: table) == [gone.claim])
    }

    @Test func `only a claim of an address is one`() {
        #expect(HeldAddress(vip.claim) == vip)
        #expect(HeldAddress(Claim.chain(.inet)) == nil)
    }

    @Test func `an instance holds its addresses and the excluded ones, each on its interface`() {
        var configuration = router(excluded: ["198.51.100.1/24"])
        configuration.excludedAddresses[0].interface = "eth1"
        configuration.virtualAddresses[0].label = "eth0:vip"
        let addresses = AddressPlan.addresses(of: configuration)
        #expect(
            addresses.map(\.address.description) == ["192.0.2.100/24 on eth0", "198.51.100.1/24 on eth1"])
        #expect(addresses.map(\.label) == ["eth0:vip", nil])
    }

    @Test func `what need not be tracked is added with its instance and not put back`() {
        var addition = AddressPlan.Addition(address: vip)
        addition.options.isUntracked = true
        var table = InterfaceTable()
        table.replace(links: [link(2, "eth0")], addresses: [])
        func additions(_ acquired: Set<HeldAddress>) -> [AddressPlan.Addition] {
            AddressPlan(desired: [addition], table: table, claims: [], acquired: acquired).additions
        }
        #expect(additions([]).isEmpty)
        #expect(additions([other]).isEmpty)
        #expect(additions([vip]) == [addition])
    }

    @Test func `the kernel is given all that a line says`() {
        var options = AddressOptions()
        #expect(InterfaceAddress(AddressPlan.Addition(address: vip, options: options), on: 2).flags == 0)
        options.addsNoRoute = true
        options.joinsGroups = true
        options.scope = 253
        options.broadcast = IPv4Address(192, 0, 2, 255)
        options.peer = v4("192.0.2.7")
        let seen = InterfaceAddress(
            AddressPlan.Addition(address: vip, label: "eth0:v", options: options), on: 2)
        #expect(seen.flags == 0x600 && seen.scope == .link && seen.label == "eth0:v")
        #expect(seen.peer == options.peer && seen.origin == .holdfast)
        #expect(
            seen.details == InterfaceAddress.details(broadcast: options.broadcast, preferredLifetime: nil))
    }

    @Test func `an IPv6 address waits for no duplicate unless it is to`() {
        let six = HeldAddress(interface: "eth0", prefix: prefix("2001:db8::1/128"))
        let plain = InterfaceAddress(AddressPlan.Addition(address: six), on: 2)
        #expect(plain.flags == 0x02)
        #expect(plain.details == InterfaceAddress.details(broadcast: nil, preferredLifetime: 0))
        var options = AddressOptions()
        options.detectsDuplicates = true
        options.isHome = true
        options.managesTemporaries = true
        let other = InterfaceAddress(AddressPlan.Addition(address: six, options: options), on: 2)
        #expect(other.flags == 0x110 && other.details.isEmpty)
    }
}
