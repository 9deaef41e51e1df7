/// The first octets of an output, up to a limit; what comes after is counted and dropped, so that a chatty
/// child costs its own time and no memory of ours.
package struct BoundedCapture: Hashable, Sendable {
    /// The most that is kept.
    package let limit: Int
    /// What was kept.
    package private(set) var octets: [UInt8] = []
    /// How many octets were dropped.
    package private(set) var dropped = 0

    /// An empty capture that keeps at most `limit` octets.
    package init(limit: Int) { self.limit = limit }

    /// Keeps what fits of `more`.
    package mutating func append(_ more: some Collection<UInt8>) {
        let room = max(0, limit - octets.count)
        octets += more.prefix(room)
        dropped += max(0, more.count - room)
    }

    /// The kept octets as text; ill-formed UTF-8 is replaced.
    package var text: String { String(decoding: octets, as: UTF8.self) }
}
