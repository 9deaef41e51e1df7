import ControlProtocol
import Testing

@Suite struct RecheckProgressTests {
    private static let begun: [JSONValue] = [
        [
            "kind": "recheck", "service": "192.0.2.100:80/tcp", "address": "192.0.2.21:80",
            "target": "TCP 192.0.2.21:80",
        ],
        [
            "kind": "recheck", "service": "192.0.2.100:80/tcp", "address": "192.0.2.21:80",
            "target": "TCP 192.0.2.21:80",
        ],
    ]

    private func server(
        _ address: String = "192.0.2.21", _ ends: JSONValue..., failures: Int = 0,
        date: String = "2026-08-09T14:22:13.000Z"
    ) -> JSONValue {
        [
            "kind": "server", "service": "192.0.2.100:80/tcp", "address": .string("\(address):80"),
            "checks": .array(
                ends.map {
                    [
                        "target": .string("TCP \(address):80"), "verdict": failures > 0 ? "down" : "up",
                        "result": "L4OK", "text": "connected", "duration_seconds": .number(0.0004),
                        "failures": .integer(failures), "at": .string(date), "finished_microseconds": $0,
                    ]
                }),
        ]
    }

    @Test func `each check counts until its latest probe is another one`() {
        let progress = RecheckProgress(Self.begun, before: [server("192.0.2.21", 1, nil)])
        #expect(progress.left(in: [server("192.0.2.21", 1, nil)]) == 2)
        #expect(progress.left(in: [server("192.0.2.21", 2, nil)]) == 1)
        #expect(progress.left(in: [server("192.0.2.21", 1, 2)]) == 1)
        #expect(progress.left(in: [server("192.0.2.21", 2, 2)]) == 0)
    }

    @Test func `a date that differs by a millisecond is no other probe`() {
        let progress = RecheckProgress(Self.begun, before: [server("192.0.2.21", 1)])
        #expect(progress.left(in: [server("192.0.2.21", 1, date: "2026-08-09T14:22:13.001Z")]) == 1)
        #expect(progress.left(in: [server("192.0.2.21", 2)]) == 0)
    }

    @Test func `a daemon that does not say when a probe ended is not waited for`() {
        let old: JSONValue = [
            "kind": "server", "service": "192.0.2.100:80/tcp", "address": "192.0.2.21:80",
            "checks": [["target": "TCP 192.0.2.21:80", "verdict": "up", "at": "2026-08-09T14:22:13.000Z"]],
        ]
        #expect(!RecheckProgress(Self.begun, before: [old]).canTell)
        #expect(RecheckProgress(Self.begun, before: [server("192.0.2.21", nil)]).canTell, "not probed yet")
        #expect(RecheckProgress(Self.begun, before: []).canTell)
    }

    @Test func `others are not waited for, nor those that are gone`() {
        let before = [server("192.0.2.21", 1), server("192.0.2.22", 1)]
        let progress = RecheckProgress(Self.begun, before: before)
        #expect(progress.left(in: [server("192.0.2.21", 2), server("192.0.2.22", 1)]) == 0)
        #expect(progress.left(in: []) == 0)
        #expect(RecheckProgress([], before: before).left(in: before) == 0)
    }

    @Test func `a server that has come since counts once it has been probed`() {
        let progress = RecheckProgress(Self.begun, before: [])
        #expect(progress.left(in: [server("192.0.2.21", nil)]) == 1)
        #expect(progress.left(in: [server("192.0.2.21", 1)]) == 0)
    }

    @Test func `what they say is told, and whether all of it is good`() {
        let progress = RecheckProgress(Self.begun, before: [])
        let good = progress.outcome(in: [server("192.0.2.21", 1), server("192.0.2.22", 1, failures: 1)])
        #expect(
            good.text
                == "192.0.2.21:80 in 192.0.2.100:80/tcp  up  TCP 192.0.2.21:80  L4OK connected, 0.4 ms\n")
        #expect(good.isGood, "the other one was not asked for")
        #expect(!progress.outcome(in: [server("192.0.2.21", 1, failures: 1)]).isGood)
    }
}
