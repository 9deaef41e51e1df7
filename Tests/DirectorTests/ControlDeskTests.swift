import ControlProtocol
import Testing
import Timekeeping

@testable import Director

@Suite struct ControlDeskTests {
    private let roles: Set<RoleName> = [.vrrp]

    /// The vrrp role's answer.
    private func answer(_ desk: inout ControlDesk, at now: Instant) -> [ControlDesk.Step] {
        desk.hear(.vrrp(.described([])), checks: [], generation: 0, asking: roles, at: now)
    }

    @Test func `who wants to see is told when the roles have answered`() {
        var desk = ControlDesk()
        #expect(desk.show(1, asking: roles, at: at(1)) == [.ask(roles)])
        #expect(desk.show(2, asking: roles, at: at(1)) == [], "one survey serves all")
        #expect(answer(&desk, at: at(2)) == [.tell(client: 1), .tell(client: 2)])
        #expect(desk.nextDeadline == nil)
        #expect(answer(&desk, at: at(2)) == [])
    }

    @Test func `what was seen just now is good enough for a moment`() {
        var desk = ControlDesk()
        _ = desk.show(1, asking: roles, at: at(1))
        _ = answer(&desk, at: at(2))
        #expect(desk.show(2, asking: roles, at: at(2) + .milliseconds(199)) == [.tell(client: 2)])
        #expect(desk.show(3, asking: roles, at: at(2) + .milliseconds(200)) == [.ask(roles)])
    }

    @Test func `a role that is slow keeps nobody waiting`() {
        var desk = ControlDesk()
        _ = desk.show(1, asking: roles, at: at(1))
        #expect(desk.nextDeadline == at(1) + ControlDesk.patience)
        #expect(desk.advance(to: at(2)) == [])
        #expect(desk.advance(to: at(3)) == [.tell(client: 1)])
        #expect(answer(&desk, at: at(9)) == [], "nobody waits any more")
    }

    @Test func `a role that ends answers nothing, and is not waited for`() {
        var desk = ControlDesk()
        _ = desk.show(1, asking: roles, at: at(1))
        #expect(desk.lose(.vrrp, asking: [], at: at(2)) == [.tell(client: 1)])
    }

    @Test func `without roles there is nothing to wait for`() {
        var desk = ControlDesk()
        #expect(desk.show(1, asking: [], at: at(1)) == [.tell(client: 1)])
        #expect(desk.hold(2, asking: [], at: at(1)) == [.end(client: 2, ControlEnd(.done))])
    }

    @Test func `a reload is done with a survey that began after it`() {
        var desk = ControlDesk()
        _ = desk.show(1, asking: roles, at: at(1))
        #expect(desk.hold(2, asking: roles, at: at(1)) == [])
        #expect(answer(&desk, at: at(2)) == [.tell(client: 1), .ask(roles)], "the first began too early")
        #expect(answer(&desk, at: at(3)) == [.end(client: 2, ControlEnd(.done))])
    }

    @Test func `who changes something is told what was to be told`() {
        var desk = ControlDesk()
        let end = ControlEnd(.done, "drain: 192.0.2.21:80@192.0.2.100:80/tcp")
        #expect(desk.hold(1, telling: end, asking: roles, at: at(1)) == [.ask(roles)])
        #expect(answer(&desk, at: at(2)) == [.end(client: 1, end)])
    }

    @Test func `a reload that is not carried out in time is said to be unfinished`() {
        var desk = ControlDesk()
        #expect(desk.hold(1, asking: roles, at: at(1)) == [.ask(roles)])
        guard case .end(1, let end)? = desk.advance(to: at(1) + ControlDesk.changePatience).first else {
            Issue.record("nobody is told")
            return
        }
        #expect(end.outcome == .unfinished)
    }
}
