import ConfigModel
import NetTypes
import Testing
import Timekeeping

@testable import Director

@Suite struct AnnouncementQueueTests {
    private static func held(_ text: String, on interface: String = "eth0") -> HeldAddress {
        HeldAddress(interface: interface, prefix: prefix(text))
    }

    private let first = held("192.0.2.100/24")
    private let second = held("192.0.2.101/24")
    private let sixth = held("2001:db8::100/64")

    private func queue(_ arp: Int64, _ neighbour: Int64 = 0) -> AnnouncementQueue {
        var queue = AnnouncementQueue()
        queue.gaps.arp = .milliseconds(arp)
        queue.gaps.neighbour = .milliseconds(neighbour)
        return queue
    }

    @Test func `without gaps everything goes at once, round by round`() {
        var queue = queue(0)
        #expect(queue.nextDeadline == nil)
        queue.add([first, second], packets: 2)
        #expect(queue.nextDeadline.map { $0 <= at(1) } == true)
        #expect(queue.due(at: at(1)) == [first, second, first, second])
        #expect(queue.nextDeadline == nil)
        #expect(queue.due(at: at(1)) == [])
    }

    @Test func `with a gap one goes after the other`() {
        var queue = queue(10)
        queue.add([first, second], packets: 2)
        var sent: [HeldAddress] = []
        for turn in 0..<4 {
            let now = milliseconds(Int64(turn) * 10)
            #expect(queue.nextDeadline.map { $0 <= now } == true)
            sent += queue.due(at: now)
            #expect(queue.due(at: now) == [], "not twice in one gap")
            if turn < 3 { #expect(queue.nextDeadline == now + .milliseconds(10)) }
        }
        #expect(sent == [first, second, first, second])
        #expect(queue.nextDeadline == nil)
    }

    @Test func `the gap holds for what is added after the last packet too`() {
        var queue = queue(10)
        queue.add([first], packets: 1)
        #expect(queue.due(at: at(1)) == [first])
        queue.add([second], packets: 1)
        #expect(queue.nextDeadline == at(1) + .milliseconds(10))
        #expect(queue.due(at: at(1) + .milliseconds(9)) == [])
        #expect(queue.due(at: at(1) + .milliseconds(10)) == [second])
    }

    @Test func `gaps that passed unused are not made up for`() {
        var queue = queue(10)
        queue.add([first], packets: 3)
        #expect(queue.due(at: at(1)) == [first])
        #expect(queue.due(at: at(5)) == [first])
        #expect(queue.due(at: at(5)) == [])
    }

    @Test func `each interface and each family has a pace of its own`() {
        var queue = queue(10, 20)
        let other = Self.held("192.0.2.7/24", on: "eth1")
        queue.add([first, other, sixth], packets: 2)
        #expect(Set(queue.due(at: at(1))) == [first, other, sixth])
        #expect(Set(queue.due(at: at(1) + .milliseconds(10))) == [first, other])
        #expect(queue.due(at: at(1) + .milliseconds(20)) == [sixth])
    }

    @Test func `an address that waits is not added a second time`() {
        var queue = queue(10)
        for _ in 0..<100 { queue.add([first], packets: 2) }
        #expect(queue.due(at: at(1)) == [first])
        #expect(queue.due(at: at(2)) == [first])
        #expect(queue.nextDeadline == nil)
        queue.add([first], packets: 0)
        #expect(queue.nextDeadline == nil)
    }

    @Test func `what is not held any more is not announced`() {
        var queue = queue(10)
        queue.add([first, second], packets: 2)
        queue.keep(only: [second])
        #expect(queue.due(at: at(1)) == [second])
        queue.keep(only: [])
        #expect(queue.nextDeadline == nil)
    }

    @Test func `the gaps are those of the configuration`() {
        var global = GlobalDefinitions()
        global.announcementGap = .milliseconds(1)
        global.neighbourGap = .milliseconds(2)
        #expect(AnnouncementGaps(global).arp == .milliseconds(1))
        #expect(AnnouncementGaps(global).neighbour == .milliseconds(2))
        #expect(AnnouncementGaps(GlobalDefinitions()) == AnnouncementGaps())
    }
}
