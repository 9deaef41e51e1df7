import ConfigModel
import Testing
import Timekeeping
import VRRP

@Suite struct ConfigurationDumpTrackingTests {
    @Test func `everything that is tracked is written out and comes back`() throws {
        var configuration = Configuration()
        var script = TrackScript(name: "s", command: ["/bin/test", "-e", "a b"])
        script.user = "nobody"
        script.startsFailed = true
        script.isReversed = true
        script.weight = -7
        var process = TrackProcess(name: "p", process: "nginx", parameters: ["-g", "x y"])
        process.quorumMaximum = 0
        process.match = .partial
        process.comparesCommandLine = true
        var file = TrackFile(name: "f", path: "/run/n")
        file.initialValue = TrackFile.InitialValue(value: 3, overwrites: true)
        configuration.tracked.scripts = [script]
        configuration.tracked.processes = [process]
        configuration.tracked.files = [file]
        var router = try #require(Sample.router(""))
        router.tracking.items = [
            Tracked(.interface, "eth1", weight: 3, isReversed: true), Tracked(.script, "s"),
            Tracked(.process, "p", weight: 2), Tracked(.file, "f", weight: 4, isReversed: true),
        ]
        router.tracking.ignoresOwnInterface = true
        router.group = "G"
        configuration.instances = [router]
        var group = SyncGroup(name: "G", members: ["VI_1"])
        group.tracked = [Tracked(.script, "s", weight: 9)]
        group.keepsMemberWeights = true
        configuration.syncGroups = [group]
        let text = ConfigurationDump.text(configuration)
        #expect(Sample.load(text).model == configuration, "\(text)")
        #expect(text.contains("    track_script {\n        s weight 9 noreverse\n    }\n"))
    }
}
