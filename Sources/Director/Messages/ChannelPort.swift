import LinuxIO

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
        do throws(Errno) {
            if ready.isWritable { try channel.flush() }
            let received = ready.isReadable ? try channel.receive() : MessageChannel.Received()
            try update()
            return received
        } catch {
            return MessageChannel.Received(ended: true)
        }
    }

    /// Leaves the loop.
    func close() { loop.unregister(registration) }

    private func update() throws(Errno) {
        guard channel.interest != interest else { return }
        interest = channel.interest
        try loop.modify(registration, interest)
    }
}
