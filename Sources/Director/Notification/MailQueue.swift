/// Mails that wait for the server, one of them under way. A value. When more wait than `limit` the oldest is
/// left out and counted: what is newest is what is so.
struct MailQueue: Sendable {
    /// So many wait.
    static let limit = 100

    private var waiting: [Mail] = []
    private(set) var current: Mail?
    /// Mails that were left out.
    private(set) var dropped: UInt64 = 0

    /// Takes a mail.
    mutating func add(_ mail: Mail) {
        waiting.append(mail)
        guard waiting.count > Self.limit else { return }
        waiting.removeFirst()
        dropped += 1
    }

    /// The next mail, unless one is under way.
    mutating func next() -> Mail? {
        guard current == nil, !waiting.isEmpty else { return nil }
        current = waiting.removeFirst()
        return current
    }

    /// The one under way is delivered, or given up.
    mutating func finished() { current = nil }

    /// Nothing waits and nothing is under way.
    var isIdle: Bool { current == nil && waiting.isEmpty }
}
