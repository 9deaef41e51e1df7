import NetTypes
import Testing
import VRRP

@Suite struct StaticsTests {
    private func address(_ text: String) throws -> VirtualAddress {
        VirtualAddress(prefix: try #require(Prefix(text)), interface: "eth1")
    }

    @Test func `nothing configured is empty, anything is not`() throws {
        #expect(Statics().isEmpty)
        var statics = Statics()
        statics.addresses = [try address("192.0.2.9/24")]
        #expect(!statics.isEmpty)
        statics = Statics()
        statics.routes = [VirtualRoute(to: try #require(Prefix("198.51.100.0/24")))]
        #expect(!statics.isEmpty)
        statics = Statics()
        statics.rules = [VirtualRule(family: .inet, preference: 5, action: .nothing)]
        #expect(!statics.isEmpty)
    }

    @Test func `what is new is what was not there before, exactly so`() throws {
        var old = Statics()
        old.addresses = [try address("192.0.2.9/24"), try address("192.0.2.10/24")]
        old.routes = [VirtualRoute(to: try #require(Prefix("198.51.100.0/24")))]
        old.rules = [VirtualRule(family: .inet, preference: 5, action: .nothing)]
        #expect(old.without(old).isEmpty)
        #expect(old.without(Statics()) == old)
        var new = old
        new.addresses[1].options.scope = 253
        new.routes[0].metric = 7
        new.rules[0].preference = 6
        let rest = new.without(old)
        #expect(rest.addresses == [new.addresses[1]])
        #expect(rest.routes == new.routes && rest.rules == new.rules)
    }

    @Test func `an address, a route and a rule say in one way who cares`() throws {
        var lines: [any TrackableLine] = [
            try address("192.0.2.9/24"), VirtualRoute(to: try #require(Prefix("198.51.100.0/24"))),
            VirtualRule(family: .inet, preference: 5, action: .nothing),
        ]
        for place in lines.indices {
            #expect(!lines[place].isUntracked && lines[place].trackGroup == nil)
            lines[place].trackGroup = "G"
            #expect(lines[place].trackGroup == "G")
        }
        var address = try address("192.0.2.9/24")
        address.options.isUntracked = true
        #expect(address.isUntracked)
    }

    @Test func `a group has a name and members`() {
        #expect(TrackGroup(name: "G", members: ["A"]) != TrackGroup(name: "G", members: ["B"]))
    }
}
