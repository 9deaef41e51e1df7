/// The probe of `TCP_CHECK`: good as soon as the connection is established, or once the target has said what
/// is expected. The connection is then closed again.
struct TCPConnect: ProbeMachine {
    private let check: TCPCheck
    /// What the target has said; nil while there is no connection.
    private var heard: [UInt8]?
    /// Octets of `heard` that were searched in vain.
    private var searched = 0

    init(_ check: TCPCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.connect(to: check.target, from: check.source)) }

    mutating func handle(_ event: ProbeEvent) -> ProbeStep {
        if case .unavailable(let text) = event { return .finish(.notProbed, text, .disconnect) }
        guard let heard else { return connecting(event) }
        switch event {
        case .received(let octets): return read(heard, octets)
        case .closed: return .finish(.badResponse, "connection closed \(position)", .disconnect)
        case .failed(let text): return .finish(.badResponse, "\(text) \(position)", .disconnect)
        case .timedOut: return .finish(.responseTimedOut, "nothing that is expected \(position)", .disconnect)
        case .connected, .unavailable, .exited, .opened, .secured, .digested, .matched: return .none
        }
    }

    private mutating func connecting(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .connected:
            let greeting = check.greeting.map { [ProbeAction.send($0)] } ?? []
            guard check.expected != nil else {
                return ProbeStep(
                    actions: greeting + [.disconnect], result: ProbeResult(.connected, "connected"))
            }
            heard = []
            return ProbeStep(actions: greeting)
        case .failed(let text): return .finish(.connectionFailed, text, .disconnect)
        case .timedOut: return .finish(.connectTimedOut, "no connection", .disconnect)
        case .unavailable, .received, .closed, .exited, .opened, .secured, .digested, .matched: return .none
        }
    }

    private mutating func read(_ before: [UInt8], _ octets: [UInt8]) -> ProbeStep {
        // One owner while it grows.
        heard = []
        var text = before
        text += octets.prefix(Limits.heardOctets - text.count)
        defer { heard = text }
        guard let expected = check.expected else { return .none }
        // What begins before the new octets may end in them.
        let start = max(0, searched - expected.count + 1)
        if text[start...].firstRange(of: expected) != nil {
            return .finish(.accepted, "expected text after \(text.count) octets", .disconnect)
        }
        searched = text.count
        guard text.count < Limits.heardOctets else {
            return .finish(.badResponse, "not the expected text in \(text.count) octets", .disconnect)
        }
        return .none
    }

    private var position: String { "after \(heard?.count ?? 0) octets" }
}

extension ArraySlice<UInt8> {
    /// The first place of `other`; nil when it is nowhere. O(n) for texts, O(nm) at worst, both bounded.
    fileprivate func firstRange(of other: [UInt8]) -> Range<Int>? {
        guard let head = other.first, count >= other.count else { return nil }
        for index in startIndex...(endIndex - other.count) where self[index] == head {
            if self[index..<index + other.count].elementsEqual(other) { return index..<index + other.count }
        }
        return nil
    }
}
