import ConfigSyntax
import LoadBalancing
import Testing

@testable import ConfigModel

@Suite struct SchedulerFlagTests {
    private func flags(_ lines: String) -> ServiceFlags? {
        Sample.virtualServer(Sample.service(lines: "protocol UDP\n\(lines)"))?.flags
    }

    @Test(
        arguments: [
            ("", 0), ("ops", 0x04), ("flag-1", 0x08), ("flag-2", 0x10), ("flag-3", 0x20),
            ("ops\nflag-3", 0x24), ("sh-port", 0),
        ] as [(String, UInt32)])
    func `a keyword is a bit of the kernel's`(lines: String, bits: UInt32) {
        #expect(flags(lines)?.rawValue == bits)
    }

    @Test(
        arguments: [
            ("sh", "sh-port", 0x10), ("sh", "sh-fallback", 0x08), ("mh", "mh-port", 0x10),
            ("mh", "mh-fallback", 0x08), ("mh", "sh-port", 0), ("sh", "mh-port\nmh-fallback", 0),
        ] as [(String, String, UInt32)])
    func `a scheduler's own name counts for that scheduler`(name: String, lines: String, bits: UInt32) {
        let text = Sample.service(lines: "protocol TCP\n\(lines)").replacing(
            "lb_algo rr", with: "lb_algo \(name)")
        #expect(Sample.virtualServer(text)?.flags.rawValue == bits)
    }

    @Test func `one-packet scheduling is for UDP, also behind a mark`() {
        #expect(Sample.virtualServer(Sample.service(lines: "protocol TCP\nops"))?.flags == [])
        #expect(Sample.virtualServer(Sample.service("fwmark 3", lines: "ops"))?.flags == .onePacket)
    }

    @Test func `a flag takes no words`() {
        #expect(Sample.errors(Sample.service(lines: "protocol TCP\nflag-1 on")) == [.unexpectedWord])
    }

    @Test func `every flag has a row`() {
        #expect(SchedulerFlag.rows.map(\.facts.name) == SchedulerFlag.allCases.map(\.rawValue))
    }
}
