import ControlProtocol
import Testing
import Timekeeping
import VRRP

@testable import Director

@Suite struct SwitchDeskTests {
    private func desk(_ names: [String] = ["VI_1"]) -> SwitchDesk {
        var desk = SwitchDesk()
        desk.wait(7, for: names, at: at(1))
        return desk
    }

    private func answer(_ outcome: ControlEnd.Outcome, _ text: String) -> [SwitchDesk.Answer] {
        [SwitchDesk.Answer(client: 7, end: ControlEnd(outcome, text))]
    }

    @Test func `who waits is told of the successor`() {
        var desk = desk()
        #expect(desk.hear(.ready).isEmpty && desk.hear(.priority(instance: "VI_1", 7)).isEmpty)
        #expect(desk.hear(.state(instance: "VI_2", .backup)).isEmpty, "another instance")
        #expect(desk.hear(.state(instance: "VI_1", .master)).isEmpty)
        #expect(
            desk.hear(.state(instance: "VI_1", .backup, because: "handed over to 192.0.2.3"))
                == answer(.done, "VI_1 is BACKUP: handed over to 192.0.2.3"))
        #expect(desk.hear(.state(instance: "VI_1", .backup)).isEmpty && desk.nextDeadline == nil)
    }

    @Test func `without a successor nothing has changed`() {
        var desk = desk()
        #expect(
            desk.hear(.kept(instance: "VI_1", because: "nobody took over"))
                == answer(.refused, "VI_1: nobody took over"))
    }

    @Test(arguments: [Router.StateName.fault, .initialize])
    func `what has let go of the addresses without a successor has not handed over`(
        state: Router.StateName
    ) {
        var desk = desk()
        #expect(
            desk.hear(.state(instance: "VI_1", state, because: "eth0 is down"))
                == answer(.unfinished, "VI_1 is \(state): eth0 is down"))
    }

    @Test func `a group is waited for as a whole, and half of it is said to be half`() {
        var whole = desk(["VI_1", "VI_2"])
        #expect(whole.hear(.state(instance: "VI_1", .backup, because: "a")).isEmpty)
        var half = whole
        #expect(
            whole.hear(.state(instance: "VI_2", .backup, because: "b"))
                == answer(.done, "VI_1 is BACKUP: a; VI_2 is BACKUP: b"))
        var broken = half
        #expect(
            broken.hear(.state(instance: "VI_2", .fault, because: "b"))
                == answer(.unfinished, "VI_1 is BACKUP: a; VI_2 is FAULT: b"))
        #expect(
            half.hear(.kept(instance: "VI_2", because: "b"))
                == answer(.unfinished, "VI_1 is BACKUP: a; VI_2: b"))
    }

    @Test func `nobody waits for ever, nor for a role that has ended`() {
        var late = desk()
        var lost = late
        #expect(late.nextDeadline == at(1) + SwitchDesk.patience)
        #expect(late.advance(to: at(2)).isEmpty)
        #expect(
            late.advance(to: at(1) + SwitchDesk.patience)
                == answer(.unfinished, "VI_1: nothing was heard of it"))
        #expect(lost.lose() == answer(.unfinished, "VI_1: nothing was heard of it"))
        #expect(lost.lose().isEmpty)
    }
}
