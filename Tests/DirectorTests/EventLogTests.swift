import ControlProtocol
import Testing
import Timekeeping

@testable import Director

@Suite struct EventLogTests {
    @Test func `events are numbered, and read from where one has read before`() {
        var log = EventLog()
        #expect(log.after(0) == [])
        log.add(.vrrp, "VI_1", to: "backup", because: "started", at: at(1))
        log.add(.server, "192.0.2.21:80", of: "192.0.2.100:80/tcp", from: "up", to: "down", at: at(2))
        #expect(log.after(0).map(\.sequence) == [1, 2])
        #expect(log.after(1).map(\.name) == ["192.0.2.21:80"])
        #expect(log.after(2) == [])
        #expect(log.after(.max).count == 2, "that number is of a daemon before this one")
    }

    @Test func `the latest are kept, however many there were`() {
        var log = EventLog()
        for number in 1...5 * EventLog.limit { log.add(.role, "\(number)", to: "x", at: at(0)) }
        let kept = log.after(0)
        #expect(kept.count == EventLog.limit)
        #expect(kept.map(\.name) == (4 * EventLog.limit + 1...5 * EventLog.limit).map { "\($0)" })
        #expect(kept.last?.sequence == UInt64(5 * EventLog.limit))
    }

    @Test func `a line tells all of it`() {
        var log = EventLog()
        log.add(.server, "a", of: "b", from: "up", to: "down", because: "refused", at: at(90))
        log.add(.config, "c", to: "loaded", at: at(91))
        let lines = log.after(0).map { $0.line(DaemonFactsTests.times) }
        #expect(
            lines == [
                [
                    "kind": "event", "sequence": 1, "time": "2024-02-29T11:59:50.000Z", "subject": "server",
                    "name": "a", "service": "b", "from": "up", "to": "down", "reason": "refused",
                ],
                [
                    "kind": "event", "sequence": 2, "time": "2024-02-29T11:59:51.000Z", "subject": "config",
                    "name": "c", "service": nil, "from": nil, "to": "loaded", "reason": nil,
                ],
            ])
    }
}
