import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct NftRuleTests {
    private func packets(_ lines: String = "") throws -> [AdvertPacket] {
        let loaded = Sample.load(Sample.instance(lines: lines))
        return AdvertPacket.all(of: try #require(loaded.configuration?.instances.first))
    }

    /// What a rule does with an advert of a group that comes in by eth0, as `yes accept`.
    private func verdicts(_ rule: String, of packet: AdvertPacket? = nil) throws -> [String] {
        let packet = try packet ?? #require(packets().first)
        var reader = NftRule(
            rule.replacing("\" ", with: " ").replacing(",", with: " , ").split(separator: " ").map(
                String.init),
            for: packet)
        return reader.verdicts().map { "\($0.truth) \($0.verdict)" }
    }

    @Test func `an instance hears adverts and sends its own`() throws {
        let both = try packets()
        #expect(both.map(\.isLeaving) == [false, true] && both[0].network == 112)
        #expect(both.allSatisfy { $0.destination == IPAddress("224.0.0.18") && $0.source == nil })
        let unicast = try packets("unicast_peer {\n192.0.2.3\n}")
        #expect(unicast.map(\.source) == [IPAddress("192.0.2.3"), nil])
        #expect(unicast.map(\.destination) == [nil, IPAddress("192.0.2.3")])
        #expect(try packets("authentication {\nauth_type AH\nauth_pass secret\n}")[0].network == 51)
    }

    @Test(arguments: [
        "accept", "ip protocol 112 accept", "ip protocol vrrp accept", "meta l4proto { 1 , 51-112 } accept",
        "meta l4proto != 6 accept", "iifname \"eth*\" accept", "iif eth0 accept",
        "iifname { eth0, eth1 } accept",
        "iifname != lo accept", "ip daddr 224.0.0.0/4 accept", "ip daddr 224.0.0.1-224.0.0.20 accept",
        "ct state established,new accept", "ct state { new, untracked } accept",
        "ct state != established accept",
        "meta pkttype multicast accept", "meta nfproto ipv4 accept", "meta protocol ip counter accept",
        "counter packets 3 bytes 5 log prefix x level info accept", "meta mark set 0x1 accept",
        "notrack accept", "comment x accept", "oifname != eth0 accept",
    ])
    func `what adverts meet takes them`(rule: String) throws {
        #expect(try verdicts(rule) == ["yes accept"])
    }

    @Test(arguments: [
        "tcp dport 22 accept", "udp dport { 53, 123 } accept", "ip protocol != 112 accept",
        "ip6 nexthdr 112 accept",
        "meta l4proto { 1, 58 } accept", "iifname lo accept", "iif != eth0 accept", "oifname eth0 accept",
        "ct status dnat accept", "fib saddr . mark . iif oif missing drop", "pkttype broadcast drop",
        "ip daddr 192.0.2.0/24 accept", "ip daddr != 224.0.0.18 accept",
        "ct state established,related accept", "meta pkttype unicast accept", "meta nfproto ipv6 accept",
        "icmp type echo-request accept", "tcp flags & (fin|syn) == syn drop", "counter packets 0 bytes 0",
        "meta", "ip",
    ])
    func `what adverts do not meet passes them over`(rule: String) throws {
        #expect(try verdicts(rule).isEmpty)
    }

    @Test(arguments: [
        "ip saddr 192.0.2.3 accept", "ip saddr @known accept", "limit rate 10/second accept",
        "ip ttl 255 accept",
        "fib daddr type multicast accept", "limit rate 9/second log prefix \"drop\" accept",
        "ether saddr 02:00:00:00:00:01 accept",
        "iifname . ip saddr { eth0 . 192.0.2.3 } accept", "ip length < 60 accept",
        "meta mark & 0x1 == 0x1 accept",
    ])
    func `what is not known may be met`(rule: String) throws {
        #expect(try verdicts(rule) == ["maybe accept"])
    }

    @Test func `each verdict, and those of maps`() throws {
        #expect(try verdicts("reject with icmpx admin-prohibited") == ["yes drop"])
        #expect(
            try verdicts("jump more") == ["yes jump(\"more\")"]
                && verdicts("goto end") == ["yes goTo(\"end\")"])
        #expect(try verdicts("return") == ["yes goBack"] && verdicts("continue") == ["yes goOn"])
        #expect(try verdicts("queue num 1") == ["yes anything"] && verdicts("jump") == ["yes anything"])
        #expect(
            try verdicts("ip protocol vmap { 6 : accept , 112 : jump in , * : drop }")
                == ["no accept", "yes jump(\"in\")", "yes drop"])
        #expect(try verdicts("ip saddr . iif vmap { 192.0.2.3 . eth0 : accept }") == ["maybe anything"])
        #expect(try verdicts("ip protocol vmap @known") == ["maybe anything"])
        #expect(try verdicts("fwd to \"eth1\" ") == ["yes drop"])
        #expect(try verdicts("xt target \"TEE\" ") == ["yes anything"])
    }

    @Test func `of a peer's adverts the source is known, and that they may be answers`() throws {
        let packet = try #require(try packets("unicast_peer {\n192.0.2.3\n}").first)
        #expect(try verdicts("ip saddr 192.0.2.0/24 accept", of: packet) == ["yes accept"])
        #expect(try verdicts("ip saddr 192.0.2.4 accept", of: packet).isEmpty)
        #expect(try verdicts("ip daddr 192.0.2.2 accept", of: packet) == ["maybe accept"])
        #expect(try verdicts("ct state established accept", of: packet) == ["maybe accept"])
        #expect(try verdicts("meta pkttype multicast accept", of: packet).isEmpty)
        #expect(try verdicts("meta pkttype broadcast accept", of: packet).isEmpty)
        #expect(try verdicts("meta pkttype host accept", of: packet) == ["yes accept"])
    }
}
