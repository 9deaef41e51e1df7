import LinuxIO
import Testing

@Suite struct MessageChannelTests {
    /// Both ends as channels.
    private func channels(
        _ limits: MessageChannel.Limits = MessageChannel.Limits()
    ) throws -> (MessageChannel, MessageChannel) {
        var pair = try MessageChannel.pair()
        let first = pair.takeFirst()
        let second = pair.takeSecond()
        return (
            MessageChannel(adopting: first, limits: limits), MessageChannel(adopting: second, limits: limits)
        )
    }

    @Test func `frames arrive whole and in order, both ways`() throws {
        let (a, b) = try channels()
        #expect(try b.receive() == MessageChannel.Received())
        for frame in [[1, 2, 3], [], [4]] as [[UInt8]] { try a.send(frame) }
        #expect(try b.receive().frames == [[1, 2, 3], [], [4]])
        try b.send([9])
        #expect(try a.receive() == MessageChannel.Received(frames: [[9]], ended: false))
    }

    @Test func `a frame larger than the socket's buffer is queued and flushed`() throws {
        let (a, b) = try channels()
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try a.send(large)
        #expect(a.wantsWrite && a.queued > 0 && a.interest == [.read, .write])
        try a.send([1])
        var frames: [[UInt8]] = []
        for _ in 0..<10_000 where frames.count < 2 {
            frames += try b.receive().frames
            try a.flush()
        }
        #expect(frames.count == 2 && frames.first == large && frames.last == [1])
        #expect(!a.wantsWrite && a.interest == .read)
    }

    @Test func `the end of the peer is told after its last frame`() throws {
        var pair = try MessageChannel.pair()
        let first = pair.takeFirst()
        let b = MessageChannel(adopting: pair.takeSecond())
        do {
            let a = MessageChannel(adopting: consume first)
            try a.send([7])
        }
        #expect(try b.receive() == MessageChannel.Received(frames: [[7]], ended: true))
        #expect(throws: Errno.brokenPipe) { try b.send([1]) }
    }

    @Test func `a frame cut off by the end is not delivered`() throws {
        var pair = try MessageChannel.pair()
        let first = pair.takeFirst()
        let b = MessageChannel(adopting: pair.takeSecond())
        _ = try first.write([0, 0, 0, 9, 1, 2])
        first.close()
        #expect(try b.receive() == MessageChannel.Received(frames: [], ended: true))
    }

    @Test func `frames above the limit are refused on both sides`() throws {
        let (a, b) = try channels(MessageChannel.Limits(frame: 10, queue: 1 << 20))
        try a.send([UInt8](repeating: 1, count: 10))
        #expect(throws: Errno.messageTooLong) { try a.send([UInt8](repeating: 1, count: 11)) }
        #expect(try b.receive().frames.count == 1)
        var pair = try MessageChannel.pair()
        let c = MessageChannel(adopting: pair.takeSecond(), limits: MessageChannel.Limits(frame: 10))
        let raw = pair.takeFirst()
        _ = try raw.write([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: Errno.messageTooLong) { try c.receive() }
    }

    @Test func `a peer that does not read fills the queue and no more`() throws {
        let (a, b) = try channels(MessageChannel.Limits(frame: 1 << 16, queue: 1 << 20))
        let frame = [UInt8](repeating: 1, count: 1 << 16)
        #expect(throws: Errno.noBuffers) { for _ in 0..<1000 { try a.send(frame) } }
        #expect(a.queued <= 1 << 20)
        var count = 0
        while try !b.receive().frames.isEmpty { count += 1 }
        try a.flush()
        #expect(count > 0)
    }

    @Test func `a frame in many pieces is put together`() throws {
        var pair = try MessageChannel.pair()
        let raw = pair.takeFirst()
        let b = MessageChannel(adopting: pair.takeSecond())
        var frames: [[UInt8]] = []
        for octet in [0, 0, 0, 2, 5, 6, 0, 0, 0, 1, 7] as [UInt8] {
            _ = try raw.write([octet])
            frames += try b.receive().frames
        }
        #expect(frames == [[5, 6], [7]])
    }

    @Test func `what a peer said is heard though it did not read what it was told`() throws {
        var pair = try MessageChannel.pair()
        let first = pair.takeFirst()
        let b = MessageChannel(adopting: pair.takeSecond())
        do {
            let a = MessageChannel(adopting: consume first)
            try b.send([1])
            try a.send([7])
        }
        #expect(try b.receive() == MessageChannel.Received(frames: [[7]], ended: true))
    }

    @Test func `less may be accepted than sent`() throws {
        let (a, b) = try channels(MessageChannel.Limits(frame: 20, incoming: 10))
        try a.send([UInt8](repeating: 1, count: 20))
        #expect(throws: Errno.messageTooLong) { try b.receive() }
    }
}
