import NetTypes
import Testing

@testable import KernelNet

@Suite struct RoutingRuleTests {
    private var full: RoutingRule {
        var rule = RoutingRule(family: .inet, action: 1, priority: 500)
        rule.table = 1000
        rule.source = Prefix("192.0.2.100/32")
        rule.destination = Prefix("198.51.100.0/24")
        rule.typeOfService = 16
        (rule.mark, rule.markMask) = (3, 255)
        (rule.incoming, rule.outgoing) = ("eth0", "eth1")
        rule.users = .init(5, 6)
        rule.transport = 6
        rule.sourcePorts = .init(1, 2)
        rule.destinationPorts = .init(80, 90)
        rule.suppressedLength = 0
        return rule
    }

    @Test func `a rule is encoded as the kernel wants it`() {
        var rule = RoutingRule(family: .inet, action: 1, priority: 500)
        rule.table = 100
        rule.source = Prefix("192.0.2.100/32")
        #expect(
            rule.payload
                == wire(
                    "02 00 20 00 64 00 00 01 00000000",  // AF_INET, from /32, table 100, FR_ACT_TO_TBL
                    "0800 0200 c0000264",  // FRA_SRC
                    "0800 0600 f4010000",  // FRA_PRIORITY
                    "0800 0f00 64000000",  // FRA_TABLE
                    "0500 1500 48000000"))  // FRA_PROTOCOL
    }

    @Test func `only the rules that the kernel begins with are its own`() {
        func rule(_ priority: UInt32, _ table: UInt32) -> RoutingRule {
            var rule = RoutingRule(family: .inet, action: 1, priority: priority)
            (rule.table, rule.origin) = (table, 2)
            return rule
        }
        let defaults: [(UInt32, UInt32)] = [(0, 255), (32766, 254), (32767, 253)]
        for (priority, table) in defaults {
            let own = rule(priority, table)
            #expect(RoutingRule(payload: own.payload)?.isDefault == true)
            var other = own
            other.source = Prefix("192.0.2.0/24")
            #expect(!other.isDefault)
        }
        #expect(!rule(32766, 100).isDefault && !rule(32765, 254).isDefault && !full.isDefault)
    }

    @Test func `all of it reads back as the same`() {
        #expect(RoutingRule(payload: full.payload) == full)
        var other = RoutingRule(family: .inet6, action: 2, priority: 7)
        other.target = 20000
        other.source = Prefix("2001:db8::/32")
        #expect(RoutingRule(payload: other.payload) == other)
    }

    @Test func `what the kernel adds by itself makes no difference`() {
        var rule = RoutingRule(family: .inet, action: 6, priority: 5)
        rule.source = Prefix("192.0.2.1/32")
        // FRA_SUPPRESS_PREFIXLEN -1 and a mask of 0.
        let payload = rule.payload + wire("0800 0e00 ffffffff", "0800 1000 00000000")
        #expect(RoutingRule(payload: payload) == rule)
    }

    @Test func `one that somebody else made is not ours`() {
        var payload = full.payload
        let place = payload.indices.first { Array(payload[$0...].prefix(5)) == wire("0500 1500 48") }
        if let place { payload[place + 4] = 18 }
        #expect(RoutingRule(payload: payload)?.origin == 18)
        #expect(RoutingRule(payload: payload) != full)
    }

    @Test func `nonsense is no rule`() {
        let payload = full.payload
        for length in 0..<12 { #expect(RoutingRule(payload: Array(payload.prefix(length))) == nil) }
        for length in 12..<payload.count { _ = RoutingRule(payload: Array(payload.prefix(length))) }
        #expect(RoutingRule(payload: [7] + payload.dropFirst()) == nil)
    }

    @Test func `its description is for people`() {
        #expect(full.description == "rule 500 from 192.0.2.100/32 to 198.51.100.0/24")
        #expect(RoutingRule(family: .inet6, action: 1, priority: 5).description == "IPv6 rule 5")
    }
}
