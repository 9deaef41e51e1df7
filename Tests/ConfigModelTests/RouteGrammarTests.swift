import ConfigSyntax
import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct RouteGrammarTests {
    private func load(_ line: String) -> LoadResult {
        Sample.load(Sample.instance(lines: "virtual_routes {\n\(line)\n}"))
    }

    private func route(_ line: String) -> VirtualRoute? {
        load(line).configuration?.instances[0].routes.first
    }

    private func codes(_ line: String) -> [DiagnosticCode] { load(line).diagnostics.map(\.code) }

    @Test(arguments: [
        ("198.51.100.0/24 via 192.0.2.1", "198.51.100.0/24 via 192.0.2.1"),
        ("to 198.51.100.0/24 gw 192.0.2.1", "198.51.100.0/24 via 192.0.2.1"),
        ("src 192.0.2.100 to 198.51.100.7 dev eth0", "198.51.100.7/32 src 192.0.2.100 dev eth0"),
        ("default via 192.0.2.1", "0.0.0.0/0 via 192.0.2.1"),
        ("default via inet6 2001:db8::1", "::/0 via 2001:db8::1"),
        ("inet6 default dev eth0", "::/0 dev eth0"),
        ("198.51.100.0/24 via 10.9.9.9 oif eth0 onlink table 100", nil),
        ("198.51.100.0/24 dev eth0 priority 7 scope link tos 0x10", nil),
        ("198.51.100.0/24 dev eth0 table main", "198.51.100.0/24 dev eth0"),
        ("198.51.100.0/24 dev eth0 advmss 1300 mtu lock 1400", nil),
        ("blackhole 203.0.113.0/24 metric 5", "blackhole 203.0.113.0/24 metric 5"),
        ("unreachable to default", "unreachable 0.0.0.0/0"),
        ("198.51.100.0/24 nexthop via 192.0.2.1 weight 2 nexthop via 192.0.2.9 dev eth0", nil),
        ("198.51.100.0/24 via 192.0.2.1 no_track", "198.51.100.0/24 via 192.0.2.1 no_track"),
    ])
    func `a line is read, and its words read back as the same`(line: String, words: String?) throws {
        let route = try #require(self.route(line), "\(codes(line))")
        let text = route.words.joined(separator: " ")
        if let words { #expect(text == words) }
        #expect(self.route(text) == route)
    }

    @Test func `each word has its meaning`() throws {
        let route = try #require(
            self.route(
                "src 192.0.2.100 198.51.100.0/24 via 10.9.9.9 dev eth0 onlink table 100 metric 7 tos 16 "
                    + "scope site mtu lock 1400 hoplimit 9"))
        var hop = NextHop()
        (hop.gateway, hop.interface, hop.isOnLink) = (IPAddress("10.9.9.9"), "eth0", true)
        #expect(route.hops == [hop])
        #expect(route.source == IPAddress("192.0.2.100"))
        #expect((route.table, route.metric, route.typeOfService, route.scope) == (100, 7, 16, 200))
        #expect(route.metrics == [.init(.mtu, 1400, isLocked: true), .init(.hoplimit, 9)])
        #expect(self.route("198.51.100.0/24 via 192.0.2.1")?.metric == nil)
    }

    @Test func `next hops have their own gateways and weights`() throws {
        let hops = try #require(
            self.route("198.51.100.0/24 nexthop via 192.0.2.1 weight 2 nexthop dev eth0 onlink")
        ).hops
        #expect(hops.map(\.weight) == [2, 1])
        #expect(hops.map(\.interface) == [nil, "eth0"])
        #expect(hops.map(\.isOnLink) == [false, true])
    }

    @Test func `a second gateway by or is a second next hop, by the same interface`() {
        let line = "198.51.100.0/24 via 192.0.2.1 or 192.0.2.9 dev eth0"
        #expect(codes(line) == [.obsoleteKeyword])
        #expect(route(line)?.hops.map(\.gateway) == [IPAddress("192.0.2.1"), IPAddress("192.0.2.9")])
        #expect(route(line)?.hops.map(\.interface) == ["eth0", "eth0"])
        #expect(codes("198.51.100.0/24 or 192.0.2.1") == [.unexpectedWord])
    }

    @Test(arguments: [
        ("via 192.0.2.1", DiagnosticCode.missingValue), ("198.51.100.0/24", .missingValue),
        ("198.51.100.0/24 via", .missingValue), ("to", .missingValue),
        ("blackhole 203.0.113.0/24 dev eth0", .missingValue),
        ("198.51.100.0/24 nexthop weight 2", .missingValue),
        ("198.51.100.1/24 via 192.0.2.1", .invalidAddress), ("nonsense via 192.0.2.1", .invalidAddress),
        ("198.51.100.0/24 via 2001:db8::1", .mixedAddressFamilies),
        ("inet6 198.51.100.0/24 dev eth0", .mixedAddressFamilies),
        ("198.51.100.0/24 via 192.0.2.1 nexthop via 192.0.2.9", .unexpectedWord),
        ("198.51.100.0/24 via 192.0.2.1 devv eth0", .unexpectedWord),
        ("198.51.100.0/24 dev eth0 table 0", .outOfRange), ("198.51.100.0/24 dev eth0 weight 0", .outOfRange),
        ("198.51.100.0/24 dev eth0 tos 300", .outOfRange), ("198.51.100.0/24 dev eth0 mtu x", .invalidNumber),
        ("198.51.100.0/24 dev eth0 scope far", .unknownChoice),
    ])
    func `what makes no sense is refused`(line: String, code: DiagnosticCode) {
        #expect(codes(line) == [code])
        #expect(load(line).configuration == nil)
    }

    @Test(arguments: RouteGrammar.unsupported) func `what is not carried out is refused by name`(word: String)
    {
        let result = load("198.51.100.0/24 via 192.0.2.1 \(word) 5")
        #expect(result.diagnostics.map(\.code) == [.unsupportedValue])
        #expect(result.diagnostics.first?.message.hasPrefix(word) == true)
    }

    @Test func `a protocol has no effect, which is said`() {
        #expect(codes("198.51.100.0/24 via 192.0.2.1 proto static") == [.keywordWithoutEffect])
        #expect(route("198.51.100.0/24 via 192.0.2.1 proto static")?.words.count == 3)
    }

    @Test func `a mistyped word is told`() {
        #expect(load("198.51.100.0/24 via 192.0.2.1 metrik 5").diagnostics.first?.suggestion == "metric")
    }
}
