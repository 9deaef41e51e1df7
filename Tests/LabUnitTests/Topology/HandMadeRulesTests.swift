import NetTypes
import Testing

@testable import Lab

@Suite struct HandMadeRulesTests {
    @Test func `only services written by mark need rules by hand`() {
        #expect(HandMadeRules.marks(of: Sample.configuration()).isEmpty)
        let marked = Sample.configuration(mark: FirewallMark(3))
        #expect(HandMadeRules.marks(of: marked) == [FirewallMark(3)])
    }

    @Test func `the rule marks what does not come from the other director`() throws {
        let words = HandMadeRules.arguments(
            mark: try #require(FirewallMark(3)), service: Sample.service,
            peer: LabPlan.mac(ofDirector: LabPlan.directorB))
        #expect(
            words.joined(separator: " ")
                == "-t mangle -I PREROUTING -d 192.0.2.100 -p tcp -m tcp --dport 80 -m mac ! --mac-source"
                + " 02:00:00:00:00:0b -j MARK --set-mark 3")
    }
}
