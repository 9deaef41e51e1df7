import LinuxIO
import Testing

@Suite struct OwnedFDTests {
    @Test func `a pipe carries octets and its end`() throws {
        let pipe = try Pipe()
        #expect(try pipe.read(limit: 10) == .wouldBlock)
        #expect(try pipe.write([1, 2, 3]) == 3)
        #expect(try pipe.read(limit: 2) == .octets([1, 2]))
        #expect(try pipe.read(limit: 2) == .octets([3]))
        pipe.closeWriting()
        #expect(try pipe.read(limit: 2) == .ended)
    }

    @Test func `a terminal is known for one`() throws {
        let pipe = try Pipe()
        #expect(!Descriptor(rawValue: -1).isTerminal)
        #expect(!pipe.readingDescriptor.isTerminal)
        let terminal = OwnedFD(adopting: openTerminal())
        #expect(terminal.descriptor.isTerminal)
    }

    @Test func `a full pipe would block`() throws {
        let pipe = try Pipe()
        let block = [UInt8](repeating: 0, count: 1 << 16)
        var written = 0
        while let count = try pipe.write(block[...]) { written += count }
        #expect(written >= 4096)
    }

    @Test func `writing to a pipe nobody reads is an error and no signal`() throws {
        let pipe = try Pipe()
        pipe.closeReading()
        #expect(throws: Errno.brokenPipe) { try pipe.write([1]) }
    }

    @Test func `a descriptor changes owners and is closed by the last`() throws {
        var pair = try OwnedFD.pipe()
        let reading = pair.takeFirst()
        let writing = pair.takeSecond()
        let copy = try writing.duplicate()
        #expect(copy.descriptor != writing.descriptor)
        let number = writing.release()
        do {
            let adopted = OwnedFD(adopting: number)
            #expect(adopted.descriptor.rawValue == number)
            #expect(try adopted.write([9]) == 1)
        }
        #expect(try reading.read(limit: 8) == .octets([9]))
        #expect(try reading.read(limit: 8) == .wouldBlock)
        copy.close()
        #expect(try reading.read(limit: 8) == .ended)
    }

    @Test func `what is not taken of a pair is closed`() throws {
        func writingEnd() throws(Errno) -> OwnedFD {
            var pair = try OwnedFD.pipe()
            return pair.takeSecond()
        }
        let writing = try writingEnd()
        #expect(throws: Errno.brokenPipe) { try writing.write([1]) }
    }
}
