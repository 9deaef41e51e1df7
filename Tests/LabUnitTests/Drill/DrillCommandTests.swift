import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct DrillCommandTests {
    private let guest = GuestJob(command: [], directory: "/", environment: [:])

    @Test func `a drill without an example could not run`() {
        let options = DrillOptions(scenarios: [.crash], example: "/nonexistent")
        #expect(DrillCommand.run(options, place: .guest, guest: guest, outputs: DrillOutputs()) == 2)
    }

    @Test func `the part in the guest needs its order`() {
        #expect(DrillCommand.runInside(order: "/nonexistent") == 2)
    }

    @Test func `an order survives its file`() throws {
        let order = GuestOrder(
            options: DrillOptions(
                scenarios: [.crash, .loopGuardOff], example: "e", runs: 3, budget: .seconds(4)),
            place: guest.placeName, record: "/r")
        let read = try JSONDecoder().decode(GuestOrder.self, from: JSONEncoder().encode(order))
        #expect(read.options == order.options)
        #expect(read.place == "guest, QEMU TCG (emulated)")
        #expect(read.record == "/r")
    }
}
