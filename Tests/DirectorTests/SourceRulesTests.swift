import LoadBalancing
import NetTypes
import Testing

@testable import Director

@Suite struct SourceRulesTests {
    private func service(
        _ identity: ServiceIdentity, _ translation: SourceTranslation?
    ) -> VirtualServer {
        var server = virtualServer(forwarding: .masquerade)
        server.identity = identity
        server.sourceTranslation = translation
        return server
    }

    private func rules(_ servers: [VirtualServer], _ family: AddressFamily = .inet) -> [String] {
        SourceRules(family: family, servers).rules
    }

    private let web = ServiceIdentity.address(.tcp, endpoint("192.0.2.100", 80))
    private let snat =
        "-A HOLDFAST-FULLNAT -p tcp -m ipvs --vaddr 192.0.2.100 --vport 80 --vmethod MASQ "
        + "-j SNAT --to-source 10.2.0.250"

    @Test func `a service's connections get the address that is written`() {
        #expect(rules([service(web, .address(v4("10.2.0.250")))]) == [snat])
        #expect(rules([service(web, .address(v4("10.2.0.250")))], .inet6).isEmpty)
    }

    @Test func `without one they get that of the interface`() {
        #expect(rules([service(web, .masquerade)]).first?.hasSuffix(" --vmethod MASQ -j MASQUERADE") == true)
    }

    @Test func `plain NAT is left alone`() {
        #expect(rules([service(web, nil), virtualServer("192.0.2.101")]).isEmpty)
    }

    @Test func `a service of every port names none, and one by mark its mark`() throws {
        let all = ServiceIdentity.address(.udp, endpoint("192.0.2.100", 0))
        #expect(
            rules([service(all, .masquerade)]) == [
                "-A HOLDFAST-FULLNAT -p udp -m ipvs --vaddr 192.0.2.100 --vmethod MASQ -j MASQUERADE"
            ])
        let marked = ServiceIdentity.mark(.inet, try #require(mark(26)))
        #expect(
            rules([service(marked, .masquerade)]) == [
                "-A HOLDFAST-FULLNAT -m mark --mark 0x1a -m ipvs --vmethod MASQ -j MASQUERADE"
            ])
    }

    @Test func `IPVS's choice among services of one address is followed`() throws {
        let every = service(.address(.tcp, endpoint("192.0.2.100", 0)), .masquerade)
        let marked = service(.mark(.inet, try #require(mark(3))), nil)
        let plain = service(.address(.tcp, endpoint("192.0.2.100", 443)), nil)
        // Of no concern: another address, another protocol, no NAT.
        let others = [
            service(.address(.tcp, endpoint("192.0.2.101", 443)), nil),
            service(.address(.udp, endpoint("192.0.2.100", 443)), nil), virtualServer(port: 22),
        ]
        let begin = "-A HOLDFAST-FULLNAT"
        let whole = "-p tcp -m ipvs --vaddr 192.0.2.100"
        #expect(
            rules([every, plain, marked, service(web, .address(v4("10.2.0.250")))] + others) == [
                "\(begin) -m mark --mark 0x3 -m ipvs --vmethod MASQ -j RETURN",
                "\(begin) \(whole) --vport 443 --vmethod MASQ -j RETURN", snat,
                "\(begin) \(whole) --vmethod MASQ -j MASQUERADE",
            ])
        // Nothing is left alone where nothing is rewritten.
        #expect(rules([plain, marked] + others).isEmpty)
        #expect(rules([service(web, .masquerade), plain]).count == 1)
        #expect(rules([service(marked.identity, .masquerade), plain]).count == 1)
    }

    @Test func `IPv6 has its own table`() {
        let six = ServiceIdentity.address(.tcp, endpoint("2001:db8::64", 80))
        let servers = [service(web, .masquerade), service(six, .address(v4("2001:db8:2::5")))]
        #expect(
            rules(servers, .inet6) == [
                "-A HOLDFAST-FULLNAT -p tcp -m ipvs --vaddr 2001:db8::64 --vport 80 --vmethod MASQ "
                    + "-j SNAT --to-source 2001:db8:2::5"
            ])
        #expect(rules(servers).count == 1)
    }

    @Test func `every member of a group has its rule, in order`() throws {
        var group = service(web, .address(v4("10.2.0.250")))
        let range = try #require(AddressRange("192.0.2.100-102"))
        group.group = ServiceGroup(
            name: "web", transport: .tcp, family: .inet, lines: [.addresses(range, port: 80)])
        let found = rules([group, group])
        #expect(found.count == 3 && found.first == snat)
        #expect(found == found.sorted())
    }

    @Test func `rules are repaired in the nat table`() {
        let wanted = SourceRules(family: .inet, [service(web, .address(v4("10.2.0.250")))])
        #expect(
            wanted.repair(from: "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n")
                == "*nat\n:HOLDFAST-FULLNAT - [0:0]\n\(snat)\n-I POSTROUTING 1 -j HOLDFAST-FULLNAT\nCOMMIT\n")
        let there = "*nat\n:HOLDFAST-FULLNAT - [0:0]\n-A POSTROUTING -j HOLDFAST-FULLNAT\n\(snat)\nCOMMIT\n"
        #expect(wanted.repair(from: there) == nil)
        #expect(wanted.repair(from: there.replacing("100 --vport", with: "100/32 --vport")) == nil)
        #expect(SourceRules(family: .inet, []).repair(from: there)?.contains("-X HOLDFAST-FULLNAT") == true)
    }
}

