import LinuxIO
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct SupervisorLinkTests {
    private let loop: EventLoop<Int>
    private let supervisor: MessageChannel
    private let link: SupervisorLink<Int, VRRPCommand, VRRPReport>

    init() throws {
        loop = try EventLoop()
        var pair = try MessageChannel.pair()
        supervisor = MessageChannel(adopting: pair.takeFirst())
        link = try SupervisorLink(adopting: pair.takeSecond(), in: loop, as: 1, log: quietLog())
    }

    private func commands() throws -> [VRRPCommand] {
        var commands: [VRRPCommand] = []
        for ready in try loop.wait(until: Clock.now() + .seconds(1)) { commands += link.commands(ready) }
        return commands
    }

    @Test func `commands come in order`() throws {
        let assignment = VRRPAssignment(routers: [router()])
        try supervisor.send(BinaryCoder.encode(VRRPCommand.configure(assignment)))
        try supervisor.send(BinaryCoder.encode(VRRPCommand.stop))
        #expect(try commands() == [.configure(assignment), .stop])
        #expect(!link.hasEnded)
    }

    @Test func `reports go out`() throws {
        link.send(.state(instance: "VI_1", .master))
        let frames = try supervisor.receive().frames
        #expect(frames.count == 1)
        #expect(
            try frames.map { try RoleReport(from: .vrrp, frame: $0) } == [
                .vrrp(.state(instance: "VI_1", .master))
            ])
    }

    @Test func `a question for a sign of life is answered, and is no command`() throws {
        try supervisor.send([])
        #expect(try commands().isEmpty)
        #expect(try supervisor.receive().frames == [[]])
        #expect(!link.hasEnded)
    }

    @Test func `what takes long shows that it goes on, once a second`() throws {
        let now = Clock.now()
        for milliseconds in [0, 1, 999, 1000, 1999] as [Int64] {
            link.showLife(at: now + .milliseconds(milliseconds))
        }
        #expect(try supervisor.receive().frames == [[], []])
    }

    @Test func `nonsense is as bad as no supervisor`() throws {
        try supervisor.send([0xFF, 0xFF])
        #expect(try commands().isEmpty)
        #expect(link.hasEnded)
    }
}

@Suite struct SupervisorLinkEndTests {
    @Test func `a supervisor that is gone is noticed`() throws {
        let loop = try EventLoop<Int>()
        var pair = try MessageChannel.pair()
        let link = try SupervisorLink<Int, VRRPCommand, VRRPReport>(
            adopting: pair.takeFirst(), in: loop, as: 1, log: quietLog())
        pair.takeSecond().close()
        for ready in try loop.wait(until: Clock.now() + .seconds(5)) { #expect(link.commands(ready).isEmpty) }
        #expect(link.hasEnded)
        link.send(.ready)
    }
}
