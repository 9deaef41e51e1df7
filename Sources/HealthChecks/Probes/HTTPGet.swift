/// The probe of `HTTP_GET`: one connection and one request a url, in turn; good when every url answers with
/// an accepted status. The body is not read: the connection is closed after the head.
struct HTTPGet: Sendable {
    private enum Stage: Sendable {
        case connecting
        case receiving(ResponseHead)
    }

    private let check: HTTPCheck
    /// Position in `check.urls` of the request under way.
    private var position = 0
    private var stage = Stage.connecting

    init(_ check: HTTPCheck) { self.check = check }

    func start() -> ProbeStep {
        guard !check.urls.isEmpty else { return .finish(.notProbed, "no url to ask for") }
        return .perform(.connect(to: check.target, from: check.source))
    }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        switch (stage, event) {
        case (.connecting, .connected):
            stage = .receiving(ResponseHead())
            return .perform(.send(HTTPRequest.get(check.urls[position], from: check.target)))
        case (.connecting, .failed(let text)):
            return .finish(.connectionFailed, text, .disconnect)
        case (.connecting, .timedOut):
            return .finish(.connectTimedOut, "no connection", .disconnect)
        case (.receiving(var head), .received(let octets)):
            let progress = head.feed(octets)
            stage = .receiving(head)
            return advance(progress)
        case (.receiving(let head), .closed):
            return finish(.badResponse, "connection closed \(head.position)")
        case (.receiving(let head), .failed(let text)):
            return finish(.badResponse, "\(text) \(head.position)")
        case (.receiving(let head), .timedOut):
            return finish(.responseTimedOut, "no whole response \(head.position)")
        case (_, .unavailable(let text)):
            return .finish(.notProbed, text, .disconnect)
        case (.connecting, .received), (.connecting, .closed), (.receiving, .connected), (_, .exited):
            return .none
        }
    }

    private mutating func advance(_ progress: ResponseHead.Progress) -> ProbeStep {
        switch progress {
        case .incomplete:
            return .none
        case .malformed(let reason):
            return finish(.badResponse, reason)
        case .complete(let status, let reason):
            let text = reason.isEmpty ? "status \(status)" : "status \(status) \(reason)"
            guard check.urls[position].statusCodes.contains(where: { $0.contains(status) }) else {
                return finish(.wrongStatus, text)
            }
            guard position + 1 < check.urls.count else { return finish(.accepted, "status \(status)") }
            position += 1
            stage = .connecting
            return .perform(.disconnect, .connect(to: check.target, from: check.source))
        }
    }

    /// Ends the probe; names the url where there are several.
    private func finish(_ outcome: ProbeOutcome, _ detail: String) -> ProbeStep {
        let place = check.urls.count > 1 && outcome != .accepted ? " (\(check.urls[position].path))" : ""
        return .finish(outcome, detail + place, .disconnect)
    }
}
