import ControlProtocol
import SimulationKit
import Testing

@Suite struct ControlRequestTests {
    static let requests: [ControlRequest] = [
        .version, .status, .events(since: 0), .events(since: .max), .reload(wait: false), .reload(wait: true),
        .reload(wait: true, allowsEmpty: true),
        .order(ControlOrder(.drain, "192.0.2.21", reason: "kernel \"update\"", seconds: 7200)),
        .order(ControlOrder(.weight(0), "192.0.2.21:80@192.0.2.100:80/tcp")),
        .recheck(target: nil), .recheck(target: "192.0.2.21:80"), .plan(file: nil), .plan(file: "/a/ä b"),
        .switchOver(instance: "VI_1", back: false), .switchOver(instance: "Büro \"1\"", back: true),
    ]

    private func read(_ line: String) throws(ControlRequest.Malformed) -> ControlRequest {
        try ControlRequest(line: Array(line.utf8)[...])
    }

    @Test(arguments: requests) func `a request arrives as it was written`(request: ControlRequest) throws {
        #expect(try read(request.line) == request)
        #expect(!request.line.contains("\n"))
    }

    @Test func `the line is what the documentation says`() {
        #expect(ControlRequest.status.line == #"{"holdfast": 1, "command": "status"}"#)
        #expect(
            ControlRequest.events(since: 7).line == #"{"holdfast": 1, "command": "events", "since": 7}"#)
        #expect(
            ControlRequest.reload(wait: true).line == #"{"holdfast": 1, "command": "reload", "wait": true}"#)
        #expect(
            ControlRequest.switchOver(instance: "VI_1", back: false).line
                == #"{"holdfast": 1, "command": "switch", "instance": "VI_1", "back": false}"#)
        #expect(ControlRequest.recheck(target: nil).line == #"{"holdfast": 1, "command": "recheck"}"#)
    }

    @Test(arguments: [
        ("", "stops being JSON at octet 0"), ("status", "stops being JSON at octet 0"),
        ("[]", "is a JSON object"), ("{}", "must have \"holdfast\": 1"),
        (#"{"holdfast": 2, "command": "status"}"#, "must have \"holdfast\": 1"),
        (#"{"holdfast": "1", "command": "status"}"#, "must have \"holdfast\": 1"),
        (#"{"holdfast": 1}"#, "has no \"command\""),
        (#"{"holdfast": 1, "command": 4}"#, "has no \"command\""),
        (#"{"holdfast": 1, "command": "explode"}"#, "there is no command explode"),
        (#"{"holdfast": 1, "command": "status", "wait": true}"#, "command status knows no \"wait\""),
        (#"{"holdfast": 1, "command": "reload", "wait": 1}"#, "\"wait\" must be true or false"),
        (#"{"holdfast": 1, "command": "events", "since": -1}"#, "\"since\" must be a number"),
        (#"{"holdfast": 1, "command": "events", "since": 1.5}"#, "\"since\" must be a number"),
        (#"{"holdfast": 1, "command": "reload", "z": 1, "b": 1}"#, "knows no \"b\""),
        (#"{"holdfast": 1, "command": "plan", "file": "a"}"#, "\"file\" must be an absolute path"),
        (#"{"holdfast": 1, "command": "plan", "file": "/a\u0000"}"#, "must be an absolute path"),
        (#"{"holdfast": 1, "command": "plan", "file": null}"#, "must be an absolute path"),
        (#"{"holdfast": 1, "command": "switch"}"#, "needs an \"instance\""),
        (#"{"holdfast": 1, "command": "switch", "instance": ""}"#, "needs an \"instance\""),
        (#"{"holdfast": 1, "command": "switch", "instance": "a", "back": 1}"#, "must be true or false"),
        (#"{"holdfast": 1, "command": "recheck", "target": 1}"#, "\"target\" must be a text"),
        (#"{"holdfast": 1, "command": "recheck", "target": ""}"#, "\"target\" must be a text"),
    ])
    func `what is no request is told why`(line: String, reason: String) {
        let error = #expect(throws: ControlRequest.Malformed.self) { try read(line) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `a request cut or damaged anywhere does no harm`() throws {
        var generator = SeededGenerator(seed: 7)
        let whole = Array(ControlRequest.reload(wait: true).line.utf8)
        for length in 0..<whole.count {
            #expect(throws: ControlRequest.Malformed.self) { try ControlRequest(line: whole.prefix(length)) }
        }
        for _ in 0..<20_000 {
            var damaged = whole
            for _ in 0...generator.below(4) {
                damaged[generator.below(damaged.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            // Whatever passes is one of the requests there are.
            if let request = try? ControlRequest(line: damaged[...]) {
                #expect(Self.requests.contains(request))
            }
        }
    }

    @Test func `only what changes nothing may be asked by those who look`() {
        #expect(ControlRequest.status.right == .look && ControlRequest.version.right == .look)
        #expect(ControlRequest.events(since: 0).right == .look)
        #expect(ControlRequest.reload(wait: false).right == .act)
        #expect(ControlRequest.order(ControlOrder(.ready, "192.0.2.21")).right == .act)
        #expect(ControlRequest.recheck(target: nil).right == .act)
        #expect(ControlRequest.plan(file: nil).right == .act, "it costs the daemon what a reload does")
        #expect(ControlRequest.switchOver(instance: "VI_1", back: false).right == .act)
        #expect(ControlRight.look < .act)
    }

    @Test func `the socket is where the daemon of the namespace has its state`() {
        #expect(
            ControlNumbers.socketPath(namespace: 4_026_531_840) == "/run/holdfast/net-4026531840/control.sock"
        )
    }
}
