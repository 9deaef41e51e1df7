import Glibc
import LinuxIO
import Testing

@Suite struct FIFOTests {
    private func read(_ path: String) throws -> String {
        let fd = OwnedFD(adopting: unsafe open(path, O_RDONLY | O_NONBLOCK))
        guard case .octets(let octets) = try fd.read(limit: 1 << 17) else { return "" }
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func `lines wait for a reader`() throws {
        let directory = try TemporaryDirectory()
        let fifo = try FIFO(directory.file("f"))
        #expect(try fifo.write(Array("a\n".utf8)))
        #expect(try fifo.write(Array("b\n".utf8)))
        #expect(try read(directory.file("f")) == "a\nb\n")
        #expect(permissions(directory.file("f")) == 0o600)
    }

    @Test func `without a reader there is room for so much, and then nothing waits`() throws {
        let directory = try TemporaryDirectory()
        let fifo = try FIFO(directory.file("f"))
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        var count = 0
        while count < 1000, try fifo.write(line) { count += 1 }
        #expect((1..<1000).contains(count))
        #expect(try !fifo.write(line))
        #expect(try read(directory.file("f")).utf8.count == count * 4096, "only whole lines")
        #expect(try fifo.write(line))
    }

    @Test func `a line that the kernel could tear is refused`() throws {
        let directory = try TemporaryDirectory()
        let fifo = try FIFO(directory.file("f"))
        #expect(throws: Errno.self) { try fifo.write([UInt8](repeating: 0, count: 4097)) }
    }

    @Test func `one that is there is used as it is, and left there`() throws {
        let directory = try TemporaryDirectory()
        #expect(makeFIFO(directory.file("f")))
        #expect(unsafe chmod(directory.file("f"), 0o640) == 0)
        let fifo = try FIFO(directory.file("f"))
        #expect(permissions(directory.file("f")) == 0o640)
        fifo.remove()
        #expect(Files.exists(directory.file("f")))
    }

    @Test func `one that was made is taken away`() throws {
        let directory = try TemporaryDirectory()
        let fifo = try FIFO(directory.file("f"))
        #expect(Files.exists(directory.file("f")))
        fifo.remove()
        #expect(!Files.exists(directory.file("f")))
    }

    @Test func `nothing else is opened, and no link is followed`() throws {
        let directory = try TemporaryDirectory()
        try Files.replace(directory.file("file"), with: [])
        #expect(makeFIFO(directory.file("fifo")))
        #expect(makeSymbolicLink(directory.file("link"), to: directory.file("fifo")))
        #expect(makeSymbolicLink(directory.file("nowhere"), to: directory.file("made")))
        for name in ["file", "link", "nowhere", "no/such/place"] {
            #expect(throws: SystemError.self, "\(name)") { try FIFO(directory.file(name)) }
        }
        #expect(throws: SystemError.self) { try FIFO("/dev/null") }
        #expect(!Files.exists(directory.file("made")))
    }
}
