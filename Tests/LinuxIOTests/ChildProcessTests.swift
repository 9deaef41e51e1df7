import LinuxIO
import Testing
import Timekeeping

/// Runs `body` with the events of `loop` until it returns a value; fails after ten seconds.
func waiting<Token, Result>(
    _ loop: EventLoop<Token>, _ body: () throws -> Result?
) throws -> Result {
    let deadline = Clock.now() + .seconds(60)
    while true {
        if let result = try body() { return result }
        try #require(Clock.now() < deadline)
        _ = try loop.wait(until: deadline)
    }
}

@Suite struct ChildProcessTests {
    private func end(of child: ChildProcess) throws -> Termination {
        let loop = try EventLoop<Int>()
        _ = try loop.register(child.descriptor, .read, 0)
        return try waiting(loop) { try child.reap() }
    }

    @Test(arguments: [false, true]) func `a child leads a group, and a session where that is wanted`(
        isSession: Bool
    ) throws {
        let child = try ChildProcess(
            Program("/bin/cat", ["/proc/self/stat"]), ChildStreams(output: .pipe), inNewSession: isSession)
        #expect(try end(of: child) == .exited(0))
        guard case .octets(let octets) = try child.readOutput() else {
            Issue.record("no output")
            return
        }
        let output = String(decoding: octets, as: UTF8.self)
        // pid (comm) state ppid pgrp session
        let words = output.split(separator: " ")
        #expect(words[4] == "\(child.pid)")
        #expect((words[5] == "\(child.pid)") == isSession)
    }

    @Test func `an exit code is reaped through the loop, once and for all`() throws {
        let child = try ChildProcess(Program("/bin/sh", ["-c", "exit 7"]))
        #expect(try end(of: child) == .exited(7))
        #expect(try child.reap() == .exited(7))
        #expect(child.exitStatus == .exited(7))
        child.sendToGroup(.kill)
    }

    @Test func `a running child is not reaped, and a signal ends it`() throws {
        let child = try ChildProcess(Program("/bin/sleep", ["60"]))
        #expect(try child.reap() == nil)
        child.send(.terminate)
        let status = try end(of: child)
        #expect(status == .signalled(15))
        #expect("\(status)" == "killed by SIGTERM")
        #expect("\(Termination.exited(3))" == "exit status 3" && !Termination.exited(3).isSuccess)
    }

    @Test func `a missing program is an error that names it`() {
        #expect(throws: SystemError("start /nonexistent/program", .notFound)) {
            try ChildProcess(Program("/nonexistent/program"))
        }
    }

    @Test func `text with a NUL is refused`() {
        #expect(throws: SystemError("start /bin/echo", .invalid)) {
            try ChildProcess(Program("/bin/echo", ["a\0b"]))
        }
    }

    @Test func `a child has the descriptors it was given and no others`() throws {
        let pipe = try Pipe()
        // `true` keeps the shell from becoming `ls` itself, which opens the directory.
        let script = "echo hello >&5; ls /proc/$$/fd; true"
        let completion = try Program("/bin/sh", ["-c", script], environment: ["PATH": "/bin:/usr/bin"])
            .run(inherited: [5: pipe.writingDescriptor], timeout: .seconds(60))
        #expect(completion.status.isSuccess)
        #expect(completion.output.text == "0\n1\n2\n5\n")
        #expect(try pipe.read(limit: 100) == .octets(Array("hello\n".utf8)))
    }

    @Test func `descriptors may change places`() throws {
        let one = try Pipe()
        let two = try Pipe()
        let (a, b) = (one.writingDescriptor, two.writingDescriptor)
        let completion = try Program(
            "/bin/sh", ["-c", "echo A >/proc/self/fd/\(b); echo B >/proc/self/fd/\(a)"]
        )
        .run(inherited: [b.rawValue: a, a.rawValue: b], timeout: .seconds(60))
        #expect(completion.status.isSuccess)
        #expect(try one.read(limit: 10) == .octets(Array("A\n".utf8)))
        #expect(try two.read(limit: 10) == .octets(Array("B\n".utf8)))
    }

    @Test func `ending the group kills what the child left behind`() throws {
        let child = try ChildProcess(
            Program("/bin/sh", ["-c", "sleep 60 & echo $!"]), ChildStreams(output: .pipe))
        let loop = try EventLoop<Int>()
        let registration = try loop.register(child.descriptor, .read, 0)
        let status = try waiting(loop) { try child.reap(endingGroup: true) }
        loop.unregister(registration)
        #expect(status == .exited(0))
        // The stray `sleep` held the pipe open; its end comes only because it was killed.
        let output = try #require(child.outputDescriptor)
        _ = try loop.register(output, .read, 1)
        var seen: [UInt8] = []
        try waiting(loop) { () -> Void? in
            switch try child.readOutput() {
            case .octets(let octets): seen += octets
            case .wouldBlock: break
            case .ended: return ()
            }
            return nil
        }
        #expect(Int(String(decoding: seen.dropLast(), as: UTF8.self)) != nil)
    }
}
