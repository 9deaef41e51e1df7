import Testing
import Timekeeping

@testable import VRRP

@Suite struct AnnouncementsTests {
    @Test func `a burst at once, another after the delay, then silence`() {
        var plan = Announcements(AnnouncementSchedule(), startingAt: at(10))
        #expect(plan.due(at: at(10)) == 5)
        #expect(plan.nextDeadline == at(15))
        #expect(plan.due(at: at(14.999)) == nil)
        #expect(plan.due(at: at(15)) == 5)
        #expect(plan.nextDeadline == nil)
    }

    @Test func `refreshes go on for ever and missed ones are not made up for`() {
        let schedule = AnnouncementSchedule(
            repeats: 2, secondBurstDelay: .zero, refresh: .seconds(60), refreshRepeats: 1)
        var plan = Announcements(schedule, startingAt: at(0))
        #expect(plan.due(at: at(0)) == 2)
        #expect(plan.nextDeadline == at(60))
        #expect(plan.due(at: at(60)) == 1)
        #expect(plan.due(at: at(300)) == 1)
        #expect(plan.nextDeadline == at(360))
    }

    @Test func `second burst and refresh at the same moment are one burst`() {
        let schedule = AnnouncementSchedule(
            repeats: 3, secondBurstDelay: .seconds(5), refresh: .seconds(5), refreshRepeats: 1)
        var plan = Announcements(schedule, startingAt: at(0))
        _ = plan.due(at: at(0))
        #expect(plan.due(at: at(5)) == 3)
        #expect(plan.nextDeadline == at(10))
    }

    @Test func `a restart is a new schedule, but not twice within the spacing`() {
        var plan = Announcements(AnnouncementSchedule(), startingAt: at(0))
        _ = plan.due(at: at(0))
        plan.restart(at: at(0.2))
        #expect(plan.nextDeadline == at(1))
        for step in 0..<50 { plan.restart(at: at(0.2 + Double(step) * 0.01)) }
        #expect(plan.due(at: at(0.9)) == nil)
        #expect(plan.due(at: at(1)) == 5)
        #expect(plan.nextDeadline == at(6))
    }

    @Test func `a losing master is answered with a burst of its own kind`() {
        let schedule = AnnouncementSchedule(lowerPriorityRepeats: 2, lowerPriorityDelay: .seconds(3))
        var plan = Announcements(schedule, startingAt: at(0))
        _ = plan.due(at: at(0))
        plan.answer(at: at(0.5))
        plan.answer(at: at(0.6))
        #expect(plan.nextDeadline == at(1))
        #expect(plan.due(at: at(1)) == 2)
        #expect(plan.nextDeadline == at(4))
        #expect(plan.due(at: at(4)) == 2)
        #expect(plan.nextDeadline == nil)
    }

    @Test func `an answer that brings no second burst takes none away`() {
        let schedule = AnnouncementSchedule(
            lowerPriorityRepeats: 1, lowerPriorityDelay: .zero)
        var plan = Announcements(schedule, startingAt: at(0))
        #expect(plan.due(at: at(0)) == 5)
        plan.answer(at: at(0.5))
        #expect(plan.due(at: at(1)) == 1)
        #expect(plan.nextDeadline == at(5) && plan.due(at: at(5)) == 5)
        #expect(plan.nextDeadline == nil)
    }

    @Test func `no packets for a losing master means no answer`() {
        var plan = Announcements(AnnouncementSchedule(lowerPriorityRepeats: 0), startingAt: at(0))
        _ = plan.due(at: at(0))
        plan.answer(at: at(2))
        #expect(plan.nextDeadline == at(5), "the second burst is the only one")
    }

    @Test func `without values of its own the answer is as the first burst`() {
        let schedule = AnnouncementSchedule(repeats: 3, secondBurstDelay: .seconds(2))
        #expect(schedule.lowerPriorityRepeats == 3)
        #expect(schedule.lowerPriorityDelay == .seconds(2))
    }

    @Test func `no repeats means no packets`() {
        let schedule = AnnouncementSchedule(repeats: 0, secondBurstDelay: .seconds(5))
        var plan = Announcements(schedule, startingAt: at(0))
        #expect(plan.due(at: at(0)) == nil)
        #expect(plan.due(at: at(5)) == nil)
        #expect(plan.nextDeadline == nil)
    }
}
