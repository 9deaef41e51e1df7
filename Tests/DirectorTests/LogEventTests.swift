import LinuxIO
import Testing
import VRRP

@testable import Director

@Suite struct LogEventTests {
    @Test func `each kind has a number of its own, as the journal wants it`() {
        let numbers = LogEvent.Kind.allCases.map(\.rawValue)
        #expect(Set(numbers).count == numbers.count)
        for number in numbers {
            #expect(number.utf8.count == 32 && number.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
    }

    @Test func `the kind comes before what it is about`() {
        let event = LogEvent(.role, ["ROLE": "lvs", "REASON": "signal 9"])
        #expect(
            event.fields == [
                LogField("MESSAGE_ID", LogEvent.Kind.role.rawValue), LogField("ROLE", "lvs"),
                LogField("REASON", "signal 9"),
            ])
    }

    @Test func `an instance tells its addresses and both states`() {
        var instance = Instance(router())
        instance.note(.backup, because: .started, at: at(0))
        let event = instance.event(.master, because: .fit)
        #expect(event.kind == .transition)
        #expect(
            event.about == [
                LogField("VRRP_INSTANCE", "VI_1"), LogField("VRID", "51"), LogField("STATE_FROM", "BACKUP"),
                LogField("STATE_TO", "MASTER"), LogField("REASON", "what it tracks is in order again"),
                LogField("VIP", "192.0.2.100"),
            ])
    }
}
