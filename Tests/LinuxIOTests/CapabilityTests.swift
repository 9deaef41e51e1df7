import LinuxIO
import Testing

@Suite struct CapabilityTests {
    @Test func `bits are the kernel's`() {
        #expect(([.networkAdmin, .networkRaw] as CapabilitySet).rawValue == 0x3000)
        #expect(CapabilitySet(rawValue: 1 << 12).contains(.networkAdmin))
        #expect(!CapabilitySet(rawValue: 1 << 12).contains(.networkRaw))
    }

    @Test(
        arguments: [
            ([], "none"), ([.networkRaw, .networkAdmin], "CAP_NET_ADMIN CAP_NET_RAW"),
            (CapabilitySet(rawValue: 1 << 63 | 1), "CAP_CHOWN CAP_63"),
        ] as [(CapabilitySet, String)])
    func `a set is told by its names`(set: CapabilitySet, text: String) {
        #expect(set.description == text)
    }

    @Test func `every name is the kernel's`() {
        #expect(Capability.allCases.allSatisfy { $0.description.hasPrefix("CAP_") })
        #expect(Set(Capability.allCases.map(\.description)).count == Capability.allCases.count)
    }
}
