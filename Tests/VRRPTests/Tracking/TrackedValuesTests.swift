import Testing

@testable import VRRP

@Suite struct TrackedValuesTests {
    private static let values: TrackedValues = {
        var values = TrackedValues()
        values.scripts = ["s": true, "t": false]
        values.processes = ["p": false]
        values.files = ["f": -3]
        return values
    }()

    @Test(
        arguments: [
            (Tracked(.script, "s"), .good), (Tracked(.script, "t"), .bad), (Tracked(.script, "p"), nil),
            (Tracked(.process, "p"), .bad), (Tracked(.process, "s"), nil),
            (Tracked(.file, "f"), .number(-3)), (Tracked(.file, "s"), nil),
            (Tracked(.interface, "eth1"), .good), (Tracked(.interface, "s"), .bad),
        ] as [(Tracked, TrackedValue?)])
    func `each kind has names of its own`(item: Tracked, value: TrackedValue?) {
        #expect(Self.values.value(of: item) { $0 == "eth1" } == value)
    }

    @Test func `at first nothing is known but interfaces`() {
        for kind in Tracked.Kind.own {
            let value = TrackedValues().value(of: Tracked(kind, "x")) { _ in true }
            #expect(value == (kind == .interface ? .good : nil))
        }
    }

    @Test func `a group is good unless a line of it is lost`() {
        var values = TrackedValues()
        values.lostGroups = ["G"]
        #expect(values.value(of: Tracked(.statics, "G")) { _ in true } == .bad)
        #expect(values.value(of: Tracked(.statics, "H")) { _ in false } == .good)
    }
}
