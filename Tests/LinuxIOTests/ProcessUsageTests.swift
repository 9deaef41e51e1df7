import Testing
import Timekeeping

@testable import LinuxIO

@Suite struct ProcessUsageTests {
    private static let line =
        "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 7 8 20 0 1 0 300 10000000 3 "
        + "18446744073709551615\n"

    @Test func `memory and time are found behind a name of any characters`() throws {
        let usage = try #require(ProcessUsage(stat: Self.line))
        #expect(usage.processorTime == .milliseconds(1750))
        #expect(usage.residentOctets % 3 == 0 && usage.residentOctets >= 3 * 4096)
    }

    @Test(arguments: [
        "", "42 (a", "42 (a) S 1 2 3", String(line.prefix(70)), line.replacing(" 3 ", with: " -3 "),
    ])
    func `what is no such line tells nothing`(text: String) { #expect(ProcessUsage(stat: text) == nil) }

    @Test func `this process uses something, and one that is not there nothing`() throws {
        let usage = try #require(ProcessUsage(of: HostFacts.process))
        #expect(usage.residentOctets > 1 << 20)
        #expect(ProcessUsage(of: .max) == nil)
    }
}
