import ConfigModel
import ControlProtocol
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct DaemonDumpTests {
    private func dump(_ change: (inout Configuration) -> Void = { _ in }) -> DaemonDump {
        var tracking = router()
        tracking.tracking.items = [
            Tracked(.script, "chk", weight: 20), Tracked(.file, "load", weight: 1), Tracked(.process, "p"),
        ]
        var configuration = pair(instances: [tracking])
        configuration.tracked.scripts = [TrackScript(name: "chk", command: ["/bin/chk", "-x"])]
        configuration.tracked.files = [TrackFile(name: "load", path: "/run/load")]
        configuration.tracked.processes = [TrackProcess(name: "p", process: "sshd")]
        change(&configuration)
        var watched = Watched(configuration)
        watched.feed(.reported(.vrrp(.state(instance: "VI_1", .backup))), at: at(3))
        watched.feed(.filesRead(["load": 7]), at: at(4))
        return DaemonDump(
            supervisor: watched.supervisor, chronicle: watched.chronicle,
            facts: ["VI_1": RoleFactsTests.instance], times: DaemonFactsTests.times, host: "lvs-a")
    }

    @Test func `the state has the sections that exporters look into`() {
        let text = dump().text(of: .state)
        let titles = text.split(separator: "\n").filter { $0.hasPrefix("------<") }
        #expect(
            titles == [
                "------< Global definitions >------", "------< VRRP Topology >------",
                "------< VRRP Scripts >------", "------< VRRP Track files >------",
                "------< VRRP Track processes >------",
            ])
        #expect(text.contains(" Router ID = lvs-a\n") && text.contains(" VRRP Instance = VI_1\n"))
        #expect(text.contains("   Last transition = 1709207903.000000 (2024-02-29T11:58:23.000Z)\n"))
    }

    @Test func `a script tells what it says, and whether it runs`() {
        var dump = dump()
        #expect(dump.text(of: .state).contains(" VRRP Script = chk\n   Command = '/bin/chk' '-x'\n"))
        #expect(dump.text(of: .state).contains("   Status = INIT\n"))
        #expect(dump.text(of: .state).contains("   State = running\n"))
        _ = dump.supervisor.handle(.trackScriptEnded(run: 1, .status(1)), at: at(5))
        #expect(dump.text(of: .state).contains("   Status = BAD\n"))
        #expect(
            dump.text(of: .state).contains(
                "   Tracking instances :\n     VI_1, weight 20\n   State = idle\n"))
    }

    @Test func `files, processes and groups tell theirs`() {
        let text = dump {
            $0.syncGroups = [SyncGroup(name: "G", members: ["VI_1"])]
        }.text(of: .state)
        #expect(text.contains(" Track file = load\n   File = /run/load\n   Status = 7\n"))
        #expect(text.contains(" VRRP Track process = p\n   Process = sshd\n"))
        #expect(text.contains(" VRRP Sync Group = G, BACKUP\n   VRRP member instances :\n     VI_1\n"))
    }

    @Test func `the other files have each instance, and nothing without any`() throws {
        let dump = dump()
        #expect(dump.text(of: .statistics).hasPrefix("VRRP Instance: VI_1\n"))
        let json = try JSONReader.read(dump.text(of: .json))
        #expect(json.elements.count == 1 && json[0]?["data"]?["state"] == 1)
        let none = self.dump { $0.instances = [] }
        #expect(none.text(of: .statistics).isEmpty && none.text(of: .json) == "[]\n")
        #expect(!none.text(of: .state).contains("Topology"))
    }
}
