import ConfigModel
import LinuxIO
import Testing

@testable import Director

@Suite struct DumpFileTests {
    @Test func `each signal has its file, as keepalived has them`() {
        #expect(DumpFile(.user1) == .state && DumpFile(.user2) == .statistics)
        #expect(DumpFile(.realTime2) == .json)
        for signal in Signal.allCases where ![.user1, .user2, .realTime2].contains(signal) {
            #expect(DumpFile(signal) == nil)
        }
        let names = DumpFile.allCases.map(\.rawValue)
        #expect(names == ["keepalived.data", "keepalived.stats", "keepalived.json"])
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
