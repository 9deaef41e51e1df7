/// The two facts that decide which virtual router a message is for, readable before any of it is believed.
///
/// A raw protocol-112 socket hears every virtual router of its interface. The shell peeks, finds the
/// `Router` with this identifier on the receiving interface and gives it the datagram; without one it
/// counts and forgets.
package struct PacketHeader: Hashable, Sendable {
    /// The upper half of the first octet: 2 or 3 for anything Holdfast speaks.
    package let version: UInt8
    /// The lower half of the first octet; 1 is an advertisement.
    package let type: UInt8
    /// The virtual router the sender means; nothing has verified it yet.
    package let virtualRouterID: UInt8

    /// Reads the first two octets; nil when there are fewer.
    package init?(peeking payload: some Collection<UInt8>) {
        var octets = payload.makeIterator()
        guard let first = octets.next(), let second = octets.next() else { return nil }
        version = first >> 4
        type = first & 0x0F
        virtualRouterID = second
    }
}
