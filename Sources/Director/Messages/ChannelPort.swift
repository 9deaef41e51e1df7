import LinuxIO

/// What a role is born with: descriptors by their numbers, which the supervisor gives and the role adopts.
enum Inheritance {
    /// The role's end of its channel.
    static let channel: Int32 = 3
    /// Its ledger, open for appending; not for the checker.
    static let ledger: Int32 = 4
    /// Of the checker: where it is given sockets.
    static let sockets: Int32 = 6
    /// Of vrrp: where it writes down its adverts.
    static let adverts: Int32 = 7
    /// Of vrrp: what it announces addresses with (`AddressAnnouncer`).
    static let announcements: Int32 = 8
    /// Of vrrp: what it hears with who else has them (`ARPMonitor`).
    static let claims: Int32 = 9
    /// Of a daemon that goes on in the background: a pipe to the process that started it.
    static let starter: Int32 = 5
}

/// A message channel in an event loop: keeps the loop's interest in step with what waits to be sent.
final class ChannelPort<Token> {
    private let channel: MessageChannel
    private let loop: EventLoop<Token>
    private let registration: Registration
    private var interest: Interest

    init(_ channel: MessageChannel, in loop: EventLoop<Token>, as token: Token) throws(Errno) {
        self.channel = channel
        self.loop = loop
        interest = channel.interest
        registration = try loop.register(channel.descriptor, channel.interest, token)
    }

    /// Queues a frame; the loop sends what does not fit now.
    func send(_ frame: [UInt8]) throws(Errno) {
        try channel.send(frame)
        try update()
    }

    /// Does what the loop says can be done; the frames that came. A channel that fails counts as ended.
    func handle(_ ready: Ready<Token>) -> MessageChannel.Received {
        var received = MessageChannel.Received()
        do throws(Errno) {
            // What the other side said before it ended is heard, though it takes nothing any more.
            if ready.isReadable { received = try channel.receive() }
            if ready.isWritable { try channel.flush() }
            try update()
        } catch {
            received.ended = true
        }
        return received
    }

    /// True when news under `registration` are of this channel.
    func owns(_ registration: Registration) -> Bool { registration == self.registration }

    /// Leaves the loop.
    func close() { loop.unregister(registration) }

    private func update() throws(Errno) {
        guard channel.interest != interest else { return }
        interest = channel.interest
        try loop.modify(registration, interest)
    }
}
