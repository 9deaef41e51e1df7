import LinuxIO
import Testing
import Timekeeping

@Suite struct LocalSocketTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("s") }

    init() throws { directory = try TemporaryDirectory() }

    private func accepted(_ listener: LocalListener) throws -> LocalListener.Accepted {
        let loop = try EventLoop<Int>()
        _ = try loop.register(listener.descriptor, .read, 0)
        return try waiting(loop) { try listener.accept() }
    }

    @Test func `a connection comes with who made it`() throws {
        let listener = try LocalListener(at: path, mode: 0o600)
        #expect(try listener.accept() == nil)
        let client = try StreamSocket(connectingTo: path)
        let one = try accepted(listener)
        #expect(one.peer.process == HostFacts.process && one.peer.user == Privileges.effectiveUser)
        #expect(!one.peer.groups.isEmpty)
        #expect(try client.write([1, 2, 3]) == 3)
        let loop = try EventLoop<Int>()
        _ = try loop.register(one.socket.descriptor, .read, 0)
        _ = try loop.wait(until: Clock.now() + .seconds(10))
        #expect(try one.socket.read() == .octets([1, 2, 3]))
    }

    @Test(arguments: [0o600, 0o666, 0o660] as [UInt32]) func `the file has its mode whatever the umask`(
        mode: UInt32
    ) throws {
        let listener = try LocalListener(at: path, mode: mode)
        #expect(permissions(path) == mode)
        withExtendedLifetime(listener) {}
    }

    @Test func `what a former process left is replaced, and nothing is left behind`() throws {
        var listener: LocalListener? = try LocalListener(at: path, mode: 0o600)
        #expect(listener != nil && Files.exists(path))
        listener = nil
        #expect(!Files.exists(path))
        try Files.replace(path, with: [])
        let second = try LocalListener(at: path, mode: 0o600)
        let client = try StreamSocket(connectingTo: path)
        #expect(try accepted(second).peer.process == HostFacts.process)
        withExtendedLifetime(client) {}
    }

    @Test func `nobody there, and too long a path, are errors that say so`() throws {
        let absent = #expect(throws: SystemError.self) { try StreamSocket(connectingTo: path) }
        #expect(absent?.errno == .notFound && absent?.operation == "connect to \(path)")
        try Files.replace(path, with: [])
        let dead = #expect(throws: SystemError.self) { try StreamSocket(connectingTo: path) }
        #expect(dead?.errno == .connectionRefused)
        let long = path + String(repeating: "x", count: 108)
        #expect(throws: SystemError.self) { try LocalListener(at: long, mode: 0o600) }
        #expect(throws: SystemError.self) { try StreamSocket(connectingTo: long) }
    }
}
