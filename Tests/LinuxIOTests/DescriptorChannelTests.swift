import LinuxIO
import Testing

@Suite struct DescriptorChannelTests {
    private func channels() throws -> (DescriptorChannel, DescriptorChannel) {
        var pair = try DescriptorChannel.pair()
        let first = DescriptorChannel(adopting: pair.takeFirst())
        return (first, DescriptorChannel(adopting: pair.takeSecond()))
    }

    @Test func `a descriptor arrives with its number, and is the same file`() throws {
        let (a, b) = try channels()
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let writing = pipe.takeSecond()
        try a.send(7, writing.descriptor)
        try a.send(8, writing.descriptor)
        var numbers: [UInt64] = []
        let isOpen = try b.receive { number, given in
            numbers.append(number)
            _ = try? given?.write([UInt8(truncatingIfNeeded: number)])
        }
        #expect(isOpen)
        #expect(numbers == [7, 8])
        guard case .octets([7, 8]) = try reading.read(limit: 9) else {
            Issue.record("what was written through the copies is not there")
            return
        }
    }

    @Test func `nothing has come, some is left, the other end is gone`() throws {
        var pair = try DescriptorChannel.pair()
        let b = DescriptorChannel(adopting: pair.takeSecond())
        let first = pair.takeFirst()
        #expect(try b.receive { _, _ in Issue.record("nothing was given") })
        do {
            let a = DescriptorChannel(adopting: consume first)
            for number in 0..<3 { try a.send(UInt64(number), .standardInput) }
        }
        var count = 0
        #expect(try b.receive(limit: 2) { _, _ in count += 1 })
        #expect(count == 2)
        #expect(try !b.receive { _, _ in count += 1 })
        #expect(count == 3)
        #expect(throws: Errno.brokenPipe) { try b.send(1, .standardInput) }
    }

    @Test func `an end that takes nothing blocks nobody`() throws {
        let (a, b) = try channels()
        let error = #expect(throws: Errno.self) {
            for number in 0..<100_000 { try a.send(UInt64(number), .standardInput) }
        }
        #expect(error?.name == "EAGAIN" || error?.name == "ETOOMANYREFS")
        #expect(try b.receive { _, _ in })
    }
}
