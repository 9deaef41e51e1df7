/// How far the numbers of Authentication Headers are: all routers of one VRID count together.
package struct Numbering: Hashable, Sendable {
    /// Our own numbers come after it.
    var first: UInt32 = 0
    /// The highest number sent.
    var sent: UInt32 = 0
    /// The highest number heard of a peer.
    var heard: UInt32 = 0

    /// Nobody begins after it, whatever the calendar says: enough is left for years.
    static let lastBeginning = UInt32.max - 0x1000_0000

    /// Nothing sent or heard.
    package init() {}

    /// False for a repetition, and for what is older than our own last. As old as that is good: two routers
    /// that took over at once count alike, and each must hear the other.
    func accepts(_ number: UInt32) -> Bool {
        // Whoever followed a number at the very end could send nothing that is accepted any more.
        number > heard && number >= sent && number < .max - 0xFFFF
    }

    /// A peer has said `number`.
    mutating func hear(_ number: UInt32) { heard = max(heard, number) }

    /// The number of our next advert.
    mutating func next() -> UInt32 {
        sent = max(first, sent, heard) &+ 1
        return sent
    }
}
