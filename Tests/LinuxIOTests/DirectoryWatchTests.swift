import LinuxIO
import Testing

@Suite struct DirectoryWatchTests {
    @Test func `it tells of what is written, moved and removed`() throws {
        let directory = try TemporaryDirectory()
        let watch = try DirectoryWatch()
        #expect(!watch.drain())
        try watch.add(directory.path)
        try Files.append([0x31], to: "\(directory.path)/a")
        #expect(watch.drain())
        #expect(!watch.drain(), "once")
        try Files.replace("\(directory.path)/a", with: [0x32])
        #expect(watch.drain())
        try Files.remove("\(directory.path)/a")
        #expect(watch.drain())
    }

    @Test func `reading is no news, and neither is another directory`() throws {
        let (directory, other) = (try TemporaryDirectory(), try TemporaryDirectory())
        try Files.append([0x31], to: "\(directory.path)/a")
        let watch = try DirectoryWatch()
        try watch.add(directory.path)
        try watch.add(directory.path)
        _ = try Files.read("\(directory.path)/a", limit: 10)
        try Files.append([0x31], to: "\(other.path)/a")
        #expect(!watch.drain())
    }

    @Test func `what is no directory cannot be watched`() throws {
        let directory = try TemporaryDirectory()
        try Files.append([0x31], to: "\(directory.path)/a")
        let watch = try DirectoryWatch()
        #expect(throws: SystemError.self) { try watch.add("\(directory.path)/a") }
        #expect(throws: SystemError.self) { try watch.add("\(directory.path)/none") }
    }
}
