import ConfigModel
import ControlProtocol
import LinuxIO
import Testing
import Timekeeping

@testable import Director

/// A control server and its clients in one process.
private final class ControlBench {
    let directory: ScratchDirectory
    let loop: EventLoop<ControlWake>
    let server: ControlServer<ControlWake>
    var calls: [ControlCall] = []

    init(_ limits: ControlServer<ControlWake>.Limits = .init()) throws {
        directory = try ScratchDirectory()
        loop = try EventLoop()
        server = ControlServer(at: "\(directory.path)/s", in: loop, limits: limits) { $0 }
        try server.open(ControlAccess())
    }

    func connect() throws -> StreamSocket { try StreamSocket(connectingTo: "\(directory.path)/s") }

    /// Lets the server do what there is to do, until nothing is ready for a moment.
    func work(at now: Instant = at(0)) throws {
        for _ in 0..<100 {
            let ready = try loop.wait(until: Clock.now() + .milliseconds(20))
            guard !ready.isEmpty else { return }
            for event in ready where loop.isCurrent(event.registration) {
                calls += server.handle(event.token, event, at: now)
            }
        }
    }

    /// A client that has asked.
    func ask(_ text: String, at now: Instant = at(0)) throws -> StreamSocket {
        let client = try connect()
        _ = try client.write(Array(text.utf8)[...])
        try work(at: now)
        return client
    }

    /// Everything that a client reads until it would have to wait, or the end.
    func read(_ client: StreamSocket) throws -> (lines: [JSONValue], hasEnded: Bool) {
        var reader = LineReader(limit: ControlNumbers.lineLimit)
        var lines: [JSONValue] = []
        while true {
            switch try client.read() {
            case .octets(let octets):
                for line in reader.take(octets) { lines.append(try JSONReader.read(line)) }
            case .wouldBlock: return (lines, false)
            case .ended: return (lines, true)
            }
        }
    }
}

private let status = ControlRequest.status.line + "\n"

