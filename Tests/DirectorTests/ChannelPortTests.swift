import LinuxIO
import Testing
import Timekeeping

@testable import Director

@Suite struct ChannelPortTests {
    private enum End: Hashable { case left, right }

    @Test func `frames of any size pass while both ends serve their loop`() throws {
        let loop = try EventLoop<End>()
        var pair = try MessageChannel.pair()
        let left = try ChannelPort(MessageChannel(adopting: pair.takeFirst()), in: loop, as: End.left)
        let right = try ChannelPort(MessageChannel(adopting: pair.takeSecond()), in: loop, as: End.right)
        let frames: [[UInt8]] = [[], [1], [UInt8](repeating: 7, count: 3_000_000), [2, 3]]
        for frame in frames { try left.send(frame) }
        var received: [[UInt8]] = []
        let deadline = Clock.now() + .seconds(20)
        while received.count < frames.count, Clock.now() < deadline {
            for ready in try loop.wait(until: deadline) where loop.isCurrent(ready.registration) {
                switch ready.token {
                case .left: #expect(left.handle(ready).frames.isEmpty)
                case .right: received += right.handle(ready).frames
                }
            }
        }
        #expect(received == frames)
        left.close()
        #expect(loop.count == 1)
    }

    @Test func `the end of the other side is told`() throws {
        let loop = try EventLoop<End>()
        var pair = try MessageChannel.pair()
        let left = try ChannelPort(MessageChannel(adopting: pair.takeFirst()), in: loop, as: End.left)
        do {
            let right = MessageChannel(adopting: pair.takeSecond())
            try right.send([9])
        }
        var frames: [[UInt8]] = []
        var ended = false
        let deadline = Clock.now() + .seconds(60)
        while !ended, Clock.now() < deadline {
            for ready in try loop.wait(until: deadline) {
                let received = left.handle(ready)
                frames += received.frames
                ended = ended || received.ended
            }
        }
        #expect(frames == [[9]])
        #expect(ended)
    }

    @Test func `news are of the channel that was registered`() throws {
        let loop = try EventLoop<End>()
        var pair = try MessageChannel.pair()
        let left = try ChannelPort(MessageChannel(adopting: pair.takeFirst()), in: loop, as: End.left)
        let right = try ChannelPort(MessageChannel(adopting: pair.takeSecond()), in: loop, as: End.left)
        try right.send([1])
        let ready = try #require(loop.wait(until: Clock.now() + .seconds(60)).first { $0.isReadable })
        #expect(left.owns(ready.registration) && !right.owns(ready.registration))
    }

    @Test func `what a peer said before it ended is heard though more waits for it`() throws {
        let loop = try EventLoop<End>()
        var pair = try MessageChannel.pair()
        let left = try ChannelPort(MessageChannel(adopting: pair.takeFirst()), in: loop, as: End.left)
        do {
            let right = MessageChannel(adopting: pair.takeSecond())
            // More than the socket takes at once.
            try left.send([UInt8](repeating: 7, count: 3_000_000))
            try right.send([9])
        }
        var frames: [[UInt8]] = []
        var ended = false
        let deadline = Clock.now() + .seconds(60)
        while !ended, Clock.now() < deadline {
            for ready in try loop.wait(until: deadline) {
                let received = left.handle(ready)
                frames += received.frames
                ended = ended || received.ended
            }
        }
        #expect(frames == [[9]])
        #expect(ended)
    }
}
