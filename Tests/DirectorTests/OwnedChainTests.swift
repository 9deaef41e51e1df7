import NetTypes
import Testing

@testable import Director

@Suite struct OwnedChainTests {
    private let chain = OwnedChain(table: .nat, name: "OURS", hook: "POSTROUTING", family: .inet)
    private let rules = ["-A OURS -d 192.0.2.1/32 -j ACCEPT", "-A OURS -p tcp -j DROP"]

    /// A table as iptables-save writes it.
    private func table(_ lines: [String], hasChain: Bool = true) -> String {
        (["*nat", ":POSTROUTING ACCEPT [0:0]"] + (hasChain ? [":OURS - [0:0]"] : []) + lines + ["COMMIT"])
            .joined(separator: "\n")
    }

    @Test func `what is there as wanted is left alone`() {
        let jump = "-A POSTROUTING -j OURS"
        #expect(chain.repair(rules, from: table([jump] + rules)) == nil)
        // Other variants write the parts in another order, and no length of one address.
        let other = ["-A OURS -j ACCEPT -d 192.0.2.1", "-A OURS -p tcp -j DROP"]
        #expect(chain.repair(rules, from: table([jump] + other)) == nil)
        #expect(chain.repair([], from: table(["-A POSTROUTING -j OTHER"], hasChain: false)) == nil)
    }

    @Test func `the length of a network counts`() {
        let network = ["-A OURS -d 192.0.2.1/24 -j ACCEPT", rules[1]]
        #expect(chain.repair(rules, from: table(["-A POSTROUTING -j OURS"] + network)) != nil)
        let six = OwnedChain(table: .nat, name: "OURS", hook: "POSTROUTING", family: .inet6)
        let wanted = ["-A OURS -d 2001:db8::1/128 -j DROP"]
        let jump = "-A POSTROUTING -j OURS"
        #expect(six.repair(wanted, from: table([jump, "-A OURS -d 2001:db8::1 -j DROP"])) == nil)
        #expect(six.repair(wanted, from: table([jump, "-A OURS -d 2001:db8::1/32 -j DROP"])) != nil)
    }

    @Test func `everything is written in one transaction of its table`() {
        let whole = "*nat\n:OURS - [0:0]\n\(rules[0])\n\(rules[1])\n-I POSTROUTING 1 -j OURS\nCOMMIT\n"
        #expect(chain.repair(rules, from: "") == whole)
        #expect(chain.repair(rules, from: table(rules)) == whole, "without a jump")
    }

    @Test(arguments: [
        ["-A POSTROUTING -s 10.0.0.0/8 -j ACCEPT", "-A POSTROUTING -j OURS"],
        ["-A POSTROUTING -j OURS", "-A POSTROUTING -j OURS"],
        ["-A POSTROUTING -j OURS", "-A OTHER -g OURS"],
    ])
    func `the jump is the first rule, and alone`(references: [String]) throws {
        let input = try #require(chain.repair(rules, from: table(references + rules)))
        let lines = input.split(separator: "\n").map(String.init)
        #expect(lines.suffix(4) == rules + ["-I POSTROUTING 1 -j OURS", "COMMIT"])
        let jumps = references.filter { $0.hasSuffix(" OURS") }
        #expect(lines.filter { $0.hasPrefix("-D ") } == jumps.map { "-D" + $0.dropFirst(2) })
    }

    @Test func `of two chains of ours either may come first`() {
        let jumps = ["-A POSTROUTING -j HOLDFAST-OTHER", "-A POSTROUTING -j OURS"]
        for both in [jumps, jumps.reversed()] {
            #expect(chain.repair(rules, from: table(both + rules)) == nil)
        }
        let between = [jumps[0], "-A POSTROUTING -j ACCEPT", jumps[1]]
        #expect(chain.repair(rules, from: table(between + rules)) != nil)
    }

    @Test func `rules out of order, or more of them, are written anew`() {
        let jump = "-A POSTROUTING -j OURS"
        for present in [Array(rules.reversed()), rules + [rules[0]], [rules[0]], []] {
            #expect(chain.repair(rules, from: table([jump] + present)) != nil)
        }
    }

    @Test func `nothing wanted leaves no chain and no jump`() {
        #expect(
            chain.repair([], from: table(["-A POSTROUTING -j OURS"] + rules))
                == "*nat\n:OURS - [0:0]\n-D POSTROUTING -j OURS\n-X OURS\nCOMMIT\n")
    }
}
