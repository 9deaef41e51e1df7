import ControlProtocol
import Testing

@testable import Lab

@Suite struct SoakStatusTests {
    private func status(
        role: String = "running", state: String = "master", present: Bool = true, programmed: Bool = true,
        service: String = "up"
    ) -> JSONValue {
        [
            "roles": [["role": "lvs", "state": .string(role)]],
            "vrrp": [
                [
                    "name": "VI_1", "state": .string(state),
                    "vips": [["address": "192.0.2.100/24", "present": .bool(present)]],
                ]
            ],
            "virtual_servers": [
                ["id": "192.0.2.100:80/tcp", "present": .bool(programmed), "state": .string(service)]
            ],
        ]
    }

    @Test func `a master and a backup that are well`() {
        #expect(SoakStatus.trouble(status(), of: LabPlan.directorA) == nil)
        #expect(SoakStatus.trouble(status(state: "backup", present: false), of: LabPlan.directorB) == nil)
    }

    @Test func `the first thing that is wrong is told`() {
        func trouble(_ status: JSONValue) -> String? { SoakStatus.trouble(status, of: LabPlan.directorA) }
        #expect(trouble(status(role: "restarting")) == "role lvs is restarting")
        #expect(trouble(status(state: "backup")) == "VI_1 is backup, not master")
        #expect(trouble(status(present: false)) == "192.0.2.100/24 is not present")
        #expect(trouble(status(programmed: false))?.hasSuffix("not all in the kernel's table") == true)
        #expect(trouble(status(service: "degraded")) == "192.0.2.100:80/tcp is degraded")
        #expect(trouble([:]) == "no VI_1")
        #expect(
            SoakStatus.trouble(status(state: "backup"), of: LabPlan.directorB) == "192.0.2.100/24 is present")
    }
}
