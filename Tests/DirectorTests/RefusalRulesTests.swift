import NetTypes
import Testing
import VRRP

@testable import Director

@Suite struct RefusalRulesTests {
    private let drop = "-A HOLDFAST-REFUSE -d 192.0.2.100/32 -j DROP"
    private let jump = "-A INPUT -j HOLDFAST-REFUSE"

    private func refusing(
        _ addresses: [String] = ["192.0.2.100/24"], priority: UInt8 = 100
    ) -> RouterConfiguration {
        var instance = router(priority: priority, addresses: addresses)
        instance.refusesTraffic = true
        return instance
    }

    private func rules(_ instances: [RouterConfiguration], _ family: AddressFamily = .inet) -> [String] {
        RefusalRules(family: family, instances).rules
    }

    /// A table as iptables-save 1.8.9 writes it.
    private func table(_ lines: [String], hasChain: Bool = true) -> String {
        (["# Generated", "*mangle", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]"]
            + (hasChain ? [":HOLDFAST-REFUSE - [0:0]"] : []) + lines + ["COMMIT", "# Completed"])
            .joined(separator: "\n")
    }

    @Test func `every address of an instance that refuses is dropped, in order and once`() {
        var instance = refusing(["192.0.2.101/24", "192.0.2.100/24"])
        instance.excludedAddresses = instance.virtualAddresses
        #expect(
            rules([instance, router("B", addresses: ["192.0.2.9/24"])]) == [
                drop, drop.replacing("100", with: "101"),
            ])
        #expect(rules([router()]).isEmpty)
    }

    @Test func `an owner accepts`() {
        #expect(rules([refusing(priority: 255)]).isEmpty)
        #expect(rules([refusing(priority: 254)]) == [drop])
    }

    @Test func `over IPv6 neighbour discovery goes on, and a link-local address is that of its interface`() {
        let instance = refusing(["fe80::64/64", "2001:db8::64/64"])
        let head = "-A HOLDFAST-REFUSE "
        #expect(rules([instance]).isEmpty)
        #expect(
            rules([instance], .inet6) == [
                head + "-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j RETURN",
                head + "-p ipv6-icmp -m icmp6 --icmpv6-type 136 -j RETURN",
                head + "-d 2001:db8::64/128 -j DROP", head + "-d fe80::64/128 -i eth0 -j DROP",
            ])
        #expect(rules([refusing()], .inet6).isEmpty)
    }

    @Test func `what is in effect is left alone, in whatever order its parts are written`() {
        let wanted = RefusalRules(family: .inet, [refusing()])
        #expect(wanted.repair(from: table([jump, "-A INPUT -j ACCEPT", drop])) == nil)
        #expect(
            wanted.repair(from: table([jump, "-A HOLDFAST-REFUSE -j DROP -d 192.0.2.100/32"])) == nil)
    }

    @Test func `what is missing is written in one transaction`() {
        let wanted = RefusalRules(family: .inet, [refusing()])
        let whole = "*mangle\n:HOLDFAST-REFUSE - [0:0]\n\(drop)\n-I INPUT 1 -j HOLDFAST-REFUSE\nCOMMIT\n"
        #expect(wanted.repair(from: table([], hasChain: false)) == whole)
        #expect(wanted.repair(from: "") == whole)
        #expect(wanted.repair(from: table([drop])) == whole)
    }

    @Test func `what somebody changed is put right, and nothing of others`() {
        let wanted = RefusalRules(family: .inet, [refusing()])
        let other = "-A INPUT -s 198.51.100.1/32 -j DROP"
        for lines in [
            [other, jump, drop], [jump, other, drop, drop], [jump, jump, drop],
            [jump, "-A HOLDFAST-REFUSE -j ACCEPT", drop],
        ] {
            let input = wanted.repair(from: table(lines)) ?? ""
            #expect(input.hasSuffix("\(drop)\n-I INPUT 1 -j HOLDFAST-REFUSE\nCOMMIT\n"))
            #expect(input.split(separator: "\n").count { $0 == "-D INPUT -j HOLDFAST-REFUSE" } >= 1)
            #expect(!input.contains("198.51.100.1"))
        }
    }

    @Test func `nothing wanted leaves no chain and no jump`() {
        let none = RefusalRules(family: .inet, [])
        #expect(none.repair(from: table([], hasChain: false)) == nil)
        #expect(
            none.repair(from: table([jump, drop]))
                == "*mangle\n:HOLDFAST-REFUSE - [0:0]\n-D INPUT -j HOLDFAST-REFUSE\n"
                + "-X HOLDFAST-REFUSE\nCOMMIT\n"
        )
    }
}
