import ControlProtocol
import HealthChecks
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct SupervisorRechecksTests {
    private func play(_ services: [VirtualServer] = [virtualServer(), virtualServer(port: 81)]) -> Play {
        Play.running(pair(servers: services))
    }

    private func names(_ target: String?, in play: Play) -> [String] {
        play.supervisor.rechecks(meantBy: target).map { "\($0.name)" }
    }

    @Test func `a server is meant in every service, a service with all its servers, nothing means all`() {
        let play = play()
        #expect(
            names("192.0.2.21", in: play) == [
                "192.0.2.21:80@192.0.2.100:80/tcp", "192.0.2.21:80@192.0.2.100:81/tcp",
            ])
        #expect(
            names("192.0.2.100:81/tcp", in: play) == [
                "192.0.2.21:80@192.0.2.100:81/tcp", "192.0.2.22:80@192.0.2.100:81/tcp",
            ])
        #expect(
            names("192.0.2.22:80@192.0.2.100:81/tcp", in: play) == ["192.0.2.22:80@192.0.2.100:81/tcp"])
        #expect(names(nil, in: play).count == 4)
    }

    @Test(arguments: ["192.0.2.2", "192.0.2.100", "192.0.2.100:82/tcp", "", "VI_1", "192.0.2.21:81"])
    func `a part of a name, and a name that nobody has, mean nobody`(target: String) {
        #expect(names(target, in: play()).isEmpty)
    }

    @Test func `a check that two servers share has one place`() {
        let rechecks = play().supervisor.rechecks(meantBy: "192.0.2.21")
        #expect(
            rechecks.map(\.place) == [0, 0] && rechecks.allSatisfy { $0.check == tcpCheck("192.0.2.21") })
    }

    @Test func `what needs no probe, and what is suspended, is not made`() {
        let file = CheckSpecification(
            kind: .file(FileCheck(name: "load", weight: 1, isReversed: false)), schedule: CheckSchedule())
        var suspended = virtualServer(port: 81, servers: [realServer("192.0.2.23")])
        suspended.suspendsChecks = true
        let service = virtualServer(servers: [
            realServer("192.0.2.21", checks: [file]), realServer("192.0.2.22", checks: []),
        ])
        #expect(names(nil, in: play([service, suspended])).isEmpty)
    }

    @Test func `the checker is told their places in its assignment, and hears nothing at the end`() {
        var play = play()
        let generation = play.supervisor.generation
        play.feed(.recheck([1, 0]))
        #expect(play.take() == [.send(.checker(.recheck(generation: generation, [1, 0])))])
        play.feed(.roleEnded(.checker, how: "killed"))
        play.feed(.roleEnded(.checker, how: "killed"))
        _ = play.take()
        #expect(play.state(.checker).map { $0 != .running } == true)
        play.feed(.recheck([1]))
        #expect(play.take() == [])
    }

    @Test func `a line tells the server and what is probed`() {
        let line = play().supervisor.rechecks(meantBy: "192.0.2.21").first?.line
        #expect(
            line == [
                "kind": "recheck", "service": "192.0.2.100:80/tcp", "address": "192.0.2.21:80",
                "target": "TCP 192.0.2.21:80",
            ])
    }
}
