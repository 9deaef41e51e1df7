import LoadBalancing
import LoopGuard
import NetTypes
import Testing

@Suite struct MarkRulesTests {
    static let peer = MACAddress(rawValue: 0x0200_0000_000B)
    static let third = MACAddress(rawValue: 0x0200_0000_000A)

    static func web(_ port: UInt16 = 80, mark: UInt32? = 3) -> VirtualServer {
        let endpoint = Endpoint(.v4(IPv4Address(192, 0, 2, 100)), port: port)
        return VirtualServer(
            identity: .address(.tcp, endpoint), forwarding: .directRouting, realServers: [],
            guardMark: mark.flatMap { FirewallMark($0) })
    }

    static func peers(_ macs: [MACAddress]) -> PeerTable {
        PeerTable(LoopGuardConfiguration(peers: macs.map { .mac($0) }))
    }

    static func make(_ servers: [VirtualServer] = [web()], _ macs: [MACAddress] = [peer]) -> MarkRules {
        MarkRules(family: .inet, virtualServers: servers, peers: peers(macs))
    }

    static func save(_ rules: String, _ chain: String = ":HOLDFAST - [0:0]\n") -> ObservedMarkRules {
        ObservedMarkRules(
            parsing: "*mangle\n:PREROUTING ACCEPT [0:0]\n\(chain)\(rules)COMMIT\n", family: .inet)
    }

    @Test func `an empty table is filled in one transaction`() {
        let rules = Self.make([Self.web(), Self.web(443, mark: 0x5000_0004)], [Self.peer, Self.third])
        #expect(
            rules.repair(from: ObservedMarkRules()) == """
                *mangle
                :HOLDFAST - [0:0]
                -A HOLDFAST -m mac --mac-source 02:00:00:00:00:0a -j RETURN
                -A HOLDFAST -m mac --mac-source 02:00:00:00:00:0b -j RETURN
                -A HOLDFAST -d 192.0.2.100/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 0x3
                -A HOLDFAST -d 192.0.2.100/32 -p tcp -m tcp --dport 443 -j MARK --set-mark 0x50000004
                -I PREROUTING 1 -j HOLDFAST
                COMMIT

                """)
    }

    @Test func `all members of a group get its mark`() throws {
        var group = Self.web()
        group.group = ServiceGroup(
            name: "web", transport: .tcp, family: .inet,
            lines: [
                .addresses(try #require(AddressRange("192.0.2.100-101")), port: 80),
                .addresses(try #require(AddressRange("192.0.2.100")), port: 443),
            ])
        #expect(
            Self.make([group], []).rules.map(\.arguments) == [
                "-d 192.0.2.100/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 0x3",
                "-d 192.0.2.100/32 -p tcp -m tcp --dport 443 -j MARK --set-mark 0x3",
                "-d 192.0.2.101/32 -p tcp -m tcp --dport 80 -j MARK --set-mark 0x3",
            ])
        #expect(Self.make([Self.web(mark: nil)], []).rules.isEmpty)
    }

    static let good = """
        -A PREROUTING -j HOLDFAST
        -A PREROUTING -i eth9 -j ACCEPT
        -A HOLDFAST -m mac --mac-source 02:00:00:00:00:0B -j RETURN
        -A HOLDFAST -d 192.0.2.100/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x3/0xffffffff

        """

    @Test func `what is there already is left alone`() {
        let observed = Self.save(Self.good)
        #expect(Self.make().areInEffect(in: observed))
        #expect(Self.make().repair(from: observed) == nil)
    }

    static let jump = "-A PREROUTING -j HOLDFAST\n"

    static let deviations: [(String, String)] = [
        ("flushed chain", jump),
        ("no jump", String(good.dropFirst(jump.count))),
        ("jump twice", jump + good),
        ("jump second", "-A PREROUTING -i lo -j ACCEPT\n" + good),
        ("jump on a condition", good.replacing("PREROUTING -j", with: "PREROUTING -i eth0 -j")),
        ("second jump elsewhere", "-A INPUT -j HOLDFAST\n" + good),
        ("other peer", good.replacing(":0B", with: ":0C")),
        ("other mark", good.replacing("0x3/", with: "0x4/")),
        ("part of the mark", good.replacing("0xffffffff", with: "0xff")),
        ("extra rule", good + "-A HOLDFAST -j ACCEPT\n"),
        ("condition added", good.replacing("--dport 80", with: "--dport 80 -s 10.0.0.0/8")),
    ]

    @Test(arguments: deviations)
    func `every deviation is repaired and the repair removes every old jump`(
        name: String, table: String
    ) throws {
        let observed = Self.save(table)
        let repair = try #require(Self.make().repair(from: observed), "\(name)")
        let deletions = repair.split(separator: "\n").filter { $0.hasPrefix("-D ") }
        #expect(deletions.map { "-A" + $0.dropFirst(2) } == observed.references)
        #expect(repair.contains(":HOLDFAST - [0:0]\n"))
        #expect(repair.contains("-I PREROUTING 1 -j HOLDFAST\n"))
    }

    @Test func `at stop the chain and its jumps go`() {
        #expect(
            MarkRules.none(.inet).repair(from: Self.save(Self.good)) == """
                *mangle
                :HOLDFAST - [0:0]
                -D PREROUTING -j HOLDFAST
                -X HOLDFAST
                COMMIT

                """)
        #expect(MarkRules.none(.inet).repair(from: ObservedMarkRules()) == nil)
        #expect(MarkRules.none(.inet).repair(from: Self.save("")) != nil, "an empty chain of ours goes too")
    }

    @Test func `nothing is marked while a peer is being asked for`() {
        let asking = PeerTable(LoopGuardConfiguration(peers: [PeerTableTests.first, .mac(Self.peer)]))
        let rules = MarkRules(family: .inet, virtualServers: [Self.web()], peers: asking)
        #expect(rules == .none(.inet))
    }

    @Test func `a service without a guard and one by mark get no rule`() throws {
        let mark = try #require(FirewallMark(7))
        let byMark = VirtualServer(
            identity: .mark(.inet, mark), forwarding: .directRouting, realServers: [], guardMark: mark)
        #expect(Self.make([Self.web(mark: nil), byMark]).rules.isEmpty)
    }

    @Test func `each family has its own rules`() throws {
        let address = try #require(IPAddress("2001:db8::64"))
        let server = VirtualServer(
            identity: .address(.udp, Endpoint(address, port: 0)), forwarding: .directRouting, realServers: [],
            guardMark: FirewallMark(9))
        #expect(Self.make([server]).rules.isEmpty)
        let rules = MarkRules(
            family: .inet6, virtualServers: [server, Self.web()], peers: Self.peers([Self.peer]))
        #expect(
            rules.rules.map(\.arguments) == [
                "-m mac --mac-source 02:00:00:00:00:0b -j RETURN",
                "-d 2001:db8::64/128 -p udp -j MARK --set-mark 0x9",
            ])
        #expect(rules.rules.map(\.family) == [nil, .inet6])
    }
}
