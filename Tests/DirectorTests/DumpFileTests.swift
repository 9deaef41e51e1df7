import ConfigModel
import LinuxIO
import Testing
import VRRP

@testable import Director

@Suite struct DumpFileTests {
    @Test func `each signal has its file, as keepalived has them`() {
        #expect(DumpFile(.user1) == .state && DumpFile(.user2) == .statistics)
        #expect(DumpFile(.realTime2) == .json)
        #expect(DumpFile(.realTimeLast1) == .statistics)
        for signal in Signal.allCases where ![.user1, .user2, .realTime2, .realTimeLast1].contains(signal) {
            #expect(DumpFile(signal) == nil)
        }
        let names = DumpFile.allCases.map(\.rawValue)
        #expect(names == ["keepalived.data", "keepalived.stats", "keepalived.json"])
    }

    @Test func `counters begin anew with the files that come after`() {
        var dumps = WantedDumps()
        var facts = RoleFactsTests.instance
        #expect(dumps.want(.user2) && !dumps.want(.user1) && !dumps.want(.user2) && !dumps.want(.hangup))
        #expect(dumps.take() == [.state, .statistics] && dumps.take() == [])
        dumps.written([facts.name: facts])
        #expect(dumps.cleared == [:])
        #expect(dumps.want(.realTimeLast1) && dumps.take() == [.statistics])
        dumps.written([facts.name: facts])
        #expect(dumps.cleared == [facts.name: ["sent": 3]])
        facts.counters["sent"] = 10
        var dump = InstanceDump(
            configuration: router(), state: .backup, facts: facts, cleared: dumps.cleared[facts.name] ?? [:])
        #expect(dump.counters.first { $0.name == "advert_sent" }?.value == 7)
        // A role that began since then.
        dump.facts?.counters["sent"] = 2
        #expect(dump.counters.first { $0.name == "advert_sent" }?.value == 2)
        // Whoever asks without clearing clears nothing.
        #expect(dumps.want(.user2) && dumps.take() == [.statistics])
        dumps.written([:])
        #expect(dumps.cleared == [facts.name: ["sent": 3]])
        // However much it has counted by now: nothing of that was there before.
        dumps.countersBegan()
        #expect(dumps.cleared == [:])
    }

    @Test func `it is in the daemon's own directory, unless a file or a directory is written`() {
        var places = DumpFiles()
        for file in DumpFile.allCases {
            #expect(file.path(places, in: "/run/x") == "/run/x/\(file.rawValue)")
        }
        (places.state, places.statistics, places.json) = ("/a/b", "/c/", "/")
        #expect(DumpFile.state.path(places, in: "/run/x") == "/a/b")
        #expect(DumpFile.statistics.path(places, in: "/run/x") == "/c/keepalived.stats")
        #expect(DumpFile.json.path(places, in: "/run/x") == "/keepalived.json")
    }
}
