import NetTypes
import Testing

@testable import VRRP

@Suite struct FitnessTests {
    private func fitness(
        _ items: [Tracked], priority: UInt8 = 100, in group: SyncGroup? = nil,
        scripts: [String: Bool] = [:], processes: [String: Bool] = [:], files: [String: Int32] = [:],
        up: Set<String> = []
    ) -> Fitness {
        var router = RouterConfiguration.make(priority: priority)
        router.tracking.items = items
        var values = TrackedValues()
        values.scripts = scripts
        values.processes = processes
        values.files = files
        return Fitness(of: router, in: group, knowing: values) { up.contains($0) }
    }

    private func script(_ weight: Int, _ isReversed: Bool = false) -> [Tracked] {
        [Tracked(.script, "s", weight: weight, isReversed: isReversed)]
    }

    /// Measured with keepalived 2.2.7: six instances of priority 100, their script unknown, good and bad.
    static let measured: [(weight: Int, isReversed: Bool, unknown: UInt8, good: UInt8, bad: UInt8)] = [
        (20, false, 100, 120, 100), (-30, false, 100, 100, 70), (20, true, 100, 80, 100),
        (-30, true, 100, 100, 130),
    ]

    @Test(arguments: measured) func `weights count as with keepalived`(
        weight: Int, isReversed: Bool, unknown: UInt8, good: UInt8, bad: UInt8
    ) {
        let items = script(weight, isReversed)
        #expect(fitness(items).priority == unknown)
        #expect(fitness(items, scripts: ["s": true]).priority == good)
        #expect(fitness(items, scripts: ["s": false]).priority == bad)
        for known in [[:], ["s": true], ["s": false]] {
            let fitness = fitness(items, scripts: known)
            #expect(fitness.fault == nil && fitness.awaited == nil)
        }
    }

    @Test(arguments: [false, true]) func `without weight the loss is a fault`(isReversed: Bool) {
        let items = script(0, isReversed)
        let (lost, fine) = (
            fitness(items, scripts: ["s": isReversed]), fitness(items, scripts: ["s": !isReversed])
        )
        #expect(lost.fault == items.first && lost.priority == 100)
        #expect(fine.fault == nil && fine.priority == 100)
        let unknown = fitness(items)
        #expect(unknown.fault == nil && unknown.awaited == items.first)
    }

    @Test func `what each line does is told`() {
        let items = [
            Tracked(.script, "s", weight: -20), Tracked(.interface, "eth1"),
            Tracked(.process, "p", weight: 7),
            Tracked(.file, "f", weight: 2),
        ]
        let fitness = fitness(items, scripts: ["s": false], files: ["f": 4])
        #expect(fitness.effects.map(\.item) == items)
        #expect(fitness.effects.map(\.effect) == [.added(-20), .fault, .unknown, .added(8)])
    }

    @Test func `interfaces are known at once`() {
        let items = [Tracked(.interface, "eth1"), Tracked(.interface, "eth2", weight: 15)]
        let down = fitness(items)
        #expect(down.fault == items[0] && down.priority == 100 && down.awaited == nil)
        let up = fitness(items, up: ["eth1", "eth2"])
        #expect(up.fault == nil && up.priority == 115)
    }

    @Test func `the interface of what it holds is tracked, unless a line says how`() {
        let host = Prefix(host: .v4(IPv4Address(10, 9, 0, 9)))
        var router = RouterConfiguration.make(priority: 100)
        router.excludedAddresses = [VirtualAddress(prefix: host, interface: "eth1")]
        func fitness() -> Fitness { Fitness(of: router, in: nil, knowing: TrackedValues()) { _ in false } }
        #expect(fitness().fault == Tracked(.interface, "eth1"))
        router.tracking.items = [Tracked(.interface, "eth1", weight: -20)]
        #expect(fitness().fault == nil && fitness().priority == 80)
    }

    @Test func `the first line in order is the one that is told`() {
        let items = [
            Tracked(.interface, "a", weight: 3), Tracked(.interface, "b"), Tracked(.interface, "c"),
        ]
        #expect(fitness(items).fault?.name == "b")
        #expect(fitness(items, up: ["b"]).fault?.name == "c")
    }

