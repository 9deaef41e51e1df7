import NetTypes
import Testing
import VRRP

@Suite struct VirtualRuleTests {
    @Test func `a rule says what it does and when it is asked`() {
        let actions: [(VirtualRule.Action, String)] = [
            (.table(100), "table 100"), (.goTo(20000), "goto 20000"), (.nothing, "nop"),
            (.refuse(.blackhole), "blackhole"), (.refuse(.prohibit), "prohibit"),
        ]
        for (action, words) in actions {
            let rule = VirtualRule(family: .inet, preference: 500, action: action)
            #expect(rule.words.joined(separator: " ") == "\(words) preference 500")
        }
    }

    @Test func `the family is said where no address tells it`() {
        var rule = VirtualRule(family: .inet6, preference: 5, action: .table(9))
        #expect(rule.words.first == "inet6")
        rule.source = Prefix("2001:db8::/32")
        #expect(rule.words.joined(separator: " ") == "from 2001:db8::/32 table 9 preference 5")
    }

    @Test func `everything that is said is in its words`() {
        var rule = VirtualRule(family: .inet, preference: 500, action: .table(100))
        rule.source = Prefix("192.0.2.0/24")
        rule.destination = Prefix("198.51.100.7/32")
        rule.typeOfService = 16
        (rule.mark, rule.markMask) = (3, 255)
        (rule.incoming, rule.outgoing) = ("eth0", "eth1")
        rule.users = .init(0, 99)
        rule.transport = 6
        rule.sourcePorts = .init(1, 2)
        rule.destinationPorts = .init(80, 80)
        rule.suppressedLength = 0
        rule.isUntracked = true
        #expect(
            rule.words.joined(separator: " ")
                == "from 192.0.2.0/24 to 198.51.100.7/32 tos 16 fwmark 3/255 iif eth0 oif eth1 "
                + "uidrange 0-99 ipproto 6 sport 1-2 dport 80-80 table 100 suppress_prefixlength 0 "
                + "preference 500 no_track")
        rule.markMask = .max
        #expect(rule.words.contains("3"))
    }
}
