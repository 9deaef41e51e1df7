import Glibc
import LinuxIO
import Testing
import Timekeeping

/// Another descriptor of the same thing.
private final class Holder {
    let fd: OwnedFD
    init(of descriptor: Descriptor) { fd = OwnedFD(adopting: dup(descriptor.rawValue)) }
}

@Suite struct EventLoopTests {
    @Test func `a deadline ends the wait, not before and soon after`() throws {
        let loop = try EventLoop<Int>()
        for interval in [Interval.microseconds(300), .milliseconds(3), .milliseconds(20)] {
            let start = Clock.now()
            #expect(try loop.wait(until: start + interval).isEmpty)
            let waited = Clock.now() - start
            #expect(waited >= interval)
            #expect(waited < interval + .seconds(60))
        }
        #expect(try loop.wait(until: Clock.now() - .seconds(1)).isEmpty)
    }

    @Test func `what is due is late by the time that the process was busy, of each turn its own`() throws {
        let loop = try EventLoop<Int>()
        #expect(try loop.wait(until: Clock.now() + .milliseconds(1)).isEmpty)
        let slept = loop.lag
        #expect(slept.counts.reduce(0, +) == 1)
        let due = Clock.now() + .milliseconds(1)
        while Clock.now() < due + .milliseconds(60) {}
        #expect(try loop.wait(until: due).isEmpty)
        let busy = loop.lag
        #expect(busy.counts.reduce(0, +) == 2 && busy.sum - slept.sum >= .milliseconds(60))
        // Put off, it is not counted again; what was due for ever is late since this turn began.
        #expect(try loop.wait(until: due).isEmpty)
        #expect(try loop.wait(until: Instant(nanoseconds: .min)).isEmpty)
        #expect(loop.lag.counts.reduce(0, +) == 4 && loop.lag.sum - busy.sum < .seconds(60))
        let pipe = try Pipe()
        _ = try loop.register(pipe.readingDescriptor, .read, 1)
        _ = try pipe.write([1])
        #expect(try loop.wait(until: Clock.now() + .seconds(100)).count == 1)
        #expect(loop.lag.counts.reduce(0, +) == 4, "nothing was due")
        let before = loop.lag
        #expect(try loop.look().count == 1)
        _ = try pipe.read(limit: 10)
        #expect(try loop.look().isEmpty && loop.lag == before, "a look is no turn")
        // What was due before it is late by what it took, too.
        let next = Clock.now()
        while Clock.now() < next + .milliseconds(60) {}
        #expect(try loop.look().isEmpty && loop.wait(until: next).isEmpty)
        #expect(loop.lag.sum - before.sum >= .milliseconds(60))
    }

    @Test func `a readable descriptor reports its token until it is drained`() throws {
        let loop = try EventLoop<String>()
        let pipe = try Pipe()
        _ = try loop.register(pipe.readingDescriptor, .read, "pipe")
        #expect(try loop.wait(until: Clock.now()).isEmpty)
        _ = try pipe.write([1])
        for _ in 0..<2 {
            let ready = try loop.wait(until: Clock.now() + .seconds(5))
            #expect(ready.map(\.token) == ["pipe"])
            #expect(ready.allSatisfy { $0.isReadable && !$0.isWritable && !$0.hasHungUp })
        }
        _ = try pipe.read(limit: 10)
        #expect(try loop.wait(until: Clock.now()).isEmpty)
    }

    @Test func `interest can change`() throws {
        let loop = try EventLoop<Int>()
        let pipe = try Pipe()
        let registration = try loop.register(pipe.writingDescriptor, [], 1)
        #expect(try loop.wait(until: Clock.now()).isEmpty)
        try loop.modify(registration, .write)
        let ready = try loop.wait(until: Clock.now() + .seconds(5))
        #expect(ready.count == 1 && ready.allSatisfy { $0.isWritable && !$0.isReadable })
    }

