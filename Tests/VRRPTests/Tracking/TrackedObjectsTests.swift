import Testing
import Timekeeping
import VRRP

@Suite struct TrackedObjectsTests {
    @Test func `a script has keepalived's defaults`() {
        let script = TrackScript(name: "s", command: ["/x"])
        #expect(script.interval == .seconds(1) && script.timeout == .seconds(1))
        #expect(script.weight == 0 && script.rise == 1 && script.fall == 1)
        #expect(!script.startsFailed && !script.isReversed && script.user == nil)
    }

    @Test func `a process must run once, at once`() {
        let process = TrackProcess(name: "p", process: "nginx")
        #expect(process.quorum == 1 && process.quorumMaximum == nil && process.weight == 0)
        #expect(process.forkDelay == .zero && process.terminateDelay == .zero)
        #expect(process.match == .exact && !process.comparesCommandLine && process.parameters.isEmpty)
    }

    @Test func `a file's number counts once and the file is not made`() {
        let file = TrackFile(name: "f", path: "/x")
        #expect(file.weight == 1 && file.initialValue == nil && !file.isReversed)
    }

    @Test func `a group tracks nothing by itself and its members' weights do not count`() {
        let group = SyncGroup(name: "G", members: ["A"])
        #expect(group.tracked.isEmpty && !group.keepsMemberWeights)
    }
}
