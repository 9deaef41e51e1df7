import FoundationEssentials
import Testing

@testable import Lab

@Suite struct ProcessTimesTests {
    @Test func `the kernel's text is understood, whatever the name`() {
        let rest = "S 1 2 3 0 -1 4194560 500 0 3 0 120 480 7 8 20 0 1 0 99"
        for name in ["cat", "a b", "x) S 9 9", "(y)"] {
            let times = ProcessTimes(stat: "42 (\(name)) \(rest)\n")
            #expect(times?.user == 120 && times?.system == 480, "\(name)")
        }
    }

    @Test(arguments: ["", "42 (cat", "42 (cat) S 1 2", "42 (cat) S 1 2 3 0 -1 4194560 500 0 3 0 x 480 7"])
    func `another text is none`(text: String) { #expect(ProcessTimes(stat: text) == nil) }

    @Test func `a share needs some ticks`() throws {
        let first = try #require(ProcessTimes(stat: "1 (a) S 1 2 3 0 -1 4 5 0 3 0 10 10 0"))
        let last = try #require(ProcessTimes(stat: "1 (a) S 1 2 3 0 -1 4 5 0 3 0 13 19 0"))
        #expect(last.userShare(since: first) == 0.25)
        #expect(first.userShare(since: first) == nil && first.userShare(since: last) == nil)
    }

    @Test func `a process has times until it is gone`() {
        #expect(ProcessTimes(of: ProcessInfo.processInfo.processIdentifier) != nil)
        #expect(ProcessTimes(of: .max) == nil)
    }
}