    @Test(
        arguments: [
            (10, 1, false, 120), (-120, 1, false, 1), (7, -2, false, 96), (7, -2, true, 124),
            (253, 1, false, 254), (Int32.max, 1, false, 254), (-25, 10, true, 254),
        ] as [(Int32, Int, Bool, UInt8)])
    func `a file's number is multiplied`(number: Int32, weight: Int, isReversed: Bool, priority: UInt8) {
        let items = [Tracked(.file, "f", weight: weight, isReversed: isReversed)]
        let result = fitness(items, priority: 110, files: ["f": number])
        #expect(result.priority == priority)
        #expect(result.fault == nil)
    }

    @Test(
        arguments: [
            (-253, 1, false, false), (-254, 1, false, true), (Int32.min, 1, false, true),
            (254, 1, true, true), (Int32.max, -2_147_483_647, false, true),
            (Int32.max, -2_147_483_647, true, false), (0, 0, false, false), (3, 0, false, true),
            (0, 0, true, true), (-3, 0, true, false),
        ] as [(Int32, Int, Bool, Bool)])
    func `a file can make a fault`(number: Int32, weight: Int, isReversed: Bool, isFault: Bool) {
        let items = [Tracked(.file, "f", weight: weight, isReversed: isReversed)]
        #expect((fitness(items, files: ["f": number]).fault != nil) == isFault)
    }

    @Test func `a process of weight -254 makes a fault, too`() {
        let items = [Tracked(.process, "p", weight: -254)]
        #expect(fitness(items, processes: ["p": false]).fault == items.first)
        #expect(fitness(items, processes: ["p": true]).fault == nil)
        #expect(fitness([Tracked(.process, "p", weight: -253)], processes: ["p": false]).fault == nil)
    }

    @Test func `the sum stays within 1...254, and 255 does not move`() {
        let items = (1...4).map { Tracked(.script, "s\($0)", weight: 200) }
        let all = Dictionary(uniqueKeysWithValues: items.map { ($0.name, true) })
        #expect(fitness(items, scripts: all).priority == 254)
        let minus = items.map { Tracked(.script, $0.name, weight: -200) }
        #expect(fitness(minus, scripts: all.mapValues { _ in false }).priority == 1)
        #expect(fitness(minus, priority: 255, scripts: all.mapValues { _ in false }).priority == 255)
        #expect(fitness(script(0), priority: 255, scripts: ["s": false]).fault != nil)
    }

    @Test func `files and weights without bound do not overflow`() {
        let items = (1...9).map { Tracked(.file, "f\($0)", weight: .max / 2_147_483_648 / 4) }
        let all = Dictionary(uniqueKeysWithValues: items.map { ($0.name, Int32.max) })
        #expect(fitness(items, files: all).priority == 254)
    }

    // MARK: Groups

    private static let group: SyncGroup = {
        var group = SyncGroup(name: "G", members: ["VI_1", "VI_2"])
        group.tracked = [Tracked(.script, "s", weight: 20), Tracked(.interface, "eth9")]
        return group
    }()

    @Test func `what a group tracks every member does`() {
        let well = fitness([], in: Self.group, scripts: ["s": true], up: ["eth9"])
        #expect(well.priority == 120 && well.fault == nil)
        #expect(fitness([], in: Self.group).fault == Tracked(.interface, "eth9"))
    }

    @Test func `in a group a member's own weights do not count, its faults do`() {
        let own = [
            Tracked(.interface, "eth1", weight: 10), Tracked(.interface, "eth2"),
            Tracked(.script, "s", weight: 30),
        ]
        let up: Set<String> = ["eth1", "eth2", "eth9"]
        #expect(fitness(own, in: Self.group, scripts: ["s": true], up: up).priority == 120)
        #expect(
            fitness(own, in: Self.group, up: up.subtracting(["eth2"])).fault == Tracked(.interface, "eth2"))
    }

    @Test func `with sync_group_tracking_weight they count, in place of the group's`() {
        var group = Self.group
        group.keepsMemberWeights = true
        let own = [Tracked(.interface, "eth1", weight: 10), Tracked(.script, "s", weight: 30)]
        #expect(fitness(own, in: group, scripts: ["s": true], up: ["eth1", "eth9"]).priority == 140)
    }
}
