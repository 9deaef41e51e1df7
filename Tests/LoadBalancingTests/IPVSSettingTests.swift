import LoadBalancing
import Testing

@Suite struct IPVSSettingTests {
    @Test func `a setting is named as sysctl names it`() {
        #expect(IPVSSetting.syncThreshold.description == "net.ipv4.vs.sync_threshold")
        #expect(Set(IPVSSetting.allCases.map(\.rawValue)).count == IPVSSetting.allCases.count)
    }

    static let values: [(text: String, value: String?)] = [
        ("0\n", "0"), ("3\t50\n", "3 50"), ("1 0", "1 0"), (" 7 ", "7"), ("4294967296", "4294967296"),
        ("", nil), ("\n", nil), ("on", nil), ("-1", nil), ("1 2 3", nil), ("1 x", nil),
        ("99999999999999999999", nil), ("+", nil),
    ]

    @Test(arguments: values) func `a value is one or two numbers`(text: String, value: String?) {
        #expect(IPVSSetting.value(in: text) == value)
    }

    @Test func `what a running thread does not read again is known`() {
        #expect(
            IPVSSetting.allCases.filter(\.isReadAtThreadStart) == [.syncPorts, .syncSocketSize])
    }

    @Test func `what concerns the sync daemon alone begins with its name`() {
        for setting in IPVSSetting.allCases {
            #expect(setting.isOfSync == setting.rawValue.hasPrefix("sync_"), "\(setting)")
        }
    }

    @Test func `the kernel's limits are ours`() {
        #expect(IPVSSetting.syncPorts.kind == .oneOf([1, 2, 4, 8, 16, 32, 64]))
        #expect(IPVSSetting.syncRetries.kind == .number(0...3))
        #expect(IPVSSetting.sloppyTCP.kind == .toggle)
        // Seconds of it, in the shortest ticks there are, fit an int.
        #expect(IPVSSetting.syncRefreshPeriod.kind == .number(0...UInt32(Int32.max / 1000)))
    }
}
