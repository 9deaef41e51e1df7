import Testing

@testable import Director

@Suite struct RoleSlotTests {
    static let states: [(state: RoleSlot.State, isAlive: Bool, deadline: Int64?)] = [
        (.absent, false, nil), (.running, true, nil), (.pausing(until: at(3)), false, 3),
        (.stopping(deadline: at(4), limit: at(9)), true, 4),
    ]

    @Test(arguments: states)
    func `a state says whether there is a process and when to look again`(
        state: RoleSlot.State, isAlive: Bool, deadline: Int64?
    ) {
        var slot = RoleSlot()
        slot.state = state
        #expect(slot.isAlive == isAlive)
        #expect(slot.deadline == deadline.map(at))
    }

    @Test func `a new slot has nothing behind it`() {
        let slot = RoleSlot()
        #expect(slot.state == .absent)
        #expect(!slot.isReady && !slot.hasCleanedUp && !slot.isCleaner && slot.failure == nil)
    }
}
