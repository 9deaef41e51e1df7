import LinuxIO
import Testing

@Suite struct StandardStreamTests {
    @Test func `all is written, also into a pipe that is full for a while`() throws {
        var pipe = try OwnedFD.pipe()
        let reading = pipe.takeFirst()
        let writing = pipe.takeSecond()
        StandardStream.write(Array("hello".utf8), to: writing.descriptor)
        #expect(try reading.read(limit: 100) == .octets(Array("hello".utf8)))
        // The descriptor is still open: writing did not take it over.
        StandardStream.write(Array("again".utf8), to: writing.descriptor)
        #expect(try reading.read(limit: 100) == .octets(Array("again".utf8)))
    }

    @Test func `a reader that has gone is no error`() throws {
        Signal.pipe.ignore()
        var pipe = try OwnedFD.pipe()
        pipe.takeFirst().close()
        let writing = pipe.takeSecond()
        StandardStream.write([1, 2, 3], to: writing.descriptor)
    }
}
