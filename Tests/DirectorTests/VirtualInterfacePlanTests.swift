import KernelNet
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct VirtualInterfacePlanTests {
    private let mac = VirtualInterface.mac(of: 51, .inet)
    private var wanted: VirtualInterface { VirtualInterface(name: "vrrp.51", base: "eth0", mac: mac) }
    private var claim: Claim { .interface(name: "vrrp.51", mac) }

    /// eth0, and what stands on it: up with `flags` 1.
    private func table(
        _ flags: UInt32? = nil, mac: MACAddress? = nil, kind: String = "macvlan", lower: Int32 = 2
    ) -> InterfaceTable {
        var links = [link(2, "eth0"), link(3, "eth1")]
        if let flags {
            links.append(
                Link(
                    index: 7, name: "vrrp.51", flags: flags, mac: mac ?? self.mac, kind: kind, lower: lower))
        }
        var table = InterfaceTable()
        table.replace(links: links, addresses: [])
        return table
    }

    private func plan(
        _ wanted: [VirtualInterface], raised: Set<String> = [], _ table: InterfaceTable,
        _ claims: Set<Claim> = []
    ) -> VirtualInterfacePlan {
        VirtualInterfacePlan(wanted: wanted, raised: raised, table: table, claims: claims)
    }

    private var nothing: VirtualInterfacePlan { plan([], table()) }

    @Test func `what is missing is made once, on an interface that is there`() {
        #expect(plan([wanted, wanted], table()).additions == [wanted])
        var elsewhere = wanted
        elsewhere.base = "eth9"
        #expect(plan([elsewhere], table()) == nothing)
    }

    @Test func `what is ours and as it is wanted stays`() {
        #expect(plan([wanted], table(0), [claim]) == nothing)
        #expect(VirtualInterfacePlan.isReady(wanted, in: table(0), claims: [claim]))
    }

    @Test func `a master's is up, a backup's down`() throws {
        let raising = plan([wanted], raised: ["vrrp.51"], table(0), [claim]).switches
        #expect(raising.map(\.isUp) == [true] && raising.map(\.link.name) == ["vrrp.51"])
        #expect(plan([wanted], raised: ["vrrp.51"], table(1), [claim]) == nothing)
        #expect(plan([wanted], table(1), [claim]).switches.map(\.isUp) == [false])
    }

    @Test func `what is ours and not wanted goes`() {
        #expect(plan([], table(1), [claim]).removals.map(\.index) == [7])
    }

    @Test func `what is ours and wanted otherwise goes, and is made anew`() {
        var other = wanted
        other.mac = VirtualInterface.mac(of: 52, .inet)
        let changed = plan([other], table(1), [claim])
        #expect(changed.removals.map(\.index) == [7] && changed.additions == [other])
        #expect(changed.foreign.isEmpty)
        var moved = wanted
        moved.base = "eth1"
        #expect(plan([moved], table(1), [claim]).additions == [moved])
    }

    @Test func `what is not ours is left alone, whatever it looks like`() {
        #expect(plan([], table(1)) == nothing)
        let other = VirtualInterface.mac(of: 52, .inet)
        for table in [table(1), table(1, mac: other), table(1, kind: "veth")] {
            let plan = plan([wanted], raised: ["vrrp.51"], table)
            #expect(plan.foreign == [wanted])
            #expect(plan.removals.isEmpty && plan.additions.isEmpty && plan.switches.isEmpty)
            #expect(!VirtualInterfacePlan.isReady(wanted, in: table, claims: []))
        }
        // Made by another hand under a name that was ours.
        for table in [table(1, mac: other), table(1, kind: "veth")] {
            #expect(plan([wanted], table, [claim]).foreign == [wanted])
            #expect(plan([], table, [claim]).removals.isEmpty)
        }
    }

    @Test func `a claim has served when the interface is gone and nothing wants it`() {
        #expect(plan([], table(), [claim]).settled == [claim])
        #expect(plan([wanted], table(), [claim]).settled.isEmpty)
        #expect(plan([], table(1), [claim]).settled.isEmpty)
    }

    @Test func `a macvlan on a macvlan stands on what that one does`() {
        var table = InterfaceTable()
        let base = Link(index: 5, name: "mv0", flags: 0x41, kind: "macvlan", lower: 2)
        let own = Link(index: 7, name: "vrrp.51", flags: 0, mac: mac, kind: "macvlan", lower: 2)
        table.replace(links: [link(2, "eth0"), base, own], addresses: [])
        var above = wanted
        above.base = "mv0"
        #expect(plan([above], table, [claim]) == nothing)
    }
}
