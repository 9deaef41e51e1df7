import ConfigSyntax
import Testing
import VRRP

@testable import ConfigModel

@Suite struct SyncGroupGrammarTests {
    private static let instances =
        Sample.instance("A", id: 1, address: 1) + Sample.instance("B", id: 2, address: 2)

    private func members(_ body: String) -> [String]? {
        Sample.load("vrrp_sync_group G {\n\(body)\n}\n" + Self.instances).model?.syncGroups.first?.members
    }

    @Test(arguments: [
        "group {\nA\nB\n}", "group {\nA B\n}", "A\nB", "A B", "group {\nA\n}\ngroup {\nB\n}",
        "A\ngroup {\nB\n}",
    ])
    func `members are named in their block, or without it`(body: String) {
        #expect(members(body) == ["A", "B"])
    }

    @Test func `a misspelt keyword is no member`() {
        let text = "vrrp_sync_group G {\nA B\nsync_group_tracking_wait\n}\n" + Self.instances
        #expect(Sample.errors(text) == [.unknownKeyword])
    }

    @Test func `a group without members is none`() {
        #expect(Sample.errors("vrrp_sync_group G {\n}\n") == [.missingKeyword])
    }

    @Test func `what a group tracks is every member's`() {
        let body = "A B\ntrack_interface {\neth9 weight 5\n}\nsync_group_tracking_weight"
        let group = Sample.load("vrrp_sync_group G {\n\(body)\n}\n" + Self.instances).model?.syncGroups.first
        #expect(group?.tracked == [Tracked(.interface, "eth9", weight: 5)])
        #expect(group?.keepsMemberWeights == true)
    }

    @Test func `an old word for it is warned about, and means the same`() {
        let result = Sample.load("vrrp_sync_group G {\nA B\nglobal_tracking\n}\n" + Self.instances)
        #expect(result.diagnostics.map(\.code) == [.obsoleteKeyword])
        #expect(result.configuration?.syncGroups.first?.keepsMemberWeights == true)
    }

    @Test func `its members know it, and its scripts are its own`() {
        let body = "A B\nnotify /n\nnotify_fault \"/f x\" nobody"
        let model = Sample.load("vrrp_sync_group G {\n\(body)\n}\n" + Self.instances).model
        #expect(model?.instances.map(\.group) == ["G", "G"])
        #expect(model?.notifications.instances.isEmpty == true)
        let scripts = model?.notifications.groups["G"]
        #expect(scripts?.any == NotifyScript(["/n"]))
        #expect(scripts?.fault == NotifyScript(["/f", "x"], as: ScriptUser("nobody")))
        #expect(model?.notifications.scripts.count == 2)
    }

    @Test func `an instance alone has no group`() {
        #expect(Sample.load(Self.instances).model?.instances.map(\.group) == [nil, nil])
    }
}
