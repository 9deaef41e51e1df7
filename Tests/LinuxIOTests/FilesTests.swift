import LinuxIO
import Testing

@Suite struct FilesTests {
    @Test func `a directory is removed when nothing is in it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("inner")
        try Files.createDirectory(path)
        try Files.replace("\(path)/x", with: [1])
        try Files.removeEmptyDirectory(path)
        #expect(Files.exists("\(path)/x"))
        try Files.remove("\(path)/x")
        try Files.removeEmptyDirectory(path)
        #expect(!Files.exists(path))
        try Files.removeEmptyDirectory(path)
        try Files.replace(path, with: [1])
        #expect(throws: SystemError.self) { try Files.removeEmptyDirectory(path) }
    }

    @Test func `an inode is the number that the kernel's link shows`() throws {
        let link = try #require(try Files.link(at: "/proc/self/ns/net"))
        let inode = try #require(Files.inode(of: "/proc/self/ns/net"))
        #expect(link == "net:[\(inode)]")
        #expect(Files.inode(of: "/proc/self/ns/none") == nil)
    }

    @Test func `what is written is read`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        for octets in [[], [1, 2, 3], [UInt8](repeating: 7, count: 200_000)] as [[UInt8]] {
            try Files.replace(path, with: octets, durably: octets.count == 3)
            #expect(try Files.read(path, limit: 200_000) == octets)
        }
        #expect(!Files.exists(path + ".new"))
    }

    @Test func `a file has one identity, whatever way leads to it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.replace(path, with: [1])
        let name = try #require(directory.path.split(separator: "/").last)
        #expect(Files.identity(of: path) == Files.identity(of: "\(directory.path)/../\(name)/./a"))
        try Files.replace(directory.file("b"), with: [1])
        #expect(Files.identity(of: path) != Files.identity(of: directory.file("b")))
        #expect(Files.identity(of: "/nowhere/a") == "/nowhere/a")
    }

    @Test func `a file above the limit is refused and one at the limit is not`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.replace(path, with: [1, 2, 3])
        #expect(try Files.read(path, limit: 3) == [1, 2, 3])
        #expect(throws: SystemError("read \(path)", .tooLarge)) { try Files.read(path, limit: 2) }
    }

    @Test func `a file of any size is read in pieces`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        let octets = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try Files.replace(path, with: octets)
        var pieces: [[UInt8]] = []
        try Files.readPieces(path) { pieces.append($0) }
        #expect(pieces.count > 1 && pieces.allSatisfy { !$0.isEmpty })
        #expect(Array(pieces.joined()) == octets)
        #expect(throws: SystemError.self) { try Files.readPieces(directory.path) { _ in } }
        #expect(throws: SystemError("read \(path)b", .notFound)) { try Files.readPieces(path + "b") { _ in } }
    }

    @Test func `files of the kernel that claim no size are read`() throws {
        #expect(try !Files.read("/proc/self/status", limit: 100_000).isEmpty)
    }

    @Test func `what is missing or no regular file is an error`() throws {
        let directory = try TemporaryDirectory()
        let fifo = directory.file("fifo")
        #expect(makeFIFO(fifo))
        #expect(throws: SystemError("read \(fifo)", .invalid)) { try Files.read(fifo, limit: 10) }
        #expect(throws: SystemError("read /dev/zero", .invalid)) { try Files.read("/dev/zero", limit: 10) }
        let error = #expect(throws: SystemError.self) { try Files.read(directory.path, limit: 10) }
        #expect(error?.errno.name == "EISDIR")
        let missing = directory.file("none")
        #expect(throws: SystemError("read \(missing)", .notFound)) { try Files.read(missing, limit: 10) }
    }

    @Test func `a symbolic link is followed only when it may be`() throws {
        let directory = try TemporaryDirectory()
        let (path, link) = (directory.file("a"), directory.file("link"))
        try Files.replace(path, with: [1])
        #expect(makeSymbolicLink(link, to: path))
        #expect(try Files.read(link, limit: 10) == [1])
        let error = #expect(throws: SystemError.self) { try Files.read(link, limit: 10, following: false) }
        #expect(error?.errno.name == "ELOOP")
        #expect(throws: SystemError.self) { try Files.append([2], to: link) }
        // Replacing puts a file where the link was and leaves its target alone.
        try Files.replace(link, with: [9])
        #expect(try Files.read(path, limit: 10) == [1])
        #expect(try Files.read(link, limit: 10, following: false) == [9])
    }

    @Test func `replacing gives the mode that was asked for and survives a leftover`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.append([1], to: path + ".new")
        try Files.replace(path, with: [2], mode: 0o666)
        #expect(permissions(path) == 0o666)
        try Files.replace(path, with: [3], mode: 0o600)
        #expect(permissions(path) == 0o600)
        #expect(try Files.read(path, limit: 10) == [3])
    }

    @Test func `rewriting keeps the mode and leaves nothing beside it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.replace(path, with: [1], mode: 0o640)
        try Files.append([9], to: path + ".new")
        try Files.rewrite(path, with: [2, 3])
        #expect(try Files.read(path, limit: 10) == [2, 3])
        #expect(permissions(path) == 0o640)
        #expect(!Files.exists(path + ".new"))
    }

    @Test func `rewriting makes no file and does not go through a link`() throws {
        let directory = try TemporaryDirectory()
        let (path, link) = (directory.file("a"), directory.file("link"))
        #expect(throws: SystemError("write \(path)", .notFound)) { try Files.rewrite(path, with: [1]) }
        #expect(!Files.exists(path + ".new"))
        try Files.replace(path, with: [1])
        #expect(makeSymbolicLink(link, to: path))
        let error = #expect(throws: SystemError.self) { try Files.rewrite(link, with: [2]) }
        #expect(error?.errno.name == "ELOOP")
        #expect(try Files.read(path, limit: 10) == [1])
    }

    @Test func `a failed replacement leaves the old file and nothing beside it`() throws {
        let directory = try TemporaryDirectory()
        try Files.createDirectory(directory.file("taken"))
        #expect(throws: SystemError.self) { try Files.replace(directory.file("taken"), with: [1]) }
        #expect(!Files.exists(directory.file("taken.new")))
        #expect(throws: SystemError.self) { try Files.replace(directory.file("none/a"), with: [1]) }
    }

    @Test func `what is no file is neither replaced nor removed`() throws {
        let directory = try TemporaryDirectory()
        // As a device would be, which only root can make.
        let path = directory.file("fifo")
        #expect(makeFIFO(path))
        let inode = Files.inode(of: path)
        let error = SystemError("write \(path), which is no file", .invalid)
        #expect(throws: error) { try Files.replace(path, with: [1]) }
        #expect(throws: SystemError("remove \(path), which is no file", .invalid)) {
            try Files.remove(path)
        }
        #expect(Files.inode(of: path) == inode && !Files.exists(path + ".new"))
        #expect(throws: SystemError.self) { try Files.remove(directory.path) }
    }

    @Test func `a link to what is no file goes, and that stays`() throws {
        let directory = try TemporaryDirectory()
        let (path, link) = (directory.file("fifo"), directory.file("link"))
        #expect(makeFIFO(path) && makeSymbolicLink(link, to: path))
        try Files.replace(link, with: [9])
        #expect(try Files.read(link, limit: 10, following: false) == [9])
        try Files.remove(link)
        #expect(!Files.exists(link) && Files.exists(path))
    }

    @Test func `appending adds to the end`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("log")
        try Files.append([1], to: path, mode: 0o640)
        try Files.append([2, 3], to: path)
        #expect(try Files.read(path, limit: 10) == [1, 2, 3])
    }

    @Test func `a directory is made with its mode, once`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("run")
        try Files.createDirectory(path, mode: 0o777)
        #expect(permissions(path) == 0o777)
        try Files.createDirectory(path, mode: 0o700)
        #expect(permissions(path) == 0o777)
        #expect(throws: SystemError.self) { try Files.createDirectory(directory.file("a/b")) }
    }

    @Test func `removing what is not there is no error`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.append([1], to: path)
        #expect(Files.exists(path))
        try Files.remove(path)
        #expect(!Files.exists(path))
        try Files.remove(path)
        #expect(throws: SystemError.self) { try Files.remove(directory.path) }
    }

    @Test func `a directory is listed within a limit`() throws {
        let directory = try TemporaryDirectory()
        try Files.append([], to: directory.file("a"))
        try Files.append([], to: directory.file("b"))
        #expect(try Files.names(in: directory.path).sorted() == [".", "..", "a", "b"])
        #expect(throws: SystemError("list \(directory.path)", .tooLarge)) {
            try Files.names(in: directory.path, limit: 8)
        }
        let missing = directory.file("none")
        #expect(throws: SystemError("list \(missing)", .notFound)) { try Files.names(in: missing) }
    }

    @Test func `the status of a file is its kind, mode and owner`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        try Files.replace(path, with: [1], mode: 0o640)
        let (file, place) = (try Files.status(of: path), try Files.status(of: directory.path))
        #expect(!file.isDirectory && place.isDirectory)
        #expect(permissions(path) == file.mode && permissions(directory.path) == place.mode)
        #expect(try Files.status(of: "/").owner == 0)
        #expect(throws: SystemError("look at /none", .notFound)) { try Files.status(of: "/none") }
    }

    @Test func `a symbolic link names something, and nothing else does`() throws {
        #expect(try Files.link(at: "/proc/self") == "\(HostFacts.process)")
        #expect(try Files.link(at: "/") == nil)
        #expect(throws: SystemError("read the link /none", .notFound)) { try Files.link(at: "/none") }
    }
}