@Suite(.enabled(if: Privileges.effectiveUser == 0, "asks as root")) struct ControlServerTests {
    @Test func `a request is a call, and its answer ends the connection`() throws {
        let bench = try ControlBench()
        let client = try bench.ask(status)
        let call = try #require(bench.calls.first)
        #expect(call.request == .status && call.peer.process == HostFacts.process)
        #expect(try bench.read(client).hasEnded == false)
        bench.server.answer(call.client, ControlEnd(.done, "hello"), at: at(0))
        try bench.work()
        let answer = try bench.read(client)
        #expect(answer.lines == [ControlEnd(.done, "hello").json] && answer.hasEnded)
        #expect(bench.loop.count == 1 && bench.server.nextDeadline == nil)
    }

    @Test func `a request may come octet by octet`() throws {
        let bench = try ControlBench()
        let client = try bench.connect()
        for octet in Array(status.utf8) {
            #expect(bench.calls.isEmpty)
            _ = try client.write([octet])
            try bench.work()
        }
        #expect(bench.calls.map(\.request) == [.status])
    }

    @Test func `who half closes after asking is answered`() throws {
        let bench = try ControlBench()
        let client = try bench.connect()
        _ = try client.write(Array(status.utf8)[...])
        try client.shutdownWriting()
        try bench.work()
        let call = try #require(bench.calls.first)
        bench.server.answer(call.client, ControlEnd(.done), at: at(0))
        try bench.work()
        #expect(try bench.read(client).lines == [ControlEnd(.done).json])
    }

    @Test(arguments: ["nonsense\n", "{\"holdfast\": 9}\n", "\n", "\u{0}\u{1}\n"])
    func `what is no request is told so`(text: String) throws {
        let bench = try ControlBench()
        let answer = try bench.read(try bench.ask(text))
        #expect(ControlEnd(json: answer.lines.last ?? nil)?.outcome == .malformed && answer.hasEnded)
        #expect(bench.calls.isEmpty && bench.loop.count == 1)
    }

    @Test func `a request with one octet that is not text is told so, wherever that is`() throws {
        let bench = try ControlBench()
        let request = Array(status.utf8)
        for place in request.indices.dropLast() {
            var octets = request
            octets[place] = 0xFF
            let client = try bench.connect()
            _ = try client.write(octets[...])
            try bench.work()
            let answer = try bench.read(client)
            #expect(ControlEnd(json: answer.lines.last ?? nil)?.outcome == .malformed && answer.hasEnded)
        }
        #expect(bench.calls.isEmpty && bench.loop.count == 1)
    }

    @Test func `a request that does not end is cut off at its limit`() throws {
        let bench = try ControlBench()
        let client = try bench.connect()
        var sent = 0
        while sent < 1 << 20, let count = try? client.write([UInt8](repeating: 0x20, count: 4096)[...]) {
            sent += count
            try bench.work()
            if bench.loop.count == 1 { break }
        }
        #expect(sent <= ControlNumbers.requestLimit + (16 << 10))
        #expect(bench.loop.count == 1 && bench.calls.isEmpty)
    }

    @Test func `who says nothing, or goes away, is let go`() throws {
        let bench = try ControlBench()
        let silent = try bench.connect()
        let gone = try bench.connect()
        try bench.work()
        #expect(bench.loop.count == 3 && bench.server.nextDeadline == at(2))
        withExtendedLifetime(gone) {}
        bench.server.advance(to: at(1))
        #expect(bench.loop.count == 3)
        bench.server.advance(to: at(2))
        #expect(bench.loop.count == 1 && bench.server.nextDeadline == nil)
        #expect(try bench.read(silent).hasEnded)
    }

    @Test func `who hangs up before the answer costs nothing more`() throws {
        let bench = try ControlBench()
        var client: StreamSocket? = try bench.ask(status)
        #expect(client != nil && bench.calls.count == 1)
        client = nil
        try bench.work()
        #expect(bench.loop.count == 1)
        bench.server.answer(bench.calls[0].client, ControlEnd(.done), at: at(0))
        try bench.work()
        #expect(bench.loop.count == 1)
    }

    @Test func `lines are made only as fast as they are read`() throws {
        let bench = try ControlBench()
        let client = try bench.ask(status)
        var made = 0
        let line = JSONValue.string(String(repeating: "x", count: 1000))
        let lines = ControlLines {
            made += 1
            guard made <= 5000 else { return nil }
            return line
        }
        bench.server.answer(bench.calls[0].client, lines, at: at(0))
        try bench.work()
        let before = made
        #expect(before < 2000, "\(before) lines were made for nobody")
        var received = 0
        var reader = LineReader(limit: ControlNumbers.lineLimit)
        for _ in 0..<10_000 where received < 5000 {
            while case .octets(let octets) = try client.read() { received += reader.take(octets).count }
            try bench.work()
        }
        #expect(received == 5000)
    }

    @Test func `who does not read is cut off in the end`() throws {
        let bench = try ControlBench()
        let client = try bench.ask(status, at: at(5))
        let line = JSONValue.string(String(repeating: "x", count: 1000))
        bench.server.answer(bench.calls[0].client, ControlLines { line }, at: at(5))
        try bench.work(at: at(6))
        #expect(bench.server.nextDeadline == at(65))
        bench.server.advance(to: at(65))
        #expect(bench.loop.count == 1)
        withExtendedLifetime(client) {}
    }

    @Test func `there is a limit to clients, and who comes then is told`() throws {
        var limits = ControlServer<ControlWake>.Limits()
        limits.clients = 3
        let bench = try ControlBench(limits)
        let clients = try (0..<5).map { _ in try bench.connect() }
        try bench.work()
        #expect(bench.loop.count == 4)
        for client in clients[3...] {
            let answer = try bench.read(client)
            #expect(ControlEnd(json: answer.lines.last ?? nil)?.outcome == .busy && answer.hasEnded)
        }
        bench.server.advance(to: at(2))
        let late = try bench.ask(status)
        #expect(bench.calls.count == 1)
        withExtendedLifetime(late) {}
    }

    @Test func `a thousand connections leave nothing behind`() throws {
        let bench = try ControlBench()
        for number in 0..<1000 {
            let client = try bench.connect()
            if number.isMultiple(of: 3) { _ = try client.write(Array("{".utf8)[...]) }
            try bench.work()
        }
        try bench.work()
        #expect(bench.loop.count == 1)
    }

    @Test func `the socket is opened anew for others, and closed for good`() throws {
        let bench = try ControlBench()
        let path = "\(bench.directory.path)/s"
        #expect(try Files.status(of: path).mode == 0o600)
        try bench.server.open(ControlAccess())
        #expect(try Files.status(of: path).mode == 0o600)
        var global = Configuration().global
        global.controlReaderGroup = "any"
        try bench.server.open(ControlAccess(global) { _ in 77 })
        #expect(try Files.status(of: path).mode == 0o666)
        _ = try bench.ask(status)
        #expect(bench.calls.count == 1)
        bench.server.close()
        #expect(!Files.exists(path) && bench.loop.count == 0)
    }
}