@Suite struct AnswerRulesTests {
    private func service(_ translation: SourceTranslation?) -> VirtualServer {
        var server = virtualServer(forwarding: .masquerade)
        server.sourceTranslation = translation
        return server
    }

    private func answers(_ family: AddressFamily, _ servers: [VirtualServer]) -> AnswerRules {
        let held = ["10.2.0.250", "10.2.0.249", "2001:db8::5", "192.0.2.100"].map(v4)
        return AnswerRules(family: family, servers, held: Set(held))
    }

    private let drop =
        "-A HOLDFAST-FULLNAT -d 10.2.0.250/32 -p tcp -m tcp --tcp-flags SYN NONE "
        + "-m conntrack --ctstate INVALID,NEW -j DROP"

    @Test func `each address that moves has one rule, whatever uses it`() {
        let servers = ["10.2.0.250", "10.2.0.249", "10.2.0.250"].map { service(.address(v4($0))) }
        #expect(
            answers(.inet, servers).rules == [drop.replacing("250/", with: "249/"), drop])
        #expect(answers(.inet6, servers).rules.isEmpty)
        let six = answers(.inet6, [service(.address(v4("2001:db8::5")))]).rules
        #expect(six.first?.contains(" -d 2001:db8::5/128 ") == true)
    }

    @Test func `an address that stays, UDP, the director's own address, and plain NAT have none`() {
        #expect(answers(.inet, [service(.address(v4("10.2.0.7")))]).rules.isEmpty)
        var datagrams = service(.address(v4("10.2.0.250")))
        datagrams.identity = .address(.udp, endpoint("192.0.2.100", 53))
        #expect(answers(.inet, [datagrams]).rules.isEmpty)
        #expect(answers(.inet, [service(.masquerade), service(nil)]).rules.isEmpty)
    }

    @Test func `where clients use the address, or might, there is none`() throws {
        let own = service(.address(v4("192.0.2.100")))
        #expect(answers(.inet, [own]).rules.isEmpty, "the service's own")
        let other = virtualServer("10.2.0.250")
        #expect(answers(.inet, [service(.address(v4("10.2.0.250"))), other]).rules.isEmpty)
        var marked = service(.address(v4("10.2.0.250")))
        marked.identity = .mark(.inet, try #require(mark(3)))
        #expect(answers(.inet, [marked]).rules.isEmpty)
        // Clients of any service by mark may come to any address.
        marked.sourceTranslation = nil
        #expect(answers(.inet, [service(.address(v4("10.2.0.250"))), marked]).rules.isEmpty)
        marked.identity = .mark(.inet6, try #require(mark(3)))
        #expect(answers(.inet, [service(.address(v4("10.2.0.250"))), marked]).rules == [drop])
    }

    @Test func `they are in the mangle table, beside what others have there`() {
        let wanted = answers(.inet, [service(.address(v4("10.2.0.250")))])
        let others = "*mangle\n:HOLDFAST - [0:0]\n-A PREROUTING -j HOLDFAST\n"
        #expect(
            wanted.repair(from: others + "COMMIT\n")
                == "*mangle\n:HOLDFAST-FULLNAT - [0:0]\n\(drop)\n-I INPUT 1 -j HOLDFAST-FULLNAT\nCOMMIT\n")
        let there = others + ":HOLDFAST-FULLNAT - [0:0]\n-A INPUT -j HOLDFAST-FULLNAT\n\(drop)\nCOMMIT\n"
        #expect(wanted.repair(from: there) == nil)
        #expect(answers(.inet, []).repair(from: others + "COMMIT\n") == nil)
        #expect(
            answers(.inet, []).repair(from: there)
                == "*mangle\n:HOLDFAST-FULLNAT - [0:0]\n-D INPUT -j HOLDFAST-FULLNAT\n-X HOLDFAST-FULLNAT\n"
                + "COMMIT\n")
    }
}
