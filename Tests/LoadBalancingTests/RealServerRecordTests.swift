import LoadBalancing
import NetTypes
import Testing

@Suite struct RealServerRecordTests {
    private func record() throws -> RealServerRecord {
        var record = RealServerRecord()
        let (four, six) = (IPAddress("192.0.2.100"), IPAddress("2001:db8::100"))
        record.addresses[RealServerAddress(direct: try #require(four))] = true
        record.addresses[RealServerAddress(tunnelled: try #require(six), over: .inet6)] = false
        record.ports[RealServerAddress(tunnelled: try #require(six), over: .inet6)] = [
            GUEPort(.inet6, 6080), GUEPort(.inet6, 6081),
        ]
        record.settings["net/ipv4/conf/all/arp_ignore"] = "0"
        record.switchedOn = [.ipv6Tunnel]
        record.made = [.greTunnel]
        record.receiving = [GUEPort(.inet6, 6080)]
        record.beside = [RealServerAddress(direct: try #require(IPAddress("192.0.2.5")))]
        return record
    }

    @Test func `what is written is read again`() throws {
        let record = try record()
        #expect(
            record.text == """
                added 192.0.2.100 lo
                found 2001:db8::100 ip6tnl0 6080 6081
                set net/ipv4/conf/all/arp_ignore 0
                on ip6tnl0
                made gre0
                gue inet6 6080
                beside 192.0.2.5 lo

                """)
        #expect(RealServerRecord(record.text) == record)
        #expect(RealServerRecord("") == RealServerRecord() && RealServerRecord().isEmpty && !record.isEmpty)
    }

    @Test(arguments: [
        "added 192.0.2.100", "added lo 192.0.2.100", "added 192.0.2.100 eth0", "on eth0", "off lo", "set a",
        "set net/ipv4/ip_forward 1", "set net/ipv4/conf/../../../kernel/core_pattern x", "on lo lo",
        "added 192.0.2.100 tunl0 0", "added 192.0.2.100 lo 6080", "found 192.0.2.100 tunl0 GUE",
        "beside 192.0.2.5 lo 6080",
        "made", "made eth0", "gue inet", "gue inet 0", "gue inet 65536", "gue ipv4 6080", "beside 192.0.2.5",
    ])
    func `what is no line of it is not understood`(line: String) {
        #expect(RealServerRecord(line + "\n") == nil)
    }

    @Test func `a record of before, without an address's ports, has those of its tunnel`() throws {
        let record = try #require(
            RealServerRecord("added 192.0.2.100 tunl0\nadded 192.0.2.101 lo\ngue inet 6080\n"))
        let address = try #require(IPAddress("192.0.2.100"))
        #expect(record.ports == [RealServerAddress(tunnelled: address, over: .inet): [GUEPort(.inet, 6080)]])
    }

    @Test func `what was first remembered stays when something is added`() throws {
        let old = try record()
        var new = RealServerRecord()
        new.settings = ["net/ipv4/conf/all/arp_ignore": "1", "net/ipv4/conf/lo/arp_ignore": "3"]
        new.switchedOn = [.loopback]
        new.made = [.ipv4Tunnel]
        let sum = old.joined(with: new)
        #expect(sum.settings["net/ipv4/conf/all/arp_ignore"] == "0")
        #expect(sum.settings["net/ipv4/conf/lo/arp_ignore"] == "3")
        #expect(sum.switchedOn == [.loopback, .ipv6Tunnel] && sum.addresses == old.addresses)
        #expect(sum.made == [.ipv4Tunnel, .greTunnel] && sum.beside == old.beside)
        // Found at first, lost meanwhile, and added again.
        let found = try #require(old.addresses.first { !$0.value }?.key)
        new.addresses[found] = true
        #expect(old.joined(with: new).addresses[found] == true)
        #expect(new.joined(with: old).addresses[found] == true)
    }
}
