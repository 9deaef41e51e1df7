import ConfigModel
import Testing
import Timekeeping

@testable import Director

@Suite struct NotificationQueueTests {
    private func notification(_ name: String, _ commands: String...) -> Notification {
        var scripts = TransitionScripts()
        var notification = Notification(instance: name, .master, priority: 1, telling: scripts)
        notification.scripts = commands.map { NotifyScript([$0]) }
        scripts.any = nil
        return notification
    }

    /// Everything that `queue` runs when each script ends at once, in order.
    private func drained(_ queue: inout NotificationQueue) -> [String] {
        var told: [String] = []
        while case let runs = queue.startable(at: at(0)), !runs.isEmpty {
            for run in runs {
                told += run.script.command
                queue.ended(run.number)
            }
        }
        return told
    }

    @Test func `of one subject one runs at a time, in the order in which things happened`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/a1", "/a2"))
        queue.add(notification("A", "/a3"))
        for expected in ["/a1", "/a2", "/a3"] {
            let runs = queue.startable(at: at(0))
            #expect(runs.map(\.script.command) == [[expected]])
            #expect(queue.startable(at: at(0)) == [], "it has not ended")
            for run in runs { queue.ended(run.number) }
        }
        #expect(queue.isIdle)
        #expect(queue.nextDeadline == nil)
    }

    @Test func `subjects do not wait for each other`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/a1", "/a2"))
        queue.add(notification("B", "/b1", "/b2"))
        let first = queue.startable(at: at(0))
        #expect(first.map(\.script.command) == [["/a1"], ["/b1"]])
        queue.ended(first[1].number)
        #expect(queue.startable(at: at(0)).map(\.script.command) == [["/b2"]])
        #expect(!queue.isIdle)
    }

    @Test func `what comes while a script runs follows it`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/a1"))
        let run = queue.startable(at: at(0))
        queue.add(notification("A", "/a2"))
        #expect(queue.startable(at: at(0)) == [])
        queue.ended(run[0].number)
        #expect(drained(&queue) == ["/a2"])
    }

    @Test(arguments: [17, 20, 100]) func `too much is left out, oldest first, and the last never`(
        count: Int
    ) {
        var queue = NotificationQueue()
        queue.add(notification("A", "/begun", "/begun2"))
        let run = queue.startable(at: at(0))
        for number in 1...count { queue.add(notification("A", "/\(number)")) }
        #expect(queue.dropped == UInt64(count - NotificationQueue.waitingLimit))
        queue.ended(run[0].number)
        let kept = (count - NotificationQueue.waitingLimit + 1)...count
        #expect(drained(&queue) == ["/begun2"] + kept.map { "/\($0)" })
    }

    @Test func `what names no script costs nothing`() {
        var queue = NotificationQueue()
        queue.add(notification("A"))
        #expect(queue.isIdle)
        #expect(queue.startable(at: at(0)) == [])
    }

    @Test func `few are started in a turn, and a pause follows that is as long as their start took`() {
        var queue = NotificationQueue()
        for name in ["A", "B", "C"] { queue.add(notification(name, "/\(name)")) }
        #expect(queue.startable(at: at(1)).count == NotificationQueue.burst)
        queue.paused(for: .milliseconds(300), at: at(1))
        #expect(queue.nextDeadline == milliseconds(1300))
        #expect(queue.startable(at: milliseconds(1299)) == [])
        #expect(queue.startable(at: milliseconds(1300)).map(\.script.command) == [["/C"]])
    }

    @Test func `above the limit they wait until one has ended`() {
        var queue = NotificationQueue()
        let limit = NotificationQueue.runningLimit
        for number in 0...limit { queue.add(notification("\(number)", "/\(number)")) }
        var runs: [NotificationQueue.Run] = []
        while case let more = queue.startable(at: at(0)), !more.isEmpty { runs += more }
        #expect(runs.count == limit)
        #expect(queue.nextDeadline == at(60))
        queue.ended(runs[0].number)
        #expect(queue.startable(at: at(0)).map(\.script.command) == [["/\(limit)"]])
    }

    @Test func `a script that hangs is sent TERM, then KILL, and the next one runs`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/hangs", "/next"))
        let number = queue.startable(at: at(10))[0].number
        #expect(queue.nextDeadline == at(70))
        #expect(queue.expired(at: milliseconds(69_999)) == [])
        #expect(queue.expired(at: at(70)) == [number])
        #expect(queue.expired(at: at(71)) == [])
        #expect(queue.nextDeadline == at(72))
        #expect(queue.overdue(at: milliseconds(71_999)) == [])
        #expect(queue.overdue(at: at(72)) == [number])
        #expect(queue.overdue(at: at(73)) == [])
        #expect(queue.overdue(at: at(74)) == [number])
        queue.ended(number)
        #expect(queue.startable(at: at(74)).map(\.script.command) == [["/next"]])
    }

    @Test func `an end that is told twice, or of nothing, changes nothing`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/1", "/2", "/3"))
        let number = queue.startable(at: at(0))[0].number
        queue.ended(number)
        queue.ended(number)
        queue.ended(99)
        #expect(drained(&queue) == ["/2", "/3"])
    }

    @Test func `at the end what happened before is told for a while, and nothing new`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/1", "/2"))
        let first = queue.startable(at: at(0))[0].number
        queue.add(notification("A", "/3"))
        queue.finish(by: at(10))
        queue.add(notification("B", "/late"))
        #expect(queue.nextDeadline == at(10))
        queue.ended(first)
        let second = queue.startable(at: at(5))
        #expect(second.map(\.script.command) == [["/2"]])
        #expect(queue.expired(at: at(10)) == [second[0].number])
        queue.giveUpWaiting(at: at(10))
        #expect(queue.dropped == 1)
        queue.ended(second[0].number)
        #expect(queue.isIdle)
        #expect(queue.startable(at: at(10)) == [])
    }

    @Test func `what waits for its start at the end is left out in time`() {
        var queue = NotificationQueue()
        queue.add(notification("A", "/1"))
        queue.paused(for: .seconds(60), at: at(0))
        queue.finish(by: at(10))
        queue.giveUpWaiting(at: milliseconds(9_999))
        #expect(!queue.isIdle)
        queue.giveUpWaiting(at: at(10))
        #expect(queue.isIdle)
        #expect(queue.dropped == 1)
    }
}
