import ConfigModel
import Testing
import Timekeeping
import VRRP

@Suite struct TrackingResolutionTests {
    @Test(arguments: [("", false), ("dont_track_primary", true)])
    func `an instance tracks its own interface unless told`(line: String, ignores: Bool) {
        #expect(Sample.router(line)?.tracking.ignoresOwnInterface == ignores)
    }

    private func script(_ lines: String) -> TrackScript? {
        Sample.load("vrrp_script s {\nscript /bin/true\n\(lines)\n}\n").model?.tracked.scripts.first
    }

    private func process(_ lines: String) -> TrackProcess? {
        Sample.load("vrrp_track_process p {\nprocess nginx\n\(lines)\n}\n").model?.tracked.processes.first
    }

    private func file(_ lines: String) -> TrackFile? {
        Sample.load("track_file f {\nfile /x\n\(lines)\n}\n").model?.tracked.files.first
    }

    @Test func `what is left out has keepalived's value`() {
        #expect(script("") == TrackScript(name: "s", command: ["/bin/true"]))
        #expect(process("") == TrackProcess(name: "p", process: "nginx"))
        #expect(file("") == TrackFile(name: "f", path: "/x"))
    }

    @Test func `a script's time out is its interval`() {
        #expect(script("interval 7")?.timeout == .seconds(7))
        #expect(script("interval 7\ntimeout 2.5")?.timeout == .milliseconds(2500))
    }

    @Test func `both delays of a process are the one that is given`() {
        #expect(process("delay 3")?.forkDelay == .seconds(3))
        #expect(process("delay 3")?.terminateDelay == .seconds(3))
        #expect(process("terminate_delay 1\ndelay 3")?.terminateDelay == .seconds(1))
        #expect(process("fork_delay 1\ndelay 3")?.forkDelay == .seconds(1))
    }

    @Test func `a file is written only when asked for`() {
        #expect(file("init_file")?.initialValue == TrackFile.InitialValue(value: 0, overwrites: false))
        #expect(
            file("init_file -5 overwrite")?.initialValue
                == TrackFile.InitialValue(value: -5, overwrites: true))
        #expect(
            file("init_file overwrite")?.initialValue == TrackFile.InitialValue(value: 0, overwrites: true))
    }

    @Test func `the last of two lines for one thing counts`() {
        let router = Sample.router("track_interface {\na weight 1\nb\na weight 2\n}")
        #expect(
            router?.tracking.items == [Tracked(.interface, "a", weight: 2), Tracked(.interface, "b")])
    }
}
