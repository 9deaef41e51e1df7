import KernelNet
import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct StaticItemsTests {
    private func line(_ text: String, on name: String = "eth1", group: String? = nil) -> VirtualAddress {
        var line = VirtualAddress(prefix: prefix(text), interface: name)
        line.options.trackGroup = group
        return line
    }

    private func route(_ text: String, group: String? = nil, dev: String? = nil) -> VirtualRoute {
        var route = VirtualRoute(to: prefix(text))
        var hop = NextHop()
        (hop.gateway, hop.interface) = (v4("192.0.2.1"), dev)
        (route.hops, route.trackGroup) = ([hop], group)
        return route
    }

    private func table(_ flags: UInt32 = 0x41, _ addresses: [InterfaceAddress] = []) -> InterfaceTable {
        var table = InterfaceTable()
        table.replace(links: [link(3, "eth1", flags: flags)], addresses: addresses)
        return table
    }

    private func items(_ edit: (inout Statics) -> Void) -> StaticItems {
        var statics = Statics()
        edit(&statics)
        var items = StaticItems()
        items.configure(statics)
        return items
    }

    /// What was judged new; nil when nothing was.
    private func judge(
        _ items: inout StaticItems, _ table: InterfaceTable, _ edit: (inout Routing) -> Void = { _ in }
    ) -> Set<String>? {
        var missing = Routing()
        edit(&missing)
        return items.judge(table, missing: missing) ? items.lostGroups : nil
    }

    @Test func `an address is lost when it is not there, and with its interface`() {
        var items = items { $0.addresses = [line("192.0.2.9/24", group: "G")] }
        let there = [address(3, "192.0.2.9/24")]
        let tables = [
            table(), table(0x41, there), table(0x41, there), table(1, there), table(0x41, there),
            InterfaceTable(),
        ]
        let told = tables.map { judge(&items, $0) }
        #expect(told == [["G"], [], nil, ["G"], [], ["G"]])
    }

    @Test func `a route is lost when it is missing, and with its interface`() {
        let lines = [route("198.51.100.0/24", group: "G", dev: "eth1"), route("198.51.101.0/24", group: "H")]
        var items = items { $0.routes = lines }
        let told = [
            judge(&items, table()), judge(&items, table()) { $0.routes = [lines[1]] },
            judge(&items, table(0)),
        ]
        #expect(told == [nil, ["H"], ["G"]])
    }

    @Test func `a rule is lost when it is missing, and with the interface it is about`() {
        var rule = VirtualRule(family: .inet, preference: 5, action: .nothing)
        (rule.trackGroup, rule.incoming) = ("G", "eth1")
        var items = items { $0.rules = [rule] }
        let told = [
            judge(&items, table()), judge(&items, table()) { $0.rules = [rule] }, judge(&items, table()),
            judge(&items, table(0)),
        ]
        #expect(told == [nil, ["G"], [], ["G"]])
    }

    @Test func `nobody hears of a line without a group`() {
        var items = items { $0.addresses = [line("192.0.2.9/24")] }
        let told = judge(&items, InterfaceTable())
        #expect(told == nil)
    }

    @Test func `a line is fresh until it was there once, and again when it is another`() {
        var untracked = route("198.51.100.0/24")
        untracked.isUntracked = true
        var items = items { $0.routes = [untracked, route("198.51.101.0/24")] }
        #expect(items.fresh == items.wanted)
        #expect(items.freshRouting.routes == [untracked], "the other one is put back anyhow")
        var missing = Routing()
        missing.routes = [untracked]
        _ = items.judge(table(), missing: missing)
        #expect(items.fresh.routes == [untracked])
        items.configure(items.wanted)
        #expect(items.fresh.routes == [untracked], "a reload is no success")
        _ = items.judge(table(), missing: Routing())
        #expect(items.fresh.isEmpty)
        _ = items.judge(table(), missing: missing)
        #expect(items.fresh.isEmpty, "another hand removed it")
        items.configure(items.wanted)
        #expect(items.fresh.isEmpty)
        var changed = items.wanted
        changed.routes[0].metric = 7
        items.configure(changed)
        #expect(items.fresh.routes == [changed.routes[0]])
    }

    @Test func `its addresses are those of its lines`() {
        let items = items { $0.addresses = [line("192.0.2.9/24"), line("192.0.2.10/24", on: "eth2")] }
        #expect(items.addresses == [v4("192.0.2.9"), v4("192.0.2.10")])
        #expect(
            AddressPlan.addresses(of: items.wanted).map(\.address) == [
                HeldAddress(interface: "eth1", prefix: prefix("192.0.2.9/24")),
                HeldAddress(interface: "eth2", prefix: prefix("192.0.2.10/24")),
            ])
    }
}
