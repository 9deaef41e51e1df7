import NetTypes
import Testing
import Timekeeping
import VRRP

@testable import SimulationKit

@Suite struct SimulatedDirectorTests {
    private func director() -> SimulatedDirector {
        var director = SimulatedDirector(node: 1, configuration: .make(priority: 100))
        director.router = Router(configuration: .make(priority: 100))
        _ = director.router?.handle(
            .startup(primaryAddress: director.address), at: Instant(nanoseconds: 0))
        return director
    }

    @Test func `a deadline is armed once, with its own lateness`() {
        var director = director()
        let deadline = director.router?.nextDeadline
        director.arm { .milliseconds(1) }
        #expect(director.nextWake == deadline.map { $0 + .milliseconds(1) })
        director.arm { .milliseconds(7) }
        #expect(director.nextWake == deadline.map { $0 + .milliseconds(1) })
    }

    @Test func `a frozen daemon never wakes`() {
        var director = director()
        director.arm { .zero }
        director.freezes = 1
        #expect(director.nextWake == nil)
        #expect(!director.runs)
    }

    @Test func `the kernel's addresses outlive the daemon`() {
        var director = director()
        director.arm { .zero }
        director.kernelAddresses = [.v4(IPv4Address(192, 0, 2, 100))]
        director.die(at: Instant(nanoseconds: 3))
        #expect(director.kernelAddresses.count == 1)
        #expect(director.router == nil && director.nextWake == nil && !director.isMaster)
        #expect(director.diedAt == Instant(nanoseconds: 3))
        #expect(director.life == 1)
    }
}
