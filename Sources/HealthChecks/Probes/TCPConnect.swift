/// The probe of `TCP_CHECK`: good as soon as the connection is established, which is then closed again.
struct TCPConnect: Sendable {
    private let check: TCPCheck

    init(_ check: TCPCheck) { self.check = check }

    func start() -> ProbeStep { .perform(.connect(to: check.target, from: check.source)) }

    func handle(_ event: ProbeEvent) -> ProbeStep {
        switch event {
        case .connected: .finish(.connected, "connected", .disconnect)
        case .failed(let text): .finish(.connectionFailed, text, .disconnect)
        case .timedOut: .finish(.connectTimedOut, "no connection", .disconnect)
        case .unavailable(let text): .finish(.notProbed, text, .disconnect)
        case .received, .closed, .exited, .opened, .secured, .digested, .matched: .none
        }
    }
}
