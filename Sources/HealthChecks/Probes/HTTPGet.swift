import NetTypes

/// The probe of `HTTP_GET` and `SSL_GET`: one connection and one request a url, in turn; good when every url
/// answers with an accepted status, and with the body that is asked for. A body is read only where something
/// is asked of it; otherwise the connection is closed after the head.
struct HTTPGet: ProbeMachine {
    private enum Stage: Sendable {
        case connecting
        case securing
        case receiving(ResponseHead)
        /// The status was good.
        case reading(ResponseBody, status: UInt16)
        /// The body is there and looked at.
        case examining([UInt8], status: UInt16)
    }

    private let check: HTTPCheck
    /// Position in `check.urls` of the request under way.
    private var position = 0
    private var stage = Stage.connecting

    init(_ check: HTTPCheck) { self.check = check }

    private var url: HTTPURL { check.urls[position] }

    func start() -> ProbeStep {
        guard !check.urls.isEmpty else { return .finish(.notProbed, "no url to ask for") }
        return .perform(.connect(to: check.target, from: check.source))
    }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        if case .unavailable(let text) = event { return .finish(.notProbed, text, .disconnect) }
        switch stage {
        case .connecting: return connecting(event)
        case .securing: return securing(event)
        case .receiving(let head): return receiving(event, head)
        case .reading(let body, let status): return reading(event, body, status)
        case .examining(let body, let status): return examining(event, body, status)
        }
    }

    private mutating func connecting(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .connected:
            guard let settings = check.tls else { return ask() }
            stage = .securing
            let peer = settings.peer ?? url.serverName ?? url.host ?? check.target.address.description
            return .perform(.secure(TLSRequest(serverName: url.serverName, peer: peer, settings: settings)))
        case .failed(let text): return .finish(.connectionFailed, text, .disconnect)
        case .timedOut: return .finish(.connectTimedOut, "no connection", .disconnect)
        default: return .none
        }
    }

    private mutating func securing(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .secured: return ask()
        case .failed(let text): return finish(.handshakeFailed, text)
        case .closed: return finish(.handshakeFailed, "connection closed within the TLS handshake")
        case .timedOut: return finish(.handshakeTimedOut, "no TLS")
        default: return .none
        }
    }

    private mutating func ask() -> ProbeStep {
        stage = .receiving(ResponseHead())
        return .perform(.send(HTTPRequest.text(url, from: check.target, version: check.version)))
    }

    private mutating func receiving(_ event: ProbeEvent, _ head: ResponseHead) -> ProbeStep {
        switch event {
        case .received(let octets):
            var head = head
            let before = head.count
            let progress = head.feed(octets)
            stage = .receiving(head)
            return advance(progress, head, octets.dropFirst(head.count - before))
        case .closed: return finish(.badResponse, "connection closed \(head.position)")
        case .failed(let text): return finish(.badResponse, "\(text) \(head.position)")
        case .timedOut: return finish(.responseTimedOut, "no whole response \(head.position)")
        default: return .none
        }
    }

    private mutating func advance(
        _ progress: ResponseHead.Progress, _ head: ResponseHead, _ rest: ArraySlice<UInt8>
    ) -> ProbeStep {
        switch progress {
        case .incomplete:
            return .none
        case .malformed(let reason):
            return finish(.badResponse, reason)
        case .complete(let status, let reason):
            let text = reason.isEmpty ? "status \(status)" : "status \(status) \(reason)"
            guard url.statusCodes.contains(where: { $0.contains(status) }) else {
                return finish(.wrongStatus, text)
            }
            guard url.needsBody else { return next(status) }
            var body = ResponseBody(head.framing, limit: url.bodyLimit)
            return follow(body.feed(rest), body, status)
        }
    }

    private mutating func reading(_ event: ProbeEvent, _ body: ResponseBody, _ status: UInt16) -> ProbeStep {
        var body = body
        // One owner while it grows.
        stage = .connecting
        switch event {
        case .received(let octets): return follow(body.feed(octets[...]), body, status)
        case .closed: return follow(body.end(), body, status)
        case .failed(let text): return finish(.badResponse, "\(text) \(body.position)")
        case .timedOut: return finish(.responseTimedOut, "no whole response \(body.position)")
        default:
            stage = .reading(body, status: status)
            return .none
        }
    }

    private mutating func follow(
        _ progress: ResponseBody.Progress, _ body: ResponseBody, _ status: UInt16
    ) -> ProbeStep {
        switch progress {
        case .incomplete:
            stage = .reading(body, status: status)
            return .none
        case .malformed(let reason):
            return finish(.badResponse, reason)
        case .complete:
            stage = .examining(body.octets, status: status)
            if let digest = url.digest { return .perform(.digest(digest.algorithm, body.octets)) }
            return match(body.octets, status)
        }
    }

    private mutating func examining(_ event: ProbeEvent, _ body: [UInt8], _ status: UInt16) -> ProbeStep {
        switch event {
        case .digested(let octets):
            guard octets == url.digest?.octets else {
                return finish(.badResponse, "digest is \(digits(octets))")
            }
            return match(body, status)
        case .matched(let isThere):
            guard let pattern = url.pattern, isThere != pattern.isInverted else {
                return finish(.badResponse, isThere ? "regex matches" : "regex does not match")
            }
            return next(status)
        case .failed(let text):
            return finish(.badResponse, text)
        case .timedOut:
            return finish(.responseTimedOut, "no time to look at the response")
        default:
            return .none
        }
    }

    private mutating func match(_ body: [UInt8], _ status: UInt16) -> ProbeStep {
        url.pattern.map { .perform(.match($0, body)) } ?? next(status)
    }

    /// The url is good: on to the next, or done.
    private mutating func next(_ status: UInt16) -> ProbeStep {
        guard position + 1 < check.urls.count else { return finish(.accepted, "status \(status)") }
        position += 1
        stage = .connecting
        return .perform(.disconnect, .connect(to: check.target, from: check.source))
    }

    /// Ends the probe; names the url where there are several.
    private func finish(_ outcome: ProbeOutcome, _ detail: String) -> ProbeStep {
        let place = check.urls.count > 1 && outcome != .accepted ? " (\(url.path))" : ""
        return .finish(outcome, detail + place, .disconnect)
    }
}
