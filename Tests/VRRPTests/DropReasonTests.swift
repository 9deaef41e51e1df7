import Testing
import VRRP

@Suite struct DropReasonTests {
    @Test func `names and sentences are distinct`() {
        #expect(Set(DropReason.allCases.map(\.rawValue)).count == DropReason.allCases.count)
        #expect(Set(DropReason.allCases.map(\.description)).count == DropReason.allCases.count)
        #expect(DropReason.allCases.allSatisfy { !$0.rawValue.contains(" ") })
    }

    @Test func `only differences in configuration suggest two masters`() {
        let alarming = DropReason.allCases.filter(\.suggestsTwoMasters)
        #expect(
            alarming == [.version, .authenticationType, .password, .integrityCheck, .interval, .addressList])
    }
}