    @Test func `an edge is told once, and by the token that the registration has then`() throws {
        let loop = try EventLoop<String>()
        let pipe = try Pipe()
        let registration = try loop.register(pipe.readingDescriptor, [.read, .edge], "first")
        _ = try pipe.write([1])
        #expect(try loop.wait(until: Clock.now() + .seconds(5)).map(\.token) == ["first"])
        #expect(try loop.wait(until: Clock.now()).isEmpty)
        loop.rename(registration, "second")
        _ = try pipe.write([2])
        #expect(try loop.wait(until: Clock.now() + .seconds(5)).map(\.token) == ["second"])
        // What has not been read is told as soon as somebody asks for more than news.
        try loop.modify(registration, .read)
        #expect(try loop.wait(until: Clock.now() + .seconds(5)).map(\.token) == ["second"])
        loop.unregister(registration)
        loop.rename(registration, "third")
        #expect(!loop.isCurrent(registration))
    }

    @Test func `a full batch says that there may be more, and the next one has the rest`() throws {
        let loop = try EventLoop<Int>()
        let pipe = try Pipe()
        var seen: Set<Int> = []
        var holders: [Holder] = []
        for number in 0...EventLoop<Int>.batchLimit {
            let holder = Holder(of: pipe.readingDescriptor)
            _ = try loop.register(holder.fd.descriptor, .read, number)
            holders.append(holder)
        }
        _ = try pipe.write([1])
        for hasMore in [true, true] {
            seen.formUnion(try loop.wait(until: Clock.now() + .seconds(5)).map(\.token))
            #expect(loop.hasMore == hasMore)
        }
        #expect(seen.count == holders.count, "those that were told wait behind those that were not")
        _ = try pipe.read(limit: 10)
        #expect(try loop.wait(until: Clock.now()).isEmpty && !loop.hasMore)
    }

    @Test func `a closed peer is a hang-up and readable`() throws {
        let loop = try EventLoop<Int>()
        let pipe = try Pipe()
        _ = try loop.register(pipe.readingDescriptor, .read, 1)
        pipe.closeWriting()
        let ready = try loop.wait(until: Clock.now() + .seconds(5))
        #expect(ready.count == 1 && ready.allSatisfy { $0.hasHungUp && $0.isReadable })
    }

    @Test func `an event of a registration that ended within the same batch is recognised`() throws {
        let loop = try EventLoop<Int>()
        let one = try Pipe()
        let two = try Pipe()
        let first = try loop.register(one.readingDescriptor, .read, 1)
        let second = try loop.register(two.readingDescriptor, .read, 2)
        _ = try one.write([1])
        _ = try two.write([1])
        let batch = try loop.wait(until: Clock.now() + .seconds(5))
        #expect(Set(batch.map(\.token)) == [1, 2])
        loop.unregister(first)
        let again = try loop.register(one.readingDescriptor, [], 3)
        #expect(again != first)
        #expect(batch.filter { loop.isCurrent($0.registration) }.map(\.token) == [2])
        loop.unregister(first)
        #expect(loop.count == 2)
        loop.unregister(second)
        loop.unregister(again)
        #expect(loop.count == 0)
        #expect(throws: Errno.notFound) { try loop.modify(first, .read) }
    }

    @Test func `a descriptor cannot be registered twice, and a refusal leaks no slot`() throws {
        let loop = try EventLoop<Int>()
        let pipe = try Pipe()
        _ = try loop.register(pipe.readingDescriptor, .read, 1)
        #expect(throws: Errno.exists) { try loop.register(pipe.readingDescriptor, .read, 2) }
        #expect(throws: Errno.self) { try loop.register(Descriptor(rawValue: -1), .read, 3) }
        #expect(loop.count == 1)
    }

    @Test func `a forgotten descriptor leaves with its last holder`() throws {
        let loop = try EventLoop<Int>()
        let registration: Registration
        do {
            let pipe = try Pipe()
            registration = try loop.register(pipe.readingDescriptor, .read, 1)
            _ = try pipe.write([1])
            loop.forget(registration)
            #expect(loop.count == 0 && !loop.isCurrent(registration))
            // Somebody still holds it: its event is nobody's.
            #expect(try loop.wait(until: Clock.now()).isEmpty)
        }
        // The same number again, and the same place: no trace of the former one.
        let next = try Pipe()
        let again = try loop.register(next.readingDescriptor, .read, 2)
        #expect(again != registration)
        _ = try next.write([2])
        #expect(try loop.wait(until: Clock.now() + .seconds(5)).map(\.token) == [2])
        loop.forget(registration)
        #expect(loop.isCurrent(again))
    }
}
