import NetTypes
import Testing
import VRRP

@testable import ConfigModel

@Suite struct FitnessShiftTests {
    /// What is told of each part: `object item detail: effect`.
    private func told(
        _ old: String, _ new: String, usable: Set<String>? = ["eth0"], _ change: (inout LiveFacts) -> Void
    ) throws -> [ReloadChange] {
        var facts = LiveFacts()
        facts.usableInterfaces = usable
        change(&facts)
        let before = try #require(Sample.load(old).configuration, "\(Sample.load(old).diagnostics)")
        let after = try #require(Sample.load(new).configuration, "\(Sample.load(new).diagnostics)")
        return ReloadPlan(from: before, to: after, knowing: facts).changes
    }

    private let two = Sample.instance() + Sample.instance("VI_2", id: 52, address: 101)

    private func group(_ lines: String = "", of members: String = "VI_1\nVI_2") -> String {
        "vrrp_sync_group G {\ngroup {\n\(members)\n}\n\(lines)\n}\n"
    }

    private func tracking(_ lines: String) -> String { "track_interface {\n\(lines)\n}" }

    @Test func `what a group tracks from now on hits each of its members`() throws {
        let changes = try told(two + group(), two + group(tracking("eth3"))) {
            $0.masters = ["VI_1", "VI_2"]
        }
        let hit = changes.filter { $0.item == "state" }
        #expect(hit.map(\.object) == ["vrrp_instance VI_1", "vrrp_instance VI_2"], "\(changes)")
        #expect(hit.allSatisfy { $0.interrupts && $0.detail == "master -> fault" && $0.kind == .change })
        #expect(
            hit.first?.effect
                == "track_interface eth3 forbids it to be master: it hands over, and its addresses go")
        let fine = try told(two + group(), two + group(tracking("eth3")), usable: ["eth0", "eth3"]) {
            $0.masters = ["VI_1", "VI_2"]
        }
        #expect(fine.map(\.object) == ["vrrp_sync_group G"] && fine.allSatisfy { !$0.interrupts }, "\(fine)")
        let backup = try told(two + group(), two + group(tracking("eth3"))) { _ in }
        #expect(backup.count == 3 && backup.allSatisfy { !$0.interrupts }, "\(backup)")
        #expect(backup.contains { $0.detail == "backup -> fault" })
    }

    @Test func `a weight of a group changes what its members claim`() throws {
        let weighed = group(tracking("eth3 weight -30"))
        let changes = try told(two + group(), two + weighed) {
            $0.masters = ["VI_1", "VI_2"]
            $0.priorities = ["VI_1": 100, "VI_2": 100]
        }
        let hit = changes.filter { $0.item == "priority" }
        #expect(hit.map(\.detail) == ["100 -> 70", "100 -> 70"], "\(changes)")
        #expect(hit.allSatisfy { $0.interrupts && $0.effect.hasPrefix("with what it tracks it claims 70") })
        let regained = try told(two + weighed, two + group()) {
            $0.priorities = ["VI_1": 70, "VI_2": 70]
            $0.followed = ["VI_1": 80, "VI_2": 80]
        }
        #expect(
            regained.filter { $0.interrupts }.map(\.effect) == [
                "it takes over from the master, whose priority is 80",
                "it takes over from the master, whose priority is 80",
            ], "\(regained)")
    }

    @Test func `one member's fault is that of the whole group, and of one who joins`() throws {
        let unfit = Sample.instance() + Sample.instance("VI_2", id: 52, address: 101, lines: tracking("eth3"))
        let changes = try told(two + group(), unfit + group()) { $0.masters = ["VI_1", "VI_2"] }
        let effects = changes.map { "\($0.object) \($0.item ?? ""): \($0.effect)" }
        #expect(
            effects == [
                "vrrp_instance VI_1 state: the fault of VI_2 forbids it to be master: it hands over, and its "
                    + "addresses go",
                "vrrp_instance VI_2 track_interface: track_interface eth3 forbids it to be master: it hands "
                    + "over, and its addresses go",
            ], "\(effects)")
        #expect(changes.allSatisfy { $0.interrupts })
        let alone = group(of: "VI_1")
        let joined = try told(two + alone, unfit + group()) { $0.masters = ["VI_1"] }
        #expect(joined.contains { $0.object == "vrrp_instance VI_1" && $0.interrupts }, "\(joined)")
        let added = try told(Sample.instance() + alone, unfit + group()) { $0.masters = ["VI_1"] }
        let new = added.first { $0.object == "vrrp_instance VI_2" }
        #expect(new?.effect == "begins in fault: track_interface eth3 forbids it to be master", "\(added)")
        #expect(added.contains { $0.object == "vrrp_instance VI_1" && $0.detail == "master -> fault" })
    }

    @Test(arguments: ["virtual_ipaddress_excluded", "virtual_ipaddress", "virtual_routes", "virtual_rules"])
    func `what it is to hold on another interface makes it track that`(block: String) throws {
        let lines = [
            "virtual_routes": "198.51.100.0/24 via 192.0.2.9 dev eth3",
            "virtual_rules": "from 198.51.100.0/24 iif eth3 table 9",
        ]
        let line = lines[block] ?? "192.0.2.101/24 dev eth3"
        func instance(_ line: String) -> String {
            block == "virtual_ipaddress"
                ? Sample.instance().replacing("192.0.2.100/24", with: "192.0.2.100/24\n\(line)")
                : Sample.instance(lines: "\(block) {\n\(line)\n}")
        }
        let changes = try told(Sample.instance(), instance(line)) { $0.masters = ["VI_1"] }
        let state = changes.first { $0.item == "state" }
        #expect(state?.interrupts == true && state?.detail == "master -> fault", "\(changes)")
        #expect(state?.effect.hasPrefix("track_interface eth3 forbids it") == true)
        let harmless: [(String, Set<String>)] = [(line, ["eth0", "eth3"]), (line + " no_track", ["eth0"])]
        for (line, usable) in harmless {
            let fine = try told(Sample.instance(), instance(line), usable: usable) {
                $0.masters = ["VI_1"]
            }
            #expect(!fine.contains { $0.item == "state" }, "\(fine)")
        }
        let cured = try told(instance(line), Sample.instance()) { $0.faults = ["VI_1"] }
        #expect(cured.first { $0.item == "state" }?.detail == "fault -> backup", "\(cured)")
        #expect(cured.allSatisfy { !$0.interrupts })
    }

    private func delayed(_ names: String...) -> String {
        "interface_up_down_delays {\n\(names.map { "\($0) 2 2" }.joined(separator: "\n"))\n}\n"
    }

    @Test func `a delay holds a link as it was, for as long as there is one`() throws {
        let tracked = Sample.instance(lines: tracking("eth3"))
        // Down a moment ago: it counts as up.
        let held: (inout LiveFacts) -> Void = {
            $0.masters = ["VI_1"]
            $0.delayedLinks = ["eth3": true]
        }
        let kept = try told(
            delayed("eth3") + tracked, delayed("eth3", "eth4") + tracked, held)
        #expect(!kept.contains { $0.interrupts }, "\(kept)")
        let from = try told(delayed("eth3") + Sample.instance(), delayed("eth3") + tracked, held)
        #expect(from.map(\.effect) == ["from now on"], "it counts as up")
        let over = try told(delayed("eth3") + tracked, tracked, held)
        #expect(over.contains { $0.detail == "master -> fault" && $0.interrupts }, "\(over)")
        // Up a moment ago: it counts as down.
        let waiting: (inout LiveFacts) -> Void = {
            $0.faults = ["VI_1"]
            $0.delayedLinks = ["eth3": false]
        }
        let fit = try told(delayed("eth3") + tracked, tracked, usable: ["eth0", "eth3"], waiting)
        #expect(fit.contains { $0.detail == "fault -> backup" }, "\(fit)")
        let own = try told(delayed("eth0") + Sample.instance(), Sample.instance(), usable: []) {
            $0.masters = ["VI_1"]
            $0.delayedLinks = ["eth0": true]
        }
        #expect(
            own.contains {
                $0.effect.hasPrefix("interface eth0 forbids it to be master") && $0.interrupts
            }, "\(own)")
    }

    @Test func `an instance that is another router, or whose priority is told, has no second line`() throws {
        let other = Sample.instance(id: 53).replacing(
            "192.0.2.100/24", with: "192.0.2.100/24\n192.0.2.101/24 dev eth3")
        let anew = try told(Sample.instance(), other) { $0.masters = ["VI_1"] }
        #expect(!anew.contains { $0.item == "state" }, "\(anew)")
        let both = try told(
            two + group(),
            two.replacing("virtual_router_id 51", with: "virtual_router_id 51\npriority 90")
                + group()
        ) { _ in }
        #expect(both.map(\.item) == ["priority"], "\(both)")
    }
}
