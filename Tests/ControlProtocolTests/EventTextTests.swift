import ControlProtocol
import Testing

@Suite struct EventTextTests {
    private let time: JSONValue = "2026-08-09T10:02:11.120Z"

    @Test func `a server's change is a line with its service and its reason`() {
        let event: JSONValue = [
            "kind": "event", "sequence": 7, "time": time, "subject": "server", "name": "192.0.2.21:80",
            "service": "192.0.2.100:80/tcp", "from": "up", "to": "down",
            "reason": "L4CON connection refused after 0.3 ms, 3 of 3 tries",
        ]
        #expect(
            EventText.line(event)
                == "2026-08-09T10:02:11.120Z  server  192.0.2.21:80 in 192.0.2.100:80/tcp  UP -> DOWN  "
                + "L4CON connection refused after 0.3 ms, 3 of 3 tries\n")
    }

    @Test func `what is not there leaves no gap`() {
        let event: JSONValue = [
            "kind": "event", "time": time, "subject": "vrrp", "name": "VI_1", "service": nil, "from": nil,
            "to": "backup", "reason": nil,
        ]
        #expect(EventText.line(event) == "2026-08-09T10:02:11.120Z  vrrp    VI_1  BACKUP\n")
    }

    @Test(arguments: [JSONValue.null, ["kind": "daemon"], ["kind": "event"], ["kind": "event", "name": "x"]])
    func `what is no event is no line`(line: JSONValue) {
        #expect(EventText.line(line) == nil)
    }

    @Test func `the next question begins after the latest event`() {
        let lines: [JSONValue] = [["sequence": 4], ["sequence": 9], ["kind": "x"], ["sequence": 5]]
        #expect(EventText.latest(lines, after: 0) == 9)
        #expect(EventText.latest(lines, after: 12) == 9, "the daemon was started again")
        #expect(EventText.latest([], after: 3) == 3)
    }

    @Test func `events that are not known any more are counted`() {
        let lines: [JSONValue] = [["sequence": 9], ["sequence": 10], ["kind": "end"]]
        #expect(EventText.lost(lines, after: 8) == 0)
        #expect(EventText.lost(lines, after: 5) == 3)
        #expect(EventText.lost(lines, after: 0) == 0)
        #expect(EventText.lost(lines, after: 40) == 0)
        #expect(EventText.lost([["sequence": .integer(.min)]], after: 5) == 0)
        #expect(EventText.lost([["sequence": .integer(.max)]], after: 1) == .max - 2)
    }
}
