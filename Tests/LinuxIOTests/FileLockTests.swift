import LinuxIO
import Testing

@Suite struct FileLockTests {
    @Test func `a lock has one holder and is free when it goes away`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        do {
            let lock = try FileLock.take(path)
            #expect(lock != nil)
            #expect(try FileLock.take(path) == nil)
            withExtendedLifetime(lock) {}
        }
        #expect(try FileLock.take(path) != nil)
        #expect(permissions(path) == 0o600)
    }

    @Test func `a lock on a file that was removed is none on the next of that name`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        let lock = try #require(try FileLock.take(path))
        #expect(lock.isOn(path))
        try Files.remove(path)
        #expect(!lock.isOn(path))
        let next = try #require(try FileLock.take(path))
        #expect(next.isOn(path) && !lock.isOn(path))
    }

    @Test func `a lock that cannot be made is an error by name`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("none/lock")
        #expect(throws: SystemError("open \(path)", .notFound)) { try FileLock.take(path) }
    }

    @Test func `a setting is written in place and must exist`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("setting")
        #expect(throws: SystemError.self) { try Files.set(path, to: "1") }
        try Files.replace(path, with: Array("0".utf8))
        try Files.set(path, to: "1")
        #expect(try Files.read(path, limit: 10) == Array("1".utf8))
    }
}
