import FoundationEssentials
import Testing
import Timekeeping

@testable import Lab

@Suite struct SoakCommandTests {
    @Test func `the part in the guest needs its order`() {
        #expect(SoakCommand.runInside(order: "/nonexistent") == DrillCommand.couldNotRun)
    }

    @Test func `an order survives its file`() throws {
        let order = SoakCommand.Order(
            options: SoakOptions(duration: .seconds(60), seed: 9), place: "here", record: "/r")
        #expect(try JSONDecoder().decode(SoakCommand.Order.self, from: JSONEncoder().encode(order)) == order)
    }
}
