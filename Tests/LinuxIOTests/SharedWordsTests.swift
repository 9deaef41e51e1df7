import Glibc
import Testing

@testable import LinuxIO

@Suite struct SharedWordsTests {
    @Test func `what one mapping writes the other reads`() throws {
        let memory = try SharedWords.make("test", count: 3)
        let (writer, reader) = (try SharedWords(memory, count: 3), try SharedWords(memory, count: 3))
        #expect((0..<3).map { reader[$0] } == [0, 0, 0])
        writer[0] = 7
        writer[2] = .max
        #expect((0..<3).map { reader[$0] } == [7, 0, .max])
    }

    @Test func `a mapping outlives its descriptor`() throws {
        let memory = try SharedWords.make("test", count: 1)
        let words = try SharedWords(memory, count: 1)
        memory.close()
        words[0] = 1
        #expect(words[0] == 1)
    }

    @Test func `nobody can make it smaller or larger under the others`() throws {
        let memory = try SharedWords.make("test", count: 1)
        #expect(ftruncate(memory.descriptor.rawValue, 0) == -1)
        #expect(errno == EPERM)
        #expect(ftruncate(memory.descriptor.rawValue, 1 << 20) == -1)
    }

    @Test func `what cannot be mapped is an error`() throws {
        var pipe = try OwnedFD.pipe()
        let end = pipe.takeFirst()
        #expect(throws: SystemError.self) { try SharedWords(end, count: 1) }
    }
}
