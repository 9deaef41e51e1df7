import ConfigModel
import ControlProtocol
import LinuxIO
import Testing

@testable import Director

@Suite struct ControlAccessTests {
    private struct NoService: Error, CustomStringConvertible { var description: String { "no name service" } }

    private func access(admin: String? = nil, reader: String? = nil) -> ControlAccess {
        var global = GlobalDefinitions()
        (global.controlAdminGroup, global.controlReaderGroup) = (admin, reader)
        return ControlAccess(global) { name in
            switch name {
            case "ops": return 50
            case "staff": return 60
            case "broken": throw NoService()
            default: return nil
            }
        }
    }

    private func peer(_ user: UInt32, _ groups: [UInt32]) -> LocalPeer {
        LocalPeer(process: 1, user: user, groups: groups)
    }

    @Test func `root may act, and by default nobody else may anything`() {
        #expect(ControlAccess() == access())
        #expect(access().right(of: peer(0, [])) == .act)
        #expect(access().right(of: peer(1000, [0, 50, 60])) == nil)
        #expect(access().mode == 0o600)
    }

    static let people: [(groups: [UInt32], right: ControlRight?)] = [
        ([7, 50], .act), ([50], .act), ([60], .look), ([60, 50], .act), ([7], nil), ([], nil),
    ]

    @Test(arguments: people) func `groups give rights`(groups: [UInt32], right: ControlRight?) {
        let access = access(admin: "ops", reader: "staff")
        #expect(access.right(of: peer(1000, groups)) == right)
        #expect(access.mode == 0o666 && access.refusals.isEmpty)
    }

    @Test func `one group may be given alone`() {
        #expect(access(admin: "ops").right(of: peer(1000, [60])) == nil)
        #expect(access(reader: "staff").right(of: peer(1000, [50])) == nil)
        #expect(access(reader: "staff").right(of: peer(1000, [60])) == .look)
    }

    @Test func `a group that is not there, or cannot be looked up, gives nobody anything`() {
        let access = access(admin: "nobodies", reader: "broken")
        #expect(access.refusals == ["there is no group nobodies", "no name service"])
        #expect(access.mode == 0o600 && access.right(of: peer(1000, [50, 60])) == nil)
    }
}
